//! Why a request is not answered as wished: RFC 9457 problem documents with a stable `code`.
//!
//! This is the one place that says which HTTP status a [`Refusal`] has. What the client reads and what the operator
//! reads are two different texts; [`Problem::for_the_operator`] never leaves the house.

mod kind;
#[cfg(test)]
mod tests;

pub use kind::Kind;

use std::borrow::Cow;

use alap_shared::{
    chat::view::Status,
    ports::{Millis, StoreError},
    refusal::{Conflict, FieldError, Refusal},
};
use http::{Method, StatusCode};
use serde::Serialize;

use crate::answer::Response;

/// The media type of RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// When it is worth asking again after the store failed.
const STORE_RETRY: Millis = 1_000;

/// Why a request is not answered as wished.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    members: Box<Members>,
    allow: Option<String>,
    for_the_operator: Option<String>,
}

/// What is said beside the kind.
#[derive(Debug, Default, Serialize)]
struct Members {
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u64>,
    /// `status` is the HTTP status in a problem document.
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_status: Option<Box<Status>>,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    code: &'static str,
    #[serde(flatten)]
    members: &'a Members,
}

impl Problem {
    /// A problem of which the kind says everything.
    pub fn new(kind: Kind) -> Self {
        let detail = kind.detail().map(Cow::Borrowed);
        let members = Members {
            detail,
            ..Members::default()
        };
        Self {
            kind,
            members: Box::new(members),
            allow: None,
            for_the_operator: None,
        }
    }

    /// There is such a thing, but it doesn't take this method: only those of `allowed`.
    pub fn method_not_allowed(allowed: &[Method]) -> Self {
        let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
        let mut problem = Self::new(Kind::MethodNotAllowed);
        problem.allow = Some(names.join(", "));
        problem
    }

    /// The body is larger than `limit` bytes.
    pub fn too_large(limit: usize) -> Self {
        let mut problem = Self::new(Kind::BodyTooLarge);
        problem.members.limit = u64::try_from(limit).ok();
        problem
    }

    /// A failure of ours: `reason` is for the operator and names no value.
    pub fn of_ours(kind: Kind, reason: String) -> Self {
        let mut problem = Self::new(kind);
        problem.for_the_operator = Some(reason);
        problem
    }

    /// The same, with `detail` in place of what the kind says.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.members.detail = Some(detail.into());
        self
    }

    /// What kind of problem it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What the operator should know about it: for the log and nowhere else.
    pub fn for_the_operator(&self) -> Option<&str> {
        self.for_the_operator.as_deref()
    }

    /// The answer a client gets.
    pub fn into_response(self) -> Response {
        let status = self.kind.status();
        let document = Document {
            r#type: "about:blank",
            title: self.kind.title(),
            status: status.as_u16(),
            code: self.kind.code(),
            members: &self.members,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = Response::new(status, PROBLEM_JSON, body);
        if let Some(challenge) = self.kind.challenge() {
            response.add("www-authenticate", challenge);
        }
        if let Some(seconds) = self.members.retry_after_s {
            response.add("retry-after", seconds.to_string());
        }
        if let Some(allow) = self.allow {
            response.add("allow", allow);
        }
        response
    }

    fn of_field(kind: Kind, error: FieldError) -> Self {
        let FieldError {
            field,
            problem,
            limit,
            sent,
            message,
        } = error;
        let members = Members {
            detail: Some(Cow::Owned(format!("{field}: {problem}"))),
            field: Some(Cow::Owned(field)),
            limit,
            sent,
            message,
            ..Members::default()
        };
        Self {
            members: Box::new(members),
            ..Self::new(kind)
        }
    }

    fn after(kind: Kind, retry_after: Millis) -> Self {
        let mut problem = Self::new(kind);
        // Header and member count whole seconds; a client that came back a moment too early would come for nothing.
        problem.members.retry_after_s = Some(retry_after.div_ceil(1_000).max(1));
        problem
    }

    fn of_store(error: &StoreError) -> Self {
        let mut problem = Self::after(Kind::StoreUnavailable, STORE_RETRY);
        problem.for_the_operator = Some(error.to_string());
        problem
    }

    fn of_conflict(conflict: Conflict, status: Option<Box<Status>>) -> Self {
        let kind = match &conflict {
            Conflict::OptionNotOffered => Kind::OptionNotOffered,
            Conflict::OptionExpected => Kind::OptionExpected,
            Conflict::NotAsked => Kind::NotAsked,
            Conflict::ChatClosed => Kind::ChatClosed,
            Conflict::ChatOpen => Kind::ChatOpen,
            Conflict::ClientIdReused => Kind::ClientIdReused,
            Conflict::AlreadyAssigned => Kind::AlreadyAssigned,
            Conflict::NotAssigned => Kind::NotAssigned,
            Conflict::NotWaiting => Kind::NotWaiting,
            Conflict::QueueEmpty => Kind::QueueEmpty,
            Conflict::AgentFull => Kind::AgentFull,
            Conflict::FormOpen => Kind::FormOpen,
            Conflict::AlreadyRated => Kind::AlreadyRated,
            Conflict::NothingToRate => Kind::NothingToRate,
            Conflict::ChatFull => Kind::ChatFull,
            Conflict::AsksForSecret(_) => Kind::AsksForSecret,
        };
        let mut problem = Self::new(kind);
        problem.members.chat_status = status;
        if let Conflict::AsksForSecret(message) = conflict {
            problem.members.message = Some(message);
        }
        problem
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TokenInvalid => Self::new(Kind::TokenInvalid),
            Refusal::TokenExpired => Self::new(Kind::TokenExpired),
            Refusal::KeyInvalid => Self::new(Kind::KeyInvalid),
            Refusal::Forbidden => Self::new(Kind::Forbidden),
            Refusal::IdentityInvalid { reason } => Self::of_field(
                Kind::IdentityInvalid,
                FieldError {
                    field: "identity".to_owned(),
                    problem: reason.to_owned(),
                    limit: None,
                    sent: None,
                    message: None,
                },
            ),
            Refusal::Field(error) => Self::of_field(Kind::FieldInvalid, error),
            Refusal::Conflict { conflict, status } => Self::of_conflict(conflict, status),
            Refusal::TooMany { retry_after } => Self::after(Kind::TooManyRequests, retry_after),
            Refusal::Busy { retry_after } => Self::after(Kind::Busy, retry_after),
            Refusal::Store(error) => Self::of_store(&error),
        }
    }
}

impl Kind {
    /// What a 401 has to say about how to do better (RFC 9110 section 11.6.1, RFC 6750 section 3).
    fn challenge(self) -> Option<&'static str> {
        match self {
            Self::TokenInvalid => Some("Bearer error=\"invalid_token\""),
            Self::TokenExpired => {
                Some("Bearer error=\"invalid_token\", error_description=\"expired\"")
            }
            _ if self.status() == StatusCode::UNAUTHORIZED => Some("Bearer"),
            _ => None,
        }
    }
}
