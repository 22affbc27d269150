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
