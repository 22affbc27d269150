//! The HTTP contract as a client reads it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// News of a chat.
#[derive(Clone, Debug, Deserialize)]
pub struct News {
    /// The event that was asked for, in the answer to a request that made one.
    pub seq: Option<u64>,
    /// What happened.
    pub events: Vec<Event>,
    /// What to send as `after` next, in the answer to a poll.
    pub cursor: Option<u64>,
    /// How the chat stands.
    pub status: Status,
}

/// Something that happened in a chat.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Event {
    /// Its place in the chat.
    pub seq: u64,
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
    /// `system`, `customer` or `agent`.
    pub from: String,
    /// What it is.
    pub kind: String,
    /// The client's id for it, for who sent it.
    pub client_id: Option<String>,
    /// What else there is, by kind.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// How a chat stands.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Status {
    /// `flow`, `waiting`, `talking` or `closed`.
    pub phase: String,
    /// `bn` or `en`, once chosen.
    pub language: Option<String>,
    /// The place in the queue, from 1.
    pub position: Option<u64>,
    /// How long the wait is likely to be.
    pub wait_s: Option<u64>,
    /// Who the customer talks to.
    pub agent: Option<Value>,
    /// Whether the other side is typing.
    #[serde(default)]
    pub typing: bool,
    /// When the chat closes unless the customer answers.
    pub closes_at: Option<u64>,
    /// Whether the closed chat can be rated.
    #[serde(default)]
    pub can_rate: bool,
    /// The server's time.
    pub now: u64,
    /// When to ask again.
    pub poll_after_ms: Option<u64>,
}

/// What a representative's desk shows.
#[derive(Clone, Debug, Deserialize)]
pub struct Overview {
    /// Names this state of affairs.
    pub rev: String,
    /// The chats that wait.
    pub queue: Vec<Row>,
    /// The messages that were left.
    pub messages: Vec<Row>,
    /// The representative's own chats.
    pub mine: Vec<Row>,
    /// All representatives.
    pub agents: Vec<Value>,
    /// The figures.
    pub stats: Value,
}

/// A chat on the desk.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// The chat.
    pub chat: String,
    /// What else there is.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

impl Event {
    /// What is said; empty where nothing is.
    pub fn text(&self) -> &str {
        self.more
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// A field; null where it isn't there.
    pub fn field(&self, name: &str) -> &Value {
        self.more.get(name).unwrap_or(&Value::Null)
    }

    /// What a prompt asks for: `options`, `name`, `number`, `message` or `text`.
    pub fn asks_for(&self) -> &str {
        self.field("input")["type"].as_str().unwrap_or_default()
    }

    /// The ids of the options a prompt offers.
    pub fn options(&self) -> Vec<&str> {
        ids(&self.field("input")["options"])
    }

    /// The ids of the ways back and about a prompt offers.
    pub fn navigation(&self) -> Vec<&str> {
        ids(&self.field("input")["navigation"])
    }

    /// The ways to reach the organisation that are shown, such as 16247.
    pub fn contacts(&self) -> Vec<&str> {
        values(self.field("contacts"), "value")
    }
}

impl Row {
    /// A field; null where it isn't there.
    pub fn field(&self, name: &str) -> &Value {
        self.more.get(name).unwrap_or(&Value::Null)
    }
}

impl Overview {
    /// The representative's own chat with this id.
    ///
    /// # Panics
    /// When there is none.
    pub fn own(&self, chat: &str) -> &Row {
        let found = self.mine.iter().find(|row| row.chat == chat);
        found.unwrap_or_else(|| panic!("{chat} is not among the own chats: {self:?}"))
    }
}

fn ids(list: &Value) -> Vec<&str> {
    values(list, "id")
}

fn values<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    let entries = list.as_array().into_iter().flatten();
    entries.filter_map(|entry| entry[name].as_str()).collect()
}
