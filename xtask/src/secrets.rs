//! The secrets of a development server: made on first use, kept in a file only its owner reads.
//!
//! The file can be read by a shell too, for a server that is started some other way:
//! `set -a; . .spin/development.env; spin up`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, ensure};
use data_encoding::BASE64URL_NOPAD;

use crate::access_key::{self, Record};
use crate::workspace::Workspace;

const TOKEN_KEYS: &str = "SPIN_VARIABLE_TOKEN_KEYS";
const DATA_KEYS: &str = "SPIN_VARIABLE_DATA_KEYS";
const AGENTS: &str = "SPIN_VARIABLE_AGENTS";

/// The name of the desk's access key in the file; no server needs it.
const DESK_KEY: &str = "DESK_KEY";

const HEADING: &str = "\
# Secrets of the development server on this machine, made by `cargo xtask up`.
# Delete this file to have new ones made: every token given out then ends, and what was encrypted is lost.
";

/// The development server's secrets.
#[derive(Debug)]
pub(crate) struct Secrets {
    entries: BTreeMap<String, String>,
}

impl Secrets {
    /// Where they are kept.
    pub(crate) fn path(workspace: &Workspace) -> PathBuf {
        workspace.state().join("development.env")
    }

    /// Reads them; those that are missing are made and kept. The second value says whether any was.
    ///
    /// # Errors
    /// When the file cannot be read, understood or written.
    pub(crate) fn load_or_make(path: &Path) -> Result<(Self, bool)> {
        let mut secrets = Self {
            entries: BTreeMap::new(),
        };
        if path.exists() {
            secrets = Self::load(path)?;
        }
        let made = secrets.complete()?;
        if made {
            secrets
                .save(path)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok((secrets, made))
    }

    /// Reads them.
    ///
    /// # Errors
    /// When the file is not there or cannot be understood.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let entries = parse(&text).with_context(|| format!("cannot use {}", path.display()))?;
        Ok(Self { entries })
    }

    /// What a server is told, by the name of the environment's variable.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        let told = self
            .entries
            .iter()
            .filter(|(name, _)| name.starts_with("SPIN_VARIABLE_"));
        told.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The access key of the development server's representative.
    pub(crate) fn desk_key(&self) -> Option<&str> {
        self.entries.get(DESK_KEY).map(String::as_str)
    }

    /// Makes all of them, and keeps none.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn make() -> Result<Self> {
        let mut secrets = Self {
            entries: BTreeMap::new(),
        };
        secrets.complete()?;
        Ok(secrets)
    }

    /// Adds a representative of the queue `general` and gives their access key, which is kept nowhere.
    ///
    /// # Errors
    /// When the representatives cannot be read, or the system has no randomness to give.
    pub(crate) fn add_representative(&mut self, id: &str, name: &str) -> Result<String> {
        let present = self.entries.get(AGENTS).map_or("[]", String::as_str);
        let mut records: Vec<Record> =
            serde_json::from_str(present).with_context(|| format!("cannot read {AGENTS}"))?;
        let key = access_key::make()?;
        records.push(Record {
            id: id.to_owned(),
            name: name.to_owned(),
            queues: vec!["general".to_owned()],
            supervisor: false,
            hash: access_key::hash(&key),
        });
        self.entries
            .insert(AGENTS.to_owned(), serde_json::to_string(&records)?);
        Ok(key)
    }

    /// Makes what is missing, and says whether anything was.
    fn complete(&mut self) -> Result<bool> {
        let before = self.entries.len();
        for name in [TOKEN_KEYS, DATA_KEYS] {
            if !self.entries.contains_key(name) {
                self.entries.insert(name.to_owned(), random_key()?);
            }
        }
        // Representatives without the key belong to somebody who wrote them in; they are left alone.
        if !self.entries.contains_key(AGENTS) {
            let key = access_key::make()?;
            let record = Record {
                id: "rahima".to_owned(),
                name: "রহিমা".to_owned(),
                queues: vec!["general".to_owned(), "merchant".to_owned()],
                supervisor: true,
                hash: access_key::hash(&key),
            };
            self.entries
                .insert(AGENTS.to_owned(), serde_json::to_string(&[record])?);
            self.entries.insert(DESK_KEY.to_owned(), key);
        }
        Ok(self.entries.len() > before)
    }

    fn save(&self, path: &Path) -> Result<()> {
        let mut text = HEADING.to_owned();
        for (name, value) in &self.entries {
            ensure!(
                !value.contains(['\'', '\n']),
                "{name} holds a quote or a new line"
            );
            text = text + name + "='" + value + "'\n";
        }
        write_private(path, &text)
    }
}

/// Writes a file only its owner can read, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let directory = path.parent().context("the file lies in no directory")?;
    fs::create_dir_all(directory)?;
    let beside = path.with_extension("new");
    // A file left by a run that was interrupted keeps its own permissions: away with it.
    if beside.exists() {
        fs::remove_file(&beside)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&beside, path)?;
    Ok(())
}

fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    let mut entries = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line
            .split_once('=')
            .with_context(|| format!("line {} holds no `=`", index + 1))?;
        let value = value
            .strip_prefix('\'')
            .and_then(|value| value.strip_suffix('\''))
            .unwrap_or(value);
        entries.insert(name.to_owned(), value.to_owned());
    }
    Ok(entries)
}

/// 32 random bytes in base64url.
///
/// # Errors
/// When the system has no randomness to give.
pub(crate) fn random_key() -> Result<String> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)
        .map_err(|error| anyhow!("the system gives no randomness: {error}"))?;
    Ok(BASE64URL_NOPAD.encode(&random))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_directory(name: &str, test: impl FnOnce(&Path)) {
        let directory =
            std::env::temp_dir().join(format!("alap-xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        test(&directory);
        fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn secrets_are_made_once_and_then_kept() {
        with_directory("secrets", |directory| {
            let path = directory.join(".spin/development.env");
            let (first, made) = Secrets::load_or_make(&path).unwrap();
            assert!(made);
            assert_eq!(first.variables().count(), 3);
            let (second, made) = Secrets::load_or_make(&path).unwrap();
            assert!(!made);
            assert_eq!(first.entries, second.entries);
        });
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_them() {
        use std::os::unix::fs::PermissionsExt as _;
        with_directory("secrets-mode", |directory| {
            let path = directory.join("development.env");
            Secrets::load_or_make(&path).unwrap();
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        });
    }

    #[test]
    fn the_key_opens_the_record() {
        with_directory("secrets-key", |directory| {
            let (secrets, _) = Secrets::load_or_make(&directory.join("development.env")).unwrap();
            let agents = secrets.entries.get(AGENTS).unwrap();
            let [record]: [Record; 1] = serde_json::from_str(agents).unwrap();
            assert_eq!(record.hash, access_key::hash(secrets.desk_key().unwrap()));
        });
    }

    #[test]
    fn a_second_representative_has_a_key_of_their_own() {
        let mut secrets = Secrets::make().unwrap();
        let key = secrets.add_representative("kamal", "কামাল").unwrap();
        let agents = secrets.entries.get(AGENTS).unwrap();
        let [first, second]: [Record; 2] = serde_json::from_str(agents).unwrap();
        assert_eq!(first.hash, access_key::hash(secrets.desk_key().unwrap()));
        assert_eq!(second.hash, access_key::hash(&key));
        assert!(!second.supervisor);
    }

    #[test]
    fn what_a_person_wrote_into_the_file_stays() {
        with_directory("secrets-edited", |directory| {
            let path = directory.join("development.env");
            fs::write(
                &path,
                "# mine\nSPIN_VARIABLE_AGENTS=[]\nSPIN_VARIABLE_IDLE_S='5'\n",
            )
            .unwrap();
            let (secrets, made) = Secrets::load_or_make(&path).unwrap();
            assert!(made);
            assert_eq!(secrets.entries.get(AGENTS).unwrap(), "[]");
            assert_eq!(secrets.entries.get("SPIN_VARIABLE_IDLE_S").unwrap(), "5");
            assert_eq!(secrets.desk_key(), None);
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_file() {
        with_directory("secrets-shell", |directory| {
            let path = directory.join("development.env");
            let (secrets, _) = Secrets::load_or_make(&path).unwrap();
            let script = format!(
                ". {} && printf %s \"$SPIN_VARIABLE_AGENTS\"",
                path.display()
            );
            let read = crate::process::read(std::process::Command::new("sh").args(["-c", &script]))
                .unwrap();
            assert_eq!(&read, secrets.entries.get(AGENTS).unwrap());
        });
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        assert!(
            parse("A=1\nwhat\n")
                .unwrap_err()
                .to_string()
                .contains("line 2")
        );
    }
}
