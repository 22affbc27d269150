//! Why a request is refused, in words a client can act on. There is no HTTP here: one place elsewhere says which
//! status code each of these is.

use crate::{
    chat::{self, FormField, view::Status},
    contact_number::ContactNumberError,
    journal::AppendError,
    person_name::PersonNameError,
    ports::{Millis, StoreError},
    queue::DrawError,
};

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// There is no token, or none of ours.
    TokenInvalid,
    /// The token has expired.
    TokenExpired,
    /// The access key is none of ours.
    KeyInvalid,
    /// The token doesn't open this chat. Whether the chat exists is not told.
    Forbidden,
    /// The identity that came with the request is not accepted.
    IdentityInvalid {
        /// Why, for the developer of the app or site.
        reason: &'static str,
    },
    /// A field has a value that cannot be taken.
    Field(FieldError),
    /// The request doesn't fit the chat as it stands.
    Conflict {
        /// Which rule it breaks.
        conflict: Conflict,
        /// How the chat stands, so that the client can recover.
        status: Option<Box<Status>>,
    },
    /// Too many requests.
    TooMany {
        /// When it is worth trying again.
        retry_after: Millis,
    },
    /// Somebody else is writing, or the store was too slow. Nothing acknowledged is lost; a retry doubles nothing.
    Busy {
        /// When it is worth trying again.
        retry_after: Millis,
    },
    /// The store failed.
    Store(StoreError),
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the request, such as `text` or `values.nid-number`.
    pub field: String,
    /// What is wrong with it, and what would be right: a sentence for a developer.
    pub problem: String,
    /// The limit, where it is one that was exceeded.
    pub limit: Option<u64>,
    /// What was sent: a length or a kind, never the value itself.
    pub sent: Option<String>,
    /// What the customer should read, in the chat's language, where the customer can do something about it.
    pub message: Option<String>,
}

/// A rule of a chat that a request breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The step doesn't offer this option.
    OptionNotOffered,
    /// The step asks for an option.
    OptionExpected,
    /// Nothing of this kind is asked for now.
    NotAsked,
    /// The chat is closed.
    ChatClosed,
    /// The chat is not closed, so that it cannot be requested again.
    ChatOpen,
    /// The client id, or the idempotency key, was used for another request.
    ClientIdReused,
    /// Another representative has the chat.
    AlreadyAssigned,
    /// The chat is not with this representative.
    NotAssigned,
    /// The chat doesn't wait for a representative.
    NotWaiting,
    /// Nobody waits.
    QueueEmpty,
    /// The representative has as many chats as one may have.
    AgentFull,
    /// A form is open already.
    FormOpen,
    /// It was rated already.
    AlreadyRated,
    /// There was no representative to rate.
    NothingToRate,
    /// The chat has as many messages as it may.
    ChatFull,
    /// The representative's message asks for a PIN or an OTP. What the representative should read is with it.
    AsksForSecret(String),
}

impl Refusal {
    /// A refusal because of a field.
    pub fn field(field: &str, problem: impl Into<String>) -> Self {
        Self::Field(FieldError {
            field: field.to_owned(),
            problem: problem.into(),
            limit: None,
            sent: None,
            message: None,
        })
    }

    /// A refusal because of a conflict with no chat behind it.
    pub fn conflict(conflict: Conflict) -> Self {
        Self::Conflict {
            conflict,
            status: None,
        }
    }

    /// What a chat's own refusal means to a client. `message` gives the flow's notice in the chat's language.
    pub fn of_chat(reject: chat::Reject, status: Status, message: impl Fn(&str) -> String) -> Self {
        use chat::Reject;
        let conflict = match reject {
            // Whoever has no business with a chat doesn't learn whether it exists.
            Reject::NoChat => return Self::Forbidden,
            Reject::TooFast { retry_after } => return Self::TooMany { retry_after },
            Reject::Name(error) => return Self::Field(name_error(&error, message("name-invalid"))),
            Reject::Number(error) => {
                return Self::Field(number_error(&error, message("number-invalid")));
            }
            Reject::FormIncomplete(missing) => return Self::Field(missing_fields(&missing)),
            // These are answered before anybody sees them; if not, the client may simply send again.
            Reject::NeedsDoor(_) | Reject::NeedsMessageTicket(_) | Reject::Overdue => {
                return Self::Busy { retry_after: 1_000 };
            }
            Reject::Seen(_) => Conflict::ClientIdReused,
            Reject::Closed => Conflict::ChatClosed,
            Reject::OptionNotOffered(_) => Conflict::OptionNotOffered,
            Reject::OptionExpected => Conflict::OptionExpected,
            Reject::NotAsked => Conflict::NotAsked,
            Reject::NotAssigned => Conflict::NotAssigned,
            Reject::AlreadyAssigned(_) => Conflict::AlreadyAssigned,
            Reject::NotWaiting => Conflict::NotWaiting,
            Reject::FormOpen => Conflict::FormOpen,
            Reject::AsksForSecret => Conflict::AsksForSecret(message("secret-refused")),
            Reject::Rated => Conflict::AlreadyRated,
            Reject::NothingToRate => Conflict::NothingToRate,
            Reject::Full => Conflict::ChatFull,
        };
        Self::Conflict {
            conflict,
            status: Some(Box::new(status)),
        }
    }
}

fn name_error(error: &PersonNameError, message: String) -> FieldError {
    FieldError {
        field: "text".to_owned(),
        problem: format!("a name has 1 to 60 code points, at least one of them a letter: {error}"),
        limit: Some(60),
        sent: None,
        message: Some(message),
    }
}

fn number_error(error: &ContactNumberError, message: String) -> FieldError {
    FieldError {
        field: "text".to_owned(),
        problem: format!(
            "a contact number is a Bangladeshi mobile number such as 01712-345678: {error}"
        ),
        limit: None,
        sent: None,
        message: Some(message),
    }
}

fn missing_fields(missing: &[FormField]) -> FieldError {
    let names: Vec<&str> = missing.iter().map(|field| field.name()).collect();
    FieldError {
        field: "values".to_owned(),
        problem: format!("the form asks for more: {}", names.join(", ")),
        limit: None,
        sent: None,
        message: None,
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<DrawError> for Refusal {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::TooLate { retry_after } => Self::Busy { retry_after },
            DrawError::Store(error) => Self::Store(error),
        }
    }
}

impl From<AppendError<crate::agent::Agent>> for Refusal {
    fn from(error: AppendError<crate::agent::Agent>) -> Self {
        match error {
            AppendError::Rejected {
                reject: crate::agent::Reject::Full { .. },
                ..
            } => Self::conflict(Conflict::AgentFull),
            AppendError::Busy { retry_after } => Self::Busy { retry_after },
            AppendError::Gone => Self::Busy { retry_after: 1_000 },
            AppendError::Store(error) => Self::Store(error),
        }
    }
}
