//! What clients can do, one module a verb, with what goes over the wire beside it.

pub mod close;
pub mod desk;
pub mod poll;
pub mod post;
pub mod start;
mod sweep;

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{
    chat::view::{ShownEvent, Status},
    journal::Seq,
};

/// The answer of a verb that changes or reads a chat.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChatAnswer {
    /// The sequence number of the event that was asked for, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// What is new to the client, in order.
    pub events: Vec<ShownEvent>,
    /// What to send as `after` next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Seq>,
    /// How the chat stands.
    pub status: Status,
}
