//! How a chat begins: with a language already known, with a customer the app vouches for, and only once however often it is asked for.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use std::time::Duration;

use alap_flow::Language;
use alap_tests::{Answer, Customer, Embedded, Said, Server, Team, identity, sign};
use serde_json::{Value, json};

const NAME: &str = "রহিমা খাতুন";
const KEY: &str = "9f1c2a7e-5b1d-4c58-9a53-0d3a1c9b7e11";

async fn start(server: &Server, key: &str, request: &Value) -> Answer {
    let request = server.api.post("/v1/chats", request);
    request.header("idempotency-key", key).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_knows_the_language_skips_the_question() {
    let server = Server::start().await;
    for language in [Language::Bn, Language::En] {
        let said = Said::new(language);
        let request = json!({ "channel": "web", "locale": said.code() });
        let customer = Customer::start_with(&server.api, request).await;
        let prompt = customer.feed.last("prompt").expect("a prompt");
        assert_eq!(prompt.text(), said.step("main-menu"));
        assert_eq!(customer.feed.status.language.as_deref(), Some(said.code()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_the_app_vouches_for_is_asked_neither_name_nor_number() {
    let server = Server::start().await;
    let representative = server.representative(0).await;
    let identity = identity(NAME, "01712345678", Duration::from_mins(5));
    let request = json!({ "channel": "app", "locale": "bn", "identity": identity });
    let mut customer = Customer::start_with(&server.api, request).await;
    customer.choose("customer-service").await;
    let news = customer.choose("yes").await;
    assert_eq!(news.status.phase, "waiting");
    let taken = representative.claim(&customer.chat).await.expect(200);
    let desk = representative.overview().await;
    let row = desk.own(&customer.chat);
    assert_eq!(row.field("name"), NAME, "{taken}");
    assert_eq!(row.field("verified"), true);
    assert!(
        row.field("number")
            .as_str()
            .is_some_and(|number| number.contains('•'))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_that_nobody_vouches_for_is_refused_with_the_reason() {
    let server = Server::start().await;
    let claims = |life: i64| {
        let now = std::time::SystemTime::UNIX_EPOCH
            .elapsed()
            .expect("a clock")
            .as_secs();
        json!({ "name": NAME, "phone_number": "01712345678", "exp": now.saturating_add_signed(life) })
    };
    let header = json!({ "alg": "HS256" });
    let ours = |claims: &Value| identity_of(claims);
    let table = [
        ("no JWT", "rahima".to_owned()),
        (
            "another's key",
            sign(
                &header,
                &claims(300),
                "somebody else's key, which is as long as ours",
            ),
        ),
        (
            "no algorithm",
            sign(&json!({ "alg": "none" }), &claims(300), ""),
        ),
        ("expired", ours(&claims(-3_600))),
        ("good for an hour", ours(&claims(3_600))),
        (
            "no number",
            ours(&json!({ "name": NAME, "exp": claims(300)["exp"] })),
        ),
        (
            "no mobile number",
            ours(&json!({ "name": NAME, "phone_number": "16247", "exp": claims(300)["exp"] })),
        ),
        (
            "no name",
            ours(&json!({ "name": "…", "phone_number": "01712345678", "exp": claims(300)["exp"] })),
        ),
    ];
    for (case, identity) in table {
        let request = json!({ "channel": "app", "identity": identity });
        let answer = server.api.post("/v1/chats", &request).send().await;
        let problem = answer.expect_problem(422, "identity-invalid");
        assert!(problem["detail"].is_string(), "{case}");
        assert!(!answer.text().contains("01712345678"), "{case}");
    }
}

fn identity_of(claims: &Value) -> String {
    sign(
        &json!({ "alg": "HS256" }),
        claims,
        alap_tests::IDENTITY_KEYS,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_again_gives_the_same_chat() {
    let server = Server::start().await;
    let request = json!({ "channel": "web", "locale": "bn" });
    let first = start(&server, KEY, &request).await.expect(201);
    let mut customer = Customer::from_answer(&server.api, &first);
    let again = start(&server, KEY, &request).await.expect(201);
    let (first, again): (Value, Value) = (first.json(), again.json());
    assert_eq!(first["chat"], again["chat"]);
    assert_eq!(first["events"], again["events"]);

    // Also when the chat has gone on: the customer reloads the page and finds it where it was.
    customer.choose("customer-service").await;
    let answer = start(&server, KEY, &request).await.expect(201);
    let reloaded = Customer::from_answer(&server.api, &answer);
    assert_eq!(reloaded.everything().await, customer.everything().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_request_with_a_used_key_is_refused() {
    let server = Server::start().await;
    let request = json!({ "channel": "web", "locale": "bn" });
    start(&server, KEY, &request).await.expect(201);
    let other = json!({ "channel": "web", "locale": "en" });
    start(&server, KEY, &other)
        .await
        .expect_problem(409, "client-id-reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_could_be_guessed_is_refused() {
    let server = Server::start().await;
    let request = json!({ "channel": "web" });
    for key in ["short", "with spaces in it, sixteen", &"k".repeat(65)] {
        let problem = start(&server, key, &request)
            .await
            .expect_problem(422, "field-invalid");
        assert_eq!(problem["field"], "Idempotency-Key");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_starts_is_told_when_to_come_back() {
    let server = Embedded::new(Team::of(1).setting("starts_per_hour", 3))
        .start()
        .await;
    for _ in 0..3 {
        server.customer().await;
    }
    let answer = server
        .api
        .post("/v1/chats", &json!({ "channel": "web" }))
        .send()
        .await;
    answer.expect_problem(429, "too-many-requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_messages_is_told_when_to_come_back() {
    let server = Embedded::new(Team::of(1).setting("messages_per_minute", 3))
        .start()
        .await;
    let mut customer = server.customer().await;
    // A minute may end in between, so that a few more than three may be taken.
    let mut refused = None;
    for _ in 0..8 {
        let prompt = customer.feed.last("prompt").expect("a prompt");
        let option = if prompt.options() == ["bn", "en"] {
            "bn"
        } else {
            "language"
        };
        let body =
            json!({ "kind": "option", "option": option, "client_id": alap_tests::fresh_id() });
        let answer = customer.post(&body).await;
        if !answer.is_success() {
            refused = Some(answer);
            break;
        }
        customer.read().await;
    }
    refused
        .expect("a refusal")
        .expect_problem(429, "too-many-requests");
}
