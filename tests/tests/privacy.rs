//! What must not be kept, shown or said: PINs and OTPs in both directions, personal data at rest, and what was erased.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{Customer, Embedded, Representative, Said, Server, Team, fresh_id};
use serde_json::{Value, json};

/// A customer who talks to the first of the team.
async fn talking(server: &Server, said: &Said) -> (Customer, Representative) {
    let mut representative = server.representative(0).await;
    let mut customer = server.customer().await;
    customer.go_to_queue(said).await;
    assert_eq!(representative.take().await, customer.chat);
    customer.read_until_phase("talking").await;
    (customer, representative)
}

/// Everything the store holds, as text.
async fn stored(server: &Server) -> String {
    server.settled().await;
    let store = server.store();
    let mut all = String::new();
    for key in store.get_keys().await.expect("keys") {
        let value = store.get(&key).await.expect("a value").unwrap_or_default();
        all.extend([key.as_str(), " ", &String::from_utf8_lossy(&value), "\n"]);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_is_masked_before_anything_is_stored_and_the_customer_is_told() {
    let server = Server::start().await;
    let table = [
        (Language::En, "my pin is 71935", "71935", "my pin is •••••"),
        (Language::En, "OTP: 482 913", "482 913", "OTP: ••• •••"),
        (Language::Bn, "আমার পিন ৭১৯৩৫", "৭১৯৩৫", "আমার পিন •••••"),
        (
            Language::Bn,
            "amar pin holo 71935",
            "71935",
            "amar pin holo •••••",
        ),
    ];
    for (language, typed, digits, kept) in table {
        let said = Said::new(language);
        let (mut customer, mut representative) = talking(&server, &said).await;
        let chat = customer.chat.clone();
        let news = customer.say(typed).await;
        assert_eq!(news.events[0].text(), kept);
        assert_eq!(news.events[0].field("masked"), true);
        assert_eq!(news.events[1].text(), said.notice("secret-masked"));
        representative.read(&chat).await;
        assert_eq!(representative.feeds[&chat].texts().last(), Some(&kept));
        assert!(!customer.transcript().await.contains(digits));
        assert!(!stored(&server).await.contains(digits), "{typed}");
        assert!(!server.log().contains(digits), "{typed}");
        representative.close(&chat, None).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn digits_that_follow_a_question_for_a_pin_are_masked_too() {
    let server = Server::start().await;
    let (mut customer, _) = talking(&server, &Said::new(Language::En)).await;
    customer.say("do you want my pin?").await;
    let news = customer.say("71935").await;
    assert_eq!(news.events[0].text(), "•••••");
    assert!(!stored(&server).await.contains("71935"));
}

/// What the desk shows of a text the customer is typing. That is written after the answer, like what the desk's own
/// look leaves behind.
async fn previewed(
    server: &Server,
    customer: &Customer,
    representative: &Representative,
    text: &str,
) -> Value {
    server.settled().await;
    let typing = json!({ "kind": "typing", "text": text });
    customer.post(&typing).await.expect(200);
    server.settled().await;
    let overview = representative.overview().await;
    overview.own(&customer.chat).field("draft").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_is_seen_by_nobody_and_not_stored() {
    let server = Server::start().await;
    let said = Said::new(Language::En);
    let (mut customer, representative) = talking(&server, &said).await;
    let joined = customer.feed.last("assigned").expect("an event").text();
    assert!(!joined.contains(&said.notice("typing-preview")), "{joined}");
    let draft = previewed(&server, &customer, &representative, "a secret thought").await;
    assert_eq!(draft, Value::Null);
    assert!(!stored(&server).await.contains("secret thought"));
    let status = customer.events_after(0, 0).await.json::<Value>()["status"].clone();
    assert_eq!(status["preview"], Value::Null);
    customer.say("hello").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_wanted_by_the_operator_said_to_the_customer_and_without_digits() {
    let team = Team::of(1).setting("typing_preview", "on");
    let server = Embedded::new(team).start().await;
    let said = Said::new(Language::En);
    let (mut customer, mut representative) = talking(&server, &said).await;
    let joined = customer.feed.last("assigned").expect("an event").text();
    assert!(joined.ends_with(&said.notice("typing-preview")), "{joined}");
    let status = customer.events_after(0, 0).await.json::<Value>()["status"].clone();
    assert_eq!(status["preview"], true);

    for (typed, seen) in [
        ("I sent mon", json!("I sent mon")),
        ("পাঠিয়েছি ৫০০", json!("পাঠিয়েছি •••")),
        ("my pin is 12", Value::Null),
        ("  ", Value::Null),
    ] {
        let draft = previewed(&server, &customer, &representative, typed).await;
        assert_eq!(draft, seen, "{typed}");
    }
    let long = json!({ "kind": "typing", "text": "a".repeat(2_001) });
    let refused = customer
        .post(&long)
        .await
        .expect_problem(422, "field-invalid");
    assert_eq!(refused["field"], "text");

    // With the next event it is gone, from the store as well.
    previewed(&server, &customer, &representative, "I thought that").await;
    assert!(stored(&server).await.contains("I thought that"));
    representative.say(&customer.chat, "Are you there?").await;
    let overview = representative.overview().await;
    let row = overview.own(&customer.chat);
    assert_eq!(row.field("draft"), &Value::Null);
    assert_eq!(row.field("typing"), true);
    assert!(!stored(&server).await.contains("I thought that"));

    customer.say("my pin").await;
    let draft = previewed(&server, &customer, &representative, "it is one two").await;
    assert_eq!(draft, Value::Null, "after a text that speaks of a secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn amounts_numbers_and_transactions_are_no_false_alarm() {
    let server = Server::start().await;
    let (mut customer, _) = talking(&server, &Said::new(Language::Bn)).await;
    for text in [
        "৫০০০ টাকা পাঠিয়েছি",
        "I forgot the PIN, my number is 01712-345678",
        "২১/০২/২০২৬ তারিখে পিন বদলেছি",
        "TrxID 9J7K2L3M4N",
    ] {
        let news = customer.say(text).await;
        assert_eq!(news.events.len(), 1);
        assert_eq!(news.events[0].text(), text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_who_asks_for_a_secret_is_refused_and_nothing_is_sent() {
    let server = Server::start().await;
    for (language, asked) in [
        (Language::En, "Please tell me your PIN."),
        (Language::Bn, "আপনার ওটিপি নম্বরটা দিন"),
        (Language::Bn, "apnar pin ta bolen"),
    ] {
        let said = Said::new(language);
        let (customer, representative) = talking(&server, &said).await;
        let before = customer.everything().await;
        let body = json!({ "kind": "text", "text": asked, "client_id": fresh_id() });
        let answer = representative.post(&customer.chat, &body).await;
        let problem = answer.expect_problem(409, "asks-for-secret");
        assert_eq!(problem["message"], said.notice("secret-refused"));
        assert_eq!(customer.everything().await, before);
        representative.close(&customer.chat, None).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contact_number_is_sealed_at_rest_and_showing_it_leaves_a_note() {
    let server = Server::start().await;
    let said = Said::new(Language::En);
    let (customer, representative) = talking(&server, &said).await;
    let all = stored(&server).await;
    for number in ["1819273645", "01819-273645", "০১৮১৯২৭৩৬৪৫", "০১৮১৯-২৭৩৬৪৫"]
    {
        assert!(!all.contains(number));
    }
    let path = format!("/chats/{}/number", customer.chat);
    let shown = representative.ask_desk(&path, &json!({})).await.expect(200);
    assert_eq!(shown.json::<Value>()["number"], "+8801819273645");
    let events = representative.everything(&customer.chat).await;
    let note = events
        .iter()
        .rfind(|event| event.kind == "note")
        .expect("a note");
    assert_eq!(note.text(), said.notice("number-shown"));
    let seen = customer.everything().await;
    assert!(seen.iter().all(|event| event.kind != "note"));
}

#[tokio::test(flavor = "multi_thread")]
async fn form_answers_are_for_the_assigned_representative_alone_and_gone_at_the_end() {
    let server = Embedded::new(Team::of(2)).start().await;
    let said = Said::new(Language::En);
    let (mut customer, representative) = talking(&server, &said).await;
    let chat = customer.chat.clone();
    representative
        .ask_form(&chat, &["nid-number"])
        .await
        .expect(200);
    customer.read().await;
    customer
        .fill_in(json!({ "nid-number": "৪৯২৮ ৩৭১ ৬০৫" }))
        .await;
    let number = "4928371605";
    let answers = async |representative: &Representative| {
        let events = representative.everything(&chat).await;
        let answer = events.iter().find(|event| event.kind == "form_answer");
        answer.expect("an answer").field("values").clone()
    };
    assert_eq!(answers(&representative).await["nid-number"], number);
    assert!(!stored(&server).await.contains(number));
    let own = customer.everything().await;
    assert!(!format!("{own:?}").contains(number));

    let colleague = server.representative(1).await;
    let look = colleague.events_after(&chat, 0, 0).await;
    look.expect_problem(403, "forbidden");
    representative
        .transfer(&chat, &json!({ "agent": colleague.id }))
        .await
        .expect(200);
    assert_eq!(answers(&colleague).await["nid-number"], number);
    let look = representative.events_after(&chat, 0, 0).await;
    look.expect_problem(403, "forbidden");

    let keys = server.store().get_keys().await.expect("keys");
    let forms = format!("c:{chat}:f:");
    assert!(keys.iter().any(|key| key.starts_with(&forms)));
    customer.close().await.expect(200);
    assert!(answers(&colleague).await.is_null());
    assert!(!customer.transcript().await.contains(number));
    let keys = server.store().get_keys().await.expect("keys");
    assert!(!keys.iter().any(|key| key.starts_with(&forms)), "{keys:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_leaves_nothing_of_a_chat_and_may_be_asked_for_twice() {
    let server = Server::start().await;
    let said = Said::new(Language::En);
    let (mut customer, representative) = talking(&server, &said).await;
    customer.say("please forget me").await;
    let asked = representative
        .ask_form(&customer.chat, &["nid-number"])
        .await;
    asked.expect(200);
    customer.read().await;
    customer
        .fill_in(json!({ "nid-number": "4928371605" }))
        .await;

    customer.erase().await.expect(204);
    customer.erase().await.expect(204);
    customer
        .events_after(0, 0)
        .await
        .expect_problem(403, "forbidden");
    let text = json!({ "kind": "text", "text": "still there?", "client_id": fresh_id() });
    customer.post(&text).await.expect_problem(403, "forbidden");
    representative
        .look_until("an empty desk", |desk| desk.mine.is_empty().then_some(()))
        .await;
    server.settled().await;
    let keys = server.store().get_keys().await.expect("keys");
    let left: Vec<_> = keys
        .iter()
        .filter(|key| key.contains(&customer.chat))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!stored(&server).await.contains("please forget me"));
    // The board of the queue is a copy that every look at the desk makes anew.
    alap_tests::eventually("no name is left", async || {
        representative.overview().await;
        (!stored(&server).await.contains("Rahman")).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_customer_erases_a_chat() {
    let server = Server::start().await;
    let (customer, representative) = talking(&server, &Said::new(Language::En)).await;
    let stranger = server.customer().await;
    let path = customer.path("");
    for token in [&stranger.token, &representative.token] {
        let request = server.api.request(http::Method::DELETE, &path);
        request
            .bearer(token)
            .send()
            .await
            .expect_problem(403, "forbidden");
    }
    assert!(!customer.everything().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_key_is_never_kept_and_a_wrong_one_never_repeated() {
    let server = Server::start().await;
    let representative = server.representative(0).await;
    let key = &server.team.members[0].key;
    for wrong in [
        "",
        "alap_",
        "alap_notakey",
        &key[..key.len() - 1],
        &key.to_uppercase(),
    ] {
        let answer = server
            .api
            .post("/v1/desk/login", &json!({ "key": wrong }))
            .send()
            .await;
        answer.expect_problem(401, "key-invalid");
        assert!(wrong.len() < 6 || !answer.text().contains(wrong));
    }
    assert!(!stored(&server).await.contains(key.as_str()));
    assert!(!server.log().contains(key.as_str()));
    representative.overview().await;
}
