//! The verbs' common ground: the ports, the rules and the secrets, who is asking, and how a command gets into a chat.

use std::sync::Arc;

use crate::{
    agent::{AgentRecord, AgentRecords},
    chat::{
        Action, Actor, AgentName, Chat, Command, Door, Due, Event, Evidence, Phase, Presence,
        Reject, Unavailable,
        view::{self, ShownEvent, Status, Viewer},
    },
    id::ChatId,
    journal::{AppendError, Appended, Entry, Journal, Seq, Snapshot},
    ports::{Millis, Ports},
    queue::{Board, Lane, Line},
    refusal::{Conflict, Refusal},
    rules::Rules,
    sealing::DataKeys,
    token::{Role, TokenError, TokenKeys},
};

/// How often a command is sent again because something turned out to be needed first.
const ROUNDS: usize = 4;

/// What must not get out.
#[derive(Clone)]
pub struct Secrets {
    /// For tokens.
    pub tokens: TokenKeys,
    /// For personal data at rest.
    pub data: DataKeys,
    /// For identities from the organisation's app or site; none where that is not used.
    pub identity: Option<TokenKeys>,
    /// The representatives.
    pub agents: AgentRecords,
}

/// Everything a verb works with.
#[derive(Clone)]
pub struct Service<P> {
    /// The world.
    pub ports: P,
    /// The flow and the settings.
    pub rules: Arc<Rules>,
    /// The secrets.
    pub secrets: Arc<Secrets>,
}

/// Who is asking, as far as the token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The customer of one chat.
    Customer(ChatId),
    /// A representative.
    Agent(AgentRecord),
}

impl<P: Ports> Service<P> {
    /// Who `token` speaks for.
    pub fn caller(&self, token: Option<&str>) -> Result<Caller, Refusal> {
        let claims = self
            .secrets
            .tokens
            .verify(token.ok_or(Refusal::TokenInvalid)?, self.ports.now());
        match claims {
            Err(TokenError::Invalid) => Err(Refusal::TokenInvalid),
            Err(TokenError::Expired) => Err(Refusal::TokenExpired),
            Ok(claims) => match claims.role {
                Role::Customer(chat) => Ok(Caller::Customer(chat)),
                // Who has been taken off the list is out at once, whatever the token says.
                Role::Agent(id) => self
                    .secrets
                    .agents
                    .by_id(&id)
                    .cloned()
                    .map(Caller::Agent)
                    .ok_or(Refusal::TokenInvalid),
            },
        }
    }

    /// The representative `token` speaks for.
    pub fn agent(&self, token: Option<&str>) -> Result<AgentRecord, Refusal> {
        match self.caller(token)? {
            Caller::Agent(record) => Ok(record),
            Caller::Customer(_) => Err(Refusal::Forbidden),
        }
    }

    /// The journal of a chat.
    pub fn journal(&self, chat: &ChatId) -> Journal<P, Chat> {
        Journal::new(&self.ports, format!("c:{chat}"))
    }

    /// Appends `action` to the chat, getting what it needs on the way: a place in a queue, or the news that there is
    /// none to be had.
    pub(crate) async fn append(
        &self,
        id: &ChatId,
        by: &Actor,
        action: Action,
    ) -> Result<Result<Appended<Chat>, (Reject, Snapshot<Chat>)>, Refusal> {
        let journal = self.journal(id);
        let mut command = Command {
            rules: self.rules.clone(),
            by: by.clone(),
            action,
        };
        for _ in 0..ROUNDS {
            match journal.append(&command).await {
                Ok(appended) => return Ok(Ok(appended)),
                Err(AppendError::Rejected {
                    reject: Reject::NeedsDoor(queue),
                    ..
                }) => {
                    command.action.set_door(self.door(&queue, id).await?);
                }
                Err(AppendError::Rejected {
                    reject: Reject::NeedsMessageTicket(queue),
                    ..
                }) => {
                    let ticket = Line::new(&self.ports, &queue, Lane::Messages)
                        .draw(id)
                        .await?;
                    command.action.set_door(Door::Open(ticket));
                }
                Err(AppendError::Rejected {
                    reject: Reject::Overdue,
                    snapshot,
                }) => {
                    // Boxed, since that appends too.
                    let seen = evidence(&snapshot.presence);
                    Box::pin(self.settle_due(id, &snapshot.state, seen)).await?;
                }
                Err(AppendError::Rejected { reject, snapshot }) => {
                    return Ok(Err((reject, *snapshot)));
                }
                Err(AppendError::Busy { retry_after }) => {
                    return Err(Refusal::Busy { retry_after });
                }
                Err(AppendError::Gone) => return Err(Refusal::Forbidden),
                Err(AppendError::Store(error)) => return Err(Refusal::Store(error)),
            }
        }
        Err(Refusal::Busy { retry_after: 1_000 })
    }

    /// Whether one can wait in `queue` now; if so, with a ticket drawn for `chat`.
    pub(crate) async fn door(&self, queue: &str, chat: &ChatId) -> Result<Door, Refusal> {
        let now = self.ports.now();
        if !self.rules.is_open(now) {
            return Ok(Door::Shut(Unavailable::OutOfHours));
        }
        let board = Board::read(&self.ports, queue).await?;
        if !board.is_staffed(now, self.rules.settings.agent_lost) {
            return Ok(Door::Shut(Unavailable::NobodyOnline));
        }
        Ok(Door::Open(
            Line::new(&self.ports, queue, Lane::Regular)
                .draw(chat)
                .await?,
        ))
    }

    /// Lets what time has brought about happen in the chat, given who was seen when, and returns how it stands then;
    /// nothing where nothing happened. Losing a race against somebody else who does the same is fine.
    pub(crate) async fn settle_due(
        &self,
        id: &ChatId,
        chat: &Chat,
        seen: Evidence,
    ) -> Result<Option<Appended<Chat>>, Refusal> {
        match self.try_to_settle(id, chat, seen).await {
            // A writer has not finished, or died: whoever comes next sees to it, and meanwhile the chat can be read.
            Err(Refusal::Busy { .. }) => Ok(None),
            settled_or_failed => settled_or_failed,
        }
    }

    async fn try_to_settle(
        &self,
        id: &ChatId,
        chat: &Chat,
        seen: Evidence,
    ) -> Result<Option<Appended<Chat>>, Refusal> {
        let Some(due) = chat.due(seen, self.ports.now(), &self.rules.settings) else {
            return Ok(None);
        };
        let action = match (due, &chat.queue) {
            (Due::Requeue(why), Some(queue)) => {
                let ticket = Line::new(&self.ports, queue, Lane::Front).draw(id).await?;
                Action::Requeue { ticket, why, seen }
            }
            _ => Action::Tick(seen),
        };
        match self.append(id, &Actor::System, action).await? {
            // Somebody else may have seen to it first.
            Ok(appended) if appended.entries.is_empty() => Ok(None),
            Ok(appended) => {
                self.after(id, &appended).await?;
                Ok(Some(appended))
            }
            Err(_) => Ok(None),
        }
    }

    /// What has to follow some events: answers to forms don't outlive the chat.
    pub(crate) async fn after(
        &self,
        id: &ChatId,
        appended: &Appended<Chat>,
    ) -> Result<(), Refusal> {
        let closed = appended
            .entries
            .iter()
            .any(|entry| matches!(entry.event, Event::Closed { .. }));
        if closed {
            self.forget_forms(id, &appended.snapshot.state).await?;
        }
        Ok(())
    }

    /// Deletes the answers to the chat's forms.
    pub(crate) async fn forget_forms(&self, id: &ChatId, chat: &Chat) -> Result<(), Refusal> {
        for request in &chat.forms {
            self.ports.delete(&form_key(id, *request)).await?;
        }
        Ok(())
    }

    /// A refusal of the chat itself, for a client.
    pub(crate) fn refuse(
        &self,
        reject: Reject,
        snapshot: &Snapshot<Chat>,
        viewer: &Viewer,
    ) -> Refusal {
        let language = snapshot.state.language();
        Refusal::of_chat(reject, self.status(snapshot, viewer), |notice| {
            self.rules.notice(notice, language, &[])
        })
    }

    /// A conflict with the chat as it stands, for a client.
    pub(crate) fn conflict(
        &self,
        conflict: Conflict,
        snapshot: &Snapshot<Chat>,
        viewer: &Viewer,
    ) -> Refusal {
        Refusal::Conflict {
            conflict,
            status: Some(Box::new(self.status(snapshot, viewer))),
        }
    }

    /// How the chat stands for `viewer`.
    pub(crate) fn status(&self, snapshot: &Snapshot<Chat>, viewer: &Viewer) -> Status {
        view::status(
            &snapshot.state,
            &snapshot.presence,
            viewer,
            &self.rules,
            self.ports.now(),
        )
    }

    /// What `viewer` gets of `entries`.
    pub(crate) fn show(
        &self,
        id: &ChatId,
        chat: &Chat,
        viewer: &Viewer,
        entries: &[Entry<Event>],
    ) -> Vec<ShownEvent> {
        let show = |entry| view::show(entry, viewer, id, chat, &self.rules, &self.secrets.data);
        entries.iter().filter_map(show).collect()
    }
}

impl Caller {
    /// Refuses whoever may not even look at the chat: another chat's customer, and representatives it neither waits
    /// for nor is or was with.
    pub(crate) fn may_look(&self, id: &ChatId, chat: &Chat) -> Result<(), Refusal> {
        let allowed = match self {
            Self::Customer(own) => own == id && chat.phase != Phase::None,
            Self::Agent(agent) => {
                let serves = |queue: &str| agent.queues.iter().any(|served| served == queue);
                chat.agent
                    .as_ref()
                    .is_some_and(|assigned| assigned.id == agent.id)
                    || chat
                        .ticket
                        .as_ref()
                        .is_some_and(|ticket| serves(&ticket.queue))
                    || chat
                        .message
                        .as_ref()
                        .is_some_and(|ticket| serves(&ticket.queue))
            }
        };
        if allowed {
            Ok(())
        } else {
            Err(Refusal::Forbidden)
        }
    }

    /// Who acts, when this caller does.
    pub(crate) fn actor(&self) -> Actor {
        match self {
            Self::Customer(_) => Actor::CUSTOMER,
            Self::Agent(record) => Actor::Agent(agent_name(record)),
        }
    }

    /// Who was seen when, now that this caller is here.
    pub(crate) fn evidence(&self, chat: &Chat, presence: &Presence, now: Millis) -> Evidence {
        let mut seen = evidence(presence);
        match self {
            Self::Customer(_) => seen.customer_seen = now,
            Self::Agent(agent) if chat.is_assigned_to(&agent.id) => seen.agent_seen = now,
            Self::Agent(_) => {}
        }
        seen
    }

    /// Who looks, when this caller does.
    pub(crate) fn viewer(&self) -> Viewer {
        match self {
            Self::Customer(_) => Viewer::Customer,
            Self::Agent(record) => Viewer::Agent(record.id.clone()),
        }
    }
}

/// The representative of `record` as chats know one.
pub(crate) fn agent_name(record: &AgentRecord) -> AgentName {
    AgentName {
        id: record.id.clone(),
        name: record.name.clone(),
    }
}

/// Who was seen when.
pub(crate) fn evidence(presence: &Presence) -> Evidence {
    Evidence {
        customer_seen: presence.customer_seen,
        agent_seen: presence.agent_seen,
    }
}

/// Where the answer to the form `request` of a chat is kept until the chat closes.
pub(crate) fn form_key(chat: &ChatId, request: Seq) -> String {
    format!("c:{chat}:f:{request}")
}

/// Whether a sign of life is due that was last stored at `seen`.
pub(crate) fn is_stale(seen: Millis, now: Millis, sign_of_life: Millis) -> bool {
    now.saturating_sub(seen) >= sign_of_life
}

impl Action {
    fn set_door(&mut self, answer: Door) {
        if let Self::Option { door, .. } | Self::Text { door, .. } = self {
            *door = Some(answer);
        }
    }
}
