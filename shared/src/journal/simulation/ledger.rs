//! A small journal that stands for a chat: messages with ids, one holder at a time, an end.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use serde::{Deserialize, Serialize};

use super::flaws::{Bend, Flaw};
use crate::{
    journal::{Entry, Journaled},
    ports::Millis,
};

/// What became of the messages, who holds the ledger, whether it is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) opened: bool,
    pub(crate) seen: BTreeSet<u32>,
    pub(crate) holder: Option<u8>,
    pub(crate) closed_by: Option<u8>,
    /// So that a doubled, lost or reordered event shows in the state.
    pub(crate) events: u64,
    pub(crate) last_at: Millis,
}

/// Nobody is ever present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Nobody {}

/// What happened, and in which attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Happened {
    pub(crate) attempt: usize,
    pub(crate) what: What,
}

/// See [`Happened`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    Opened,
    /// The message with this id.
    Posted(u32),
    /// What follows from a message: the ledger's own answers.
    Answered(u32),
    Claimed(u8),
    Released(u8),
    Closed(u8),
}

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To post the message with this id, to which the ledger gives so many answers, and one more if it is held.
    Post { id: u32, answers: u8 },
    /// To be the holder.
    Claim(u8),
    /// Not to be the holder any more.
    Release(u8),
    /// To end it.
    Close(u8),
    /// To post what can always be posted.
    Probe { id: u32 },
}

/// A wish, tried once.
pub(crate) struct Attempt {
    /// Which one of all.
    number: usize,
    wish: Wish,
    bend: Rc<Bend>,
    /// What it was decided to lead to at first.
    decided: RefCell<Vec<Happened>>,
}

impl Attempt {
    pub(crate) fn new(number: usize, wish: Wish, bend: &Rc<Bend>) -> Self {
        Self {
            number,
            wish,
            bend: bend.clone(),
            decided: RefCell::default(),
        }
    }
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NotOpen,
    Closed,
    HeldBy(u8),
    NotHeld,
}

impl Journaled for Ledger {
    type Event = Happened;
    type Command = Attempt;
    type Reject = Refusal;
    type Presence = Nobody;

    const GENESIS: u32 = 2;

    fn fold(&mut self, entry: &Entry<Happened>) {
        self.events += 1;
        if entry.event.what != What::Opened {
            self.last_at = entry.at;
        }
        match entry.event.what {
            What::Opened => self.opened = true,
            What::Posted(id) => {
                self.seen.insert(id);
            }
            What::Answered(_) => {}
            What::Claimed(by) => self.holder = Some(by),
            What::Released(_) => self.holder = None,
            What::Closed(by) => self.closed_by = Some(by),
        }
    }

    fn decide(&self, attempt: &Attempt, _now: Millis) -> Result<Vec<Happened>, Refusal> {
        let decided = attempt.decided.borrow().clone();
        if attempt.bend.flaw == Flaw::DecidesOnce && !decided.is_empty() {
            return Ok(decided);
        }
        let follows = self.follows(attempt.wish, attempt.bend.flaw != Flaw::ForgetsIds);
        match follows {
            Ok(events) => {
                let events = events.into_iter().map(|what| Happened {
                    attempt: attempt.number,
                    what,
                });
                attempt.decided.replace(events.collect());
                Ok(attempt.decided.borrow().clone())
            }
            Err(refusal) => {
                attempt.bend.refused.replace(decided);
                Err(refusal)
            }
        }
    }
}

impl Ledger {
    fn follows(&self, wish: Wish, knows_ids: bool) -> Result<Vec<What>, Refusal> {
        if !self.opened {
            return Err(Refusal::NotOpen);
        }
        match wish {
            Wish::Post { id, .. } | Wish::Probe { id } if knows_ids && self.seen.contains(&id) => {
                Ok(Vec::new())
            }
            Wish::Probe { id } => Ok(vec![What::Posted(id)]),
            Wish::Claim(by) if self.holder == Some(by) => Ok(Vec::new()),
            Wish::Close(by) if self.closed_by == Some(by) => Ok(Vec::new()),
            _ if self.closed_by.is_some() => Err(Refusal::Closed),
            Wish::Post { id, answers } => {
                let answers = answers + u8::from(self.holder.is_some());
                let mut events = vec![What::Posted(id)];
                events.extend((0..answers).map(|_| What::Answered(id)));
                Ok(events)
            }
            Wish::Claim(by) => match self.holder {
                Some(holder) => Err(Refusal::HeldBy(holder)),
                None => Ok(vec![What::Claimed(by)]),
            },
            Wish::Release(by) if self.holder == Some(by) => Ok(vec![What::Released(by)]),
            Wish::Release(_) => Err(Refusal::NotHeld),
            Wish::Close(by) => Ok(vec![What::Closed(by)]),
        }
    }
}
