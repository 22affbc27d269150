//! JSON from requests, from the store and in tokens.
//!
//! It is parsed into a tree first, and the tree is read by a deserializer that does what the domain's types ask for
//! and nothing else. Many types are read here, and `serde_json`'s own way takes several times the code for each of
//! them: a component's size is its time to start.

#[cfg(test)]
mod tests;

use std::fmt::{self, Display};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, EnumAccess, Error, Expected, IntoDeserializer,
        MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};

/// What `bytes` say.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    let tree = parse(bytes).map_err(Unreadable::NoJson)?;
    read_tree(&tree).map_err(Unreadable::Wrong)
}

/// What a tree says.
pub fn read_tree<T: DeserializeOwned>(tree: &Json) -> Result<T, Wrong> {
    T::deserialize(Tree(tree))
}

/// The tree that `bytes` are, or where they stop to be JSON.
#[inline(never)]
pub fn parse(bytes: &[u8]) -> Result<Json, Place> {
    serde_json::from_slice(bytes).map_err(|error| Place {
        line: error.line(),
        column: error.column(),
    })
}

/// A place in a text, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no JSON, as seen at line {line}, column {column}")]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The byte in the line.
    pub column: usize,
}

/// Why bytes say nothing. Jsons are never repeated: they may be anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// They are no JSON.
    #[error(transparent)]
    NoJson(Place),
    /// They are other JSON than was asked for.
    #[error(transparent)]
    Wrong(Wrong),
}

/// JSON other than was asked for. One pointer, since nearly every function here may return it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(Box<Reason>);

/// What is wrong with JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Where: `values.nid-number`, `fields[1]`; empty where it is the whole.
    pub path: String,
    /// What would be right.
    pub problem: String,
    /// What kind of value stands there; nothing where none does.
    pub sent: Option<&'static str>,
}

impl Wrong {
    #[inline(never)]
    fn new(problem: &str) -> Self {
        Self(Box::new(Reason {
            path: String::new(),
            problem: problem.to_owned(),
            sent: None,
        }))
    }

    #[inline(never)]
    fn needed(what: &str) -> Self {
        Self::new(&[what, " is needed"].concat())
    }

    /// What is wrong.
    pub fn into_reason(self) -> Reason {
        *self.0
    }

    /// As seen from where `value` stands.
    #[inline(never)]
    fn at(mut self, value: &Json) -> Self {
        if self.0.path.is_empty() {
            self.0.sent = Some(kind_of(value));
        }
        self
    }

    #[inline(never)]
    fn at_index(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// As seen from one level further out.
    #[inline(never)]
    fn within(mut self, outer: &str) -> Self {
        let path = &mut self.0.path;
        let joint = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        *path = [outer, joint, path].concat();
        self
    }
}

impl Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            formatter.write_str(&self.0.path)?;
            formatter.write_str(": ")?;
        }
        formatter.write_str(&self.0.problem)
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: Display>(_: T) -> Self {
        Self::new("it has a value that can't be taken")
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new("it has a value of another type")
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new("its value is out of range")
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::new("it has too few or too many elements")
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::needed(&expected.join(" or "))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(&["it may only have ", &expected.join(", ")].concat())
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new("it is there twice").within(name)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new("it is missing").within(name)
    }
}

/// A value. Members stay in the order they came in, and a name may be there twice: a map would take more code.
#[derive(Debug)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number from 0.
    Natural(u64),
    /// A whole number below 0.
    Negative(i64),
    /// A number with a fraction or beyond 64 bits. Nothing here takes one.
    Fraction,
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Json;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Bool(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Natural(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Negative(value))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
                Ok(Json::Fraction)
            }

            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::String(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
                let mut array = Vec::new();
                while let Some(element) = elements.next_element()? {
                    array.push(element);
                }
                Ok(Json::Array(array))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
                let mut object = Vec::new();
                while let Some(member) = members.next_entry()? {
                    object.push(member);
                }
                Ok(Json::Object(object))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// What a value is called in JSON.
pub fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Natural(_) | Json::Negative(_) | Json::Fraction => "number",
        Json::String(_) => "string",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    }
}

/// Reads a value, and says where it stands when it is wrong.
#[derive(Clone, Copy)]
struct Tree<'a>(&'a Json);

impl<'a> Tree<'a> {
    fn text(self) -> Result<&'a str, Wrong> {
        match self.0 {
            Json::String(text) => Ok(text),
            other => Err(Wrong::needed("a string").at(other)),
        }
    }

    fn natural(self) -> Result<u64, Wrong> {
        match self.0 {
            Json::Natural(number) => Ok(*number),
            other => Err(Wrong::needed("a whole number from 0").at(other)),
        }
    }

    fn whole(self) -> Result<i64, Wrong> {
        let whole = match self.0 {
            Json::Natural(number) => i64::try_from(*number).ok(),
            Json::Negative(number) => Some(*number),
            _ => None,
        };
        whole.ok_or_else(|| Wrong::needed("a whole number").at(self.0))
    }

    fn members(self) -> Result<Members<'a>, Wrong> {
        match self.0 {
            Json::Object(members) => Ok(Members(members.iter(), None)),
            other => Err(Wrong::needed("an object").at(other)),
        }
    }

    fn elements(self) -> Result<Elements<'a>, Wrong> {
        match self.0 {
            Json::Array(elements) => Ok(Elements(elements.iter(), 0)),
            other => Err(Wrong::needed("a list").at(other)),
        }
    }
}

/// One method for each type that is asked for. No visitor is offered a choice: what it would make of another type of
/// value is code too.
macro_rules! read_as {
    ($($method:ident($($argument:ty),*) = $visit:ident($read:ident);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $(_: $argument,)* visitor: V) -> Result<V::Value, Wrong> {
            visitor.$visit(self.$read()?).map_err(|wrong: Wrong| wrong.at(self.0))
        }
    )*};
}

impl<'de> Deserializer<'de> for Tree<'_> {
    type Error = Wrong;

    read_as! {
        deserialize_u8() = visit_u64(natural);
        deserialize_u16() = visit_u64(natural);
        deserialize_u32() = visit_u64(natural);
        deserialize_u64() = visit_u64(natural);
        deserialize_i32() = visit_i64(whole);
        deserialize_i64() = visit_i64(whole);
        deserialize_str() = visit_str(text);
        deserialize_string() = visit_str(text);
        deserialize_identifier() = visit_str(text);
        deserialize_seq() = visit_seq(elements);
        deserialize_tuple(usize) = visit_seq(elements);
        deserialize_map() = visit_map(members);
        deserialize_struct(&'static str, &'static [&'static str]) = visit_map(members);
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong::new("nothing here reads a value of any type"))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Json::Bool(value) => visitor.visit_bool(*value),
            other => Err(Wrong::needed("true or false").at(other)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Json::Null => visitor.visit_none(),
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

    /// `"unit"`, or `{"variant": …}` with what belongs to it.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let variant = match self.0 {
            Json::String(name) => Some((name, &Json::Null)),
            Json::Object(members) => only_member(members),
            _ => None,
        };
        let (name, content) =
            variant.ok_or_else(|| Wrong::unknown_variant("", variants).at(self.0))?;
        visitor
            .visit_enum(Variant(name, Tree(content)))
            .map_err(|wrong| wrong.at(self.0))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct
    }
}

fn only_member(members: &[(String, Json)]) -> Option<(&String, &Json)> {
    match members {
        [(name, content)] => Some((name, content)),
        _ => None,
    }
}

/// The elements of a list that are left, and how many were read.
struct Elements<'a>(std::slice::Iter<'a, Json>, usize);

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some(value) = self.0.next() else {
            return Ok(None);
        };
        self.1 += 1;
        let element = seed.deserialize(Tree(value)).map(Some);
        element.map_err(|wrong| wrong.at_index(self.1 - 1))
    }
}

/// The members of an object that are left, and the one of which the name was read and the value wasn't.
struct Members<'a>(
    std::slice::Iter<'a, (String, Json)>,
    Option<(&'a str, &'a Json)>,
);

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
        seed.deserialize(named(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, value) = self.1.take().unwrap_or(("", &Json::Null));
        let member = seed.deserialize(Tree(value));
        member.map_err(|wrong| wrong.within(name))
    }
}

fn named(name: &str) -> StrDeserializer<'_, Wrong> {
    name.into_deserializer()
}

/// A variant of an enum: its name and what belongs to it.
struct Variant<'a>(&'a str, Tree<'a>);

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Wrong;
    type Variant = Tree<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Tree<'a>), Wrong> {
        Ok((seed.deserialize(named(self.0))?, self.1))
    }
}

impl<'de> VariantAccess<'de> for Tree<'_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.0 {
            Json::Null => Ok(()),
            other => Err(Wrong::new("nothing belongs to it").at(other)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(self.elements()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_map(self.members()?)
    }
}
