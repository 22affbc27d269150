use alap_shared::verbs::{desk::FormAsked, post::PostRequest, start::StartRequest};
use serde_json::{Value, json};

use super::*;

fn request(
    method: Method,
    target: &str,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Request {
    let headers = headers
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.into()));
    Request::new(method, target, headers.collect(), Body::Whole(body.into()))
}

fn get(target: &str) -> Request {
    request(Method::GET, target, &[], "")
}

fn get_with(headers: &[(&str, &str)]) -> Request {
    request(Method::GET, "/", headers, "")
}

fn post(body: impl Into<Vec<u8>>) -> Request {
    request(Method::POST, "/v1/chats", &[], body)
}

fn document(problem: Problem) -> (u16, Value) {
    let response = problem.into_response();
    (
        response.status.as_u16(),
        serde_json::from_slice(&response.body).unwrap(),
    )
}

#[test]
fn the_path_is_the_uris_whatever_headers_say() {
    let forged = [
        ("spin-path-match-chat", "other"),
        ("spin-path-info", "/v1/chats/other"),
    ];
    let request = request(Method::GET, "/v1/chats/c1/events?after=3/4", &forged, "");
    assert_eq!(request.path(), ["v1", "chats", "c1", "events"]);
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
    for method in [Method::GET, Method::HEAD, Method::POST] {
        request(method, "/", &[], "").allow(&allowed).unwrap();
    }
    let brew = request("BREW".parse().unwrap(), "/", &[], "");
    let response = brew.allow(&allowed).unwrap_err().into_response();
    assert_eq!(response.status, 405);
    assert_eq!(response.header("allow"), Some("GET, POST, HEAD"));
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
        let request = get_with(&[("Authorization", header)]);
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
        assert_eq!(status, 422, "{wrong}");
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
        let request = get_with(&[("accept", accept)]);
        assert_eq!(request.wants_text(), text, "{accept}");
    }
    assert!(!get("/").wants_text());
}

#[test]
fn the_clients_address_is_the_hosts_word() {
    let forged = ("spin-client-addr", "6.6.6.6:6");
    let request = get_with(&[forged, ("spin-client-addr", "10.0.0.1:555")]);
    assert_eq!(request.client_address(), "10.0.0.1");
    let request = get_with(&[("spin-client-addr", "[2001:db8::1]:555")]);
    assert_eq!(request.client_address(), "2001:db8::1");
    assert_eq!(get("/").client_address(), "");
}

#[test]
fn what_is_no_json_is_told_from_what_is_other_json() {
    let table: [(&[u8], u16, &str); 9] = [
        (b"", 400, "malformed-json"),
        (b" \n", 400, "malformed-json"),
        (b"{", 400, "malformed-json"),
        (b"{\"a\":1} x", 400, "malformed-json"),
        (b"{\"channel\":\"\\ud800\"}", 400, "malformed-json"),
        (b"{\"a\":\"\xff\"}", 400, "malformed-utf-8"),
        (b"[\"web\"]", 422, "field-invalid"),
        (b"null", 422, "field-invalid"),
        (b"{}", 422, "field-invalid"),
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
        assert_eq!(status, 422, "{body}");
        assert!(!document.to_string().contains("12345"), "{document}");
        assert!(document["detail"].is_string(), "{document}");
        document
    }
    let document = refused::<StartRequest>(&json!({}));
    assert_eq!(document["field"], "channel");
    assert_eq!(document["detail"], "channel: it is missing");
    let document = refused::<StartRequest>(&json!({"channel": "12345"}));
    assert_eq!(document["field"], "channel");
    assert_eq!(document["detail"], "channel: web or app is needed");
    let document = refused::<StartRequest>(&json!({"channel": 12345}));
    assert_eq!(
        (&document["field"], &document["sent"]),
        (&json!("channel"), &json!("number"))
    );
    let document = refused::<PostRequest>(&json!({"kind": "text", "text": [12345]}));
    assert_eq!(document["field"], "text");
    assert_eq!(document["sent"], "list");
    assert_eq!(document["detail"], "text: a string is needed");
    let document = refused::<PostRequest>(&json!({"kind": "rating", "score": 12345}));
    assert_eq!(document["detail"], "score: its value is out of range");
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
    assert_eq!(status, 413);
    assert_eq!(document["limit"], 16_384);

    let request = Request::new(Method::POST, "/", Vec::new(), Body::Incomplete);
    let problem = request.json::<PostRequest>();
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
