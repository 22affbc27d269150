use std::collections::BTreeSet;

use alap_shared::chat::Phase;
use serde_json::Value;

use super::*;

/// What an operator and a client do about each problem.
const DOCUMENTED: &str = include_str!("../../../../docs/http-status-codes.md");

fn status() -> Status {
    Status {
        phase: Phase::Talking,
        language: None,
        position: None,
        wait_s: None,
        agent: None,
        typing: false,
        preview: false,
        closes_at: None,
        can_rate: false,
        now: 0,
        poll_after_ms: Some(1_000),
    }
}

fn document(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn conflicts() -> Vec<(Conflict, &'static str)> {
    vec![
        (Conflict::OptionNotOffered, "option-not-offered"),
        (Conflict::OptionExpected, "option-expected"),
        (Conflict::NotAsked, "not-asked"),
        (Conflict::ChatClosed, "chat-closed"),
        (Conflict::ChatOpen, "chat-open"),
        (Conflict::ClientIdReused, "client-id-reused"),
        (Conflict::AlreadyAssigned, "already-assigned"),
        (Conflict::NotAssigned, "not-assigned"),
        (Conflict::NotWaiting, "not-waiting"),
        (Conflict::QueueEmpty, "queue-empty"),
        (Conflict::AgentFull, "agent-full"),
        (Conflict::FormOpen, "form-open"),
        (Conflict::AlreadyRated, "already-rated"),
        (Conflict::NothingToRate, "nothing-to-rate"),
        (Conflict::ChatFull, "chat-full"),
        (Conflict::AsksForSecret("না".to_owned()), "asks-for-secret"),
    ]
}

/// Every refusal there is, with the status and the code it has to have.
fn refusals() -> Vec<(Refusal, u16, &'static str)> {
    let field = FieldError {
        field: "text".to_owned(),
        problem: "it has more than 2000 code points".to_owned(),
        limit: Some(2_000),
        sent: Some("2001 code points".to_owned()),
        message: Some("বেশি লম্বা".to_owned()),
    };
    let mut table = vec![
        (Refusal::TokenInvalid, 401, "token-invalid"),
        (Refusal::TokenExpired, 401, "token-expired"),
        (Refusal::KeyInvalid, 401, "key-invalid"),
        (Refusal::Forbidden, 403, "forbidden"),
        (
            Refusal::IdentityInvalid {
                reason: "it has expired",
            },
            422,
            "identity-invalid",
        ),
        (Refusal::Field(field), 422, "field-invalid"),
        (
            Refusal::TooMany { retry_after: 1_001 },
            429,
            "too-many-requests",
        ),
        (Refusal::Busy { retry_after: 0 }, 503, "busy"),
        (
            Refusal::Store(StoreError("get c:hidden: refused".to_owned())),
            503,
            "store-unavailable",
        ),
    ];
    for (conflict, code) in conflicts() {
        let status = Some(Box::new(status()));
        table.push((Refusal::Conflict { conflict, status }, 409, code));
    }
    table
}

#[test]
fn every_refusal_has_its_status_and_code() {
    for (refusal, status, code) in refusals() {
        let response = Problem::from(refusal).into_response();
        let document = document(&response);
        assert_eq!(response.status.as_u16(), status, "{code}");
        assert_eq!(response.header("content-type"), Some(PROBLEM_JSON));
        assert_eq!(document["type"], "about:blank");
        assert_eq!(document["status"], status);
        assert_eq!(document["code"], code);
        assert!(document["title"].is_string() && document["detail"].is_string());
        assert_eq!(response.header("www-authenticate").is_some(), status == 401);
        let retry = matches!(status, 429 | 503);
        assert_eq!(response.header("retry-after").is_some(), retry);
        assert_eq!(document["retry_after_s"].is_u64(), retry);
        assert_eq!(document["chat_status"].is_object(), status == 409);
    }
}

#[test]
fn every_kind_has_a_code_of_its_own_and_is_documented() {
    let mut codes = BTreeSet::new();
    for kind in Kind::ALL {
        assert!(codes.insert(kind.code()), "{} is there twice", kind.code());
        let is_else = kind.title() == "Internal Server Error";
        assert_eq!(is_else, kind.status().as_u16() == 500, "{}", kind.code());
        let row = format!("| {} | `{}` |", kind.status().as_u16(), kind.code());
        assert!(DOCUMENTED.contains(&row), "no row begins with {row}");
    }
    let rows = DOCUMENTED
        .lines()
        .filter(|line| line.starts_with("| 4") || line.starts_with("| 5"));
    for row in rows {
        let code = row.split('`').nth(1).unwrap();
        assert!(codes.contains(code), "no problem has the code {code}");
    }
}

#[test]
fn waits_are_whole_seconds_and_never_too_short() {
    for (wait, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_999, 60)] {
        let response = Problem::from(Refusal::Busy { retry_after: wait }).into_response();
        assert_eq!(response.header("retry-after").unwrap(), seconds.to_string());
        assert_eq!(document(&response)["retry_after_s"], seconds);
    }
}

#[test]
fn a_field_is_named_with_its_limit_and_what_was_sent() {
    let (refusal, ..) = refusals().swap_remove(5);
    let response = Problem::from(refusal).into_response();
    assert_eq!(
        document(&response),
        serde_json::json!({
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "code": "field-invalid",
            "detail": "text: it has more than 2000 code points",
            "field": "text",
            "limit": 2_000,
            "sent": "2001 code points",
            "message": "বেশি লম্বা",
        })
    );
}

#[test]
fn what_the_store_says_is_for_the_operator_alone() {
    let error = StoreError("get c:hidden: refused".to_owned());
    let problem = Problem::from(Refusal::Store(error));
    assert!(problem.for_the_operator().unwrap().contains("c:hidden"));
    let text = String::from_utf8(problem.into_response().body).unwrap();
    assert!(!text.contains("hidden"), "{text}");
    let misconfigured = Problem::of_ours(Kind::Misconfigured, "token_keys is short".to_owned());
    let text = String::from_utf8(misconfigured.into_response().body).unwrap();
    assert!(!text.contains("token_keys"), "{text}");
}

#[test]
fn the_representative_reads_why_a_message_is_refused() {
    let conflict = Conflict::AsksForSecret("পিন চাইবেন না".to_owned());
    let response = Problem::from(Refusal::conflict(conflict)).into_response();
    assert_eq!(document(&response)["message"], "পিন চাইবেন না");
}

#[test]
fn a_401_says_how_to_do_better() {
    for (kind, challenge) in [
        (Kind::TokenMissing, "Bearer"),
        (Kind::TokenInvalid, "Bearer error=\"invalid_token\""),
        (
            Kind::TokenExpired,
            "Bearer error=\"invalid_token\", error_description=\"expired\"",
        ),
        (Kind::KeyInvalid, "Bearer"),
    ] {
        let response = Problem::new(kind).into_response();
        assert_eq!(response.header("www-authenticate"), Some(challenge));
    }
}
