//! Representatives' access keys: how one is made and how it is kept.
//!
//! A key is `alap_`, 32 characters for 20 random bytes, and 4 that check the rest, so that a mistyped key is told from
//! a wrong one, and a key that leaked into a repository is found by searching for its beginning. Only its hash is kept.

use anyhow::{Result, anyhow};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What every key begins with.
const PREFIX: &str = "alap_";

/// How many characters check the others.
const CHECK: usize = 4;

/// What is kept of a representative and their key: one entry of the variable `agents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Names the representative in journals and tokens.
    pub(crate) id: String,
    /// What customers see.
    pub(crate) name: String,
    /// The queues they serve.
    pub(crate) queues: Vec<String>,
    /// May look into every chat.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) supervisor: bool,
    /// SHA-256 of the key, in hexadecimal digits.
    pub(crate) hash: String,
}

/// Makes a key.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn make() -> Result<String> {
    let mut random = [0; 20];
    getrandom::fill(&mut random)
        .map_err(|error| anyhow!("the system gives no randomness: {error}"))?;
    Ok(of(random))
}

/// What is kept of a key.
pub(crate) fn hash(key: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(key))
}

fn of(random: [u8; 20]) -> String {
    let secret = format!("{PREFIX}{}", BASE32_NOPAD.encode(&random).to_lowercase());
    let check: String = BASE32_NOPAD
        .encode(&Sha256::digest(&secret))
        .to_lowercase()
        .chars()
        .take(CHECK)
        .collect();
    secret + &check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_prefix_secret_and_check() {
        let key = of([7; 20]);
        assert_eq!(key.len(), PREFIX.len() + 32 + CHECK);
        assert!(key.starts_with("alap_a4dq"), "{key}");
        assert!(
            key.bytes()
                .skip(PREFIX.len())
                .all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7')),
            "{key}"
        );
        assert_ne!(of([7; 20]), of([8; 20]));
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(make().unwrap(), make().unwrap());
    }

    #[test]
    fn a_hash_is_of_the_whole_key() {
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
