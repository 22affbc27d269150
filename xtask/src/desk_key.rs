//! `cargo xtask desk-key`: a representative's access key and the record of it.

use anyhow::{Result, ensure};

use crate::access_key::{self, Record};

/// Whose key is made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The representative's name, as customers shall see it.
    pub(crate) name: String,
    /// The representative's id; made from the name unless given.
    pub(crate) id: Option<String>,
    /// The queues to serve.
    pub(crate) queues: Vec<String>,
    /// May look into every chat.
    pub(crate) supervisor: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: String::new(),
            id: None,
            queues: vec!["general".to_owned()],
            supervisor: false,
        }
    }
}

/// Makes the key and prints it, and the record, once.
///
/// # Errors
/// When the id cannot be used, or the system gives no randomness.
pub(crate) fn run(options: Options) -> Result<()> {
    let key = access_key::make()?;
    let record = record_of(options, &key)?;
    println!(
        "Access key, for {} alone; it is kept nowhere:\n\n    {key}\n",
        record.name
    );
    println!(
        "Record, for the JSON list in the variable `agents`:\n\n    {}",
        serde_json::to_string(&record)?
    );
    Ok(())
}

fn record_of(options: Options, key: &str) -> Result<Record> {
    let id = options.id.unwrap_or_else(|| id_from(&options.name));
    let usable =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    ensure!(
        !id.is_empty() && id.chars().all(usable),
        "`{id}` cannot be an id: give one of a to z, 0 to 9 and hyphens with `--id`"
    );
    let Options {
        name,
        queues,
        supervisor,
        ..
    } = options;
    ensure!(
        queues.iter().all(|queue| !queue.is_empty()),
        "a queue's name is empty: separate them by single commas"
    );
    Ok(Record {
        id,
        name,
        queues,
        supervisor,
        hash: access_key::hash(key),
    })
}

/// `Rahima Khatun` becomes `rahima-khatun`. Of a name in another script nothing is left: a person chooses.
fn id_from(name: &str) -> String {
    let words = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(name: &str) -> Options {
        Options {
            name: name.to_owned(),
            ..Options::default()
        }
    }

    #[test]
    fn a_record_holds_the_hash_and_not_the_key() {
        let record = record_of(options("Rahima Khatun"), "alap_secret").unwrap();
        let written = serde_json::to_string(&record).unwrap();
        assert_eq!(
            written,
            format!(
                r#"{{"id":"rahima-khatun","name":"Rahima Khatun","queues":["general"],"hash":"{}"}}"#,
                access_key::hash("alap_secret")
            )
        );
    }

    #[test]
    fn a_name_in_bangla_needs_an_id_beside_it() {
        assert!(
            record_of(options("রহিমা"), "alap_secret")
                .unwrap_err()
                .to_string()
                .contains("--id")
        );
        let named = Options {
            id: Some("rahima".to_owned()),
            supervisor: true,
            ..options("রহিমা")
        };
        let record = record_of(named, "alap_secret").unwrap();
        assert_eq!(
            (record.id.as_str(), record.name.as_str(), record.supervisor),
            ("rahima", "রহিমা", true)
        );
    }
}
