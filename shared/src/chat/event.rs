use alap_flow::{ContactKind, Language};
use serde::{Deserialize, Serialize};

use crate::{
    id::{AgentId, ChatId},
    ports::Millis,
    queue::Ticket,
    sealing::Sealed,
};

/// Where a chat comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// The widget on a website.
    Web,
    /// The mobile app.
    App,
}

/// Something that happened in a chat, as the journal keeps it. What each viewer gets of it is in [`super::view`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The chat began.
    Started {
        /// Where it comes from.
        channel: Channel,
        /// The language, where it is known from the start.
        language: Option<Language>,
        /// What is known of the customer from the start.
        known: Known,
        /// Digest of the request, so that an idempotency key cannot be used for another one.
        digest: String,
    },
    /// The flow asks the customer for something.
    Prompt {
        /// The step that asks; none where it is not the flow that asks.
        position: Option<Position>,
        /// What it asks.
        text: String,
        /// What it takes.
        input: Input,
        /// Other channels shown with it.
        contacts: Vec<ShownContact>,
    },
    /// The system says something.
    Info {
        /// Which of the flow's notices it is.
        notice: String,
        /// What it says.
        text: String,
        /// Other channels shown with it.
        contacts: Vec<ShownContact>,
    },
    /// The customer chose an option.
    Option {
        /// The option's id.
        option: String,
        /// What the customer read on it.
        label: String,
        /// What follows from it for the chat.
        fact: Option<Fact>,
        /// The request it came with.
        sent: Sent,
    },
    /// Somebody wrote something.
    Text {
        /// Who.
        by: Author,
        /// What, with a PIN or an OTP already masked.
        text: String,
        /// Whether something was masked.
        masked: bool,
        /// Whether a PIN or an OTP was spoken of.
        secret: bool,
        /// What follows from it for the chat.
        fact: Option<Fact>,
        /// The request it came with.
        sent: Sent,
    },
    /// The customer joined a queue, or came back to the front of one.
    Queued {
        /// The place.
        ticket: Ticket,
        /// Why the chat is not where it was before; nothing at the first time.
        again: Option<QueuedAgain>,
        /// What the customer reads.
        text: String,
    },
    /// No representative can take the chat: it is in no queue, and the flow goes on.
    Unavailable {
        /// The queue it was meant for.
        queue: String,
        /// Why.
        why: Unavailable,
        /// What the customer reads.
        text: String,
    },
    /// A representative took the chat.
    Assigned {
        /// Who.
        agent: AgentName,
        /// Whether another representative handed it over.
        transferred: bool,
        /// What the customer reads.
        text: String,
    },
    /// Whose turn it is has been silent for long.
    IdleWarning {
        /// Who.
        whom: Author,
        /// When the chat is closed, or goes to another representative, unless they answer.
        until: Millis,
        /// What they read.
        text: String,
    },
    /// The representative asks for details that prove who owns the account.
    FormRequest {
        /// Which.
        fields: Vec<FormField>,
        /// Who asks.
        agent: AgentName,
        /// What the customer reads.
        text: String,
        /// The request it came with.
        sent: Sent,
    },
    /// The customer gave them; they are kept apart from the journal.
    FormAnswer {
        /// The sequence number of the request they answer.
        request: u64,
        /// Which were given.
        fields: Vec<FormField>,
        /// What the customer reads.
        text: String,
        /// The request it came with.
        sent: Sent,
    },
    /// A representative's note, never shown to the customer.
    Note {
        /// Who wrote it.
        agent: AgentName,
        /// What.
        text: String,
        /// The request it came with; none for what the system notes.
        sent: Option<Sent>,
    },
    /// A message that was left has been dealt with.
    MessageHandled {
        /// By whom.
        agent: AgentName,
    },
    /// The customer said how good the service was.
    Rated {
        /// 1 (bad) to 5 (good).
        score: u8,
        /// In the customer's own words.
        comment: Option<String>,
        /// What the customer reads.
        text: String,
        /// The request it came with.
        sent: Sent,
    },
    /// The chat is over.
    Closed {
        /// Who closed it.
        by: Closer,
        /// Why.
        reason: CloseReason,
        /// What the customer reads.
        text: String,
    },
}

/// What is known of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The customer's name.
    pub name: Option<String>,
    /// The contact number.
    pub number: Option<KnownNumber>,
    /// Whether the organisation's own log-in vouches for both.
    pub verified: bool,
    /// What the chat is about.
    pub topic: Option<String>,
    /// The chat that is requested again.
    pub again: Option<ChatId>,
}

/// A contact number at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownNumber {
    /// In E.164, encrypted.
    pub sealed: Sealed,
    /// With most digits hidden, to be shown until somebody asks for all of it.
    pub masked: String,
}

/// What an option or a text settles, beside being said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// The chat's language.
    Language(Language),
    /// What the chat is about: the option's id.
    Topic(String),
    /// The customer's name.
    Name(String),
    /// The customer's contact number.
    Number(KnownNumber),
    /// The text is a message left for later, and has this place among them.
    Message(Ticket),
    /// Everything said so far in the flow is forgotten but the language.
    StartedOver,
}

/// A step of the flow and the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The step's id.
    pub step: String,
    /// How many steps lie before it on the way back.
    pub depth: usize,
}

/// What the customer can do at a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// Choose one of the options.
    Options {
        /// In the order they are shown.
        options: Vec<Choice>,
        /// Going back, starting over, another language: what is offered at every step.
        navigation: Vec<Choice>,
    },
    /// Type a name.
    Name {
        /// See [`Input::Options`].
        navigation: Vec<Choice>,
    },
    /// Type a contact number.
    Number {
        /// See [`Input::Options`].
        navigation: Vec<Choice>,
    },
    /// Type a message to be read later.
    Message {
        /// See [`Input::Options`].
        navigation: Vec<Choice>,
    },
    /// Talk freely.
    Text,
}

/// One option as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What a client sends to choose it.
    pub id: String,
    /// What the customer reads.
    pub label: String,
}

/// One of the other channels as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownContact {
    /// How it is reached.
    #[serde(rename = "type")]
    pub kind: ContactKind,
    /// The number, address or link.
    pub value: String,
    /// What it is called.
    pub label: String,
}

/// The request an event came with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The client's own id for it.
    pub client_id: String,
    /// Digest of what was sent, to tell a retry from a mistake.
    pub digest: String,
}

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// The customer.
    Customer,
    /// The representative.
    Agent(AgentName),
}

/// A representative, as customers see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentName {
    /// The id.
    pub id: AgentId,
    /// The name shown.
    pub name: String,
}

/// Why a chat is in a queue again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueuedAgain {
    /// The representative handed it to another queue.
    Transferred,
    /// The representative is gone.
    AgentLost,
    /// The representative did not answer.
    AgentIdle,
    /// The ticket was lost on the way.
    TicketLost,
}

/// Why no representative can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unavailable {
    /// It is out of hours.
    OutOfHours,
    /// Nobody is online.
    NobodyOnline,
    /// The customer waited as long as anybody should.
    WaitedTooLong,
}

/// Details a representative may ask for, and no others: those the article names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormField {
    /// As in the national identity card.
    DateOfBirth,
    /// The number of the national identity card.
    NidNumber,
    /// The amount of the last transaction, in taka.
    LastTransactionAmount,
}

/// Who closed a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Closer {
    /// The customer.
    Customer,
    /// The representative.
    Agent,
    /// Time.
    System,
}

/// Why a chat was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CloseReason {
    /// The customer did not answer in time.
    Idle,
    /// The customer left the queue without saying so.
    Gone,
    /// The customer ended it.
    Customer,
    /// The representative ended it.
    Agent,
    /// The matter is settled.
    Solved,
}

impl Event {
    /// The request the event came with.
    pub fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Option { sent, .. }
            | Self::Text { sent, .. }
            | Self::FormRequest { sent, .. }
            | Self::FormAnswer { sent, .. }
            | Self::Rated { sent, .. } => Some(sent),
            Self::Note { sent, .. } => sent.as_ref(),
            _ => None,
        }
    }
}
