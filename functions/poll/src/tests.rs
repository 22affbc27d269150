use alap_spin::testing::{Answered, Trial, request, request_with};
use serde_json::Value;

use super::*;

fn ask(trial: &Trial, uri: &str, token: Option<&str>) -> Answered {
    trial.ask(&request("GET", uri, token, &Value::Null), respond)
}

#[test]
fn what_is_new_comes_with_where_to_go_on() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let all = ask(&trial, &format!("/v1/chats/{chat}/events"), Some(&token));
    assert_eq!(all.status, 200);
    assert_eq!(all.json()["events"][0]["kind"], "prompt");
    let cursor = &all.json()["cursor"];
    let uri = format!("/v1/chats/{chat}/events?after={cursor}&wait=25");
    let nothing = ask(&trial, &uri, Some(&token));
    assert_eq!(
        (nothing.status, &nothing.json()["events"]),
        (200, &Value::Array(Vec::new()))
    );
}

#[test]
fn the_transcript_is_a_file_of_text() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let headers = [
        ("authorization", format!("Bearer {token}")),
        ("accept", "text/plain".to_owned()),
    ];
    let uri = format!("/v1/chats/{chat}/events");
    let answer = trial.ask(&request_with("GET", &uri, headers, &Value::Null), respond);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"chat.txt\""
    );
    assert!(!answer.response.body.is_empty());
}

#[test]
fn numbers_are_numbers_and_tokens_open_one_chat() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    for wrong in ["after=x", "wait=-1"] {
        let answer = ask(
            &trial,
            &format!("/v1/chats/{chat}/events?{wrong}"),
            Some(&token),
        );
        assert_eq!(
            answer.problem(),
            (422, "field-invalid".to_owned()),
            "{wrong}"
        );
    }
    let uri = format!("/v1/chats/{chat}/events");
    assert_eq!(ask(&trial, &uri, None).status, 401);
    let (_, foreign) = trial.chat();
    let (foreign, unknown) = (
        ask(&trial, &uri, Some(&foreign)),
        ask(&trial, "/v1/chats/nosuchchat/events", Some(&token)),
    );
    assert_eq!(
        (foreign.status, foreign.response.body),
        (403, unknown.response.body)
    );
}

#[test]
fn other_methods_are_none() {
    let trial = Trial::new();
    let post = request("POST", "/v1/chats/c/events", None, &Value::Null);
    let answer = trial.ask(&post, respond);
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), "GET, HEAD");
}
