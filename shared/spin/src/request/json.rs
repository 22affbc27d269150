//! JSON from outside: what isn't JSON is told from what is other JSON than was asked for, and values are never
//! repeated.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::field;
use crate::problem::{Kind, Problem};

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::new(Kind::MalformedUtf8))?;
    let value: Value = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    if !value.is_object() {
        let sent = Some(kind_of(&value).to_owned());
        return Err(field("body", "a JSON object is needed".to_owned(), sent));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let says = error.inner().to_string();
        other_than_asked(error.path(), &says)
    })
}

fn not_json(text: &str, error: &serde_json::Error) -> Problem {
    let problem = Problem::new(Kind::MalformedJson);
    if text.trim().is_empty() {
        return problem.with_detail("the body is empty; a JSON object is needed");
    }
    // What serde_json itself says of it may repeat what stands there.
    let place = format!("line {}, column {}", error.line(), error.column());
    problem.with_detail(format!("the body is no JSON, as seen at {place}"))
}

/// What serde says is one of `invalid type: string "x", expected u8`, `unknown variant …, expected …` and
/// `missing field …`; only the words before the value and after "expected" come from us.
fn other_than_asked(path: &Path, says: &str) -> Problem {
    let path = name_of(path);
    if let Some(missing) = says.strip_prefix("missing field `") {
        let name = missing.trim_end_matches('`');
        let name = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        return field(&name, "it is missing".to_owned(), None);
    }
    let problem = match says.rsplit_once(", expected ") {
        Some((_, expected)) => format!("{} is needed", plain(expected)),
        None => "it has a value that can't be taken".to_owned(),
    };
    let sent = says
        .strip_prefix("invalid type: ")
        .or_else(|| says.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split([' ', ',']).next())
        .map(|kind| match kind {
            "floating" => "number",
            "map" => "object",
            "sequence" => "list",
            other => other,
        });
    field(&path, problem, sent.map(str::to_owned))
}

fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for segment in path {
        match segment {
            Segment::Map { key } => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
            }
            Segment::Seq { index } => name = format!("{name}[{index}]"),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    name
}

/// What serde expects, in words for somebody who doesn't know Rust.
fn plain(expected: &str) -> String {
    match expected {
        "u8" | "u16" | "u32" | "u64" => "a whole number from 0".to_owned(),
        "a string" | "string" | "string or map" => "a string".to_owned(),
        "a map" => "an object".to_owned(),
        "a sequence" => "a list".to_owned(),
        other => other.to_owned(),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}
