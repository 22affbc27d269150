use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Plain,
    Inner(Inner),
    Pair(u8, String),
    Open { names: Vec<String> },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    number: u8,
    #[serde(default)]
    offset: Option<i32>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Outer {
    kind: Kind,
    #[serde(default)]
    values: BTreeMap<String, Inner>,
    #[serde(default)]
    yes: bool,
}

fn wrong(value: &Value) -> (String, Option<&'static str>) {
    let Err(Unreadable::Wrong(wrong)) = read::<Outer>(value.to_string().as_bytes()) else {
        panic!("{value} is read");
    };
    (wrong.to_string(), wrong.into_reason().sent)
}

#[test]
fn a_tree_is_read_as_serde_json_reads_it() {
    for value in [
        json!({"kind": "plain"}),
        json!({"kind": "plain", "yes": true, "other": [1, {"x": null}]}),
        json!({"kind": {"inner": {"number": 7, "offset": -3}}}),
        json!({"kind": {"pair": [1, "one"]}}),
        json!({"kind": {"open": {"names": ["a", "ক"]}}, "values": {"v": {"number": 0, "offset": null}}}),
    ] {
        let bytes = serde_json::to_vec(&value).unwrap();
        let expected: Outer = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read(&bytes), Ok(expected), "{value}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_kind_and_not_repeated() {
    let table = [
        (json!({}), "kind: it is missing", None),
        (json!([]), "an object is needed", Some("list")),
        (
            json!({"kind": 12345}),
            "kind: plain or inner or pair or open is needed",
            Some("number"),
        ),
        (
            json!({"kind": "x12345"}),
            "kind: plain or inner or pair or open is needed",
            Some("string"),
        ),
        (
            json!({"kind": {}}),
            "kind: plain or inner or pair or open is needed",
            Some("object"),
        ),
        (
            json!({"kind": {"plain": 12345}}),
            "kind: nothing belongs to it",
            Some("object"),
        ),
        (
            json!({"kind": "inner"}),
            "kind: an object is needed",
            Some("string"),
        ),
        (
            json!({"kind": {"inner": {}}}),
            "kind.number: it is missing",
            None,
        ),
        (
            json!({"kind": {"open": {"names": ["a", 12345]}}}),
            "kind.names[1]: a string is needed",
            Some("number"),
        ),
        (
            json!({"kind": {"pair": [1]}}),
            "kind: it has too few or too many elements",
            Some("object"),
        ),
        (
            json!({"kind": "plain", "yes": "yes"}),
            "yes: true or false is needed",
            Some("string"),
        ),
        (
            json!({"kind": "plain", "values": {"v": {"number": 12345}}}),
            "values.v.number: its value is out of range",
            Some("number"),
        ),
        (
            json!({"kind": "plain", "values": {"v": {"number": -1}}}),
            "values.v.number: a whole number from 0 is needed",
            Some("number"),
        ),
        (
            json!({"kind": "plain", "values": {"v": {"number": 1, "nu": 1}}}),
            "values.v: it may only have number, offset",
            Some("object"),
        ),
    ];
    for (value, says, sent) in table {
        assert_eq!(wrong(&value), (says.to_owned(), sent), "{value}");
    }
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let error = read::<Outer>(b"{\n\"kind\": nonsense}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "it is no JSON, as seen at line 2, column 10"
    );
    assert!(read::<Outer>(b"\xff").is_err());
    assert!(read::<Outer>(b"").is_err());
}

#[test]
fn a_member_that_is_there_twice_is_refused() {
    let error = read::<Outer>(br#"{"kind": "plain", "kind": "plain"}"#).unwrap_err();
    assert_eq!(error.to_string(), "kind: it is there twice");
}

#[test]
fn a_number_with_a_fraction_is_no_whole_one() {
    let (says, sent) = wrong(&json!({"kind": "plain", "values": {"v": {"number": 1.5}}}));
    assert_eq!(says, "values.v.number: a whole number from 0 is needed");
    assert_eq!(sent, Some("number"));
}
