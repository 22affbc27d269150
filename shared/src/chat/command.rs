use std::sync::Arc;

use super::{
    AgentName, Chat, CloseReason, Event, FormField, QueuedAgain, Sent, Unavailable,
    decide::by_customer,
};
use crate::{
    id::AgentId, journal::Seq, masking::Screened, ports::Millis, queue::Ticket, rules::Rules,
    sealing::Sealed,
};

/// What somebody wants to happen in a chat.
#[derive(Clone, Debug)]
pub struct Command {
    /// The flow and the settings it is judged by.
    pub rules: Arc<Rules>,
    /// Who wants it.
    pub by: Actor,
    /// What.
    pub action: Action,
}

/// Who wants something.
#[derive(Clone, Debug)]
pub enum Actor {
    /// The chat's customer, with the rules for what customers may do: a function that is for representatives alone never
    /// names [`Actor::CUSTOMER`], and so is built without the flow's questions and answers.
    Customer(Judge),
    /// A representative.
    Agent(AgentName),
    /// Time.
    System,
}

/// Rules: what follows from an action in a chat at a time, or why it may not be.
pub type Judge = fn(&Chat, &Rules, &Action, Millis) -> Result<Vec<Event>, Reject>;

impl Actor {
    /// The chat's customer.
    pub const CUSTOMER: Self = Self::Customer(by_customer);
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Choose an option of the flow.
    Option {
        /// The option's id.
        option: String,
        /// The request it came with.
        sent: Sent,
        /// The answer to [`Reject::NeedsDoor`].
        door: Option<Door>,
    },
    /// Say something, or answer the flow's question.
    Text {
        /// What.
        text: Screened,
        /// The number, already encrypted, where the text is one.
        number: Option<Sealed>,
        /// The request it came with.
        sent: Sent,
        /// The answer to [`Reject::NeedsDoor`] and to [`Reject::NeedsMessageTicket`].
        door: Option<Door>,
    },
    /// Answer a form. The values are kept apart; here are only the fields.
    Form {
        /// Which fields have a value.
        fields: Vec<FormField>,
        /// The request it came with.
        sent: Sent,
    },
    /// Rate the service.
    Rating {
        /// 1 to 5.
        score: u8,
        /// In the customer's own words.
        comment: Option<Screened>,
        /// The request it came with.
        sent: Sent,
    },
    /// End the chat.
    Close {
        /// Why, where a representative says so.
        reason: Option<CloseReason>,
    },
    /// Take the chat.
    Claim,
    /// Hand the chat to a representative who has taken it on.
    TransferToAgent {
        /// To whom.
        to: AgentName,
    },
    /// Put the chat into a queue again, at the front.
    Requeue {
        /// The new place.
        ticket: Ticket,
        /// Why.
        why: QueuedAgain,
        /// What was seen when time demanded it.
        seen: Evidence,
    },
    /// Write a note for representatives.
    Note {
        /// What.
        text: String,
        /// The request it came with; none for what the system notes.
        sent: Option<Sent>,
    },
    /// Ask for details that prove who owns the account.
    AskForm {
        /// Which.
        fields: Vec<FormField>,
        /// The request it came with.
        sent: Sent,
    },
    /// A message that was left has been dealt with.
    HandleMessage,
    /// Let what time has brought about happen: see [`super::Due`].
    Tick(Evidence),
}

/// What was seen, not stored as an event, when something was found to be due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// When the customer was last seen.
    pub customer_seen: Millis,
    /// When the representative was last seen.
    pub agent_seen: Millis,
}

/// Whether a representative can be waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// Yes: this is the place in the queue, or among the messages left.
    Open(Ticket),
    /// No.
    Shut(Unavailable),
}

/// Why a chat refuses a command. There is no HTTP here; `crate::refusal` says what a client gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reject {
    /// There is no such chat.
    NoChat,
    /// The command leads into a queue: it has to come again with the answer whether one can wait there.
    NeedsDoor(String),
    /// The command leaves a message: it has to come again with a place among the messages of this queue.
    NeedsMessageTicket(String),
    /// The same client id has been used: here is where its event is.
    Seen(Seq),
    /// The chat is closed.
    Closed,
    /// The customer is late: the chat is to be closed first, by [`Action::Tick`].
    Overdue,
    /// The step does not offer this option.
    OptionNotOffered(String),
    /// A text came where an option is asked for.
    OptionExpected,
    /// An option or a form came where nothing of that kind is asked for.
    NotAsked,
    /// The name is none.
    Name(crate::person_name::PersonNameError),
    /// The contact number is none.
    Number(crate::contact_number::ContactNumberError),
    /// The form lacks these fields.
    FormIncomplete(Vec<FormField>),
    /// Only the representative of this chat may do this.
    NotAssigned,
    /// Somebody else has the chat.
    AlreadyAssigned(AgentId),
    /// The chat does not wait for a representative.
    NotWaiting,
    /// A form is open already.
    FormOpen,
    /// The message asks the customer for a PIN or an OTP.
    AsksForSecret,
    /// It was rated already.
    Rated,
    /// Only a chat with a representative can be rated.
    NothingToRate,
    /// Too many messages in a short time.
    TooFast {
        /// When it is worth trying again.
        retry_after: Millis,
    },
    /// The chat has as many messages as it may.
    Full,
}
