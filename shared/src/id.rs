//! Names of chats and representatives.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most code points of an id that comes from outside.
const MAX_LENGTH: usize = 64;

/// A chat's id: what it is called in a URI and in the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(String);

/// A representative's id, from the operator's list of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentId(String);

impl ChatId {
    /// An id made of 128 unguessable bits, in hexadecimal digits.
    pub fn from_bits(bits: [u8; 16]) -> Self {
        Self(base16ct::lower::encode_string(&bits))
    }

    /// An id as it stands in a URI: ASCII letters, digits, `-` and `_`, so that it can be part of a key.
    pub fn parse(text: &str) -> Option<Self> {
        is_plain(text).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AgentId {
    /// An id of ASCII letters, digits, `-` and `_`, so that it can be part of a key.
    pub fn parse(text: &str) -> Option<Self> {
        is_plain(text).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `text` is 1 to 64 ASCII letters, digits, `-` or `_`: what ids from outside are made of.
pub fn is_plain(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn an_id_is_what_can_stand_in_a_uri_and_in_a_key() {
        let longest = "a".repeat(64);
        for id in ["a", "Asha-2_b", "0", longest.as_str()] {
            assert_eq!(
                ChatId::parse(id).map(|id| id.to_string()).as_deref(),
                Some(id)
            );
            assert_eq!(
                AgentId::parse(id).map(|id| id.to_string()).as_deref(),
                Some(id)
            );
        }
        let too_long = "a".repeat(65);
        for id in [
            "",
            " ",
            "a b",
            "a:b",
            "a/b",
            "a.b",
            "আশা",
            "a\n",
            "../a",
            too_long.as_str(),
        ] {
            assert_eq!(ChatId::parse(id), None, "{id:?}");
            assert_eq!(AgentId::parse(id), None, "{id:?}");
        }
    }

    #[test]
    fn an_id_made_of_bits_is_one_and_keeps_them_apart() {
        let ids = [[0; 16], [255; 16], [7; 16]].map(ChatId::from_bits);
        for id in &ids {
            assert_eq!(ChatId::parse(id.as_str()).as_ref(), Some(id));
        }
        assert_ne!(ids[0], ids[1]);
    }
}
