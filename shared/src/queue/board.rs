#[cfg(test)]
mod tests;

use alap_flow::Language;
use serde::{Deserialize, Serialize};

use super::{Lane, Ticket};
use crate::{
    id::{AgentId, ChatId},
    ports::{Millis, Ports, StoreError},
    stored,
};

/// How a queue stands, written by whoever of the desk scanned it last: a waiting customer learns place and estimate
/// with one read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// When it was written.
    pub at: Millis,
    /// The tickets of those who come back, in order: they are served first.
    pub front: Vec<u64>,
    /// The tickets of everybody else who waits, in order.
    pub regular: Vec<u64>,
    /// Whether more wait than there is room for here.
    pub more: bool,
    /// The first of them, with what a representative wants to know.
    pub waiting: Vec<WaitingRow>,
    /// Messages left for later, the oldest first.
    pub messages: Vec<WaitingRow>,
    /// The representatives who serve this queue and are online.
    pub agents: Vec<AgentRow>,
    /// How long representatives take for a chat, on average; nothing while too few were served to say.
    pub handling: Option<Millis>,
}

/// A waiting chat as the desk sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRow {
    /// The chat.
    pub chat: ChatId,
    /// Its place.
    pub ticket: Ticket,
    /// Since when it waits, or when the message was left.
    pub since: Millis,
    /// When the customer was last seen.
    pub seen: Millis,
    /// The customer's language.
    pub language: Language,
    /// What it is about: the option's id.
    pub topic: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
}

/// A representative as the desk and the estimate see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRow {
    /// The id.
    pub id: AgentId,
    /// The name.
    pub name: String,
    /// Chats taken.
    pub chats: u64,
    /// Chats at most.
    pub most: u64,
}

/// What a waiting customer is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// The place in the queue, from 1; nothing while nobody can say.
    pub position: Option<u32>,
    /// The wait; nothing rather than a guess.
    pub wait: Option<Millis>,
}

impl Board {
    /// The board of `queue`; an empty one of long ago where there is none.
    pub async fn read(ports: &impl Ports, queue: &str) -> Result<Self, StoreError> {
        Ok(stored::get(ports, &key(queue)).await?.unwrap_or_default())
    }

    /// Puts the board up at `queue`.
    pub async fn write(&self, ports: &impl Ports, queue: &str) -> Result<(), StoreError> {
        stored::set(ports, &key(queue), self).await
    }

    /// Takes everything about `chat` off the board of `queue`, which may stay up for long when no desk is open.
    pub async fn forget(ports: &impl Ports, queue: &str, chat: &ChatId) -> Result<(), StoreError> {
        let mut board = Self::read(ports, queue).await?;
        let others = |row: &WaitingRow| row.chat != *chat;
        if board.waiting.iter().chain(&board.messages).all(others) {
            return Ok(());
        }
        for row in board.waiting.iter().filter(|row| !others(row)) {
            match row.ticket.lane {
                Lane::Front => board.front.retain(|&number| number != row.ticket.number),
                Lane::Regular => board.regular.retain(|&number| number != row.ticket.number),
                Lane::Messages => {}
            }
        }
        board.waiting.retain(others);
        board.messages.retain(others);
        board.write(ports, queue).await
    }

    /// Whether a representative of this queue has been at the desk within `lost` before `now`.
    pub fn is_staffed(&self, now: Millis, lost: Millis) -> bool {
        now.saturating_sub(self.at) < lost && !self.agents.is_empty()
    }

    /// How many wait, as far as there is room for them here.
    pub fn waiting(&self) -> usize {
        self.front.len() + self.regular.len()
    }

    /// Place and wait of `ticket` at `now`; both unknown where the board is older than `lost`, or too small.
    ///
    /// The wait is the number of chats that must end before it is this one's turn, spread over all chats that can be
    /// served at once, times the average handling time.
    pub fn estimate(&self, ticket: &Ticket, now: Millis, lost: Millis) -> Estimate {
        if now.saturating_sub(self.at) >= lost || (self.more && !self.has(ticket)) {
            return Estimate::default();
        }
        // Whoever drew after the board was written stands behind all that are on it.
        let before = |lane: &[u64]| {
            lane.iter()
                .filter(|&&number| number < ticket.number)
                .count()
        };
        let before = match ticket.lane {
            Lane::Front => before(&self.front),
            Lane::Regular | Lane::Messages => self.front.len() + before(&self.regular),
        };
        let position = before as u64 + 1;
        let capacity: u64 = self.agents.iter().map(|agent| agent.most).sum();
        let free: u64 = self
            .agents
            .iter()
            .map(|agent| agent.most.saturating_sub(agent.chats))
            .sum();
        let wait = match self.handling {
            _ if capacity == 0 => None,
            _ if position <= free => Some(0),
            Some(handling) => Some(handling.saturating_mul(position - free) / capacity),
            None => None,
        };
        Estimate {
            position: u32::try_from(position).ok(),
            wait,
        }
    }

    /// Whether a ticket drawn before `now - grace` should be on the board and is not: it got lost on the way.
    pub fn has_lost(&self, ticket: &Ticket, drawn_at: Millis, grace: Millis) -> bool {
        self.at > drawn_at.saturating_add(grace) && !self.more && !self.has(ticket)
    }

    fn has(&self, ticket: &Ticket) -> bool {
        let lane = match ticket.lane {
            Lane::Front => &self.front,
            Lane::Regular => &self.regular,
            Lane::Messages => return false,
        };
        lane.contains(&ticket.number)
    }
}

impl WaitingRow {
    /// Whether the customer has gone: not seen for `lost` before `now`.
    pub fn is_gone(&self, now: Millis, lost: Millis) -> bool {
        now.saturating_sub(self.seen.max(self.since)) >= lost
    }
}

fn key(queue: &str) -> String {
    format!("q:{queue}:board")
}
