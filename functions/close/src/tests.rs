use alap_spin::testing::{Answered, Trial, request};
use serde_json::{Value, json};

use super::*;

fn ask(trial: &Trial, method: &str, uri: &str, token: &str, body: &Value) -> Answered {
    trial.ask(&request(method, uri, Some(token), body), respond)
}

#[test]
fn a_chat_is_closed_with_or_without_a_body_and_more_than_once() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let uri = format!("/v1/chats/{chat}/close");
    let answer = ask(&trial, "POST", &uri, &token, &Value::Null);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["status"]["phase"], "closed");
    assert_eq!(answer.json()["events"][0]["reason"], "customer");
    let again = ask(&trial, "POST", &uri, &token, &json!({}));
    assert_eq!(again.status, 200);
    let wrong = ask(&trial, "POST", &uri, &token, &json!({"reason": "bored"}));
    assert_eq!(wrong.problem(), (422, "field-invalid".to_owned()));
}

#[test]
fn a_chat_is_erased_and_nothing_is_left_of_it() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let uri = format!("/v1/chats/{chat}");
    let answer = ask(&trial, "DELETE", &uri, &token, &Value::Null);
    assert_eq!((answer.status, answer.response.body), (204, Vec::new()));
    let keys = trial.service.ports.keys();
    assert!(keys.iter().all(|key| !key.starts_with("c:")), "{keys:?}");
    assert_eq!(
        ask(&trial, "DELETE", &uri, &token, &Value::Null).status,
        204
    );
}

#[test]
fn only_who_may_closes_and_erases() {
    let trial = Trial::new();
    let (chat, _) = trial.chat();
    let (_, foreign) = trial.chat();
    for (method, uri) in [
        ("POST", format!("/v1/chats/{chat}/close")),
        ("DELETE", format!("/v1/chats/{chat}")),
    ] {
        let none = trial.ask(&request(method, &uri, None, &Value::Null), respond);
        assert_eq!(none.status, 401, "{method}");
        for token in [&foreign, &trial.desk_token()] {
            let answer = ask(&trial, method, &uri, token, &Value::Null);
            assert_eq!(answer.problem(), (403, "forbidden".to_owned()), "{method}");
        }
    }
}

#[test]
fn other_methods_are_none() {
    let trial = Trial::new();
    let get = ask(&trial, "GET", "/v1/chats/c", "", &Value::Null);
    assert_eq!((get.status, get.header("allow")), (405, "DELETE"));
    let get = ask(&trial, "GET", "/v1/chats/c/close", "", &Value::Null);
    assert_eq!((get.status, get.header("allow")), (405, "POST"));
}
