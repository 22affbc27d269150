//! A queue of waiting chats: tickets in the order they were drawn, and a board that says how it stands.
//!
//! Keys of the queue `general`: `q:general:n` the ticket counter, `q:general:t:{number}` a ticket, `q:general:hint`
//! where the line begins and ends, `q:general:board` the board. Chats that come back go to the lane
//! `q:general.front`, which is served first; messages left for later stand in the lane `q:general.messages`.
//!
//! A ticket is only a pointer: whether a chat waits, and who takes it, is settled by the chat's own journal.

mod board;

#[cfg(test)]
mod tests;

pub use board::{AgentRow, Board, Estimate, WaitingRow};

use std::ops::RangeInclusive;

use futures::future::join;
use serde::{Deserialize, Serialize};

use crate::{
    id::ChatId,
    journal::Timing,
    ports::{Millis, Ports, StoreError},
    stored,
    together::all,
};

/// How many tickets are read at once, and how many in a row must be missing before the line counts as ended.
const WINDOW: u64 = 32;

/// The most tickets of a lane that are counted: as many as a board has room for, and more than anybody waits behind.
pub(crate) const LONGEST_SCAN: usize = 512;

/// How long a ticket may be there before its chat points back at it, or a number before its ticket is there: longer
/// than any writer can be on its way, see [`Timing`].
pub const GRACE: Millis = 30_000;

/// A chat's place in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The queue.
    pub queue: String,
    /// Which lane of it.
    pub lane: Lane,
    /// The number drawn, from 1.
    pub number: u64,
}

/// A queue's lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lane {
    /// Chats that were with a representative already: served first.
    Front,
    /// Everybody else.
    Regular,
    /// Messages left for later: nobody waits there.
    Messages,
}

/// What stands at a ticket's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Drawn {
    chat: ChatId,
    at: Millis,
}

/// Where the tickets of a lane are to be found: a hint, which may be somewhat behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Hint {
    /// No ticket below this number is left.
    first: u64,
    /// A ticket at about this number was drawn.
    last: u64,
    /// Up to this number all had been drawn …
    drawn: u64,
    /// … by this time.
    drawn_by: Millis,
}

/// A ticket found by a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The ticket.
    pub ticket: Ticket,
    /// The chat it was drawn for.
    pub chat: ChatId,
    /// When it was drawn.
    pub drawn_at: Millis,
}

/// One lane of a queue on one store.
#[derive(Clone, Debug)]
pub struct Line<P> {
    ports: P,
    queue: String,
    lane: Lane,
}

impl<P: Ports> Line<P> {
    /// The lane `lane` of `queue`.
    pub fn new(ports: &P, queue: &str, lane: Lane) -> Self {
        Self {
            ports: ports.clone(),
            queue: queue.to_owned(),
            lane,
        }
    }

    /// Draws a ticket for `chat`, or says after how long to try again.
    pub async fn draw(&self, chat: &ChatId) -> Result<Ticket, DrawError> {
        let started = self.ports.now();
        let number = self.ports.reserve(&self.key("n"), 1).await?;
        let now = self.ports.now();
        if now.saturating_sub(started) > Timing::DEFAULT.fence {
            // The number may count as abandoned before the ticket is there.
            return Err(DrawError::TooLate {
                retry_after: Timing::DEFAULT.fence,
            });
        }
        let ticket_key = self.ticket_key(number);
        let drawn = Drawn {
            chat: chat.clone(),
            at: now,
        };
        // The hint only has to be near: how far it may be off is what a scan looks further.
        let hint = async {
            let mut hint: Hint = stored::get(&self.ports, &self.key("hint"))
                .await?
                .unwrap_or_default();
            hint.last = hint.last.max(number);
            stored::set(&self.ports, &self.key("hint"), &hint).await
        };
        let (ticket, hint) = join(stored::set(&self.ports, &ticket_key, &drawn), hint).await;
        ticket?;
        hint?;
        Ok(Ticket {
            queue: self.queue.clone(),
            lane: self.lane,
            number,
        })
    }

    /// The tickets there are, in order, at most 512, as many as a board has room for. What was abandoned long ago is passed over for good.
    pub async fn scan(&self) -> Result<Vec<Place>, StoreError> {
        let hint: Hint = stored::get(&self.ports, &self.key("hint"))
            .await?
            .unwrap_or_default();
        let mut places = Vec::new();
        let mut from = hint.first.max(1);
        loop {
            let before = places.len();
            self.look(from..=from + WINDOW - 1, &mut places).await?;
            from += WINDOW;
            if (places.len() == before && from > hint.last) || places.len() >= LONGEST_SCAN {
                break;
            }
        }
        places.truncate(LONGEST_SCAN);
        self.move_hint(hint, &places).await?;
        Ok(places)
    }

    async fn look(
        &self,
        numbers: RangeInclusive<u64>,
        places: &mut Vec<Place>,
    ) -> Result<(), StoreError> {
        let look = |number: u64| async move {
            let drawn: Option<Drawn> = stored::get(&self.ports, &self.ticket_key(number)).await?;
            Ok::<_, StoreError>(drawn.map(|drawn| Place {
                ticket: Ticket {
                    queue: self.queue.clone(),
                    lane: self.lane,
                    number,
                },
                chat: drawn.chat,
                drawn_at: drawn.at,
            }))
        };
        for place in all(numbers.map(look)).await {
            places.extend(place?);
        }
        Ok(())
    }

    /// Moves the beginning of the line up to the first ticket that is there, or to its end, as far as nobody can still
    /// be writing what lies before.
    async fn move_hint(&self, hint: Hint, places: &[Place]) -> Result<(), StoreError> {
        let now = self.ports.now();
        let begins_at = places.first().map_or(u64::MAX, |place| place.ticket.number);
        if begins_at <= hint.first || now.saturating_sub(hint.drawn_by) <= GRACE {
            return Ok(());
        }
        let first = begins_at.min(hint.drawn + 1).max(hint.first);
        let newest = places.last().map_or(0, |place| place.ticket.number);
        let last = hint.last.max(newest);
        if first == hint.first && last == hint.drawn {
            return Ok(());
        }
        let moved = Hint {
            first,
            last,
            drawn: last,
            drawn_by: now,
        };
        stored::set(&self.ports, &self.key("hint"), &moved).await
    }

    /// Takes a ticket out of the line.
    pub async fn remove(&self, number: u64) -> Result<(), StoreError> {
        self.ports.delete(&self.ticket_key(number)).await
    }

    fn key(&self, part: &str) -> String {
        let lane = match self.lane {
            Lane::Front => ".front",
            Lane::Regular => "",
            Lane::Messages => ".messages",
        };
        format!("q:{}{lane}:{part}", self.queue)
    }

    fn ticket_key(&self, number: u64) -> String {
        self.key(&format!("t:{number}"))
    }
}

/// Why no ticket was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DrawError {
    /// The store was too slow.
    TooLate {
        /// When it is worth trying again.
        retry_after: Millis,
    },
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for DrawError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
