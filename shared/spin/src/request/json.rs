//! JSON from outside: what isn't JSON is told from what is other JSON than was asked for, and values are never
//! repeated.

use std::fmt::{self, Display};

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
        Unexpected, Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::Value;

use super::field;
use crate::problem::{Kind, Problem};

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if std::str::from_utf8(body).is_err() {
        return Err(Problem::new(Kind::MalformedUtf8));
    }
    let value: Value = serde_json::from_slice(body).map_err(|error| not_json(body, &error))?;
    if !value.is_object() {
        let sent = Some(kind_of(&value).to_owned());
        return Err(field("body", "a JSON object is needed".to_owned(), sent));
    }
    T::deserialize(Read(&value)).map_err(|wrong| {
        let sent = wrong.sent.map(str::to_owned);
        field(&wrong.path, wrong.problem, sent)
    })
}

fn not_json(body: &[u8], error: &serde_json::Error) -> Problem {
    let problem = Problem::new(Kind::MalformedJson);
    if body.trim_ascii().is_empty() {
        return problem.with_detail("the body is empty; a JSON object is needed");
    }
    // What serde_json itself says of it may repeat what stands there.
    let (line, column) = (error.line(), error.column());
    problem.with_detail(format!(
        "the body is no JSON, as seen at line {line}, column {column}"
    ))
}

/// JSON other than was asked for.
#[derive(Debug)]
struct Wrong {
    /// Where: `values.nid-number`, `fields[1]`.
    path: String,
    /// What would be right.
    problem: String,
    /// What kind of value stands there; nothing where none does.
    sent: Option<&'static str>,
}

impl Wrong {
    fn new(problem: String) -> Self {
        Self {
            path: String::new(),
            problem,
            sent: None,
        }
    }

    /// As seen from where `value` stands.
    fn at(mut self, value: &Value) -> Self {
        if self.path.is_empty() {
            self.sent = Some(kind_of(value));
        }
        self
    }

    /// As seen from one level further out.
    fn within(mut self, outer: String) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = outer + joint + &self.path;
        self
    }
}

impl Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problem)
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: Display>(_: T) -> Self {
        Self::new("it has a value that can't be taken".to_owned())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(needed(&expected.to_string()))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(needed(&expected.join(" or ")))
    }

    fn missing_field(name: &'static str) -> Self {
        Self {
            path: name.to_owned(),
            ..Self::new("it is missing".to_owned())
        }
    }
}

/// What serde expects, in words for somebody who doesn't know Rust.
fn needed(expected: &str) -> String {
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" => "a whole number from 0",
        "a map" => "an object",
        "a sequence" => "a list",
        other => other,
    };
    format!("{expected} is needed")
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

/// Reads a value, and knows where it stands when it is wrong.
#[derive(Clone, Copy)]
struct Read<'a>(&'a Value);

impl<'de> Deserializer<'de> for Read<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(value) => match value.as_u64() {
                Some(whole) => visitor.visit_u64(whole),
                None => Err(Error::invalid_type(Unexpected::Other("number"), &visitor)),
            },
            Value::String(value) => visitor.visit_str(value),
            Value::Array(values) => visitor.visit_seq(Elements(values.iter(), 0)),
            Value::Object(values) => visitor.visit_map(Members(values.iter(), None)),
        }
        .map_err(|wrong: Wrong| wrong.at(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Object(values) => visitor.visit_map(Members(values.iter(), None)),
            other => Err(Wrong::new(needed("an object")).at(other)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(name) => {
                let name: StrDeserializer<'_, Wrong> = name.as_str().into_deserializer();
                visitor.visit_enum(name)
            }
            _ => Err(Wrong::unknown_variant("", variants)),
        }
        .map_err(|wrong: Wrong| wrong.at(self.0))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

/// The elements of a list that are left, and how many were read.
struct Elements<'a>(std::slice::Iter<'a, Value>, usize);

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some(value) = self.0.next() else {
            return Ok(None);
        };
        let index = self.1;
        self.1 += 1;
        let element = seed.deserialize(Read(value));
        element
            .map(Some)
            .map_err(|wrong| wrong.within(format!("[{index}]")))
    }
}

/// The members of an object that are left, and the one of which the name was read and the value wasn't.
struct Members<'a>(serde_json::map::Iter<'a>, Option<(&'a str, &'a Value)>);

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.0.next() else {
            return Ok(None);
        };
        self.1 = Some((name, value));
        let name: StrDeserializer<'_, Wrong> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, value) = self.1.take().unwrap_or(("", &Value::Null));
        let member = seed.deserialize(Read(value));
        member.map_err(|wrong| wrong.within(name.to_owned()))
    }
}
