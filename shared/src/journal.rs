//! A journal: everything that happened to one thing, in one order, on a store without transactions.
//!
//! Events carry sequence numbers 1, 2, 3 …; the state is the fold of the events. A chat is a journal, and so is a
//! representative's list of chats. An append takes a ticket instead of a lock; the steps are at [`Journal::append`].
//!
//! Keys of a journal `c:7f`: `c:7f:n` the slot counter, `c:7f:e:12` the record that begins at sequence number 12,
//! `c:7f:s` a snapshot. The snapshot is only a cache: one that is late, lost or behind is caught up from the records
//! after it. It is never ahead of them.

mod read;
mod records;
mod timing;

#[cfg(test)]
pub(crate) mod simulation;
#[cfg(test)]
mod tests;

use std::{fmt::Debug, marker::PhantomData};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use read::Reading;
use records::{Blocked, Found, RawRecord, Records};
pub use timing::Timing;

use crate::{
    ports::{Millis, Ports, StoreError},
    stored::{self, Unreadable},
};

/// The place of an event in its journal, from 1.
pub type Seq = u64;

/// The most sequence numbers one record may span: a command's own event and what follows from it at once.
pub const MAX_SPAN: u32 = 8;

/// How often a command is decided anew because it turned out to need more sequence numbers than it had reserved.
const TRIES: usize = 4;

/// What a journal is about: a state, the events that change it and the commands that lead to events.
pub trait Journaled: Default + Clone + Debug + Serialize + DeserializeOwned + 'static {
    /// What happened.
    type Event: Clone + Debug + Serialize + DeserializeOwned;
    /// What somebody wants to happen.
    type Command;
    /// Why it may not happen.
    type Reject: Debug;
    /// What is worth knowing now and worth no event: who is typing, who was seen when. It travels with the snapshot
    /// and may be lost with it.
    type Presence: Default + Clone + Debug + Serialize + DeserializeOwned + 'static;

    /// Sequence numbers kept for the record a journal is created with; 0 where a journal begins empty.
    const GENESIS: u32;

    /// Forgets what was worth knowing only until something happened.
    fn outdate(_presence: &mut Self::Presence) {}

    /// Takes in an event.
    fn fold(&mut self, entry: &Entry<Self::Event>);

    /// What follows from `command` at the time `now`: at most [`MAX_SPAN`] events, or the reason why not. No events
    /// means that there is nothing to do.
    fn decide(
        &self,
        command: &Self::Command,
        now: Millis,
    ) -> Result<Vec<Self::Event>, Self::Reject>;
}

/// An event in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<E> {
    /// Its sequence number.
    pub seq: Seq,
    /// When its writer decided it.
    pub at: Millis,
    /// What happened.
    pub event: E,
}

/// What stands at one key of a journal: the events of one command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Record<E> {
    /// When it was decided. Its slot was reserved before that, and so were all slots before its own.
    at: Millis,
    /// How many sequence numbers it takes, which may be more than it has events. A record without any is void.
    span: u32,
    events: Vec<E>,
}

impl<E> Record<E> {
    /// A void record takes one number. Whoever fills a slot of several, its owner or somebody else, writes as many,
    /// so that one who fills it again never hides or opens a gap.
    fn void(at: Millis) -> Self {
        Self {
            at,
            span: 1,
            events: Vec::new(),
        }
    }

    /// How many sequence numbers it takes; never 0, so that whoever follows a journal gets on.
    fn length(&self) -> Seq {
        self.span.max(1).into()
    }
}

/// The state after `seq`, and who is present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Snapshot<S: Journaled> {
    /// The last sequence number that is folded into the state; 0 where there is nothing yet.
    pub seq: Seq,
    /// The fold of all events up to `seq`.
    pub state: S,
    /// See [`Journaled::Presence`].
    pub presence: S::Presence,
}

impl<S: Journaled> Default for Snapshot<S> {
    fn default() -> Self {
        Self {
            seq: 0,
            state: S::default(),
            presence: S::Presence::default(),
        }
    }
}

impl<S: Journaled> Snapshot<S> {
    /// Folds the record that begins right after `self.seq`; what it held is returned in order.
    fn fold(&mut self, record: Record<S::Event>) -> Vec<Entry<S::Event>> {
        let length = record.length();
        let entries = entries(self.seq + 1, record.at, record.events);
        for entry in &entries {
            self.state.fold(entry);
        }
        self.seq += length;
        entries
    }

    /// The same for a record as it stands in the store; returns the last sequence number it takes.
    fn take(&mut self, record: &RawRecord) -> Result<Seq, Unreadable> {
        for entry in record.entries::<S::Event>(self.seq + 1)? {
            self.state.fold(&entry);
        }
        self.seq += record.length();
        Ok(self.seq)
    }
}

fn entries<E>(first: Seq, at: Millis, events: Vec<E>) -> Vec<Entry<E>> {
    (first..)
        .zip(events)
        .map(|(seq, event)| Entry { seq, at, event })
        .collect()
}

/// What an append leaves behind.
#[derive(Clone, Debug)]
pub struct Appended<S: Journaled> {
    /// The state with the command's events in it.
    pub snapshot: Snapshot<S>,
    /// The command's own events, in order; none where there was nothing to do.
    pub entries: Vec<Entry<S::Event>>,
}

/// Why nothing was appended.
#[derive(Debug)]
pub enum AppendError<S: Journaled> {
    /// The state forbids the command. The state that did is with it.
    Rejected {
        /// Why.
        reject: S::Reject,
        /// What the command met.
        snapshot: Box<Snapshot<S>>,
    },
    /// A writer before this one has not finished; it may have died. The same command may be sent again.
    Busy {
        /// When it is worth trying again.
        retry_after: Millis,
    },
    /// The journal was erased while the command was on its way.
    Gone,
    /// The store failed. Whether the command took effect is unknown; the same command may be sent again.
    Store(StoreError),
}

impl<S: Journaled> From<StoreError> for AppendError<S> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// One journal on one store.
#[derive(Debug)]
pub struct Journal<P, S> {
    records: Records<P>,
    keeps_snapshots: bool,
    subject: PhantomData<fn() -> S>,
}

impl<P: Clone, S> Clone for Journal<P, S> {
    fn clone(&self) -> Self {
        Self {
            records: self.records.clone(),
            keeps_snapshots: self.keeps_snapshots,
            subject: PhantomData,
        }
    }
}

impl<P: Ports, S: Journaled> Journal<P, S> {
    /// The journal whose keys begin with `key`. Nothing is read yet, and it need not exist.
    pub fn new(ports: &P, key: String) -> Self {
        Self {
            records: Records::new(ports, key),
            keeps_snapshots: true,
            subject: PhantomData,
        }
    }

    /// The same journal, to which nothing is written behind a caller's back: for its last event before it is erased,
    /// which a snapshot on its way would outlive.
    #[must_use]
    pub fn without_snapshots(mut self) -> Self {
        self.keeps_snapshots = false;
        self
    }

    /// Begins a journal with its first events. Creating the same journal twice with the same events is harmless.
    pub async fn create(&self, events: Vec<S::Event>) -> Result<Appended<S>, StoreError> {
        debug_assert!(
            span_of(&events) <= S::GENESIS,
            "more than what is kept free"
        );
        let record = Record {
            at: self.now(),
            span: S::GENESIS,
            events,
        };
        self.records.put(1, &record).await?;
        let mut snapshot = Snapshot::default();
        let entries = snapshot.fold(record);
        self.remember(&snapshot);
        Ok(Appended { snapshot, entries })
    }

    /// Appends what follows from `command`, and returns once it is durable.
    ///
    /// 1. Load the snapshot and decide: what is refused here costs no slot.
    /// 2. Reserve a slot: it is this writer's alone, and its number is its place in the order of everything.
    /// 3. Catch up with all that has a place before it, waiting for those who are still writing.
    /// 4. Decide again on what is now known to be the state at this place. What no longer holds leaves a void
    ///    record, so that no hole stays.
    /// 5. Write the record. From here on the command has happened.
    /// 6. Write the snapshot, behind the caller's back.
    ///
    /// A writer that dies between 2 and 5 leaves a hole, at which readers stop. A later writer fills it with a void
    /// record once its owner can no longer be writing: see [`Timing`].
    pub async fn append(&self, command: &S::Command) -> Result<Appended<S>, AppendError<S>> {
        let mut snapshot = self.snapshot().await?;
        let mut wanted = match snapshot.state.decide(command, self.now()) {
            Ok(events) if !events.is_empty() => span_of(&events),
            // The snapshot may be behind: only the end of the journal can refuse, or say that there is nothing to do.
            _ => {
                self.follow(&mut snapshot, &mut Found::new()).await?;
                match snapshot.state.decide(command, self.now()) {
                    Ok(events) => span_of(&events),
                    Err(reject) => return Err(rejected(reject, snapshot)),
                }
            }
        };
        let mut tries = 0;
        while wanted > 0 {
            if tries == TRIES {
                return Err(AppendError::Busy {
                    retry_after: self.records.timing.patience,
                });
            }
            tries += 1;
            debug_assert!(wanted <= MAX_SPAN, "a cursor inside would not be found");
            let slot = self.records.reserve(S::GENESIS, wanted).await?;
            if slot.first <= snapshot.seq {
                return Err(AppendError::Gone);
            }
            let known = snapshot.seq;
            let mut take = |record: &RawRecord| snapshot.take(record);
            match self.records.catch_up(known, slot, &mut take).await {
                Ok(()) => {}
                Err(Blocked::Busy { retry_after }) => {
                    return Err(AppendError::Busy { retry_after });
                }
                Err(Blocked::Store(error)) => {
                    self.records.withdraw(slot);
                    return Err(error.into());
                }
            }

            let now = self.now();
            let events = match snapshot.state.decide(command, now) {
                Ok(events) if !events.is_empty() && span_of(&events) <= wanted => events,
                outcome => {
                    self.records.fill(slot.first..=slot.last, now).await?;
                    snapshot.seq = slot.last;
                    match outcome {
                        Ok(events) => wanted = span_of(&events),
                        Err(reject) => return Err(rejected(reject, snapshot)),
                    }
                    continue;
                }
            };
            if now.saturating_sub(slot.reserved_at) > self.records.timing.fence {
                self.records.withdraw(slot);
                return Err(AppendError::Busy {
                    retry_after: self.records.timing.patience,
                });
            }
            let record = Record {
                at: now,
                span: wanted,
                events,
            };
            self.records.put(slot.first, &record).await?;
            if self.records.age(slot) > self.records.timing.fence + self.records.timing.write {
                return Err(StoreError("a write took longer than is safe".to_owned()).into());
            }
            let entries = snapshot.fold(record);
            S::outdate(&mut snapshot.presence);
            self.remember(&snapshot);
            return Ok(Appended { snapshot, entries });
        }
        Ok(Appended {
            snapshot,
            entries: Vec::new(),
        })
    }

    /// Writes the snapshot after the answer. It may get lost, or overwrite a newer one: it is a cache.
    pub fn remember(&self, snapshot: &Snapshot<S>) {
        if self.keeps_snapshots {
            self.records.remember(stored::encode(snapshot));
        }
    }

    /// Writes the snapshot, for presence that somebody relies on.
    pub async fn store_snapshot(&self, snapshot: &Snapshot<S>) -> Result<(), StoreError> {
        self.records.put_snapshot(stored::encode(snapshot)).await
    }

    /// Removes everything there is of the journal up to `last`; the snapshot at the end, which tells whoever has to
    /// try again how much there was.
    pub async fn erase(&self, last: Seq) -> Result<(), StoreError> {
        self.records.erase(last).await
    }

    fn now(&self) -> Millis {
        self.records.ports.now()
    }
}

fn span_of<E>(events: &[E]) -> u32 {
    u32::try_from(events.len()).unwrap_or(u32::MAX)
}

fn rejected<S: Journaled>(reject: S::Reject, snapshot: Snapshot<S>) -> AppendError<S> {
    AppendError::Rejected {
        reject,
        snapshot: Box::new(snapshot),
    }
}
