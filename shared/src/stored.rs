//! What stands in the store: one byte for the version of the format, then the value in [postcard's wire
//! format](https://postcard.jamesmunns.com/wire-format), in which fields have places and no names.
//!
//! About half of the bytes that JSON takes, and half of the code to read it. The price: another order of fields or variants, and
//! another type of any of them, is another format. Whoever makes one of a type that journals keep raises the version
//! and goes on reading the one before. New variants at the end of an enum need no new version.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use crate::ports::{Ports, StoreError};

/// The version that is written.
const VERSION: u8 = 1;

/// Why bytes of the store say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// They are of a version that is not known here, or no value of ours at all.
    Version(Option<u8>),
    /// They are of this version, and another value than was asked for.
    Wrong,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(None) => formatter.write_str("it is empty"),
            Self::Version(Some(version)) => {
                write!(
                    formatter,
                    "it is of version {version}, and {VERSION} is known here"
                )
            }
            Self::Wrong => formatter.write_str("it is damaged or of another kind"),
        }
    }
}

/// `value` as bytes.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Whatever has a length of its own can be written to memory; an empty value would be refused by every reader.
    postcard::to_extend(value, vec![VERSION]).unwrap_or_default()
}

/// The value that `bytes` are.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    decode_rest(current(bytes)?)
}

/// The first fields of the value that `bytes` are, and the rest, for [`decode_rest`].
pub(crate) fn decode_first<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, &[u8]), Unreadable> {
    postcard::take_from_bytes(current(bytes)?).map_err(|_| Unreadable::Wrong)
}

/// What the last fields of a value are.
pub(crate) fn decode_rest<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(Unreadable::Wrong),
    }
}

/// What stands behind the version.
fn current(bytes: &[u8]) -> Result<&[u8], Unreadable> {
    match bytes.split_first() {
        Some((&VERSION, bytes)) => Ok(bytes),
        other => Err(Unreadable::Version(other.map(|(&version, _)| version))),
    }
}

/// The value at `key`.
pub(crate) async fn get<T: DeserializeOwned>(
    ports: &impl Ports,
    key: &str,
) -> Result<Option<T>, StoreError> {
    let Some(bytes) = ports.get(key).await? else {
        return Ok(None);
    };
    decode(&bytes)
        .map(Some)
        .map_err(|error| StoreError::unreadable(key, &error))
}

/// Puts `value` at `key`.
pub(crate) async fn set<T: Serialize>(
    ports: &impl Ports,
    key: &str,
    value: &T,
) -> Result<(), StoreError> {
    ports.set(key, encode(value)).await
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    struct Place {
        name: String,
        number: u64,
    }

    fn place() -> Place {
        Place {
            name: "ঢাকা".to_owned(),
            number: 300,
        }
    }

    #[test]
    fn a_value_comes_back_as_it_was() {
        let bytes = encode(&place());
        // The version, 12 bytes of UTF-8 behind their number, and two bytes of seven bits each.
        assert_eq!(bytes.len(), 1 + 1 + 12 + 2);
        assert_eq!(decode(&bytes), Ok(place()));
    }

    #[test]
    fn what_is_no_such_value_is_refused() {
        let bytes = encode(&place());
        assert_eq!(decode::<Place>(&[]), Err(Unreadable::Version(None)));
        for length in 1..bytes.len() {
            assert_eq!(decode::<Place>(&bytes[..length]), Err(Unreadable::Wrong));
        }
        let longer = [bytes.as_slice(), b"."].concat();
        assert_eq!(decode::<Place>(&longer), Err(Unreadable::Wrong));
    }

    #[test]
    fn another_version_is_told_from_damage() {
        let mut bytes = encode(&place());
        bytes[0] = 2;
        let error = decode::<Place>(&bytes).unwrap_err();
        assert_eq!(error, Unreadable::Version(Some(2)));
        assert_eq!(error.to_string(), "it is of version 2, and 1 is known here");
    }
}
