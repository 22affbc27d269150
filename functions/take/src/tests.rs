use alap_spin::testing::{Answered, Trial, request};
use serde_json::{Value, json};

use super::*;

fn ask(trial: &Trial, method: &str, uri: &str, token: Option<&str>, body: &Value) -> Answered {
    trial.ask(&request(method, uri, token, body), respond)
}

#[test]
fn an_empty_queue_is_a_conflict() {
    let trial = Trial::new();
    let next = ask(
        &trial,
        "POST",
        "/v1/desk/next",
        Some(&trial.desk_token()),
        &Value::Null,
    );
    assert_eq!(next.problem(), (409, "queue-empty".to_owned()));
}

#[test]
fn every_verb_is_for_representatives_and_their_chats() {
    let trial = Trial::new();
    let (chat, customer) = trial.chat();
    let (desk, note) = (
        trial.desk_token(),
        json!({"client_id": "n", "text": "note"}),
    );
    for (verb, body) in [
        ("claim", Value::Null),
        ("transfer", json!({"queue": "general"})),
        ("note", note),
        ("form", json!({"client_id": "f", "fields": ["nid-number"]})),
        ("number", Value::Null),
        ("handled", Value::Null),
    ] {
        let uri = format!("/v1/desk/chats/{chat}/{verb}");
        assert_eq!(ask(&trial, "POST", &uri, None, &body).status, 401, "{verb}");
        assert_eq!(ask(&trial, "GET", &uri, None, &body).status, 405, "{verb}");
        let answer = ask(&trial, "POST", &uri, Some(&customer), &body);
        assert_eq!(answer.status, 403, "{verb}");
        // It doesn't wait for anybody, so that no representative has any business with it.
        let answer = ask(&trial, "POST", &uri, Some(&desk), &body);
        assert_eq!(answer.status, 403, "{verb} {}", answer.text());
    }
}

#[test]
fn there_is_nothing_else() {
    let trial = Trial::new();
    for uri in [
        "/v1/desk/chats",
        "/v1/desk/chats/",
        "/v1/desk/chats/c/steal",
        "/v1/desk/chats/c/claim/d",
    ] {
        let answer = ask(&trial, "POST", uri, None, &Value::Null);
        assert_eq!(answer.status, 404, "{uri}");
    }
    assert_eq!(
        ask(&trial, "GET", "/v1/desk/next", None, &Value::Null).status,
        405
    );
}
