use alap_spin::testing::{Answered, Trial, request};
use serde_json::{Value, json};

use super::*;

fn ask(trial: &Trial, method: &str, uri: &str, token: Option<&str>, body: &Value) -> Answered {
    trial.ask(&request(method, uri, token, body), respond)
}

#[test]
fn health_needs_nobody_but_a_store() {
    let trial = Trial::new();
    let answer = ask(&trial, "GET", "/v1/health", None, &Value::Null);
    assert_eq!(
        (answer.status, &answer.json()["status"]),
        (200, &json!("ok"))
    );
    trial.service.ports.fail_when(|_| true);
    let answer = ask(&trial, "GET", "/v1/health", None, &Value::Null);
    assert_eq!(answer.problem(), (503, "store-unavailable".to_owned()));
}

#[test]
fn a_key_opens_the_desk() {
    let trial = Trial::new();
    let login = ask(
        &trial,
        "POST",
        "/v1/desk/login",
        None,
        &json!({"key": trial.key}),
    );
    assert_eq!(login.status, 200, "{}", login.text());
    assert_eq!(login.json()["agent"]["id"], "rahima");
    let token = login.json()["token"].as_str().unwrap().to_owned();
    let desk = ask(&trial, "GET", "/v1/desk?wait=0", Some(&token), &Value::Null);
    assert_eq!((desk.status, &desk.json()["queue"]), (200, &json!([])));
    let rev = desk.json()["rev"].as_str().unwrap().to_owned();
    let uri = format!("/v1/desk?rev={rev}&wait=2");
    let held = ask(&trial, "GET", &uri, Some(&token), &Value::Null);
    assert_eq!(held.status, 200, "{}", held.text());

    let wrong = ask(
        &trial,
        "POST",
        "/v1/desk/login",
        None,
        &json!({"key": "alap_wrong"}),
    );
    assert_eq!(wrong.problem(), (401, "key-invalid".to_owned()));
    let missing = ask(&trial, "POST", "/v1/desk/login", None, &json!({}));
    assert_eq!(missing.json()["field"], "key");
}

#[test]
fn there_is_nothing_else() {
    let trial = Trial::new();
    for uri in ["/v1/desk/", "/v1/desk/a/b"] {
        let answer = ask(&trial, "POST", uri, None, &Value::Null);
        assert_eq!(answer.status, 404, "{uri}");
    }
    assert_eq!(
        ask(&trial, "POST", "/v1/desk", None, &Value::Null).status,
        405
    );
    assert_eq!(
        ask(&trial, "DELETE", "/v1/health", None, &Value::Null).status,
        405
    );
}
