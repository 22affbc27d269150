#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::*;
use crate::memory::{BEGINNING, Calls};

const KEY: &str = "a-key-as-hard-to-guess-as-a-uuid";

fn keyed(key: &str) -> Start<'_> {
    Start {
        idempotency_key: Some(key),
        ..Start::default()
    }
}

impl World {
    fn start_with(&self, request: &StartRequest, with: Start<'_>) -> Result<StartAnswer, Refusal> {
        run(self.service.start(request, with))
    }

    /// A closed chat is requested again.
    fn again(&self, customer: &Customer) -> Result<StartAnswer, Refusal> {
        let request = StartRequest {
            again: Some(customer.chat.clone()),
            ..start_request()
        };
        let with = Start {
            token: Some(&customer.token),
            ..Start::default()
        };
        self.start_with(&request, with)
    }
}

/// A JWT as the organisation's app makes it.
pub(super) fn jwt(secret: &str, header: &serde_json::Value, claims: &serde_json::Value) -> String {
    let part =
        |json: &serde_json::Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let signature = mac.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
}

fn identity_of(name: &str, number: &str) -> String {
    let exp = BEGINNING / 1_000 + 300;
    let claims = json!({ "name": name, "phone_number": number, "exp": exp });
    jwt(
        "a secret for identities",
        &json!({ "alg": "HS256" }),
        &claims,
    )
}

#[test]
fn a_start_keeps_to_its_budget() {
    let world = World::new();
    world.start();
    world.memory.keep_background();
    world.memory.take_calls();
    world.start();
    let before_the_answer = Calls {
        reservations: 1,
        writes: 1,
        ..Calls::default()
    };
    assert_eq!(world.memory.take_calls(), before_the_answer);
    world.memory.run_background();
    let after_it = Calls {
        writes: 1,
        reads: 1,
        ..Calls::default()
    };
    assert_eq!(
        world.memory.take_calls(),
        after_it,
        "the snapshot, and a look for what to sweep"
    );
}

#[test]
fn a_start_with_a_key_looks_for_the_chat_and_for_how_far_it_went() {
    let world = World::new();
    world.memory.keep_background();
    world.memory.take_calls();
    world.start_with(&start_request(), keyed(KEY)).unwrap();
    let calls = world.memory.take_calls();
    assert_eq!((calls.reservations, calls.reads), (1, 2));
}

#[test]
fn a_chat_begins_with_a_greeting_and_a_token_that_opens_it() {
    let world = World::new();
    let started = world
        .start_with(&start_request(), Start::default())
        .unwrap();
    assert_eq!(kinds(&started.events), ["prompt"]);
    assert_eq!(started.status.phase, Phase::Flow);
    let caller = world.service.caller(Some(&started.token)).unwrap();
    assert_eq!(caller, Caller::Customer(started.chat.clone()));
    let polled = world
        .try_to_poll(&caller, &started.chat, started.cursor)
        .unwrap();
    assert_eq!(polled.events, [], "the cursor is behind the greeting");
    assert_eq!(
        world.poll(&Customer::of(&started), 0).events,
        started.events
    );
}

#[test]
fn every_chat_has_an_id_of_its_own_that_nobody_can_guess() {
    let world = World::new();
    let ids: std::collections::BTreeSet<_> = (0..50).map(|_| world.start().chat).collect();
    assert_eq!(ids.len(), 50);
    let elsewhere = World::new();
    let mut service = elsewhere.service.clone();
    service.secrets = Arc::new(Secrets {
        data: DataKeys::new(["another installation's secret"]),
        ..secrets()
    });
    let started = run(service.start(&start_request(), Start::default())).unwrap();
    assert!(!ids.contains(&started.chat), "the same number, another key");
}

#[test]
fn a_known_language_is_not_asked_for() {
    let world = World::new();
    for locale in [Language::Bn, Language::En] {
        let request = StartRequest {
            locale: Some(locale),
            ..start_request()
        };
        let started = world.start_with(&request, Start::default()).unwrap();
        assert_eq!(started.status.language, Some(locale));
        assert_eq!(world.state(&started.chat).step, "main-menu");
    }
}

#[test]
fn the_same_key_gives_the_same_chat() {
    let world = World::new();
    let first = world.start_with(&start_request(), keyed(KEY)).unwrap();
    let second = world.start_with(&start_request(), keyed(KEY)).unwrap();
    assert_eq!(second, first);
    let other = world
        .start_with(&start_request(), keyed("another-key-of-16-or-more"))
        .unwrap();
    assert_ne!(other.chat, first.chat);

    let customer = Customer::of(&first);
    world.choose(&customer, "bn");
    let later = world.start_with(&start_request(), keyed(KEY)).unwrap();
    assert_eq!(later.chat, first.chat);
    assert_eq!(kinds(&later.events), ["prompt", "option", "prompt"]);
    assert_eq!(later.events, world.poll(&customer, 0).events);
}

#[test]
fn the_same_key_with_another_body_is_a_conflict() {
    let world = World::new();
    world.start_with(&start_request(), keyed(KEY)).unwrap();
    let identity = Some(identity_of(NAME, NUMBER));
    for request in [
        StartRequest {
            channel: Channel::App,
            ..start_request()
        },
        StartRequest {
            locale: Some(Language::En),
            ..start_request()
        },
        StartRequest {
            identity,
            ..start_request()
        },
    ] {
        let outcome = world.start_with(&request, keyed(KEY));
        assert_eq!(conflict(outcome), Conflict::ClientIdReused, "{request:?}");
    }
}

#[test]
fn a_key_is_known_as_soon_as_its_chat_is_stored() {
    let world = World::new();
    world.memory.keep_background();
    let first = world.start_with(&start_request(), keyed(KEY)).unwrap();
    world.memory.lose_background();
    world.pass(1);
    let second = world.start_with(&start_request(), keyed(KEY)).unwrap();
    assert_eq!(second.events, first.events);
    let other = StartRequest {
        channel: Channel::App,
        ..start_request()
    };
    let outcome = world.start_with(&other, keyed(KEY));
    assert_eq!(conflict(outcome), Conflict::ClientIdReused);
}

#[test]
fn the_same_key_twice_at_once_gives_the_same_chat() {
    let world = World::new();
    let request = start_request();
    let one = world.service.start(&request, keyed(KEY));
    let other = world.service.start(&request, keyed(KEY));
    let (one, other) = run(futures::future::join(one, other));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.chat, other.chat);
    assert_eq!(one.events, other.events);
    for started in [one, other] {
        assert_eq!(
            world.poll(&Customer::of(&started), 0).events,
            started.events
        );
    }
}

#[test]
fn a_key_that_can_be_guessed_is_refused() {
    let world = World::new();
    for key in [
        "",
        "short",
        "0123456789abcde",
        "with spaces in between",
        &"a".repeat(65),
    ] {
        let outcome = world.start_with(&start_request(), keyed(key));
        assert_eq!(field(outcome), "Idempotency-Key", "{key:?}");
    }
    world
        .start_with(&start_request(), keyed("0123456789abcdef"))
        .unwrap();
}

#[test]
fn a_flood_of_chats_from_one_address_is_held_back_until_the_next_hour() {
    let world = World::with(|settings| settings.starts_per_hour = 3);
    let from = |address: &str| {
        let with = Start {
            address,
            ..Start::default()
        };
        world.start_with(&start_request(), with)
    };
    for _ in 0..3 {
        from("203.0.113.7").unwrap();
    }
    let held_back = from("203.0.113.7");
    let until_next_hour = 3_600_000 - BEGINNING % 3_600_000;
    let retry_after = until_next_hour;
    assert_eq!(held_back, Err(Refusal::TooMany { retry_after }));
    let elsewhere = (0..20).any(|n| from(&format!("198.51.100.{n}")).is_ok());
    assert!(elsewhere, "others may be in another eighth");
    world.pass(retry_after);
    from("203.0.113.7").unwrap();
}

#[test]
fn an_address_is_never_stored() {
    let world = World::new();
    let with = Start {
        address: "203.0.113.77",
        ..Start::default()
    };
    world.start_with(&start_request(), with).unwrap();
    for key in world.memory.keys() {
        let value = world.memory.value(&key).unwrap_or_default();
        assert!(!key.contains("203.0.113.77"));
        assert!(
            !String::from_utf8_lossy(&value).contains("203.0.113.77"),
            "{key}"
        );
    }
}

#[test]
fn who_is_vouched_for_goes_from_yes_to_the_queue() {
    let world = World::new();
    world.desk("asha");
    let request = StartRequest {
        channel: Channel::App,
        locale: Some(Language::Bn),
        identity: Some(identity_of("  রহিমা   খাতুন ", "+880 1712-345678")),
        again: None,
    };
    let customer = Customer::of(&world.start_with(&request, Start::default()).unwrap());
    world.choose(&customer, "customer-service");
    let posted = world.choose(&customer, "yes");
    assert_eq!(posted.answer.status.phase, Phase::Waiting);
    let known = world.state(&customer.chat).known;
    assert_eq!(known.name.as_deref(), Some(NAME));
    assert!(known.verified);
    world.claim("asha", &customer.chat).unwrap();
    let number = run(world.service.number(&world.record("asha"), &customer.chat)).unwrap();
    assert_eq!(number.number, "+8801712345678");
}

#[test]
fn an_identity_that_cannot_be_relied_on_is_refused() {
    let mut world = World::new();
    let (exp, alg) = (BEGINNING / 1_000 + 300, json!({ "alg": "HS256" }));
    let claims = json!({ "name": NAME, "phone_number": NUMBER, "exp": exp });
    let good = jwt("a secret for identities", &alg, &claims);
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        jwt("a secret for identities", &alg, &claims)
    };
    for (identity, why) in [
        ("nonsense".to_owned(), "no JWT"),
        (jwt("another secret", &alg, &claims), "another's signature"),
        (
            jwt(
                "a secret for identities",
                &json!({ "alg": "none" }),
                &claims,
            ),
            "no algorithm",
        ),
        (with("exp", json!(1)), "expired"),
        (with("exp", json!(exp + 900)), "good for too long"),
        (with("name", json!("12345")), "no name"),
        (with("phone_number", json!("16247")), "no mobile number"),
    ] {
        let request = StartRequest {
            identity: Some(identity),
            ..start_request()
        };
        let outcome = world.start_with(&request, Start::default());
        assert!(
            matches!(outcome, Err(Refusal::IdentityInvalid { .. })),
            "{why}: {outcome:?}"
        );
    }
    let request = StartRequest {
        identity: Some(good),
        ..start_request()
    };
    world.start_with(&request, Start::default()).unwrap();
    world.service.secrets = Arc::new(Secrets {
        identity: None,
        ..secrets()
    });
    let outcome = world.start_with(&request, Start::default());
    assert!(
        matches!(outcome, Err(Refusal::IdentityInvalid { .. })),
        "there is no key for it"
    );
}

#[test]
fn a_chat_requested_again_keeps_all_and_goes_to_the_queue() {
    for language in LANGUAGES {
        let world = World::new();
        world.desk("asha");
        let customer = world.start();
        for option in [language, "customer-service", "yes"] {
            world.choose(&customer, option);
        }
        world.say(&customer, NAME);
        world.say(&customer, NUMBER);
        world.hang_up(&customer);
        let before = world.state(&customer.chat);

        let again = world.again(&customer).unwrap();
        assert_ne!(again.chat, customer.chat);
        assert_eq!(kinds(&again.events), ["info", "queued"]);
        assert_eq!(again.status.phase, Phase::Waiting);
        let after = world.state(&again.chat);
        assert_eq!(after.language, before.language);
        assert_eq!(after.known.topic, before.known.topic);
        assert_eq!(after.known.name, before.known.name);
        assert_eq!(after.queue, before.queue);
        assert_eq!(after.known.again, Some(customer.chat));
        world.claim("asha", &again.chat).unwrap();
        let number = run(world.service.number(&world.record("asha"), &again.chat)).unwrap();
        assert_eq!(
            number.number, "+8801712345678",
            "sealed anew for the new chat"
        );
    }
}

#[test]
fn only_a_closed_chat_can_be_requested_again_and_only_by_its_customer() {
    let world = World::new();
    let customer = world.waiting();
    assert_eq!(conflict(world.again(&customer)), Conflict::ChatOpen);
    world.hang_up(&customer);
    let stranger = Customer {
        token: world.start().token,
        ..customer.clone()
    };
    assert_eq!(world.again(&stranger), Err(Refusal::Forbidden));
    let nobody = Customer {
        token: "nonsense".to_owned(),
        ..customer.clone()
    };
    assert_eq!(world.again(&nobody), Err(Refusal::TokenInvalid));
    world.again(&customer).unwrap();
}

#[test]
fn a_chat_that_time_has_closed_can_be_requested_again_even_if_nobody_looked() {
    let world = World::new();
    let customer = world.start();
    for option in ["bn", "customer-service", "yes"] {
        world.choose(&customer, option);
    }
    world.pass(899_999);
    assert_eq!(conflict(world.again(&customer)), Conflict::ChatOpen);
    let customer = world.start();
    for option in ["bn", "customer-service", "yes"] {
        world.choose(&customer, option);
    }
    world.pass(900_000);
    let again = world.again(&customer).unwrap();
    assert_eq!(
        world.state(&again.chat).step,
        "name",
        "where the customer was"
    );
    assert_eq!(
        world.state(&again.chat).known.topic.as_deref(),
        Some("customer-service")
    );
}

#[test]
fn what_was_settled_is_not_asked_again_at_the_place_where_it_ended() {
    let world = World::new();
    let customer = world.start();
    for option in ["en", "money", "not-arrived", "solved"] {
        world.choose(&customer, option);
    }
    let again = world.again(&customer).unwrap();
    assert_eq!(world.state(&again.chat).step, "main-menu");
    assert_eq!(again.status.language, Some(Language::En));
}

#[test]
fn a_security_topic_requested_again_does_not_come_to_a_queue() {
    let world = World::new();
    let customer = world.waiting();
    world.stay(1_800_000, &["asha"], &[&customer]);
    assert_eq!(world.state(&customer.chat).step, "unavailable");
    for option in ["restart", "lost-phone", "calling"] {
        world.choose(&customer, option);
    }
    let again = world.again(&customer).unwrap();
    assert_eq!(again.status.phase, Phase::Flow);
    assert_eq!(world.state(&again.chat).queue, None);
}

#[test]
fn a_chat_requested_again_with_a_new_identity_has_the_new_one() {
    let world = World::new();
    let customer = world.waiting();
    world.hang_up(&customer);
    let request = StartRequest {
        identity: Some(identity_of("Karim", "01812345678")),
        again: Some(customer.chat.clone()),
        ..start_request()
    };
    let with = Start {
        token: Some(&customer.token),
        ..Start::default()
    };
    let again = world.start_with(&request, with).unwrap();
    let known = world.state(&again.chat).known;
    assert_eq!(known.name.as_deref(), Some("Karim"));
    assert!(known.verified);
}
