use alap_spin::testing::{Answered, Trial, request, request_with};
use serde_json::{Value, json};

use super::*;

const KEY: &str = "6b1f0c1e-5e0c-4b7a-9d7e-2f1f0a3b4c5d";

fn ask(trial: &Trial, key: Option<&str>, token: Option<&str>, body: &Value) -> Answered {
    let bearer = token.map(|token| ("authorization", format!("Bearer {token}")));
    let key = key.map(|key| ("idempotency-key", key.to_owned()));
    let headers = bearer.into_iter().chain(key);
    trial.ask(&request_with("POST", "/v1/chats", headers, body), respond)
}

#[test]
fn a_chat_begins_with_its_token_and_its_first_question() {
    let answer = ask(&Trial::new(), None, None, &json!({"channel": "web"}));
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("content-type"), "application/json");
    let begun = answer.json();
    assert!(begun["chat"].is_string() && begun["token"].is_string());
    assert_eq!(begun["events"][0]["kind"], "prompt");
    assert_eq!(begun["status"]["phase"], "flow");
}

#[test]
fn the_same_key_gives_the_same_chat_and_another_wish_none() {
    let trial = Trial::new();
    let wish = json!({"channel": "web", "locale": "bn"});
    let first = ask(&trial, Some(KEY), None, &wish).json();
    let second = ask(&trial, Some(KEY), None, &wish);
    assert!(matches!(second.status, 200 | 201));
    assert_eq!(second.json()["chat"], first["chat"]);
    let other = ask(&trial, Some(KEY), None, &json!({"channel": "app"}));
    assert_eq!(other.problem(), (409, "client-id-reused".to_owned()));
    for wrong in ["short", "with blanks and more", "গোপন-গোপন-গোপন-গোপন"]
    {
        let problem = ask(&trial, Some(wrong), None, &wish);
        assert_eq!(problem.status, 422);
        assert_eq!(problem.json()["field"], "Idempotency-Key");
    }
}

#[test]
fn only_its_customer_requests_a_closed_chat_again() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let wish = json!({"channel": "web", "again": chat});
    let none = ask(&trial, None, None, &wish);
    assert_eq!(none.problem(), (401, "token-missing".to_owned()));
    let (_, foreign) = trial.chat();
    let foreign = ask(&trial, None, Some(&foreign), &wish);
    assert_eq!(foreign.problem(), (403, "forbidden".to_owned()));
    let open = ask(&trial, None, Some(&token), &wish);
    assert_eq!(open.problem(), (409, "chat-open".to_owned()));
    assert_eq!(open.json()["chat_status"]["phase"], "flow");
}

#[test]
fn what_cannot_be_understood_is_refused() {
    let trial = Trial::new();
    for (body, field) in [
        (json!({}), "channel"),
        (json!({"channel": "fax"}), "channel"),
        (json!({"channel": "web", "locale": "fr"}), "locale"),
        (json!({"channel": "web", "again": 7}), "again"),
        (json!({"channel": "web", "identity": "a.b.c"}), "identity"),
    ] {
        let answer = ask(&trial, None, None, &body);
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.json()["field"], field);
    }
    let malformed = ask(&trial, None, None, &Value::Null).problem();
    assert_eq!(malformed, (400, "malformed-json".to_owned()));
    let other = trial.ask(&request("GET", "/v1/chats", None, &Value::Null), respond);
    assert_eq!((other.status, other.header("allow")), (405, "POST"));
}
