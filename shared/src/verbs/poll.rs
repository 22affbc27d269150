//! `GET /v1/chats/{chat}/events`: what is new, held back until something is; or the whole chat as text.

use super::ChatAnswer;
use crate::{
    chat::{Chat, Phase, Presence, view::Body},
    id::ChatId,
    journal::{Journal, Seq, Snapshot},
    ports::{Millis, Ports},
    queue::{self, Board, Lane, Line},
    refusal::Refusal,
    service::{Caller, Service, is_stale},
    transcript,
};

/// The longest a request is held, in seconds: proxies and mobile networks cut connections that are silent for 30.
pub const MAX_WAIT: u64 = 25;

/// How long to wait between two looks at the store while a request is held: as often as a person would notice.
const FIRST_PAUSE: Millis = 250;
const LONGEST_PAUSE: Millis = 1_000;

/// What a client asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PollRequest {
    /// Events after this one.
    pub after: Seq,
    /// How long to hold the answer until something is new, in seconds.
    pub wait: u64,
}

impl<P: Ports> Service<P> {
    /// What is new in a chat.
    pub async fn poll(
        &self,
        caller: &Caller,
        id: &ChatId,
        request: PollRequest,
    ) -> Result<ChatAnswer, Refusal> {
        let viewer = caller.viewer();
        let journal = self.journal(id);
        let deadline = self.ports.now() + request.wait.min(MAX_WAIT) * 1_000;
        let mut pause = FIRST_PAUSE;
        let mut seen_first = None;
        loop {
            let mut reading = journal.read(request.after).await?;
            let Snapshot {
                state, presence, ..
            } = &reading.snapshot;
            caller.may_look(id, state)?;
            // Whoever asks is there: nothing is judged by their absence.
            let seen = caller.evidence(state, presence, self.ports.now());
            if self.settle_due(id, state, seen).await?.is_some() {
                // Another thing may be due after this one, and all of it is news.
                continue;
            }
            let moved = self
                .leave_sign_of_life(caller, id, &mut reading.snapshot, reading.cursor)
                .await?;
            if moved || reading.behind {
                journal.remember(&reading.snapshot);
            }
            let mut events = self.show(id, &reading.snapshot.state, &viewer, &reading.entries);
            let now = self.ports.now();
            let status = self.status(&reading.snapshot, &viewer);
            let news = (
                status.phase,
                status.typing,
                status.position,
                status.agent.clone(),
            );
            let changed = *seen_first.get_or_insert_with(|| news.clone()) != news;
            if !events.is_empty() || changed || now >= deadline || status.phase == Phase::Closed {
                self.add_form_values(caller, id, &reading.snapshot.state, &mut events)
                    .await?;
                return Ok(ChatAnswer {
                    seq: None,
                    events,
                    cursor: Some(reading.cursor),
                    status,
                });
            }
            self.ports
                .sleep(pause.min(deadline.saturating_sub(now).max(1)))
                .await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Notes now and then that the caller is there, that a representative has the events up to `read`, and what a
    /// waiting customer learns from the board meanwhile. Says whether the snapshot is worth writing.
    async fn leave_sign_of_life(
        &self,
        caller: &Caller,
        id: &ChatId,
        snapshot: &mut Snapshot<Chat>,
        read: Seq,
    ) -> Result<bool, Refusal> {
        let now = self.ports.now();
        let Snapshot {
            state, presence, ..
        } = snapshot;
        match caller {
            Caller::Customer(_) => {
                let stale = presence.customer_seen < state.queued_at
                    || is_stale(
                        presence.customer_seen,
                        now,
                        self.rules.settings.sign_of_life,
                    );
                let (Phase::Waiting, Some(ticket)) = (state.phase, &state.ticket) else {
                    return Ok(false);
                };
                if !stale {
                    return Ok(false);
                }
                let lost = self.rules.settings.agent_lost;
                let board = Board::read(&self.ports, &ticket.queue).await?;
                if board.has_lost(ticket, state.queued_at, queue::GRACE) {
                    self.queue_again(id, &ticket.queue).await?;
                }
                let estimate = board.estimate(ticket, now, lost);
                (presence.position, presence.wait) = (estimate.position, estimate.wait);
                presence.customer_seen = now;
                Ok(true)
            }
            Caller::Agent(agent) if state.is_assigned_to(&agent.id) => {
                let stale = is_stale(presence.agent_seen, now, self.rules.settings.sign_of_life);
                let unread = state
                    .unread
                    .iter()
                    .any(|&seq| seq > presence.agent_read && seq <= read);
                if stale {
                    presence.agent_seen = now;
                }
                if unread {
                    presence.agent_read = read;
                }
                Ok(stale || unread)
            }
            Caller::Agent(_) => Ok(false),
        }
    }

    /// Gives a chat whose ticket got lost on the way a new one, at the front.
    async fn queue_again(&self, id: &ChatId, queue: &str) -> Result<(), Refusal> {
        use crate::chat::{Action, Actor, Evidence, QueuedAgain};
        let ticket = Line::new(&self.ports, queue, Lane::Front).draw(id).await?;
        let action = Action::Requeue {
            ticket,
            why: QueuedAgain::TicketLost,
            seen: Evidence::default(),
        };
        // Refused when somebody has taken the chat meanwhile, which is what this is for.
        let _ = self.append(id, &Actor::System, action).await?;
        Ok(())
    }

    /// Adds what the customer answered to forms, for the representative the chat is with and nobody else.
    pub(super) async fn add_form_values(
        &self,
        caller: &Caller,
        id: &ChatId,
        chat: &Chat,
        events: &mut [crate::chat::view::ShownEvent],
    ) -> Result<(), Refusal> {
        let Caller::Agent(agent) = caller else {
            return Ok(());
        };
        if !chat.is_assigned_to(&agent.id) {
            return Ok(());
        }
        for event in events {
            if let Body::FormAnswer {
                request, values, ..
            } = &mut event.body
            {
                *values = self.form_values(id, *request).await?;
            }
        }
        Ok(())
    }

    /// The whole chat as text, for whoever wants to keep it.
    pub async fn transcript(&self, caller: &Caller, id: &ChatId) -> Result<String, Refusal> {
        let journal: Journal<P, Chat> = self.journal(id);
        let viewer = caller.viewer();
        let mut events = Vec::new();
        let mut after = 0;
        loop {
            let reading = journal.read(after).await?;
            caller.may_look(id, &reading.snapshot.state)?;
            events.extend(self.show(id, &reading.snapshot.state, &viewer, &reading.entries));
            if reading.cursor == after || reading.cursor >= reading.snapshot.seq {
                return Ok(transcript::write(
                    &events,
                    &reading.snapshot.state,
                    &self.rules,
                ));
            }
            after = reading.cursor;
        }
    }
}

/// How many of the customer's texts the representative has not seen.
pub(super) fn unread(chat: &Chat, presence: &Presence) -> usize {
    chat.unread
        .iter()
        .filter(|&&seq| seq > presence.agent_read)
        .count()
}
