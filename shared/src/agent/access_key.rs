use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    id::{AgentId, is_plain},
    json,
    ports::Entropy,
};

/// What every access key begins with, so that it is recognised wherever it leaks to.
const PREFIX: &str = "alap_";

/// Characters at its end that follow from the others, so that a typing error is told from a wrong key.
const CHECKSUM: usize = 4;

/// A representative's access key: shown once, kept only as a hash.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(String);

/// What is kept of a representative, in the variable `agents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentRecord {
    /// The id: ASCII letters, digits, `-` and `_`.
    pub id: AgentId,
    /// The name customers see.
    pub name: String,
    /// The queues served.
    pub queues: Vec<String>,
    /// SHA-256 of the access key, in hexadecimal digits.
    pub hash: String,
    /// Whether the supervisor's figures are shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supervisor: bool,
    /// Chats at once, where it is not the setting's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u64>,
}

/// All representatives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentRecords(Vec<AgentRecord>);

/// Why the variable `agents` is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the variable agents is not a JSON array of records as `cargo xtask desk-key` makes them: {0}"
)]
pub struct RecordError(String);

impl AccessKey {
    /// A new key of 160 unguessable bits.
    pub fn new(entropy: &impl Entropy) -> Self {
        let mut bits = [0; 20];
        entropy.fill(&mut bits);
        let body = base16ct::lower::encode_string(&bits);
        Self(format!("{PREFIX}{body}{}", checksum(&body)))
    }

    /// The key somebody typed. Nothing where it can't be one: a character is wrong or missing.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.trim().strip_prefix(PREFIX)?;
        let (body, check) = body.split_at_checked(body.len().checked_sub(CHECKSUM)?)?;
        (checksum(body) == check).then(|| Self(text.trim().to_owned()))
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        base16ct::lower::encode_string(&Sha256::digest(&self.0))
    }

    /// The key itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessKey({PREFIX}…)")
    }
}

fn checksum(body: &str) -> String {
    let mut digits = base16ct::lower::encode_string(&Sha256::digest(body));
    digits.truncate(CHECKSUM);
    digits
}

impl AgentRecords {
    /// The records in the variable `agents`.
    pub fn parse(json: &str) -> Result<Self, RecordError> {
        let records: Vec<AgentRecord> =
            json::read(json.as_bytes()).map_err(|error| RecordError(error.to_string()))?;
        for record in &records {
            if !is_plain(record.id.as_str()) {
                return Err(RecordError(format!(
                    "the id {} has other characters than a-z, 0-9, - and _",
                    record.id
                )));
            }
            if records.iter().filter(|other| other.id == record.id).count() > 1 {
                return Err(RecordError(format!("the id {} is there twice", record.id)));
            }
        }
        Ok(Self(records))
    }

    /// The representative whose key this is.
    pub fn by_key(&self, key: &AccessKey) -> Option<&AgentRecord> {
        // The hash of 160 random bits: nothing is learned from how long a comparison takes.
        let hash = key.hash();
        self.0.iter().find(|record| record.hash == hash)
    }

    /// The representative `id`.
    pub fn by_id(&self, id: &AgentId) -> Option<&AgentRecord> {
        self.0.iter().find(|record| record.id == *id)
    }

    /// All of them, in the operator's order.
    pub fn iter(&self) -> impl Iterator<Item = &AgentRecord> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::memory::Memory;

    #[test]
    fn a_key_is_read_as_it_was_shown() {
        let key = AccessKey::new(&Memory::new());
        assert!(key.reveal().starts_with("alap_"));
        for typed in [key.reveal().to_owned(), format!(" {}\n", key.reveal())] {
            assert_eq!(AccessKey::parse(&typed).as_ref(), Some(&key));
        }
        let memory = Memory::new();
        assert_ne!(
            AccessKey::new(&memory).hash(),
            AccessKey::new(&memory).hash()
        );
    }

    #[test]
    fn a_typing_error_is_told_from_a_wrong_key() {
        let key = AccessKey::new(&Memory::new());
        let shown = key.reveal();
        for place in 0..shown.len() {
            let mut typed = shown.to_owned();
            let other = if &typed[place..=place] == "a" {
                "b"
            } else {
                "a"
            };
            typed.replace_range(place..=place, other);
            assert_eq!(AccessKey::parse(&typed), None, "at {place}");
            typed.remove(place);
            assert_eq!(AccessKey::parse(&typed), None, "without {place}");
        }
        for text in ["", "alap_", "alap_abc", "আলাপ", "alap_আলাপ"] {
            assert_eq!(AccessKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_does_not_show_in_logs() {
        let key = AccessKey::new(&Memory::new());
        assert_eq!(format!("{key:?}"), "AccessKey(alap_…)");
        assert!(!key.hash().contains(key.reveal()));
    }

    #[test]
    fn records_are_read_or_refused_with_a_reason() {
        let record = |id: &str| format!(r#"{{"id":"{id}","name":"আশা","queues":[],"hash":"00"}}"#);
        let records = AgentRecords::parse(&format!("[{},{}]", record("b"), record("a"))).unwrap();
        let ids: Vec<_> = records.iter().map(|record| record.id.as_str()).collect();
        assert_eq!(ids, ["b", "a"], "in the operator's order");
        assert_eq!(records.iter().next().unwrap().most, None);
        for (json, why) in [
            (String::new(), "nothing"),
            ("{}".to_owned(), "no array"),
            (format!("[{}", record("a")), "half of it"),
            (format!("[{},{}]", record("a"), record("a")), "twice"),
            (format!("[{}]", record("a b")), "the id"),
            (
                format!("[{}]", record("a").replace("name", "nom")),
                "an unknown field",
            ),
        ] {
            let refused = AgentRecords::parse(&json).expect_err(why).to_string();
            assert!(refused.contains("agents"), "{refused}");
        }
    }

    #[test]
    fn a_representative_is_found_by_key_and_by_id() {
        let (key, other) = (
            AccessKey::new(&Memory::new()),
            AccessKey::new(&Memory::seeded(1)),
        );
        let json = format!(
            r#"[{{"id":"a","name":"A","queues":[],"hash":"{}"}}]"#,
            key.hash()
        );
        let records = AgentRecords::parse(&json).unwrap();
        let asha = AgentId::parse("a").unwrap();
        assert_eq!(records.by_key(&key), records.by_id(&asha));
        assert!(records.by_key(&key).is_some());
        assert_eq!(records.by_key(&other), None);
        assert_eq!(records.by_id(&AgentId::parse("b").unwrap()), None);
    }
}
