//! Who may do what, and where: tokens, routes, methods and other sites. The first rows of the contract's table of bad input.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{Answer, Api, Customer, Embedded, Representative, Said, Server, Team, fresh_id};
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

/// All requests there are for a chat.
fn requests(api: &Api, chat: &str) -> Vec<alap_tests::Request> {
    let chats = format!("/v1/chats/{chat}");
    let mut requests = vec![
        api.get(&format!("{chats}/events")),
        api.post(&format!("{chats}/messages"), &text("hello")),
        api.post(&format!("{chats}/close"), &json!({})),
        api.request(Method::DELETE, &chats),
    ];
    let desk = json!({ "text": "x", "queue": "general", "fields": ["nid-number"], "client_id": fresh_id() });
    for verb in ["claim", "transfer", "note", "form", "number", "handled"] {
        requests.push(api.post(&format!("/v1/desk/chats/{chat}/{verb}"), &desk));
    }
    requests
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_nothing_is_done() {
    let server = Server::start().await;
    let (customer, representative) = talking(&server).await;
    let before = customer.everything().await;
    let (claims, signature) = customer.token.split_once('.').expect("two parts");
    let (foreign_claims, _) = representative.token.split_once('.').expect("two parts");
    let forged = [
        "x".to_owned(),
        "...".to_owned(),
        claims.to_owned(),
        format!("{claims}."),
        format!("{claims}.{}", &signature[1..]),
        format!("{foreign_claims}.{signature}"),
        format!("{}.{signature}", &claims[1..]),
        customer.token.to_uppercase(),
    ];
    for request in requests(&server.api, &customer.chat) {
        let answer = request.send().await;
        answer.expect_problem(401, "token-missing");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    for token in &forged {
        for request in requests(&server.api, &customer.chat) {
            let answer = request.bearer(token).send().await;
            answer.expect_problem(401, "token-invalid");
            let challenge = answer.header("www-authenticate");
            assert!(
                challenge.starts_with("Bearer error=\"invalid_token\""),
                "{answer}"
            );
        }
    }
    let basic = server.api.get(&customer.path("/events"));
    let basic = basic.header("authorization", "Basic YTpi").send().await;
    basic.expect_problem(401, "token-missing");
    assert_eq!(customer.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_told_from_a_wrong_one() {
    let server = Embedded::new(Team::of(1).setting("chat_token_seconds", 1))
        .start()
        .await;
    let customer = server.customer().await;
    let expired = alap_tests::eventually("the token's end", async || {
        let answer = customer.events_after(0, 0).await;
        (!answer.is_success()).then_some(answer)
    })
    .await;
    expired.expect_problem(401, "token-expired");
    assert!(expired.header("www-authenticate").contains("expired"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_token_gets_the_same_answer_whether_the_chat_exists_or_not() {
    let server = Server::start().await;
    let (customer, representative) = talking(&server).await;
    let stranger = server.customer().await;
    let alone = server.customer().await;
    let before = customer.everything().await;
    let unknown = "a".repeat(customer.chat.len());
    let odd = ["x", "%00", "..%2F..", &"a".repeat(65)];
    let answers = async |chat: &str, token: &str| -> Vec<Answer> {
        let mut answers = Vec::new();
        for request in requests(&server.api, chat) {
            answers.push(request.bearer(token).send().await);
        }
        answers
    };
    let same = |one: &[Answer], other: &[Answer]| {
        for (one, other) in one.iter().zip(other) {
            one.expect_problem(403, "forbidden");
            assert_eq!(
                (one.status, &one.body),
                (other.status, &other.body),
                "{other}"
            );
            let named = |answer: &Answer| {
                answer
                    .headers
                    .keys()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
            };
            assert_eq!(named(one), named(other));
        }
    };
    let existing = answers(&customer.chat, &stranger.token).await;
    same(&existing, &answers(&unknown, &stranger.token).await);
    for chat in odd {
        same(&existing, &answers(chat, &stranger.token).await);
    }
    // A chat that isn't with the representative and waits for none, and one that isn't there.
    let existing = answers(&alone.chat, &representative.token).await;
    same(&existing, &answers(&unknown, &representative.token).await);
    assert_eq!(customer.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_route_is_not_found() {
    let server = Server::start().await;
    let customer = server.customer().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v2/chats",
        "/v1/chats/",
        "/v1/chats/a/b",
        "/v1/chats/a/messages/1",
        "/v1/desk/nothing",
        "/v1/desk/chats/a",
        "/v1/desk/chats/a/nothing",
        "/v1/desk/chats/a/claim/more",
        "/v1/health/more",
        "/nowhere",
    ] {
        let answer = server.api.get(path).bearer(&customer.token).send().await;
        answer.expect_problem(404, "not-found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_is_told_the_right_ones() {
    let server = Server::start().await;
    let customer = server.customer().await;
    let table = [
        ("/v1/chats", "POST"),
        ("/v1/chats/CHAT/messages", "POST"),
        ("/v1/chats/CHAT/events", "GET, HEAD"),
        ("/v1/chats/CHAT/close", "POST"),
        ("/v1/chats/CHAT", "DELETE"),
        ("/v1/desk/login", "POST"),
        ("/v1/desk", "GET, HEAD"),
        ("/v1/desk/next", "POST"),
        ("/v1/desk/chats/CHAT/claim", "POST"),
        ("/v1/desk/chats/CHAT/transfer", "POST"),
        ("/v1/desk/chats/CHAT/note", "POST"),
        ("/v1/desk/chats/CHAT/form", "POST"),
        ("/v1/health", "GET, HEAD"),
    ];
    for (path, allowed) in table {
        let path = path.replace("CHAT", &customer.chat);
        for method in [
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND",
        ] {
            if allowed.split(", ").any(|name| name == method) {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let answer = server
                .api
                .request(method, &path)
                .bearer(&customer.token)
                .send()
                .await;
            answer.expect_problem(405, "method-not-allowed");
            assert_eq!(answer.header("allow"), allowed, "{answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_configured_sites_may_read_the_answers() {
    let site = "https://www.example.com";
    let server = Embedded::new(Team::of(1).setting("allowed_origins", site))
        .start()
        .await;
    let ask = async |origin: &str| {
        let request = server.api.post("/v1/chats", &json!({ "channel": "web" }));
        request.header("origin", origin).send().await.expect(201)
    };
    let allowed = ask(site).await;
    assert_eq!(allowed.header("access-control-allow-origin"), site);
    assert!(allowed.header("vary").to_lowercase().contains("origin"));
    let foreign = ask("https://elsewhere.example").await;
    assert!(!foreign.headers.contains_key("access-control-allow-origin"));

    let preflight = async |origin: &str| {
        let request = server.api.request(Method::OPTIONS, "/v1/chats/a/messages");
        let request = request.header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        let request = request.header(
            "access-control-request-headers",
            "authorization,content-type",
        );
        request.send().await.expect(204)
    };
    let allowed = preflight(site).await;
    assert_eq!(allowed.header("access-control-allow-origin"), site);
    assert!(
        allowed
            .header("access-control-allow-methods")
            .contains("POST")
    );
    let headers = allowed
        .header("access-control-allow-headers")
        .to_lowercase();
    assert!(headers.contains("authorization") && headers.contains("content-type"));
    let foreign = preflight("https://elsewhere.example").await;
    assert!(!foreign.headers.contains_key("access-control-allow-origin"));
    assert!(!foreign.headers.contains_key("access-control-allow-methods"));

    // A refusal is readable too, so that a page can say what went wrong.
    let request = server.api.post("/v1/chats", &json!({}));
    let refused = request.header("origin", site).send().await;
    refused.expect_problem(422, "field-invalid");
    assert_eq!(refused.header("access-control-allow-origin"), site);
}
