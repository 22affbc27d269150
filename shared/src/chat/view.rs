//! What each viewer gets of a chat: the events and the status of the HTTP contract.

mod wire;

use serde::{Deserialize, Serialize};

use super::{
    Author, Chat, Choice, CloseReason, Closer, Event, Fact, FormField, Input, Phase, Presence,
    QueuedAgain, Sent, ShownContact, Unavailable,
};
use crate::{
    contact_number::ContactNumber,
    form::FormValues,
    id::{AgentId, ChatId},
    journal::{Entry, Seq},
    ports::Millis,
    rules::Rules,
    sealing::DataKeys,
};

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// The chat's customer.
    Customer,
    /// A representative.
    Agent(AgentId),
}

/// An event as a viewer gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownEvent {
    /// Its place in the chat.
    pub seq: Seq,
    /// When it happened, in milliseconds since the Unix epoch.
    pub at: Millis,
    /// Who it is from.
    pub from: From,
    /// What it is.
    pub body: Body,
    /// The client's id for it, for who sent it.
    pub client_id: Option<String>,
}

/// Who an event is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// The flow, or time.
    System,
    /// The customer.
    Customer,
    /// A representative.
    Agent,
}

/// What an event is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the HTTP contract in the README describes the fields"
)]
pub enum Body {
    Prompt {
        text: String,
        input: ShownInput,
        contacts: Vec<ShownContact>,
    },
    Info {
        notice: String,
        text: String,
        contacts: Vec<ShownContact>,
    },
    Option {
        option: String,
        label: String,
    },
    Text {
        text: String,
        masked: bool,
        agent: Option<AgentShown>,
    },
    Queued {
        text: String,
    },
    Requeued {
        text: String,
        reason: QueuedAgain,
    },
    Assigned {
        text: String,
        agent: AgentShown,
    },
    Transferred {
        text: String,
        agent: Option<AgentShown>,
        queue: Option<String>,
    },
    IdleWarning {
        text: String,
        whom: From,
        closes_at: Millis,
    },
    FormRequest {
        text: String,
        agent: AgentShown,
        fields: Vec<ShownField>,
    },
    FormAnswer {
        text: String,
        request: Seq,
        fields: Vec<FormField>,
        values: Option<FormValues>,
    },
    Note {
        text: String,
        agent: AgentShown,
    },
    Handled {
        agent: AgentShown,
    },
    Rated {
        text: String,
        score: u8,
        comment: Option<String>,
    },
    Closed {
        text: String,
        by: Closer,
        reason: CloseReason,
    },
}

/// What the customer can do at a prompt, as a client reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownInput {
    /// `options`, `name`, `number`, `message` or `text`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// See [`Input::Options`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// See [`Input::Options`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub navigation: Vec<Choice>,
}

impl ShownInput {
    fn of(input: &Input) -> Self {
        let (kind, options, navigation): (_, &[Choice], &[Choice]) = match input {
            Input::Options {
                options,
                navigation,
            } => ("options", options, navigation),
            Input::Name { navigation } => ("name", &[], navigation),
            Input::Number { navigation } => ("number", &[], navigation),
            Input::Message { navigation } => ("message", &[], navigation),
            Input::Text => ("text", &[], &[]),
        };
        Self {
            kind,
            options: options.to_vec(),
            navigation: navigation.to_vec(),
        }
    }
}

/// A representative as customers see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentShown {
    /// The name.
    pub name: String,
}

/// A field of a form with what the customer reads on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownField {
    /// Which.
    pub name: FormField,
    /// What the customer reads.
    pub label: String,
}

/// How a chat stands, as a viewer gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Where the chat is.
    pub phase: Phase,
    /// The language, once chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<alap_flow::Language>,
    /// The place in the queue, from 1, while waiting and known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// The wait in seconds, while waiting and known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_s: Option<u64>,
    /// Who the customer talks to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentShown>,
    /// Whether the other side is typing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub typing: bool,
    /// Whether the customer's client should say what is being typed, for the representative to see.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
    /// When the chat is closed unless the customer answers, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Millis>,
    /// Whether a closed chat can still be rated.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub can_rate: bool,
    /// The server's time, so that a client with a wrong clock can count down.
    pub now: Millis,
    /// When to ask for news again, in milliseconds from now; nothing once there won't be any.
    pub poll_after_ms: Option<Millis>,
}

/// What `viewer` gets of an event; nothing where it is not for them.
#[expect(
    clippy::too_many_lines,
    reason = "one table: what of each event is shown to whom"
)]
pub fn show(
    entry: &Entry<Event>,
    viewer: &Viewer,
    chat_id: &ChatId,
    chat: &Chat,
    rules: &Rules,
    keys: &DataKeys,
) -> Option<ShownEvent> {
    let customer = *viewer == Viewer::Customer;
    let language = chat.language();
    let agent = |agent: &super::AgentName| AgentShown {
        name: agent.name.clone(),
    };
    let mut from = From::System;
    let mut sent: Option<&Sent> = None;
    let body = match &entry.event {
        Event::Started { .. } => return None,
        Event::IdleWarning {
            whom: Author::Agent(_),
            ..
        }
        | Event::Note { .. }
        | Event::MessageHandled { .. }
            if customer =>
        {
            return None;
        }
        Event::Prompt {
            text,
            input,
            contacts,
            ..
        } => Body::Prompt {
            text: text.clone(),
            input: ShownInput::of(input),
            contacts: contacts.clone(),
        },
        Event::Info {
            notice,
            text,
            contacts,
        } => Body::Info {
            notice: notice.clone(),
            text: text.clone(),
            contacts: contacts.clone(),
        },
        Event::Unavailable { why, text, .. } => {
            let notice = match why {
                Unavailable::OutOfHours => "out-of-hours",
                Unavailable::NobodyOnline => "nobody-online",
                Unavailable::WaitedTooLong => "waited-too-long",
            };
            Body::Info {
                notice: notice.to_owned(),
                text: text.clone(),
                contacts: Vec::new(),
            }
        }
        Event::Option {
            option,
            label,
            sent: by,
            ..
        } => {
            (from, sent) = (From::Customer, Some(by));
            Body::Option {
                option: option.clone(),
                label: label.clone(),
            }
        }
        Event::Text {
            by,
            text,
            masked,
            fact,
            sent: request,
            ..
        } => {
            sent = Some(request);
            let shown = match fact {
                // The customer sees the number as typed, everybody else with most digits hidden.
                Some(Fact::Number(number)) if customer => keys
                    .open_text(chat_id, &number.sealed)
                    .and_then(|number| ContactNumber::parse(&number).ok())
                    .map_or_else(|| text.clone(), |number| number.local(language)),
                _ => text.clone(),
            };
            let agent = match by {
                Author::Customer => {
                    from = From::Customer;
                    None
                }
                Author::Agent(author) => {
                    from = From::Agent;
                    Some(agent(author))
                }
            };
            Body::Text {
                text: shown,
                masked: *masked,
                agent,
            }
        }
        Event::Queued {
            text, again: None, ..
        } => Body::Queued { text: text.clone() },
        Event::Queued {
            text,
            again: Some(QueuedAgain::Transferred),
            ticket,
        } => Body::Transferred {
            text: text.clone(),
            agent: None,
            queue: Some(ticket.queue.clone()),
        },
        Event::Queued {
            text,
            again: Some(reason),
            ..
        } => Body::Requeued {
            text: text.clone(),
            reason: *reason,
        },
        Event::Assigned {
            agent: to,
            transferred: true,
            text,
        } => Body::Transferred {
            text: text.clone(),
            agent: Some(agent(to)),
            queue: None,
        },
        Event::Assigned {
            agent: to, text, ..
        } => Body::Assigned {
            text: text.clone(),
            agent: agent(to),
        },
        Event::IdleWarning { whom, until, text } => {
            let whom = if *whom == Author::Customer {
                From::Customer
            } else {
                From::Agent
            };
            Body::IdleWarning {
                text: text.clone(),
                whom,
                closes_at: *until,
            }
        }
        Event::FormRequest {
            fields,
            agent: by,
            text,
            sent: request,
        } => {
            (from, sent) = (From::Agent, Some(request));
            let label = |field: FormField| rules.notice(field.notice(), language, &[]);
            let fields = fields
                .iter()
                .map(|&name| ShownField {
                    name,
                    label: label(name),
                })
                .collect();
            Body::FormRequest {
                text: text.clone(),
                agent: agent(by),
                fields,
            }
        }
        Event::FormAnswer {
            request,
            fields,
            text,
            sent: by,
        } => {
            (from, sent) = (From::Customer, Some(by));
            Body::FormAnswer {
                text: text.clone(),
                request: *request,
                fields: fields.clone(),
                values: None,
            }
        }
        Event::Note {
            agent: by,
            text,
            sent: request,
        } => {
            (from, sent) = (From::Agent, request.as_ref());
            Body::Note {
                text: text.clone(),
                agent: agent(by),
            }
        }
        Event::MessageHandled { agent: by } => {
            from = From::Agent;
            Body::Handled { agent: agent(by) }
        }
        Event::Rated {
            score,
            comment,
            text,
            sent: by,
        } => {
            (from, sent) = (From::Customer, Some(by));
            Body::Rated {
                text: text.clone(),
                score: *score,
                comment: comment.clone(),
            }
        }
        Event::Closed { by, reason, text } => Body::Closed {
            text: text.clone(),
            by: *by,
            reason: *reason,
        },
    };
    let own = (from == From::Customer) == customer;
    let client_id = sent.filter(|_| own).map(|sent| sent.client_id.clone());
    Some(ShownEvent {
        seq: entry.seq,
        at: entry.at,
        from,
        body,
        client_id,
    })
}

/// How the chat stands for `viewer` at `now`.
pub fn status(
    chat: &Chat,
    presence: &Presence,
    viewer: &Viewer,
    rules: &Rules,
    now: Millis,
) -> Status {
    // What was found out before the chat had its present ticket says nothing about it.
    let waiting = chat.phase == Phase::Waiting && presence.customer_seen >= chat.queued_at;
    let talking = chat.phase == Phase::Talking;
    let customer = *viewer == Viewer::Customer;
    let typing_until = if customer {
        presence.agent_typing
    } else {
        presence.customer_typing
    };
    let typing = talking && typing_until > now;
    Status {
        phase: chat.phase,
        language: chat.language,
        position: presence.position.filter(|_| waiting),
        wait_s: presence.wait.filter(|_| waiting).map(|wait| wait / 1_000),
        agent: chat
            .agent
            .as_ref()
            .filter(|_| talking)
            .map(|agent| AgentShown {
                name: agent.name.clone(),
            }),
        typing,
        preview: talking && customer && rules.settings.typing_preview,
        closes_at: chat.closes_at(&rules.settings),
        can_rate: chat.phase == Phase::Closed && chat.agent.is_some() && chat.score.is_none(),
        now,
        poll_after_ms: poll_after(chat, presence, typing, now),
    }
}

/// When a client should ask again: quickly while people talk, slowly while nothing happens. The interval grows with
/// the time since something happened, which halves the requests of a fixed one at half the delay.
fn poll_after(chat: &Chat, presence: &Presence, typing: bool, now: Millis) -> Option<Millis> {
    let quiet = now.saturating_sub(
        chat.turn
            .since
            .max(chat.assigned_at)
            .max(chat.waiting_since),
    );
    match chat.phase {
        Phase::None | Phase::Closed => None,
        Phase::Flow => Some(30_000),
        // The place is found out with the first poll.
        Phase::Waiting if presence.customer_seen < chat.queued_at => Some(500),
        Phase::Waiting if presence.position.is_some_and(|position| position <= 2) => Some(3_000),
        Phase::Waiting => Some((quiet / 4).clamp(3_000, 15_000)),
        Phase::Talking if typing => Some(1_000),
        Phase::Talking => Some((quiet / 3).clamp(1_000, 8_000)),
    }
}

impl FormField {
    /// The flow's notice with what the customer reads on it.
    pub fn notice(self) -> &'static str {
        match self {
            Self::DateOfBirth => "field-date-of-birth",
            Self::NidNumber => "field-nid-number",
            Self::LastTransactionAmount => "field-last-transaction-amount",
        }
    }
}
