//! JSON in the store and in tokens.

use serde::de::DeserializeOwned;
use serde_json::{Error, Value};

/// What `bytes` say.
///
/// They are parsed into a tree first: reading many types out of a tree takes a fraction of the code that parsing
/// each of them would, and a component's size is its time to start.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    T::deserialize(&tree(bytes)?)
}

#[inline(never)]
fn tree(bytes: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(bytes)
}
