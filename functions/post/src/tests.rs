use alap_spin::testing::{Answered, Trial, request};
use serde_json::{Value, json};

use super::*;

fn ask(trial: &Trial, chat: &str, token: Option<&str>, body: &Value) -> Answered {
    let uri = format!("/v1/chats/{chat}/messages");
    trial.ask(&request("POST", &uri, token, body), respond)
}

fn option(client_id: &str, option: &str) -> Value {
    json!({"client_id": client_id, "kind": "option", "option": option})
}

#[test]
fn what_is_new_is_created_and_what_was_said_before_is_not() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let first = ask(&trial, &chat, Some(&token), &option("one", "bn"));
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(first.json()["events"][0]["option"], "bn");
    assert_eq!(first.json()["events"][1]["kind"], "prompt");
    let again = ask(&trial, &chat, Some(&token), &option("one", "bn"));
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["seq"], first.json()["seq"]);
    assert_eq!(again.json()["events"], first.json()["events"]);
    let other = ask(&trial, &chat, Some(&token), &option("one", "en"));
    assert_eq!(other.problem(), (409, "client-id-reused".to_owned()));
}

#[test]
fn typing_is_no_event() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let answer = ask(&trial, &chat, Some(&token), &json!({"kind": "typing"}));
    assert_eq!((answer.status, &answer.json()["events"]), (200, &json!([])));
}

#[test]
fn a_token_opens_its_own_chat_and_tells_nothing_of_others() {
    let trial = Trial::new();
    let (chat, _) = trial.chat();
    let (_, foreign) = trial.chat();
    let hello = option("one", "bn");
    let none = ask(&trial, &chat, None, &hello);
    assert_eq!(none.problem(), (401, "token-missing".to_owned()));
    let bad = ask(&trial, &chat, Some("no.token"), &hello);
    assert_eq!(bad.problem(), (401, "token-invalid".to_owned()));
    let answers = [chat.as_str(), "nosuchchat", "no%20id"]
        .map(|chat| ask(&trial, chat, Some(&foreign), &hello));
    assert_eq!(answers[0].problem(), (403, "forbidden".to_owned()));
    assert!(
        answers
            .iter()
            .all(|answer| answer.response.body == answers[0].response.body)
    );
    let agent = ask(&trial, "nosuchchat", Some(&trial.desk_token()), &hello);
    assert_eq!(
        (agent.status, agent.response.body),
        (403, answers[0].response.body.clone())
    );
}

#[test]
fn what_does_not_fit_the_step_comes_with_the_status() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    let text = json!({"client_id": "one", "kind": "text", "text": "hello"});
    let answer = ask(&trial, &chat, Some(&token), &text);
    assert_eq!(answer.problem(), (409, "option-expected".to_owned()));
    assert_eq!(answer.json()["chat_status"]["phase"], "flow");
    let long = json!({"client_id": "one", "kind": "text", "text": "আ".repeat(2_001)});
    let answer = ask(&trial, &chat, Some(&token), &long).json();
    assert_eq!(answer["field"], "text");
    assert_eq!(answer["limit"], 2_000);
    assert_eq!(answer["sent"], "2001 code points");
}

#[test]
fn a_store_that_fails_is_said_without_details() {
    let trial = Trial::new();
    let (chat, token) = trial.chat();
    trial.service.ports.fail_when(|_| true);
    let answer = ask(&trial, &chat, Some(&token), &option("one", "bn"));
    assert_eq!(answer.problem(), (503, "store-unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
    assert!(!answer.text().contains(&chat));
    assert!(
        answer.log[0].contains("was told to fail"),
        "{:?}",
        answer.log
    );
    trial.service.ports.repair();
    let answer = ask(&trial, &chat, Some(&token), &option("one", "bn"));
    assert_eq!(answer.status, 201);
}

#[test]
fn other_methods_and_routes_are_none() {
    let trial = Trial::new();
    let get = request("GET", "/v1/chats/c/messages", None, &Value::Null);
    assert_eq!(trial.ask(&get, respond).status, 405);
    let elsewhere = request("POST", "/v1/chats/c/other", None, &Value::Null);
    assert_eq!(trial.ask(&elsewhere, respond).status, 404);
}
