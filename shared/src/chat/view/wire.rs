//! An event on the wire: the members of what it is beside those that every event has.
//!
//! Written out rather than flattened: serde would write every member's type in two ways, and a component have both.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Body, ShownEvent};

impl Serialize for ShownEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_map(None)?;
        event.serialize_entry("seq", &self.seq)?;
        event.serialize_entry("at", &self.at)?;
        event.serialize_entry("from", &self.from)?;
        event.serialize_entry("kind", self.body.kind())?;
        if let Some(text) = self.body.text() {
            event.serialize_entry("text", text)?;
        }
        self.body.write_into(&mut event)?;
        write_some(&mut event, "client_id", self.client_id.as_ref())?;
        event.end()
    }
}

impl Body {
    /// What kind of event it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Prompt { .. } => "prompt",
            Self::Info { .. } => "info",
            Self::Option { .. } => "option",
            Self::Text { .. } => "text",
            Self::Queued { .. } => "queued",
            Self::Requeued { .. } => "requeued",
            Self::Assigned { .. } => "assigned",
            Self::Transferred { .. } => "transferred",
            Self::IdleWarning { .. } => "idle_warning",
            Self::FormRequest { .. } => "form_request",
            Self::FormAnswer { .. } => "form_answer",
            Self::Note { .. } => "note",
            Self::Handled { .. } => "handled",
            Self::Rated { .. } => "rated",
            Self::Closed { .. } => "closed",
        }
    }

    /// What there is to read.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Option { .. } | Self::Handled { .. } => None,
            Self::Prompt { text, .. }
            | Self::Info { text, .. }
            | Self::Text { text, .. }
            | Self::Queued { text }
            | Self::Requeued { text, .. }
            | Self::Assigned { text, .. }
            | Self::Transferred { text, .. }
            | Self::IdleWarning { text, .. }
            | Self::FormRequest { text, .. }
            | Self::FormAnswer { text, .. }
            | Self::Note { text, .. }
            | Self::Rated { text, .. }
            | Self::Closed { text, .. } => Some(text),
        }
    }

    /// Everything but kind and text.
    fn write_into<M: SerializeMap>(&self, event: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Queued { .. } => {}
            Self::Prompt {
                input, contacts, ..
            } => {
                event.serialize_entry("input", input)?;
                write_some(event, "contacts", some_of(contacts))?;
            }
            Self::Info {
                notice, contacts, ..
            } => {
                event.serialize_entry("notice", notice)?;
                write_some(event, "contacts", some_of(contacts))?;
            }
            Self::Option { option, label } => {
                event.serialize_entry("option", option)?;
                event.serialize_entry("label", label)?;
            }
            Self::Text { masked, agent, .. } => {
                write_some(event, "masked", Some(masked).filter(|masked| **masked))?;
                write_some(event, "agent", agent.as_ref())?;
            }
            Self::Requeued { reason, .. } => event.serialize_entry("reason", reason)?,
            Self::Assigned { agent, .. } | Self::Note { agent, .. } | Self::Handled { agent } => {
                event.serialize_entry("agent", agent)?;
            }
            Self::Transferred { agent, queue, .. } => {
                write_some(event, "agent", agent.as_ref())?;
                write_some(event, "queue", queue.as_ref())?;
            }
            Self::IdleWarning {
                whom, closes_at, ..
            } => {
                event.serialize_entry("whom", whom)?;
                event.serialize_entry("closes_at", closes_at)?;
            }
            Self::FormRequest { agent, fields, .. } => {
                event.serialize_entry("agent", agent)?;
                event.serialize_entry("fields", fields)?;
            }
            Self::FormAnswer {
                request,
                fields,
                values,
                ..
            } => {
                event.serialize_entry("request", request)?;
                event.serialize_entry("fields", fields)?;
                write_some(event, "values", values.as_ref())?;
            }
            Self::Rated { score, comment, .. } => {
                event.serialize_entry("score", score)?;
                write_some(event, "comment", comment.as_ref())?;
            }
            Self::Closed { by, reason, .. } => {
                event.serialize_entry("by", by)?;
                event.serialize_entry("reason", reason)?;
            }
        }
        Ok(())
    }
}

/// A member that is left out where there is nothing.
fn write_some<M: SerializeMap, T: Serialize>(
    event: &mut M,
    name: &'static str,
    value: Option<&T>,
) -> Result<(), M::Error> {
    match value {
        Some(value) => event.serialize_entry(name, value),
        None => Ok(()),
    }
}

fn some_of<T>(list: &Vec<T>) -> Option<&Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}
