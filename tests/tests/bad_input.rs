//! What bad bodies and misplaced requests get, row by row of the contract's table; and that they change nothing.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{Customer, Representative, Said, Server, fresh_id};
use http::Method;
use serde_json::{Value, json};

/// A customer who talks to the first of the team.
async fn talking(server: &Server) -> (Customer, Representative) {
    let mut representative = server.representative(0).await;
    let mut customer = server.customer().await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    assert_eq!(representative.take().await, customer.chat);
    customer.read_until_phase("talking").await;
    (customer, representative)
}

fn text(text: &str) -> Value {
    json!({ "kind": "text", "text": text, "client_id": fresh_id() })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_or_other_json_is_refused_by_name() {
    let server = Server::start().await;
    let (customer, _) = talking(&server).await;
    let before = customer.everything().await;
    let post = async |body: &[u8]| {
        let request = server
            .api
            .request(Method::POST, &customer.path("/messages"));
        let request = request
            .bearer(&customer.token)
            .header("content-type", "application/json");
        request.body(body.to_vec()).send().await
    };
    let malformed: [&[u8]; 6] = [
        b"",
        b"{",
        b"hello",
        b"{\"kind\":\"text\",}",
        b"{} {}",
        b"{\"kind\":\"\\ud800\"}",
    ];
    for body in malformed {
        post(body).await.expect_problem(400, "malformed-json");
    }
    let bytes: [&[u8]; 2] = [
        b"{\"kind\":\"\xff\"}",
        b"{\"kind\":\"text\",\"text\":\"\xc3\x28\",\"client_id\":\"a\"}",
    ];
    for body in bytes {
        post(body).await.expect_problem(400, "malformed-utf-8");
    }
    let table = [
        (json!({}), "kind"),
        (json!({ "kind": 1 }), "kind"),
        (json!({ "kind": "shout" }), "kind"),
        (json!({ "kind": "text", "client_id": "a" }), "text"),
        (
            json!({ "kind": "text", "text": 1, "client_id": "a" }),
            "text",
        ),
        (
            json!({ "kind": "text", "text": null, "client_id": "a" }),
            "text",
        ),
        (
            json!({ "kind": "text", "text": ["a"], "client_id": "a" }),
            "text",
        ),
        (json!({ "kind": "text", "text": "a" }), "client_id"),
        (
            json!({ "kind": "text", "text": "a", "client_id": 7 }),
            "client_id",
        ),
        (
            json!({ "kind": "text", "text": "a", "client_id": "" }),
            "client_id",
        ),
        (
            json!({ "kind": "text", "text": "a", "client_id": "a b" }),
            "client_id",
        ),
        (
            json!({ "kind": "text", "text": "a", "client_id": "a".repeat(65) }),
            "client_id",
        ),
        (
            json!({ "kind": "text", "text": "a", "client_id": "a", "after": -1 }),
            "after",
        ),
        (json!({ "kind": "option", "client_id": "a" }), "option"),
        (json!({ "kind": "form", "client_id": "a" }), "values"),
        (
            json!({ "kind": "form", "values": [], "client_id": "a" }),
            "values",
        ),
        (json!({ "kind": "rating", "client_id": "a" }), "score"),
        (
            json!({ "kind": "rating", "score": "5", "client_id": "a" }),
            "score",
        ),
        (
            json!({ "kind": "rating", "score": 2.5, "client_id": "a" }),
            "score",
        ),
    ];
    for (body, field) in table {
        let answer = post(body.to_string().as_bytes()).await;
        let problem = answer.expect_problem(422, "field-invalid");
        assert_eq!(problem["field"], field, "{body}");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| detail.starts_with(field))
        );
    }
    for body in [json!([]), json!("text"), json!(null), json!(1)] {
        post(body.to_string().as_bytes())
            .await
            .expect_problem(422, "field-invalid");
    }
    assert_eq!(customer.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn starts_and_logins_refuse_other_json_by_name() {
    let server = Server::start().await;
    let table = [
        ("/v1/chats", json!({}), "channel"),
        ("/v1/chats", json!({ "channel": "fax" }), "channel"),
        (
            "/v1/chats",
            json!({ "channel": "web", "locale": "fr" }),
            "locale",
        ),
        (
            "/v1/chats",
            json!({ "channel": "web", "again": 1 }),
            "again",
        ),
        ("/v1/desk/login", json!({}), "key"),
        ("/v1/desk/login", json!({ "key": 1 }), "key"),
    ];
    for (path, body, field) in table {
        let answer = server.api.post(path, &body).send().await;
        assert_eq!(answer.expect_problem(422, "field-invalid")["field"], field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_refused_when_it_is_too_long_or_says_nothing() {
    let server = Server::start().await;
    let (mut customer, _) = talking(&server).await;
    let before = customer.everything().await;
    let too_long = customer.post(&text(&"ক".repeat(2_001))).await;
    let problem = too_long.expect_problem(422, "field-invalid");
    assert_eq!(problem["field"], "text");
    assert_eq!(problem["limit"], 2_000);
    assert_eq!(problem["sent"], "2001 code points");
    for nothing in ["", "   ", "\n\t\r", "\u{0}\u{7}\u{1b}", " \u{85}\u{3000} "] {
        let answer = customer.post(&text(nothing)).await;
        assert_eq!(answer.expect_problem(422, "field-invalid")["field"], "text");
    }
    assert_eq!(customer.everything().await, before);
    // The longest there may be, in letters of three bytes each.
    let longest = "ক".repeat(2_000);
    let news = customer.say(&longest).await;
    assert_eq!(news.events[0].text(), longest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_more_than_16_kib_is_refused_with_the_limit() {
    let server = Server::start().await;
    let (customer, _) = talking(&server).await;
    let before = customer.everything().await;
    let mut body = text("hello");
    body["padding"] = json!("");
    let padding = 16 * 1024 - body.to_string().len();
    body["padding"] = json!("x".repeat(padding + 1));
    let large = customer.post(&body).await;
    assert_eq!(large.expect_problem(413, "body-too-large")["limit"], 16_384);
    let huge = server
        .api
        .request(Method::POST, &customer.path("/messages"));
    let huge = huge
        .bearer(&customer.token)
        .body(vec![b'x'; 1 << 20])
        .send()
        .await;
    huge.expect_problem(413, "body-too-large");
    assert_eq!(customer.everything().await, before);
    body["padding"] = json!("x".repeat(padding));
    customer.post(&body).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_the_chat_is_answered_with_how_it_stands() {
    let server = Server::start().await;
    let said = Said::new(Language::En);
    let option =
        |option: &str| json!({ "kind": "option", "option": option, "client_id": fresh_id() });
    let mut customer = server.customer().await;
    let conflict = async |customer: &Customer, body: &Value, code: &str| {
        let before = customer.everything().await;
        let problem = customer.post(body).await.expect_problem(409, code);
        assert_eq!(problem["chat_status"]["phase"], customer.feed.status.phase);
        assert!(problem["chat_status"]["now"].is_u64());
        assert_eq!(customer.everything().await, before);
    };
    conflict(&customer, &option("yes"), "option-not-offered").await;
    conflict(&customer, &option("back"), "option-not-offered").await;
    conflict(&customer, &option("no such thing"), "option-not-offered").await;
    conflict(&customer, &text("hello"), "option-expected").await;
    customer.choose("en").await;
    conflict(&customer, &text("customer-service"), "option-expected").await;
    let form = json!({ "kind": "form", "values": { "nid-number": "1234567890" }, "client_id": fresh_id() });
    conflict(&customer, &form, "not-asked").await;

    let (mut customer, representative) = talking(&server).await;
    conflict(&customer, &option("yes"), "option-not-offered").await;
    conflict(&customer, &form, "not-asked").await;
    customer.say("hello").await;
    representative.close(&customer.chat, None).await.expect(200);
    customer.read_until_phase("closed").await;
    conflict(&customer, &text("one more thing"), "chat-closed").await;
    conflict(&customer, &option("back"), "chat-closed").await;
    let late = representative.post(&customer.chat, &text("bye")).await;
    late.expect_problem(409, "chat-closed");
    let claim = representative.claim(&customer.chat).await;
    assert_eq!(claim.status, 409, "{claim}");
    assert_eq!(said.code(), "en");
    customer.rate(5, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_id_is_answered_as_the_first_time_or_refused_with_another_body() {
    let server = Server::start().await;
    let (mut customer, representative) = talking(&server).await;
    let body = text("once");
    let first = customer.post(&body).await.expect(201);
    customer.say("and more").await;
    let before = customer.everything().await;
    let again = customer.post(&body).await.expect(200);
    let (first, again): (Value, Value) = (first.json(), again.json());
    assert_eq!(first["seq"], again["seq"]);
    assert_eq!(first["events"], again["events"]);

    let mut other = body.clone();
    other["text"] = json!("twice");
    let reused = customer.post(&other).await;
    reused.expect_problem(409, "client-id-reused");
    assert_eq!(customer.everything().await, before);

    // Also once the chat is closed: the retry of what was acknowledged is still answered.
    representative.close(&customer.chat, None).await.expect(200);
    let late = customer.post(&body).await.expect(200);
    assert_eq!(late.json::<Value>()["seq"], first["seq"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_in_the_query_are_whole_numbers() {
    let server = Server::start().await;
    let customer = server.customer().await;
    for (query, field) in [
        ("after=-1", "after"),
        ("after=one", "after"),
        ("after=99999999999999999999999", "after"),
        ("wait=1.5", "wait"),
        ("wait=", "wait"),
    ] {
        let path = customer.path(&format!("/events?{query}"));
        let answer = server.api.get(&path).bearer(&customer.token).send().await;
        assert_eq!(answer.expect_problem(422, "field-invalid")["field"], field);
    }
    // Far ahead of the chat there is nothing, and nothing breaks.
    for after in ["1000000", "18446744073709551615", "9223372036854775807"] {
        let path = customer.path(&format!("/events?after={after}"));
        let answer = server.api.get(&path).bearer(&customer.token).send().await;
        assert_eq!(answer.expect(200).json::<Value>()["events"], json!([]));
    }
}
