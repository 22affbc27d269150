//! Who may see and do what.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{
    agent::AccessKey,
    token::{Claims, Role},
    verbs::desk::LoginRequest,
};

#[test]
fn a_token_opens_one_chat_and_no_other_whether_it_exists_or_not() {
    let world = World::new();
    let customer = world.talking();
    let stranger = world.start();
    let nowhere = ChatId::from_bits([9; 16]);
    for chat in [&customer.chat, &nowhere] {
        let (caller, service) = (&stranger.caller, &world.service);
        let everything: Vec<Result<(), Refusal>> = vec![
            world.try_to_poll(caller, chat, 0).map(drop),
            run(service.transcript(caller, chat)).map(drop),
            run(service.post(caller, chat, &world.text("কথা"))).map(drop),
            run(service.post(caller, chat, &world.option("bn"))).map(drop),
            run(service.post(caller, chat, &world.rating(1))).map(drop),
            run(service.post(caller, chat, &world.form(&[("nid-number", "1234567890")]))).map(drop),
            run(service.post(caller, chat, &typing())).map(drop),
            world.close(caller, chat).map(drop),
            run(service.erase(caller, chat)),
        ];
        for (number, outcome) in everything.into_iter().enumerate() {
            assert_eq!(outcome, Err(Refusal::Forbidden), "{number}");
        }
    }
    assert_eq!(world.state(&customer.chat).phase, Phase::Talking);
}

fn typing() -> PostRequest {
    PostRequest {
        kind: "typing".to_owned(),
        ..PostRequest::default()
    }
}

#[test]
fn a_customers_own_token_finds_nothing_where_nothing_is() {
    let world = World::new();
    let nowhere = ChatId::from_bits([9; 16]);
    let caller = Caller::Customer(nowhere.clone());
    assert_eq!(
        world.try_to_poll(&caller, &nowhere, 0),
        Err(Refusal::Forbidden)
    );
    let posted = run(world.service.post(&caller, &nowhere, &world.option("bn")));
    assert_eq!(posted, Err(Refusal::Forbidden));
    assert_eq!(
        run(world.service.post(&caller, &nowhere, &typing())),
        Err(Refusal::Forbidden)
    );
    assert_eq!(world.close(&caller, &nowhere), Err(Refusal::Forbidden));
    assert_eq!(world.memory.keys(), Vec::<String>::new());
}

#[test]
fn a_representative_has_no_business_with_chats_of_other_queues_or_still_in_the_flow() {
    let world = World::new();
    let in_flow = world.start();
    let waiting = world.waiting();
    let talking = world.talking();
    let nowhere = ChatId::from_bits([9; 16]);
    let chitra = world.agent("chitra");
    let record = world.record("chitra");
    for chat in [&in_flow.chat, &waiting.chat, &talking.chat, &nowhere] {
        let service = &world.service;
        let everything: Vec<Result<(), Refusal>> = vec![
            world.try_to_poll(&chitra, chat, 0).map(drop),
            run(service.transcript(&chitra, chat)).map(drop),
            run(service.post(&chitra, chat, &world.text("কথা"))).map(drop),
            run(service.post(&chitra, chat, &typing())).map(drop),
            world.close(&chitra, chat).map(drop),
            world.claim("chitra", chat).map(drop),
            world.note("chitra", chat, "a note").map(drop),
            world.ask_form("chitra", chat, &["nid-number"]).map(drop),
            world
                .transfer("chitra", chat, &Transfer::Queue("merchant"))
                .map(drop),
            run(service.number(&record, chat)).map(drop),
            run(service.handle_message(&record, chat)).map(drop),
            run(service.erase(&chitra, chat)),
        ];
        for (number, outcome) in everything.into_iter().enumerate() {
            assert_eq!(outcome, Err(Refusal::Forbidden), "{number}");
        }
    }
}

#[test]
fn a_colleague_of_the_same_queue_may_look_at_who_waits_and_no_further() {
    let world = World::new();
    let customer = world.waiting();
    let badal = world.agent("badal");
    world.try_to_poll(&badal, &customer.chat, 0).unwrap();
    assert_eq!(
        conflict(world.answer("badal", &customer.chat, "কথা")),
        Conflict::NotAssigned
    );
    assert_eq!(
        conflict(world.note("badal", &customer.chat, "কথা")),
        Conflict::NotAssigned
    );
    assert_eq!(
        conflict(world.close(&badal, &customer.chat)),
        Conflict::NotAssigned
    );
    world.claim("asha", &customer.chat).unwrap();
    assert_eq!(
        world.try_to_poll(&badal, &customer.chat, 0),
        Err(Refusal::Forbidden)
    );
    assert_eq!(
        conflict(world.claim("badal", &customer.chat)),
        Conflict::AlreadyAssigned
    );
    world.close(&world.agent("asha"), &customer.chat).unwrap();
    world
        .try_to_poll(&world.agent("asha"), &customer.chat, 0)
        .unwrap();
    assert_eq!(
        world.try_to_poll(&badal, &customer.chat, 0),
        Err(Refusal::Forbidden)
    );
}

#[test]
fn without_a_token_of_ours_nobody_is_anybody() {
    let world = World::new();
    let customer = world.start();
    let service = &world.service;
    let foreign = TokenKeys::new(["another installation's secret"]);
    let claims = Claims {
        role: Role::Customer(customer.chat.clone()),
        expires_at: u64::MAX,
    };
    let foreign = foreign.sign(&claims);
    for token in [
        None,
        Some(""),
        Some("nonsense"),
        Some("a.b"),
        Some(foreign.as_str()),
    ] {
        assert_eq!(
            service.caller(token),
            Err(Refusal::TokenInvalid),
            "{token:?}"
        );
        assert_eq!(
            service.agent(token),
            Err(Refusal::TokenInvalid),
            "{token:?}"
        );
    }
    assert_eq!(
        service.agent(Some(&customer.token)),
        Err(Refusal::Forbidden)
    );
}

#[test]
fn a_token_is_good_for_its_time() {
    let world = World::new();
    let customer = world.start();
    world.pass(86_400_000 - 1);
    world.service.caller(Some(&customer.token)).unwrap();
    world.pass(1);
    assert_eq!(
        world.service.caller(Some(&customer.token)),
        Err(Refusal::TokenExpired)
    );
}

#[test]
fn keys_can_be_rotated_while_people_talk() {
    let mut world = World::new();
    let customer = world.talking();
    let rotated = |tokens: &[&str], data: &[&str]| Secrets {
        tokens: TokenKeys::new(tokens.iter().copied()),
        data: DataKeys::new(data.iter().copied()),
        ..secrets()
    };
    let (old_token, old_data) = ("a secret for tokens", "a secret for personal data");
    world.service.secrets = Arc::new(rotated(&["new token", old_token], &["new data", old_data]));
    let caller = world.service.caller(Some(&customer.token)).unwrap();
    assert_eq!(caller, customer.caller);
    let number = run(world.service.number(&world.record("asha"), &customer.chat)).unwrap();
    assert_eq!(number.number, "+8801712345678");
    world.say(&customer, "টাকা পৌঁছায়নি");
    let newer = world.start();

    world.service.secrets = Arc::new(rotated(&["new token"], &["new data"]));
    assert_eq!(
        world.service.caller(Some(&customer.token)),
        Err(Refusal::TokenInvalid)
    );
    world.service.caller(Some(&newer.token)).unwrap();
    let number = run(world.service.number(&world.record("asha"), &customer.chat));
    assert_eq!(
        conflict(number),
        Conflict::NotAsked,
        "nobody can read it any more"
    );
}

#[test]
fn a_representative_logs_in_with_the_key_and_is_out_at_once_when_taken_off_the_list() {
    let mut world = World::new();
    let key = AccessKey::new(&world.memory);
    let other = AccessKey::new(&world.memory);
    let with_hash = |hash: &str| {
        let agents = AGENTS.replacen(r#""hash": """#, &format!(r#""hash": "{hash}""#), 1);
        AgentRecords::parse(&agents).unwrap()
    };
    world.service.secrets = Arc::new(Secrets {
        agents: with_hash(&key.hash()),
        ..secrets()
    });
    let login = |world: &World, key: &str| {
        world.service.login(&LoginRequest {
            key: key.to_owned(),
        })
    };
    let answer = login(&world, key.reveal()).unwrap();
    assert_eq!(answer.agent.id.as_str(), "asha");
    assert_eq!((answer.agent.most, answer.agent.supervisor), (2, false));
    assert_eq!(
        login(&world, &format!("  {}\n", key.reveal()))
            .unwrap()
            .agent,
        answer.agent
    );
    for wrong in ["", "alap_", "asha", other.reveal()] {
        assert_eq!(login(&world, wrong), Err(Refusal::KeyInvalid), "{wrong}");
    }

    let token = Some(answer.token.as_str());
    assert_eq!(world.service.agent(token).unwrap().id.as_str(), "asha");
    world.service.secrets = Arc::new(Secrets {
        agents: AgentRecords::parse("[]").unwrap(),
        ..secrets()
    });
    assert_eq!(world.service.agent(token), Err(Refusal::TokenInvalid));
}
