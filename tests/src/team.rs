use std::collections::BTreeMap;

use alap_shared::{
    agent::{AccessKey, AgentRecord},
    id::AgentId,
    ports::Entropy,
};

/// The secrets of a test's installation.
const TOKEN_KEYS: &str = "tests sign their tokens with this and nobody else does";
const DATA_KEYS: &str = "tests seal personal data with this and nobody else does";

/// The key the organisation's app signs identities with.
pub const IDENTITY_KEYS: &str = "tests vouch for their customers with this";

/// The representatives of a test's installation, and its secrets.
#[derive(Clone, Debug)]
pub struct Team {
    /// The representatives.
    pub members: Vec<Member>,
    settings: BTreeMap<String, String>,
}

/// A representative and the access key.
#[derive(Clone, Debug)]
pub struct Member {
    /// The id.
    pub id: String,
    /// The name customers see.
    pub name: String,
    /// The access key.
    pub key: String,
    record: AgentRecord,
}

impl Team {
    /// `count` representatives of all queues; the first of them is the supervisor.
    ///
    /// # Panics
    /// Never.
    pub fn of(count: usize) -> Self {
        let members = (1..=count).map(Member::new).collect();
        Self {
            members,
            settings: BTreeMap::new(),
        }
    }

    /// With a setting, such as `idle_close_seconds`.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and texts stand at the call as they are"
    )]
    pub fn setting(mut self, name: &str, value: impl ToString) -> Self {
        self.settings.insert(name.to_owned(), value.to_string());
        self
    }

    /// With a representative who serves these queues only.
    #[must_use]
    pub fn serving(mut self, member: usize, queues: &[&str]) -> Self {
        self.members[member].record.queues = queues.iter().map(|&queue| queue.to_owned()).collect();
        self
    }

    /// With a limit of chats for one representative.
    #[must_use]
    pub fn with_most(mut self, member: usize, most: u64) -> Self {
        self.members[member].record.most = Some(most);
        self
    }

    /// The application's variables.
    ///
    /// # Panics
    /// Never.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let records: Vec<&AgentRecord> = self.members.iter().map(|member| &member.record).collect();
        let agents = serde_json::to_string(&records).expect("records are JSON");
        let secrets = [
            ("token_keys", TOKEN_KEYS),
            ("data_keys", DATA_KEYS),
            ("identity_keys", IDENTITY_KEYS),
            ("agents", &agents),
            // All of a test's customers are at one address, and some of them are quick.
            ("messages_per_minute", "100000"),
        ];
        let mut variables: BTreeMap<String, String> = secrets
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        variables.extend(self.settings.clone());
        variables
    }
}

impl Member {
    fn new(number: usize) -> Self {
        let key = AccessKey::new(&Numbered(number));
        let id = format!("agent-{number}");
        let name = format!("রহিমা {number}");
        let record = AgentRecord {
            id: AgentId::parse(&id).expect("a plain id"),
            name: name.clone(),
            queues: vec!["general".to_owned(), "merchant".to_owned()],
            hash: key.hash(),
            supervisor: number == 1,
            most: None,
        };
        Self {
            id,
            name,
            key: key.reveal().to_owned(),
            record,
        }
    }
}

/// Bytes that are as good as random for a test.
struct Numbered(usize);

impl Entropy for Numbered {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.to_le_bytes();
        bytes
            .iter_mut()
            .zip(number.iter().cycle())
            .for_each(|(byte, number)| *byte = *number);
    }
}
