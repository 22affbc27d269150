//! One chat, from the first prompt to "closed": what happened ([`Event`]), what follows from it ([`Chat`]), what may
//! happen next ([`Command`] and the rules in `decide`), what time brings about ([`Due`]) and what each viewer sees
//! ([`view`]).

mod client_ids;
mod command;
mod decide;
mod due;
mod event;
mod flow_answers;
mod flow_steps;
pub mod view;

#[cfg(test)]
mod tests;

pub use client_ids::ClientIds;
pub use command::{Action, Actor, Command, Door, Evidence, Judge, Reject};
pub use decide::{MAX_MESSAGES, MAX_TEXT};
pub use due::Due;
pub use event::{
    AgentName, Author, Channel, Choice, CloseReason, Closer, Event, Fact, FormField, Input, Known,
    KnownNumber, Position, QueuedAgain, Sent, ShownContact, Unavailable,
};
pub(crate) use flow_steps::fill as fill_notice;
pub use flow_steps::{Opening, open};

use alap_flow::Language;
use serde::{Deserialize, Serialize};

use crate::{
    id::AgentId,
    journal::{Entry, Journaled, Seq},
    ports::Millis,
    queue::Ticket,
};

/// The state of a chat: the fold of its events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Where it is between the first prompt and the end.
    pub phase: Phase,
    /// When it began.
    pub started_at: Millis,
    /// Digest of the request it began with.
    pub start_digest: String,
    /// The language, once chosen.
    pub language: Option<Language>,
    /// The step the flow is at.
    pub step: String,
    /// The steps before it, for the way back.
    pub path: Vec<String>,
    /// What is known of the customer.
    pub known: Known,
    /// The place in a queue, while waiting.
    pub ticket: Option<Ticket>,
    /// The queue it was in last, until the customer chooses another topic.
    pub queue: Option<String>,
    /// When it began to wait for a representative, this time.
    pub waiting_since: Millis,
    /// When it got the ticket it has.
    pub queued_at: Millis,
    /// A message left for later that nobody has dealt with yet.
    pub message: Option<Ticket>,
    /// The representative, while talking, and after that the last one.
    pub agent: Option<AgentName>,
    /// When that one took the chat.
    pub assigned_at: Millis,
    /// When somebody last did something, and whose turn it is since then.
    pub turn: Turn,
    /// The form the customer has not answered yet.
    pub form: Option<OpenForm>,
    /// All requests for such a form: their answers are kept beside the journal until the chat closes.
    pub forms: Vec<Seq>,
    /// Whether the last text spoke of a PIN or an OTP, so that bare digits may be one.
    pub secret_spoken_of: bool,
    /// Texts of the customer since the representative last wrote, but for answers to the flow; the newest last, at
    /// most [`MAX_UNREAD`].
    pub unread: Vec<Seq>,
    /// The score of the rating.
    pub score: Option<u8>,
    /// When it ended and why.
    pub closed: Option<Closed>,
    /// How many requests of the customer were stored in which minute.
    pub pace: Pace,
    /// The client ids that were used.
    pub client_ids: ClientIds,
}

/// The most unread texts that are told apart.
pub const MAX_UNREAD: usize = 99;

/// Where a chat is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// There is no such chat.
    #[default]
    None,
    /// The customer goes through the flow.
    Flow,
    /// The customer waits for a representative.
    Waiting,
    /// Customer and representative talk.
    Talking,
    /// It is over.
    Closed,
}

/// Whose turn it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Whether the representative is to answer; else it is the customer.
    pub agent: bool,
    /// Since when.
    pub since: Millis,
    /// Whether a warning was given since then.
    pub warned: bool,
}

/// A form that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenForm {
    /// The sequence number of the request.
    pub request: Seq,
    /// What it asks for.
    pub fields: Vec<FormField>,
}

/// The end of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Millis,
    /// Who closed it.
    pub by: Closer,
    /// Why.
    pub reason: CloseReason,
}

/// How many requests were stored in a minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// The minute since the Unix epoch.
    pub minute: u64,
    /// How many.
    pub count: u32,
}

/// Who is there: worth knowing now, and lost with the snapshot it travels with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// When the customer last asked for news, while waiting.
    pub customer_seen: Millis,
    /// When the representative last asked for news.
    pub agent_seen: Millis,
    /// Until when the customer counts as typing.
    pub customer_typing: Millis,
    /// What the customer is typing, as far as representatives may see that.
    pub customer_draft: String,
    /// The last event before that: with the next one, it is no draft any more.
    pub customer_draft_after: Seq,
    /// Until when the representative counts as typing.
    pub agent_typing: Millis,
    /// Up to where the representative has read.
    pub agent_read: Seq,
    /// The place in the queue when the customer last asked, from 1.
    pub position: Option<u32>,
    /// The estimate of the wait when the customer last asked.
    pub wait: Option<Millis>,
}

impl Presence {
    /// What the customer is typing at `now`, in a chat whose last event is `seq`.
    pub fn draft(&self, seq: Seq, now: Millis) -> Option<&str> {
        let draft = self.customer_draft.as_str();
        let now = self.customer_draft_after == seq && self.customer_typing > now;
        (now && !draft.is_empty()).then_some(draft)
    }
}

impl Chat {
    /// The language, or the one a chat begins with where none was chosen yet.
    pub fn language(&self) -> Language {
        self.language.unwrap_or(Language::Bn)
    }

    /// When something last happened that changes whose turn it is.
    pub fn last_activity(&self) -> Millis {
        let closed = self.closed.as_ref().map_or(0, |closed| closed.at);
        self.turn
            .since
            .max(self.waiting_since)
            .max(self.assigned_at)
            .max(closed)
    }

    /// Whether `agent` is talking in this chat.
    pub fn is_assigned_to(&self, agent: &AgentId) -> bool {
        self.phase == Phase::Talking
            && self
                .agent
                .as_ref()
                .is_some_and(|assigned| assigned.id == *agent)
    }

    fn turn_to(&mut self, agent: bool, at: Millis) {
        self.turn = Turn {
            agent,
            since: at,
            warned: false,
        };
    }

    fn leave_queue(&mut self) {
        self.ticket = None;
        self.waiting_since = 0;
    }

    fn take_sent(&mut self, sent: &Sent, entry: &Entry<Event>) {
        self.client_ids.insert(&sent.client_id, entry.seq);
    }

    fn count(&mut self, at: Millis) {
        let minute = at / 60_000;
        if self.pace.minute != minute {
            self.pace = Pace { minute, count: 0 };
        }
        self.pace.count += 1;
    }

    fn settle(&mut self, fact: &Fact) {
        match fact {
            Fact::Language(language) => self.language = Some(*language),
            Fact::Topic(topic) => {
                self.known.topic = Some(topic.clone());
                // Another topic may lead to another queue, or must not lead to any.
                self.queue = None;
            }
            Fact::Name(name) => self.known.name = Some(name.clone()),
            Fact::Number(number) => self.known.number = Some(number.clone()),
            Fact::Message(ticket) => self.message = Some(ticket.clone()),
            Fact::StartedOver => {
                self.queue = None;
                self.known.topic = None;
                if !self.known.verified {
                    self.known = Known {
                        again: self.known.again.clone(),
                        ..Known::default()
                    };
                }
            }
        }
    }
}

impl Journaled for Chat {
    type Event = Event;
    type Command = Command;
    type Reject = Reject;
    type Presence = Presence;

    const GENESIS: u32 = 6;

    fn outdate(presence: &mut Presence) {
        // What was never sent is not kept.
        presence.customer_draft.clear();
    }

    #[expect(clippy::too_many_lines, reason = "one table: what each event changes")]
    fn fold(&mut self, entry: &Entry<Event>) {
        let at = entry.at;
        match &entry.event {
            Event::Started {
                language,
                known,
                digest,
                ..
            } => {
                self.phase = Phase::Flow;
                self.started_at = at;
                self.language = *language;
                self.known = known.clone();
                self.start_digest.clone_from(digest);
                self.turn_to(false, at);
            }
            Event::Prompt { position, .. } => {
                if let Some(position) = position {
                    if !self.step.is_empty() {
                        self.path.push(std::mem::take(&mut self.step));
                    }
                    self.path.truncate(position.depth);
                    self.step.clone_from(&position.step);
                }
            }
            Event::Info { .. } => {}
            Event::Option { fact, sent, .. } => {
                self.take_sent(sent, entry);
                self.count(at);
                self.turn_to(false, at);
                if let Some(fact) = fact {
                    self.settle(fact);
                }
            }
            Event::Text {
                by,
                secret,
                fact,
                sent,
                ..
            } => {
                self.take_sent(sent, entry);
                let by_agent = matches!(by, Author::Agent(_));
                if by_agent {
                    self.unread.clear();
                } else {
                    self.count(at);
                    // A name or a number that the flow asked for is no word to the representative.
                    if fact.is_none() && self.unread.len() < MAX_UNREAD {
                        self.unread.push(entry.seq);
                    }
                }
                // A second text in a row doesn't begin the other side's time anew.
                let turn = self.phase == Phase::Talking && !by_agent;
                if turn != self.turn.agent || !turn {
                    self.turn_to(turn, at);
                }
                self.secret_spoken_of = *secret;
                if let Some(fact) = fact {
                    self.settle(fact);
                }
            }
            Event::Queued { ticket, again, .. } => {
                self.phase = Phase::Waiting;
                // Whose ticket got lost goes on waiting.
                if *again != Some(QueuedAgain::TicketLost) {
                    self.waiting_since = at;
                }
                self.queued_at = at;
                self.turn_to(false, at);
                self.queue = Some(ticket.queue.clone());
                self.ticket = Some(ticket.clone());
                self.form = None;
            }
            Event::Unavailable { queue, .. } => {
                self.phase = Phase::Flow;
                self.queue = Some(queue.clone());
                self.leave_queue();
                self.turn_to(false, at);
            }
            Event::Assigned { agent, .. } => {
                self.phase = Phase::Talking;
                self.ticket = None;
                self.agent = Some(agent.clone());
                self.assigned_at = at;
                // Who has said already what it is about needn't say it again.
                self.turn_to(!self.unread.is_empty(), at);
            }
            Event::IdleWarning { .. } => self.turn.warned = true,
            Event::FormRequest { fields, sent, .. } => {
                self.take_sent(sent, entry);
                self.form = Some(OpenForm {
                    request: entry.seq,
                    fields: fields.clone(),
                });
                // Before there is an answer: what is stored and then refused has to go as well.
                self.forms.push(entry.seq);
                self.turn_to(false, at);
            }
            Event::FormAnswer { sent, .. } => {
                self.take_sent(sent, entry);
                self.count(at);
                self.form = None;
                self.turn_to(true, at);
            }
            Event::Note { sent, .. } => {
                if let Some(sent) = sent {
                    self.take_sent(sent, entry);
                }
            }
            Event::MessageHandled { .. } => self.message = None,
            Event::Rated { score, sent, .. } => {
                self.take_sent(sent, entry);
                self.count(at);
                self.score = Some(*score);
            }
            Event::Closed { by, reason, .. } => {
                self.phase = Phase::Closed;
                self.leave_queue();
                self.form = None;
                self.closed = Some(Closed {
                    at,
                    by: *by,
                    reason: *reason,
                });
            }
        }
    }

    fn decide(&self, command: &Command, now: Millis) -> Result<Vec<Event>, Reject> {
        decide::decide(self, command, now)
    }
}
