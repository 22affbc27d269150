use alap_flow::{Language, Text};
use futures::future::join;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::team::{Member, Team, TeamRow};
use crate::{
    agent::{self, AgentRecord, TakenChat},
    chat::{Chat, Phase, view::From},
    id::ChatId,
    journal::{Seq, Snapshot},
    ports::{Millis, Ports},
    queue::{AgentRow, Board, GRACE, LONGEST_SCAN, Lane, Line, Place, Ticket, WaitingRow},
    refusal::Refusal,
    service::{Service, evidence, is_stale},
    together::all,
    verbs::poll::{MAX_WAIT, unread},
};

/// How old a board, or the look at the team, may be before the next desk that asks looks anew.
const BOARD_AGE: Millis = 2_000;

/// How many waiting chats are looked into for the board; of those behind them only the tickets are counted.
const ROWS: usize = 50;

const PAUSE: Millis = 1_000;

/// When a desk should ask again that doesn't hold its requests.
const POLL_AFTER: Millis = 2_000;

/// `GET /v1/desk?rev=R&wait=S`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OverviewRequest {
    /// What the desk knows already.
    pub rev: Option<String>,
    /// How long to hold the answer until something is new, in seconds.
    pub wait: u64,
}

/// Everything a desk shows beside the chats' events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overview {
    /// Names this state of affairs: what to send as `rev` next.
    pub rev: String,
    /// All queues there are, with what they are called.
    pub queues: Vec<QueueName>,
    /// The chats that wait, in the order they will be served.
    pub queue: Vec<QueueRow>,
    /// Messages that were left, the oldest first.
    pub messages: Vec<QueueRow>,
    /// The representative's own chats, in the order they were taken.
    pub mine: Vec<MineRow>,
    /// All representatives.
    pub agents: Vec<TeamRow>,
    /// The figures.
    pub stats: Stats,
    /// The server's time.
    pub now: Millis,
    /// When to ask again.
    pub poll_after_ms: Millis,
}

/// A queue as it is called.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueueName {
    /// The id.
    pub id: String,
    /// The name in every language.
    pub label: Text,
}

/// A chat that waits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueueRow {
    /// The chat.
    pub chat: ChatId,
    /// The queue.
    pub queue: String,
    /// Since when it waits.
    pub since: Millis,
    /// Whether it was with a representative before.
    pub front: bool,
    /// Whether the customer has gone; such a chat is passed over.
    pub gone: bool,
    /// The customer's language.
    pub language: Language,
    /// What it is about: the option's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What it is about, in the customer's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_label: Option<String>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A chat of the representative's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MineRow {
    /// The chat.
    pub chat: ChatId,
    /// The last sequence number, to know whether there is anything to fetch.
    pub seq: Seq,
    /// When it was taken.
    pub since: Millis,
    /// The customer's language.
    pub language: Language,
    /// What it is about: the option's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What it is about, in the customer's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_label: Option<String>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The contact number, with most digits hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Whether the organisation's own log-in vouches for name and number.
    pub verified: bool,
    /// How many of the customer's texts have not been seen.
    pub unread: usize,
    /// Whether the customer is typing.
    pub typing: bool,
    /// What, as far as it may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
    /// Whose turn it is.
    pub turn: From,
    /// Since when.
    pub turn_since: Millis,
    /// When the chat is closed unless the customer answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Millis>,
    /// Whether the customer has a form to answer.
    pub form_open: bool,
}

/// How busy it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Stats {
    /// Chats that wait in the queues this representative serves.
    pub waiting: usize,
    /// Since when the longest of them does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Millis>,
    /// Representatives online.
    pub online: usize,
    /// The whole team's day; for supervisors only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<Today>,
}

/// The whole team's day.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Today {
    /// Chats answered.
    pub chats: u64,
    /// Of these, how many within the target.
    pub in_target: u64,
    /// The target, in seconds.
    pub target_s: u64,
    /// How long customers waited on average, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_wait_s: Option<u64>,
    /// How long a chat took on average, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_handling_s: Option<u64>,
    /// Ratings given.
    pub ratings: u64,
    /// Their average in hundredths: 450 is 4.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_rating: Option<u64>,
}

impl<P: Ports> Service<P> {
    /// How the queues and the representative's own chats stand.
    pub async fn overview(
        &self,
        record: &AgentRecord,
        request: &OverviewRequest,
    ) -> Result<Overview, Refusal> {
        let deadline = self.ports.now() + request.wait.min(MAX_WAIT) * 1_000;
        loop {
            let overview = self.look(record).await?;
            let now = self.ports.now();
            if request.rev.as_ref() != Some(&overview.rev) || now >= deadline {
                return Ok(overview);
            }
            self.ports.sleep(PAUSE.min(deadline - now)).await;
        }
    }

    async fn look(&self, record: &AgentRecord) -> Result<Overview, Refusal> {
        let mine = self.own_chats(record).await?;
        let mut team = self.team(BOARD_AGE).await?;
        if !team.has_online(&record.id) {
            // Who has just come is there for customers at once.
            team = self.team(0).await?;
        }
        let boards = all(record.queues.iter().map(|queue| self.board(queue, &team))).await;
        let boards = boards.into_iter().collect::<Result<Vec<_>, _>>()?;
        let now = self.ports.now();
        let rows = |rows: fn(&Board) -> &Vec<WaitingRow>| {
            let mut rows: Vec<QueueRow> = boards
                .iter()
                .flat_map(rows)
                .map(|row| self.queue_row(row, now))
                .collect();
            rows.sort_by_key(|row| (!row.front, row.since));
            rows
        };
        let queue = rows(|board| &board.waiting);
        let stats = Stats {
            waiting: boards.iter().map(Board::waiting).sum(),
            waiting_since: queue.iter().map(|row| row.since).min(),
            online: team.members.iter().filter(|member| member.online).count(),
            today: record.supervisor.then(|| self.today(&team)),
        };
        let queues = self.rules.flow.queues.iter();
        let queues = queues.map(|(id, queue)| QueueName {
            id: id.clone(),
            label: queue.label.clone(),
        });
        let mut overview = Overview {
            queues: queues.collect(),
            rev: String::new(),
            messages: rows(|board| &board.messages),
            queue,
            mine,
            agents: team.rows(),
            stats,
            now: 0,
            poll_after_ms: POLL_AFTER,
        };
        let digest = Sha256::digest(serde_json::to_vec(&overview).unwrap_or_default());
        overview.rev = base16ct::lower::encode_string(
            digest.first_chunk::<8>().map_or(&[], <[u8; 8]>::as_slice),
        );
        overview.now = now;
        Ok(overview)
    }

    fn today(&self, team: &Team) -> Today {
        let figures = team.today();
        let average = |sum: u64, count: u64| sum.checked_div(count);
        Today {
            chats: figures.taken,
            in_target: figures.in_target,
            target_s: self.rules.settings.answer_target / 1_000,
            average_wait_s: average(figures.waited / 1_000, figures.taken),
            average_handling_s: average(figures.handling / 1_000, figures.ended),
            ratings: figures.ratings,
            average_rating: average(figures.scores * 100, figures.ratings),
        }
    }

    /// The representative's own chats, after whatever was due in them happened and those that ended were taken off
    /// the list.
    pub(super) async fn own_chats(&self, record: &AgentRecord) -> Result<Vec<MineRow>, Refusal> {
        let journal = agent::journal(&self.ports, &record.id);
        let mut snapshot = journal.latest().await?;
        let now = self.ports.now();
        if is_stale(
            snapshot.presence.seen,
            now,
            self.rules.settings.sign_of_life,
        ) {
            snapshot.presence.seen = now;
            // Written at once: whether customers can queue depends on it.
            journal.store_snapshot(&snapshot).await?;
        }
        let taken = snapshot.state.chats.clone();
        let rows = all(taken.iter().map(|taken| self.own_chat(record, taken))).await;
        let rows: Vec<Option<MineRow>> = rows.into_iter().collect::<Result<_, _>>()?;
        Ok(rows.into_iter().flatten().collect())
    }

    async fn own_chat(
        &self,
        record: &AgentRecord,
        taken: &TakenChat,
    ) -> Result<Option<MineRow>, Refusal> {
        let id = &taken.chat;
        let journal = self.journal(id);
        let mut found = journal.latest().await?;
        let now = self.ports.now();
        if found.state.is_assigned_to(&record.id) {
            // Whoever asks is there: that has to be known before anything is judged by their absence.
            if is_stale(
                found.presence.agent_seen,
                now,
                self.rules.settings.sign_of_life,
            ) {
                found.presence.agent_seen = now;
                journal.remember(&found);
            }
            let seen = evidence(&found.presence);
            if let Some(appended) = self.settle_due(id, &found.state, seen).await? {
                let presence = found.presence;
                found = Snapshot {
                    presence,
                    ..appended.snapshot
                };
            }
        }
        if found.state.is_assigned_to(&record.id) {
            return Ok(Some(self.mine_row(id, &found, now)));
        }
        // A chat that was put on the list a moment ago may be on its way, from a queue or from a colleague.
        let may_come = matches!(found.state.phase, Phase::Waiting | Phase::Talking);
        let on_its_way = may_come && now.saturating_sub(taken.at) < GRACE;
        if !on_its_way {
            // Whoever closed it may have died before this.
            if found.state.phase == Phase::Closed {
                self.forget_forms(id, &found.state).await?;
            }
            match self.release(record, id, &found.state).await {
                // The same on the list: the next look sees to it.
                Err(Refusal::Busy { .. }) => {}
                released_or_failed => released_or_failed?,
            }
        }
        Ok(None)
    }

    /// Takes a chat off the representative's list.
    pub(super) async fn release(
        &self,
        record: &AgentRecord,
        id: &ChatId,
        chat: &Chat,
    ) -> Result<(), Refusal> {
        let mine = chat
            .agent
            .as_ref()
            .is_some_and(|agent| agent.id == record.id);
        let closed = chat.closed.as_ref().filter(|_| mine);
        let handling = closed.map(|closed| closed.at.saturating_sub(chat.assigned_at));
        let day = self.rules.day(self.ports.now());
        let command = agent::Command::Release {
            chat: id.clone(),
            day,
            handling,
        };
        agent::journal::<P>(&self.ports, &record.id)
            .append(&command)
            .await?;
        Ok(())
    }

    fn mine_row(&self, id: &ChatId, found: &Snapshot<Chat>, now: Millis) -> MineRow {
        let Snapshot {
            seq,
            state: chat,
            presence,
        } = found;
        MineRow {
            chat: id.clone(),
            seq: *seq,
            since: chat.assigned_at,
            language: chat.language(),
            topic: chat.known.topic.clone(),
            topic_label: self.topic_label(chat.known.topic.as_deref(), chat.language()),
            name: chat.known.name.clone(),
            number: chat
                .known
                .number
                .as_ref()
                .map(|number| number.masked.clone()),
            verified: chat.known.verified,
            unread: unread(chat, presence),
            typing: presence.customer_typing > now,
            draft: presence.draft(*seq, now).map(str::to_owned),
            turn: if chat.turn.agent {
                From::Agent
            } else {
                From::Customer
            },
            turn_since: chat.turn.since,
            closes_at: chat.closes_at(&self.rules.settings),
            form_open: chat.form.is_some(),
        }
    }

    fn queue_row(&self, row: &WaitingRow, now: Millis) -> QueueRow {
        QueueRow {
            chat: row.chat.clone(),
            queue: row.ticket.queue.clone(),
            since: row.since,
            front: row.ticket.lane == Lane::Front,
            gone: row.ticket.lane != Lane::Messages
                && row.is_gone(now, self.rules.settings.customer_lost),
            language: row.language,
            topic: row.topic.clone(),
            topic_label: self.topic_label(row.topic.as_deref(), row.language),
            name: row.name.clone(),
        }
    }

    fn topic_label(&self, topic: Option<&str>, language: Language) -> Option<String> {
        self.rules.topic_label(topic?, language).map(str::to_owned)
    }

    /// The board of `queue`, written anew where it is old.
    async fn board(&self, queue: &str, team: &Team) -> Result<Board, Refusal> {
        let board = Board::read(&self.ports, queue).await?;
        let now = self.ports.now();
        let is_new = |member: &Member| !board.agents.iter().any(|row| row.id == member.id);
        if now.saturating_sub(board.at) < BOARD_AGE && !team.serving(queue).any(is_new) {
            return Ok(board);
        }
        let (waiting, messages) =
            join(self.waiting(queue), self.places(queue, Lane::Messages)).await;
        let (places, messages) = (waiting?, messages?);
        let (waiting, hidden) = self.rows(&places).await?;
        let (messages, _) = self.rows(&messages).await?;
        let agent_row = |member: &Member| AgentRow {
            id: member.id.clone(),
            name: member.name.clone(),
            chats: member.chats,
            most: member.most,
        };
        let of = |lane: Lane| -> Vec<u64> {
            let tickets = places.iter().map(|place| &place.ticket);
            let tickets = tickets.filter(|ticket| ticket.lane == lane);
            tickets
                .filter(|ticket| !hidden.contains(ticket))
                .map(|ticket| ticket.number)
                .collect()
        };
        let is_cut = |lane: Lane| {
            let places = places.iter().filter(|place| place.ticket.lane == lane);
            places.count() >= LONGEST_SCAN
        };
        let agents = team.serving(queue).map(agent_row).collect();
        let board = Board {
            at: now,
            front: of(Lane::Front),
            regular: of(Lane::Regular),
            more: [Lane::Front, Lane::Regular].into_iter().any(is_cut),
            waiting,
            messages,
            agents,
            handling: team.handling(queue),
        };
        board.write(&self.ports, queue).await?;
        Ok(board)
    }

    /// The tickets of those who wait in `queue`, in the order they will be served.
    pub(super) async fn waiting(&self, queue: &str) -> Result<Vec<Place>, Refusal> {
        let (front, regular) = join(
            self.places(queue, Lane::Front),
            self.places(queue, Lane::Regular),
        )
        .await;
        Ok([front?, regular?].concat())
    }

    async fn places(&self, queue: &str, lane: Lane) -> Result<Vec<Place>, Refusal> {
        Ok(Line::new(&self.ports, queue, lane).scan().await?)
    }

    /// What the first of `places` are about, and the tickets among them that mean nothing (any more).
    async fn rows(&self, places: &[Place]) -> Result<(Vec<WaitingRow>, Vec<Ticket>), Refusal> {
        let looked_at = places.iter().take(ROWS);
        let chats = all(looked_at.clone().map(|place| self.pointed_at(place))).await;
        let (mut rows, mut hidden) = (Vec::new(), Vec::new());
        for (place, found) in looked_at.zip(chats) {
            let Some(Snapshot {
                state: chat,
                presence,
                ..
            }) = found?
            else {
                hidden.push(place.ticket.clone());
                continue;
            };
            let messages = place.ticket.lane == Lane::Messages;
            rows.push(WaitingRow {
                chat: place.chat.clone(),
                ticket: place.ticket.clone(),
                since: if messages {
                    place.drawn_at
                } else {
                    chat.waiting_since
                },
                seen: if messages { 0 } else { presence.customer_seen },
                language: chat.language(),
                topic: chat.known.topic,
                name: chat.known.name,
            });
        }
        Ok((rows, hidden))
    }

    /// The chat a ticket is for, if it still is; a ticket that has long meant nothing is taken out.
    async fn pointed_at(&self, place: &Place) -> Result<Option<Snapshot<Chat>>, Refusal> {
        let journal = self.journal(&place.chat);
        let points_back = |chat: &Chat| {
            let ticket = if place.ticket.lane == Lane::Messages {
                &chat.message
            } else {
                &chat.ticket
            };
            ticket.as_ref() == Some(&place.ticket)
        };
        let found = journal.latest().await?;
        if points_back(&found.state) {
            let seen = evidence(&found.presence);
            return match self.settle_due(&place.chat, &found.state, seen).await? {
                Some(appended) if !points_back(&appended.snapshot.state) => Ok(None),
                _ => Ok(Some(found)),
            };
        }
        if self.ports.now().saturating_sub(place.drawn_at) > GRACE {
            let Ticket {
                queue,
                lane,
                number,
            } = &place.ticket;
            Line::new(&self.ports, queue, *lane).remove(*number).await?;
        }
        Ok(None)
    }
}
