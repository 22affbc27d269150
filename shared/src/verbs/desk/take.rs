use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use crate::{
    agent::{self, AgentRecord, Command},
    chat::{Action, Actor, Evidence, FormField, MAX_TEXT, Phase, QueuedAgain, Reject, Sent},
    contact_number::ContactNumber,
    id::{AgentId, ChatId},
    journal::AppendError,
    ports::Ports,
    queue::{Board, Lane, Line, Place, Ticket},
    refusal::{Conflict, Refusal},
    service::{Caller, Service, agent_name},
    verbs::{
        ChatAnswer,
        post::{PostRequest, Posted, checked_text, client_id, required},
    },
};

/// How many waiting chats are tried before the queue counts as empty: each may be taken by a colleague meanwhile.
const MOST_TRIED: usize = 20;

/// A chat that was taken: a [`ChatAnswer`] with the chat's id in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Which.
    pub chat: ChatId,
    /// What that brought about, and how it stands.
    pub answer: ChatAnswer,
}

// Written out: to flatten the answer would make serde write everything in it twice, in two ways.
impl Serialize for Taken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ChatAnswer {
            seq,
            events,
            cursor,
            status,
        } = &self.answer;
        let mut taken = serializer.serialize_map(None)?;
        taken.serialize_entry("chat", &self.chat)?;
        if let Some(seq) = seq {
            taken.serialize_entry("seq", seq)?;
        }
        taken.serialize_entry("events", events)?;
        if let Some(cursor) = cursor {
            taken.serialize_entry("cursor", cursor)?;
        }
        taken.serialize_entry("status", status)?;
        taken.end()
    }
}

/// `POST /v1/desk/chats/{chat}/transfer`: exactly one of the two.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TransferRequest {
    /// The queue to put it in.
    #[serde(default)]
    pub queue: Option<String>,
    /// The representative to give it to.
    #[serde(default)]
    pub agent: Option<AgentId>,
}

/// `POST /v1/desk/chats/{chat}/note`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NoteRequest {
    /// What to note.
    #[serde(default)]
    pub text: Option<String>,
    /// The client's own id for this request.
    #[serde(default)]
    pub client_id: Option<String>,
}

/// `POST /v1/desk/chats/{chat}/form`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct FormAsked {
    /// What to ask for.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The client's own id for this request.
    #[serde(default)]
    pub client_id: Option<String>,
}

/// `POST /v1/desk/chats/{chat}/number`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Number {
    /// The customer's contact number, in E.164.
    pub number: String,
}

impl<P: Ports> Service<P> {
    /// Takes the chat that has waited longest, of those whose customer is there.
    pub async fn next(&self, record: &AgentRecord) -> Result<Taken, Refusal> {
        let mut places = Vec::new();
        for queue in &record.queues {
            places.extend(self.waiting(queue).await?);
        }
        places.sort_by_key(|place: &Place| (place.ticket.lane, place.drawn_at));
        let lost = self.rules.settings.customer_lost;
        let mut tried = 0;
        for place in places {
            let found = self.journal(&place.chat).latest().await?;
            let seen = found.presence.customer_seen.max(found.state.waiting_since);
            let there = self.ports.now().saturating_sub(seen) < lost;
            if found.state.ticket.as_ref() != Some(&place.ticket) || !there {
                continue;
            }
            tried += 1;
            match self.claim(record, &place.chat).await {
                Err(Refusal::Conflict {
                    conflict: Conflict::AgentFull,
                    status,
                }) => {
                    return Err(Refusal::Conflict {
                        conflict: Conflict::AgentFull,
                        status,
                    });
                }
                Err(Refusal::Conflict { .. } | Refusal::Forbidden) if tried < MOST_TRIED => {}
                taken_or_failed => return taken_or_failed,
            }
        }
        Err(Refusal::conflict(Conflict::QueueEmpty))
    }

    /// Takes a certain chat. The chat's journal settles who of several gets it.
    pub async fn claim(&self, record: &AgentRecord, id: &ChatId) -> Result<Taken, Refusal> {
        let caller = Caller::Agent(record.clone());
        let found = self.journal(id).latest().await?;
        if let (Phase::Talking, Some(other)) = (found.state.phase, &found.state.agent)
            && other.id != record.id
            && found
                .state
                .queue
                .as_ref()
                .is_some_and(|queue| record.queues.contains(queue))
        {
            return Err(self.conflict(Conflict::AlreadyAssigned, &found, &caller.viewer()));
        }
        caller.may_look(id, &found.state)?;
        let list = agent::journal(&self.ports, &record.id);
        let take = Command::Take {
            chat: id.clone(),
            most: self.most(record),
        };
        let listed = match list.append(&take).await {
            Err(AppendError::Rejected { .. }) => {
                // Some of them may have ended without the desk having noticed.
                self.own_chats(record).await?;
                list.append(&take).await?
            }
            taken_or_failed => taken_or_failed?,
        };
        let listed = !listed.entries.is_empty();
        match self
            .append(id, &Actor::Agent(agent_name(record)), Action::Claim)
            .await?
        {
            Ok(appended) => {
                let state = &appended.snapshot.state;
                if let (false, Some(ticket)) = (appended.entries.is_empty(), &found.state.ticket) {
                    let waited = state.assigned_at.saturating_sub(state.waiting_since);
                    let in_target = waited <= self.rules.settings.answer_target;
                    let day = self.rules.day(state.assigned_at);
                    self.served_later(
                        record,
                        id,
                        ticket,
                        agent::Event::Served {
                            day,
                            waited,
                            in_target,
                        },
                    );
                }
                let seq = appended.entries.first().map(|entry| entry.seq);
                let viewer = caller.viewer();
                let events = self.show(id, state, &viewer, &appended.entries);
                let status = self.status(&appended.snapshot, &viewer);
                Ok(Taken {
                    chat: id.clone(),
                    answer: ChatAnswer {
                        seq,
                        events,
                        cursor: None,
                        status,
                    },
                })
            }
            Err((reject, snapshot)) => {
                if listed {
                    self.release(record, id, &snapshot.state).await?;
                }
                Err(self.refuse(reject, &snapshot, &caller.viewer()))
            }
        }
    }

    /// Takes the ticket out of the line and counts the chat, after the answer.
    fn served_later(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        ticket: &Ticket,
        served: agent::Event,
    ) {
        let line = Line::new(&self.ports, &ticket.queue, ticket.lane);
        let (ports, ticket, id) = (self.ports.clone(), ticket.clone(), id.clone());
        let list = agent::journal(&self.ports, &record.id);
        self.ports.later(Box::pin(async move {
            // A ticket left behind means nothing and is taken out by a later scan; the count is a figure.
            let _ = line.remove(ticket.number).await;
            // Whoever comes next is told the right place, also before a desk looks again.
            let _ = Board::forget(&ports, &ticket.queue, &id).await;
            let _ = list.append(&Command::Count(served)).await;
        }));
    }

    /// Hands a chat to a queue or to a colleague.
    pub async fn transfer(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        request: &TransferRequest,
    ) -> Result<ChatAnswer, Refusal> {
        match (&request.queue, &request.agent) {
            (Some(queue), None) => self.transfer_to_queue(record, id, queue).await,
            (None, Some(to)) => self.transfer_to_agent(record, id, to).await,
            _ => Err(Refusal::field(
                "queue",
                "exactly one of queue and agent is needed",
            )),
        }
    }

    async fn transfer_to_queue(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        queue: &str,
    ) -> Result<ChatAnswer, Refusal> {
        if !self.rules.flow.queues.contains_key(queue) {
            let queues: Vec<&str> = self.rules.flow.queues.keys().map(String::as_str).collect();
            return Err(Refusal::field(
                "queue",
                format!("there are the queues {}", queues.join(", ")),
            ));
        }
        let found = self.journal(id).latest().await?;
        let caller = Caller::Agent(record.clone());
        caller.may_look(id, &found.state)?;
        if !found.state.is_assigned_to(&record.id) {
            return Err(self.conflict(Conflict::NotAssigned, &found, &caller.viewer()));
        }
        let ticket = Line::new(&self.ports, queue, Lane::Front).draw(id).await?;
        let action = Action::Requeue {
            ticket,
            why: QueuedAgain::Transferred,
            seen: Evidence::default(),
        };
        self.hand_on(record, id, action).await
    }

    async fn transfer_to_agent(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        to: &AgentId,
    ) -> Result<ChatAnswer, Refusal> {
        let unknown = || Refusal::field("agent", "there is no such representative");
        let colleague = self.secrets.agents.by_id(to).ok_or_else(unknown)?.clone();
        let list = agent::journal::<P>(&self.ports, to);
        let seen = list.snapshot().await?.presence.seen;
        if self.ports.now().saturating_sub(seen) >= self.rules.settings.agent_lost {
            return Err(Refusal::field("agent", "this representative is not online"));
        }
        let found = self.journal(id).latest().await?;
        let caller = Caller::Agent(record.clone());
        caller.may_look(id, &found.state)?;
        if !found.state.is_assigned_to(&record.id) {
            return Err(self.conflict(Conflict::NotAssigned, &found, &caller.viewer()));
        }
        if to == &record.id {
            return Err(Refusal::field(
                "agent",
                "the chat is with this representative already",
            ));
        }
        list.append(&Command::Take {
            chat: id.clone(),
            most: self.most(&colleague),
        })
        .await?;
        let handed = self
            .hand_on(
                record,
                id,
                Action::TransferToAgent {
                    to: agent_name(&colleague),
                },
            )
            .await;
        if handed.is_err() {
            let now = self.journal(id).latest().await?;
            if !now.state.is_assigned_to(to) {
                self.release(&colleague, id, &now.state).await?;
            }
        }
        handed
    }

    async fn hand_on(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        action: Action,
    ) -> Result<ChatAnswer, Refusal> {
        let caller = Caller::Agent(record.clone());
        let viewer = caller.viewer();
        match self
            .append(id, &Actor::Agent(agent_name(record)), action)
            .await?
        {
            Ok(appended) => {
                // The chat is handed on; where this fails, the desk's next look does it.
                let _ = self.release(record, id, &appended.snapshot.state).await;
                let seq = appended.entries.first().map(|entry| entry.seq);
                let events = self.show(id, &appended.snapshot.state, &viewer, &appended.entries);
                Ok(ChatAnswer {
                    seq,
                    events,
                    cursor: None,
                    status: self.status(&appended.snapshot, &viewer),
                })
            }
            Err((reject, snapshot)) => Err(self.refuse(reject, &snapshot, &viewer)),
        }
    }

    /// Notes something for representatives.
    pub async fn note(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        request: &NoteRequest,
    ) -> Result<Posted, Refusal> {
        let text = checked_text("text", required("text", request.text.as_deref())?, MAX_TEXT)?;
        let sent = Some(self.desk_sent(request.client_id.as_deref(), "note", &text)?);
        let caller = Caller::Agent(record.clone());
        let found = self.journal(id).latest().await?;
        caller.may_look(id, &found.state)?;
        let action = Action::Note { text, sent };
        let by = Actor::Agent(agent_name(record));
        self.send_by(&by, &caller, id, &PostRequest::default(), action)
            .await
    }

    /// Asks the customer for details that prove who owns the account.
    pub async fn ask_form(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        request: &FormAsked,
    ) -> Result<Posted, Refusal> {
        let known = || crate::form::FIELDS.map(FormField::name).join(", ");
        let problem = || Refusal::field("fields", format!("one or more of {} are needed", known()));
        let mut fields = Vec::new();
        for name in &request.fields {
            let field = FormField::parse(name).ok_or_else(problem)?;
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        if fields.is_empty() {
            return Err(problem());
        }
        let names: Vec<&str> = request.fields.iter().map(String::as_str).collect();
        let sent = self.desk_sent(request.client_id.as_deref(), "form", &names.join(" "))?;
        let action = Action::AskForm { fields, sent };
        self.send_by(
            &Actor::Agent(agent_name(record)),
            &Caller::Agent(record.clone()),
            id,
            &PostRequest::default(),
            action,
        )
        .await
    }

    /// Shows the customer's contact number, and notes that it was.
    pub async fn number(&self, record: &AgentRecord, id: &ChatId) -> Result<Number, Refusal> {
        let caller = Caller::Agent(record.clone());
        let found = self.journal(id).latest().await?;
        caller.may_look(id, &found.state)?;
        let number = found
            .state
            .known
            .number
            .as_ref()
            .and_then(|number| self.secrets.data.open_text(id, &number.sealed));
        let number = number.and_then(|number| ContactNumber::parse(&number).ok());
        let Some(number) = number else {
            return Err(self.conflict(Conflict::NotAsked, &found, &caller.viewer()));
        };
        let text = self
            .rules
            .notice("number-shown", found.state.language(), &[]);
        // Noted first: what can't be noted is not shown.
        match self
            .append(
                id,
                &Actor::Agent(agent_name(record)),
                Action::Note { text, sent: None },
            )
            .await?
        {
            Ok(_) => Ok(Number {
                number: number.as_e164().to_owned(),
            }),
            Err((reject, snapshot)) => Err(self.refuse(reject, &snapshot, &caller.viewer())),
        }
    }

    /// Takes a message that was left off the list.
    pub async fn handle_message(
        &self,
        record: &AgentRecord,
        id: &ChatId,
    ) -> Result<ChatAnswer, Refusal> {
        let caller = Caller::Agent(record.clone());
        let viewer = caller.viewer();
        let found = self.journal(id).latest().await?;
        caller.may_look(id, &found.state)?;
        match self
            .append(id, &Actor::Agent(agent_name(record)), Action::HandleMessage)
            .await?
        {
            Ok(appended) => {
                if let Some(ticket) = &found.state.message {
                    // A ticket left behind means nothing and is taken out by a later scan.
                    let line = Line::new(&self.ports, &ticket.queue, ticket.lane);
                    let _ = line.remove(ticket.number).await;
                }
                let seq = appended.entries.first().map(|entry| entry.seq);
                let events = self.show(id, &appended.snapshot.state, &viewer, &appended.entries);
                Ok(ChatAnswer {
                    seq,
                    events,
                    cursor: None,
                    status: self.status(&appended.snapshot, &viewer),
                })
            }
            Err((reject @ Reject::NoChat, _)) => Err(self.refuse(reject, &found, &viewer)),
            Err((reject, snapshot)) => Err(self.refuse(reject, &snapshot, &viewer)),
        }
    }

    fn desk_sent(&self, id: Option<&str>, kind: &str, what: &str) -> Result<Sent, Refusal> {
        Ok(Sent {
            client_id: client_id(id)?,
            digest: self.digest(kind, &[Some(what)]),
        })
    }
}
