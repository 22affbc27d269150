//! A representative's list of chats, a journal of its own, so that the limit of chats holds whatever happens at once;
//! and the figures a supervisor wants to see.
//!
//! A chat is put on the list before it is assigned and taken off after it ended, so that no chat is ever assigned to
//! somebody who doesn't know. What stands on the list without being assigned is taken off by the desk.

mod access_key;

#[cfg(test)]
mod tests;

pub use access_key::{AccessKey, AgentRecord, AgentRecords, RecordError};

use serde::{Deserialize, Serialize};

use crate::{
    id::{AgentId, ChatId},
    journal::{Entry, Journal, Journaled},
    ports::{Millis, Ports},
};

/// The list of one representative: the fold of [`Event`]s.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The chats taken and not ended, in the order they were taken.
    pub chats: Vec<TakenChat>,
    /// The day `today` is about, in days since the Unix epoch, in the organisation's time.
    pub day: u64,
    /// The figures of that day.
    pub today: Figures,
    /// How long a chat takes, as a moving average in which the newest counts for a tenth.
    pub handling: Millis,
    /// How many chats that average is made of.
    pub handled: u64,
}

/// A chat on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenChat {
    /// Which.
    pub chat: ChatId,
    /// When it was taken.
    pub at: Millis,
}

/// Sums over a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Chats taken from a queue.
    pub taken: u64,
    /// Of these, how many had waited no longer than the target.
    pub in_target: u64,
    /// How long they had waited, in all.
    pub waited: Millis,
    /// Chats ended.
    pub ended: u64,
    /// How long they took, in all.
    pub handling: Millis,
    /// Ratings.
    pub ratings: u64,
    /// Their scores, in all.
    pub scores: u64,
}

/// What happened to the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A chat was put on it.
    Taken {
        /// Which.
        chat: ChatId,
    },
    /// A chat taken from a queue was assigned.
    Served {
        /// The day it is counted for.
        day: u64,
        /// How long the customer had waited.
        waited: Millis,
        /// Whether that was within the target.
        in_target: bool,
    },
    /// A chat was taken off.
    Released {
        /// Which.
        chat: ChatId,
        /// The day it is counted for.
        day: u64,
        /// How long it took; nothing where it was handed on, or never came to be.
        handling: Option<Millis>,
    },
    /// A customer rated the service.
    Rated {
        /// The day it is counted for.
        day: u64,
        /// 1 to 5.
        score: u8,
    },
}

/// What is to happen to the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Put a chat on it.
    Take {
        /// Which.
        chat: ChatId,
        /// How many it may have with that.
        most: u64,
    },
    /// Take a chat off.
    Release {
        /// Which.
        chat: ChatId,
        /// The day it is counted for.
        day: u64,
        /// How long it took, if it ended with this representative.
        handling: Option<Millis>,
    },
    /// Count something that has happened.
    Count(Event),
}

/// Why a chat can't be put on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reject {
    /// It has as many as it may.
    Full {
        /// How many that is.
        most: u64,
    },
}

/// When the representative was last at the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// In milliseconds since the Unix epoch.
    pub seen: Millis,
}

impl Agent {
    /// Whether `chat` is on the list.
    pub fn has(&self, chat: &ChatId) -> bool {
        self.chats.iter().any(|taken| taken.chat == *chat)
    }

    /// The figures of `day`; those of another day are over.
    pub fn figures(&self, day: u64) -> Figures {
        if self.day == day {
            self.today
        } else {
            Figures::default()
        }
    }

    fn on(&mut self, day: u64) -> &mut Figures {
        if self.day != day {
            self.day = day;
            self.today = Figures::default();
        }
        &mut self.today
    }
}

impl Journaled for Agent {
    type Event = Event;
    type Command = Command;
    type Reject = Reject;
    type Presence = Presence;

    const GENESIS: u32 = 0;

    fn fold(&mut self, entry: &Entry<Event>) {
        match &entry.event {
            Event::Taken { chat } => self.chats.push(TakenChat {
                chat: chat.clone(),
                at: entry.at,
            }),
            Event::Served {
                day,
                waited,
                in_target,
            } => {
                let figures = self.on(*day);
                figures.taken += 1;
                figures.waited += waited;
                figures.in_target += u64::from(*in_target);
            }
            Event::Released {
                chat,
                day,
                handling,
            } => {
                self.chats.retain(|taken| taken.chat != *chat);
                if let Some(handling) = *handling {
                    let figures = self.on(*day);
                    figures.ended += 1;
                    figures.handling += handling;
                    self.handling = if self.handled == 0 {
                        handling
                    } else {
                        (self.handling * 9 + handling) / 10
                    };
                    self.handled += 1;
                }
            }
            Event::Rated { day, score } => {
                let figures = self.on(*day);
                figures.ratings += 1;
                figures.scores += u64::from(*score);
            }
        }
    }

    fn decide(&self, command: &Command, _now: Millis) -> Result<Vec<Event>, Reject> {
        match command {
            Command::Take { chat, .. } if self.has(chat) => Ok(Vec::new()),
            Command::Take { most, .. } if self.chats.len() as u64 >= *most => {
                Err(Reject::Full { most: *most })
            }
            Command::Take { chat, .. } => Ok(vec![Event::Taken { chat: chat.clone() }]),
            Command::Release {
                chat,
                day,
                handling,
            } if self.has(chat) => Ok(vec![Event::Released {
                chat: chat.clone(),
                day: *day,
                handling: *handling,
            }]),
            Command::Release { .. } => Ok(Vec::new()),
            Command::Count(event) => Ok(vec![event.clone()]),
        }
    }
}

/// The journal of the representative `id`.
pub fn journal<P: Ports>(ports: &P, id: &AgentId) -> Journal<P, Agent> {
    Journal::new(ports, format!("a:{id}"))
}

impl std::ops::Add for Figures {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            taken: self.taken + other.taken,
            in_target: self.in_target + other.in_target,
            waited: self.waited + other.waited,
            ended: self.ended + other.ended,
            handling: self.handling + other.handling,
            ratings: self.ratings + other.ratings,
            scores: self.scores + other.scores,
        }
    }
}
