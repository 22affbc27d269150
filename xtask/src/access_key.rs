//! Representatives' access keys: how one is made and how it is kept.
//!
//! A key is `alap_`, 40 hexadecimal digits for 20 random bytes, and 4 that check the rest, so that a mistyped key is told from
//! a wrong one, and a key that leaked into a repository is found by searching for its beginning. Only its hash is kept.
//!
//! The desk's side of this is `alap_shared::agent`. The commands do not depend on it: they have to work, for one thing
//! to say what is wrong, when the project itself does not compile. The tests hold the two together.

use anyhow::{Result, anyhow};
use data_encoding::HEXLOWER;
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
    let body = HEXLOWER.encode(&random);
    let digest = HEXLOWER.encode(&Sha256::digest(&body));
    let check: String = digest.chars().take(CHECK).collect();
    format!("{PREFIX}{body}{check}")
}

#[cfg(test)]
mod tests {
    use alap_shared::agent::{AccessKey, AgentRecords};

    use super::*;

    #[test]
    fn the_desk_takes_the_key_and_its_record() {
        let key = make().unwrap();
        let record = Record {
            id: "rahima".to_owned(),
            name: "রহিমা".to_owned(),
            queues: vec!["general".to_owned()],
            supervisor: true,
            hash: hash(&key),
        };
        let records = AgentRecords::parse(&serde_json::to_string(&[record]).unwrap()).unwrap();
        let key = AccessKey::parse(&key).expect("a key that the desk does not take");
        let found = records
            .by_key(&key)
            .expect("a record that is of another key");
        assert!(found.supervisor && found.queues == ["general"]);
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(make().unwrap(), make().unwrap());
    }
}
