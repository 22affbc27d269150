//! What the software says outside of the steps, and so what every flow has to put into words.

use crate::limits::{LABEL_LIMIT, PROMPT_LIMIT};

/// A notice that every flow has to word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequiredNotice {
    /// The key in the flow's `notices`.
    pub id: &'static str,
    /// The names that may stand in braces in the text, to be filled in when it is said.
    pub placeholders: &'static [&'static str],
    /// The longest text allowed, in code points.
    pub limit: usize,
    /// What the text is for, to whoever writes it.
    pub purpose: &'static str,
}

/// A notice that is read as a message.
const fn said(
    id: &'static str,
    placeholders: &'static [&'static str],
    purpose: &'static str,
) -> RequiredNotice {
    RequiredNotice {
        id,
        placeholders,
        limit: PROMPT_LIMIT,
        purpose,
    }
}

/// A notice that stands on a button, before a field or before a message.
const fn label(id: &'static str, purpose: &'static str) -> RequiredNotice {
    RequiredNotice {
        id,
        placeholders: &[],
        limit: LABEL_LIMIT,
        purpose,
    }
}

/// Every notice the software says: a flow has each of them, and no other.
pub const REQUIRED_NOTICES: &[RequiredNotice] = &[
    said(
        "name-invalid",
        &[],
        "why a name was not accepted, and what is",
    ),
    said(
        "number-invalid",
        &[],
        "why a contact number was not accepted, with an example of one that is",
    ),
    said(
        "queued",
        &[],
        "the customer is in the queue, should keep an eye on the chat, and loses the turn by answering late",
    ),
    said(
        "queued-front",
        &[],
        "the customer is back at the front of the queue",
    ),
    said("connected", &["agent"], "a representative has joined"),
    said(
        "typing-preview",
        &[],
        "the representative sees what is written before it is sent",
    ),
    said(
        "ask-problem",
        &["name"],
        "the first question on connection: what is the problem",
    ),
    said(
        "transferred-agent",
        &["agent"],
        "another representative has taken over",
    ),
    said(
        "transferred-queue",
        &["queue"],
        "the chat waits in another queue",
    ),
    said(
        "agent-lost",
        &[],
        "the representative's connection was lost; the customer is at the front of the queue",
    ),
    said(
        "out-of-hours",
        &["from", "until"],
        "representatives do not answer at this hour, and when they do",
    ),
    said("nobody-online", &[], "no representative is there just now"),
    said("waited-too-long", &[], "no representative became free"),
    said(
        "message-received",
        &[],
        "the message that was left has been stored",
    ),
    said(
        "idle-warning-customer",
        &["seconds"],
        "the chat closes in so many seconds unless the customer answers",
    ),
    said(
        "idle-warning-agent",
        &["seconds"],
        "at the desk: so many seconds the customer has waited for an answer",
    ),
    said("closed-idle", &[], "closed, since nothing was said"),
    said("closed-customer", &[], "closed by the customer"),
    said("closed-agent", &[], "closed by the representative"),
    said("closed-solved", &[], "closed at an end of the flow"),
    said(
        "closed-gone",
        &[],
        "closed, since the customer was gone while waiting",
    ),
    said(
        "welcome-back",
        &["name"],
        "a chat requested again; name and number are kept",
    ),
    said("started-over", &[], "the flow begins anew"),
    said(
        "secret-masked",
        &[],
        "digits of the customer's message were hidden; never to share a PIN or OTP",
    ),
    said(
        "secret-refused",
        &[],
        "at the desk: the message asks for a PIN or OTP and was not sent",
    ),
    said(
        "number-shown",
        &[],
        "a note for the desk: somebody looked at the whole contact number",
    ),
    said(
        "form-request",
        &[],
        "the representative asks for proof of ownership, who sees it and when it is deleted",
    ),
    said("form-received", &[], "the proof has arrived"),
    label("field-date-of-birth", "the field for the date of birth"),
    label("field-nid-number", "the field for the NID number"),
    label(
        "field-last-transaction-amount",
        "the field for the amount of the last transaction",
    ),
    said("rated", &[], "thanks for the rating"),
    label("back", "the button to the step before"),
    label("restart", "the button to the beginning of the flow"),
    label("language", "the button to choose the language anew"),
    said(
        "transcript-title",
        &["organisation"],
        "the heading of a transcript",
    ),
    label("you", "who wrote, in a transcript: the customer"),
    label("system", "who wrote, in a transcript: the software"),
    label(
        "representative",
        "who wrote, in a transcript: a representative",
    ),
];

/// What is wanted of the notice `id`, if there is such a notice.
pub fn required_notice(id: &str) -> Option<&'static RequiredNotice> {
    REQUIRED_NOTICES.iter().find(|notice| notice.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_notice_is_listed_twice() {
        let ids: BTreeSet<_> = REQUIRED_NOTICES.iter().map(|notice| notice.id).collect();
        assert_eq!(ids.len(), REQUIRED_NOTICES.len());
    }
}
