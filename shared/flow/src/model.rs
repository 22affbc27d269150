use litemap::LiteMap;
use serde::{Deserialize, Serialize};

/// The languages every text of a flow exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Bangla, `bn` in BCP 47.
    Bn,
    /// English, `en` in BCP 47.
    En,
}

/// One text in every language.
///
/// A language that is left out reads as an empty text, so that the checker can name all of them at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Text {
    /// The text in Bangla.
    pub bn: String,
    /// The text in English.
    pub en: String,
}

impl Text {
    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Bn => &self.bn,
            Language::En => &self.en,
        }
    }
}

/// A whole flow: who answers, where else help is to be had, and the steps from "hello" to the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// The organisation's name as customers know it.
    pub organisation: Text,
    /// The step a new chat begins with.
    pub start: String,
    /// The step a chat goes to when no representative can take it: out of hours, nobody online, waited too long.
    pub unavailable: String,
    /// When representatives answer.
    pub hours: Hours,
    /// The other channels, by id.
    #[serde(with = "crate::map")]
    pub contacts: LiteMap<String, Contact>,
    /// The queues representatives serve, by id.
    #[serde(with = "crate::map")]
    pub queues: LiteMap<String, Queue>,
    /// What the system says outside of the steps, by notice id; `{placeholders}` are filled in.
    #[serde(with = "crate::map")]
    pub notices: LiteMap<String, Text>,
    /// The steps, by id.
    #[serde(with = "crate::map")]
    pub steps: LiteMap<String, Step>,
}

/// When representatives answer, in the organisation's own time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Minutes east of UTC; Bangladesh is 360 and has no daylight saving time.
    pub utc_offset_minutes: i32,
    /// The weekdays that have hours at all, 1 for Monday to 7 for Sunday (ISO 8601).
    pub days: Vec<u8>,
    /// First minute of the day that is served.
    pub from_minute: u16,
    /// First minute of the day that is no longer served; 1440 serves until midnight.
    pub until_minute: u16,
}

/// One of the other channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// How it is reached.
    pub kind: ContactKind,
    /// The number, address or link itself, as a program uses it.
    pub value: String,
    /// What it is called.
    pub label: Text,
}

/// How one of the other channels is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactKind {
    /// A telephone number to call.
    Phone,
    /// An e-mail address.
    Email,
    /// A place to go to; the value is a link to the list of places.
    Place,
}

/// A queue that representatives serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// What customers and representatives call it.
    pub label: Text,
}

/// One step of the flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the step asks or says.
    pub text: Text,
    /// Ids of the contacts shown with it.
    pub contacts: Vec<String>,
    /// A matter that chat must not serve (a stolen SIM, a leaked PIN): from here no option leads to a queue.
    pub security: bool,
    /// What the step wants from the customer.
    pub kind: StepKind,
}

/// What a step wants from the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepKind {
    /// One of the languages; everything after is in it.
    Language {
        /// The step after it.
        next: String,
    },
    /// One of the options.
    Menu {
        /// Whether the option chosen here is what the chat is about, and is shown to the representative.
        topic: bool,
        /// The options in the order they are shown.
        options: Vec<MenuOption>,
    },
    /// The customer's name.
    Name {
        /// The step after it.
        next: String,
    },
    /// The customer's contact number.
    Number {
        /// The step after it.
        next: String,
    },
    /// A message for the representatives to read later.
    Message {
        /// The step after it.
        next: String,
    },
    /// The customer joins a queue.
    Queue {
        /// The queue's id.
        queue: String,
    },
    /// The chat ends here, its matter settled.
    End,
}

/// One option of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuOption {
    /// What a client sends to choose it; unique within its menu.
    pub id: String,
    /// What the customer reads.
    pub label: Text,
    /// The step it leads to.
    pub next: String,
}
