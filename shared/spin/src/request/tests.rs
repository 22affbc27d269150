use alap_shared::verbs::{desk::FormAsked, post::PostRequest, start::StartRequest};
use http::StatusCode;
use serde_json::{Value, json};

use super::*;

fn request(build: http::request::Builder, body: impl Into<Vec<u8>>) -> Request {
    let (head, body) = build.body(body.into()).unwrap().into_parts();
    Request::new(head, Body::Whole(body))
}

fn get(uri: &str) -> Request {
    request(http::Request::get(uri), "")
}

fn post(body: impl Into<Vec<u8>>) -> Request {
    request(http::Request::post("/v1/chats"), body)
}

fn document(problem: Problem) -> (StatusCode, Value) {
    let response = problem.into_response();
    (
        response.status(),
        serde_json::from_slice(response.body()).unwrap(),
    )
}

#[test]
fn the_path_is_the_uris_whatever_headers_say() {
    let build = http::Request::get("http://host/v1/chats/c1/events?after=3")
        .header("spin-path-match-chat", "other")
        .header("spin-path-info", "/v1/chats/other");
    assert_eq!(request(build, "").path(), ["v1", "chats", "c1", "events"]);
    assert_eq!(get("/").path(), [""]);
    assert_eq!(get("/v1/desk/").path(), ["v1", "desk", ""]);
}

#[test]
fn what_cannot_be_a_chat_is_as_closed_as_a_foreign_one() {
    assert!(chat_id("abc-1_2").is_ok());
    for part in ["", "a b", "a%2fb", "a:b", &"a".repeat(65)] {
        assert_eq!(chat_id(part).unwrap_err().kind(), Kind::Forbidden, "{part}");
    }
}

#[test]
fn other_methods_are_told_which_ones_there_are() {
    let allowed = [Method::GET, Method::POST];
    for method in ["GET", "HEAD", "POST"] {
        let build = http::Request::builder().method(method);
        request(build, "").allow(&allowed).unwrap();
    }
    let build = http::Request::builder().method("BREW");
    let problem = request(build, "").allow(&allowed).unwrap_err();
    let response = problem.into_response();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "GET, POST, HEAD");
}

#[test]
fn a_bearer_token_is_found_however_it_is_written() {
    let table = [
        ("Bearer abc.def", Some("abc.def")),
        ("bearer  abc.def ", Some("abc.def")),
        ("Basic abc", None),
        ("Bearer", None),
        ("abc.def", None),
    ];
    for (header, token) in table {
        let request = request(http::Request::get("/").header("authorization", header), "");
        assert_eq!(request.bearer(), token, "{header}");
    }
    let missing = get("/").token().unwrap_err();
    assert_eq!(missing.kind(), Kind::TokenMissing);
}

#[test]
fn numbers_in_the_query_are_numbers_or_refused_by_name() {
    let asked = get("/events?after=12&wait=&rev=ab");
    assert_eq!(asked.number("after").unwrap(), 12);
    assert_eq!(asked.number("other").unwrap(), 0);
    assert_eq!(asked.parameter("rev"), Some("ab"));
    for wrong in ["wait=", "wait", "wait=-1", "wait=1.5", "wait=soon"] {
        let problem = get(&format!("/events?{wrong}")).number("wait").unwrap_err();
        let (status, document) = document(problem);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert_eq!(document["field"], "wait");
    }
}

#[test]
fn text_is_given_to_who_asks_for_it_first() {
    let table = [
        ("text/plain", true),
        ("text/plain;q=0.9, */*;q=0.1", true),
        ("application/json, text/plain, */*", false),
        ("*/*", false),
        ("text/html", false),
    ];
    for (accept, text) in table {
        let request = request(http::Request::get("/").header("accept", accept), "");
        assert_eq!(request.wants_text(), text, "{accept}");
    }
    assert!(!get("/").wants_text());
}

#[test]
fn the_clients_address_is_the_hosts_word() {
    let build = http::Request::get("/")
        .header("spin-client-addr", "6.6.6.6:6")
        .header("spin-client-addr", "10.0.0.1:555");
    assert_eq!(request(build, "").client_address(), "10.0.0.1");
    let build = http::Request::get("/").header("spin-client-addr", "[2001:db8::1]:555");
    assert_eq!(request(build, "").client_address(), "2001:db8::1");
    assert_eq!(get("/").client_address(), "");
}

#[test]
fn what_is_no_json_is_told_from_what_is_other_json() {
    let table: [(&[u8], StatusCode, &str); 9] = [
        (b"", StatusCode::BAD_REQUEST, "malformed-json"),
        (b" \n", StatusCode::BAD_REQUEST, "malformed-json"),
        (b"{", StatusCode::BAD_REQUEST, "malformed-json"),
        (b"{\"a\":1} x", StatusCode::BAD_REQUEST, "malformed-json"),
        (
            b"{\"channel\":\"\\ud800\"}",
            StatusCode::BAD_REQUEST,
            "malformed-json",
        ),
        (
            b"{\"a\":\"\xff\"}",
            StatusCode::BAD_REQUEST,
            "malformed-utf-8",
        ),
        (
            b"[\"web\"]",
            StatusCode::UNPROCESSABLE_ENTITY,
            "field-invalid",
        ),
        (b"null", StatusCode::UNPROCESSABLE_ENTITY, "field-invalid"),
        (b"{}", StatusCode::UNPROCESSABLE_ENTITY, "field-invalid"),
    ];
    for (body, status, code) in table {
        let problem = post(body).json::<StartRequest>().unwrap_err();
        let (got, document) = document(problem);
        assert_eq!((got, document["code"].as_str()), (status, Some(code)));
    }
}

#[test]
fn a_wrong_field_is_named_with_what_is_right_and_never_repeated() {
    fn refused<T: DeserializeOwned + std::fmt::Debug>(body: &Value) -> Value {
        let problem = post(body.to_string()).json::<T>().unwrap_err();
        let (status, document) = document(problem);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(!document.to_string().contains("12345"), "{document}");
        assert!(document["detail"].is_string(), "{document}");
        document
    }
    let document = refused::<StartRequest>(&json!({}));
    assert_eq!(document["field"], "channel");
    assert_eq!(document["detail"], "channel: it is missing");
    let document = refused::<StartRequest>(&json!({"channel": "12345"}));
    assert_eq!(document["field"], "channel");
    assert_eq!(document["detail"], "channel: `web` or `app` is needed");
    let document = refused::<StartRequest>(&json!({"channel": 12345}));
    assert_eq!(
        (&document["field"], &document["sent"]),
        (&json!("channel"), &json!("integer"))
    );
    let document = refused::<PostRequest>(&json!({"kind": "text", "text": [12345]}));
    assert_eq!(document["field"], "text");
    assert_eq!(document["sent"], "list");
    assert_eq!(document["detail"], "text: a string is needed");
    let document = refused::<PostRequest>(&json!({"kind": "rating", "score": 12345}));
    assert_eq!(document["detail"], "score: a whole number from 0 is needed");
    let document = refused::<PostRequest>(&json!({"kind": "rating", "score": ", expected 12345"}));
    assert_eq!(document["detail"], "score: a whole number from 0 is needed");
    assert_eq!(document["sent"], "string");
    let document =
        refused::<PostRequest>(&json!({"kind": "form", "values": {"nid-number": 12345}}));
    assert_eq!(document["field"], "values.nid-number");
    let document = refused::<FormAsked>(&json!({"fields": ["nid-number", 12345]}));
    assert_eq!(document["field"], "fields[1]");
}

#[test]
fn a_body_that_is_too_large_or_incomplete_is_not_looked_at() {
    let largest = format!("{{\"kind\":\"{}\"}}", "k".repeat(BODY_LIMIT - 11));
    assert_eq!(largest.len(), BODY_LIMIT);
    post(largest.clone()).json::<PostRequest>().unwrap();
    let problem = post(largest + " ").json::<PostRequest>().unwrap_err();
    let (status, document) = document(problem);
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(document["limit"], 16_384);

    let (head, ()) = http::Request::post("/").body(()).unwrap().into_parts();
    let problem = Request::new(head, Body::Incomplete).json::<PostRequest>();
    assert_eq!(problem.unwrap_err().kind(), Kind::BodyIncomplete);
}

#[test]
fn a_body_may_be_missing_where_nothing_has_to_be_said() {
    assert_eq!(
        post("").json_or_default::<FormAsked>().unwrap().fields,
        Vec::<String>::new()
    );
    post("{").json_or_default::<FormAsked>().unwrap_err();
}
