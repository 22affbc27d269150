//! A journal: everything that happened to one thing, in one order, on a store without transactions.
//!
//! Events carry sequence numbers 1, 2, 3 …; the state is the fold of the events. A chat is a journal, and so is a
//! representative's list of chats. An append takes a ticket instead of a lock; the steps are at [`Journal::append`].
//!
//! Keys of a journal `c:7f`: `c:7f:n` the slot counter, `c:7f:e:12` the record that begins at sequence number 12,
//! `c:7f:s` a snapshot. The snapshot is only a cache: one that is late, lost or behind is caught up from the records
//! after it. It is never ahead of them.

mod read;
mod timing;

#[cfg(test)]
pub(crate) mod simulation;
#[cfg(test)]
mod tests;

use std::{fmt::Debug, marker::PhantomData, ops::RangeInclusive};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use read::Found;
pub use read::Reading;
pub use timing::Timing;

use crate::{
    ports::{Millis, Ports, StoreError},
    stored,
    together::all,
};

/// The place of an event in its journal, from 1.
pub type Seq = u64;

/// The most sequence numbers one record may span: a command's own event and what follows from it at once.
pub const MAX_SPAN: u32 = 8;

/// The most keys that are deleted at once.
const CONCURRENT_DELETES: usize = 32;

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
    fn take(&mut self, record: Record<S::Event>) -> Vec<Entry<S::Event>> {
        let length = record.length();
        let entries = entries(self.seq + 1, record.at, record.events);
        for entry in &entries {
            self.state.fold(entry);
        }
        self.seq += length;
        entries
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
    ports: P,
    key: String,
    timing: Timing,
    keeps_snapshots: bool,
    subject: PhantomData<fn() -> S>,
}

impl<P: Clone, S> Clone for Journal<P, S> {
    fn clone(&self) -> Self {
        Self {
            ports: self.ports.clone(),
            key: self.key.clone(),
            timing: self.timing,
            keeps_snapshots: self.keeps_snapshots,
            subject: PhantomData,
        }
    }
}

impl<P: Ports, S: Journaled> Journal<P, S> {
    /// The journal whose keys begin with `key`. Nothing is read yet, and it need not exist.
    pub fn new(ports: &P, key: String) -> Self {
        Self {
            ports: ports.clone(),
            key,
            timing: Timing::DEFAULT,
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
            at: self.ports.now(),
            span: S::GENESIS,
            events,
        };
        self.write(1, &record).await?;
        let mut snapshot = Snapshot::default();
        let entries = snapshot.take(record);
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
        let mut wanted = match snapshot.state.decide(command, self.ports.now()) {
            Ok(events) if !events.is_empty() => span_of(&events),
            // The snapshot may be behind: only the end of the journal can refuse, or say that there is nothing to do.
            _ => {
                self.follow(&mut snapshot, &mut Found::new()).await?;
                match snapshot.state.decide(command, self.ports.now()) {
                    Ok(events) => span_of(&events),
                    Err(reject) => return Err(rejected(reject, snapshot)),
                }
            }
        };
        let mut tries = 0;
        while wanted > 0 {
            if tries == TRIES {
                return Err(AppendError::Busy {
                    retry_after: self.timing.patience,
                });
            }
            tries += 1;
            debug_assert!(wanted <= MAX_SPAN, "a cursor inside would not be found");
            let slot = self.reserve(wanted).await?;
            if slot.first <= snapshot.seq {
                return Err(AppendError::Gone);
            }
            if let Err(error) = self.catch_up(&mut snapshot, slot).await {
                if let AppendError::Store(_) = error {
                    self.withdraw(slot);
                }
                return Err(error);
            }

            let now = self.ports.now();
            let events = match snapshot.state.decide(command, now) {
                Ok(events) if !events.is_empty() && span_of(&events) <= wanted => events,
                outcome => {
                    self.fill(slot.first..=slot.last, now).await?;
                    snapshot.seq = slot.last;
                    match outcome {
                        Ok(events) => wanted = span_of(&events),
                        Err(reject) => return Err(rejected(reject, snapshot)),
                    }
                    continue;
                }
            };
            if now.saturating_sub(slot.reserved_at) > self.timing.fence {
                self.withdraw(slot);
                return Err(AppendError::Busy {
                    retry_after: self.timing.patience,
                });
            }
            let record = Record {
                at: now,
                span: wanted,
                events,
            };
            self.write(slot.first, &record).await?;
            if self.age(slot) > self.timing.fence + self.timing.write {
                return Err(StoreError("a write took longer than is safe".to_owned()).into());
            }
            let entries = snapshot.take(record);
            self.remember(&snapshot);
            return Ok(Appended { snapshot, entries });
        }
        Ok(Appended {
            snapshot,
            entries: Vec::new(),
        })
    }

    async fn reserve(&self, wanted: u32) -> Result<Slot, StoreError> {
        let reserved_at = self.ports.now();
        let reserved = self.ports.reserve(&self.counter_key(), wanted).await?;
        let last = Seq::from(S::GENESIS) + reserved;
        Ok(Slot {
            first: (last + 1).saturating_sub(wanted.into()),
            last,
            reserved_at,
        })
    }

    /// Folds everything before `slot` into `snapshot`.
    async fn catch_up(&self, snapshot: &mut Snapshot<S>, slot: Slot) -> Result<(), AppendError<S>> {
        loop {
            // What is not there was not there at this time. Answers may take long enough for it to come meanwhile.
            let looked_at = self.ports.now();
            let from = snapshot.seq + 1;
            let found = self.records(from..=slot.first - 1).await?;
            while let Some(Some(record)) = found.get(&(snapshot.seq + 1)) {
                snapshot.take(record.clone());
            }
            if snapshot.seq + 1 >= slot.first {
                return Ok(());
            }
            let hole = snapshot.seq + 1;
            let behind = found
                .iter()
                .filter(|&(&seq, _)| seq >= hole)
                .find_map(|(&seq, record)| Some((seq, record.as_ref()?)));
            // Whatever stands behind the hole was reserved after it, so the hole is older still.
            let known_for = behind.map_or(0, |(_, record)| looked_at.saturating_sub(record.at));
            if let Some((end, _)) = behind.filter(|_| known_for > self.timing.grace) {
                self.fill(hole..=end - 1, self.ports.now()).await?;
                continue;
            }
            if self.age(slot) > self.timing.patience {
                // A void record of our own says to the next writer since when the hole has been there.
                self.fill(slot.first..=slot.last, self.ports.now()).await?;
                let left = self.timing.grace.saturating_sub(known_for);
                return Err(AppendError::Busy {
                    retry_after: left.max(self.timing.patience),
                });
            }
            self.wait_for(hole, slot).await?;
        }
    }

    /// Waits until there is a record at `hole`, or patience ends. The further it is from the writer's own place the
    /// longer are the pauses: those in between come first.
    async fn wait_for(&self, hole: Seq, slot: Slot) -> Result<(), StoreError> {
        let mut pause = self.timing.first_pause.saturating_mul(slot.first - hole);
        while self.age(slot) <= self.timing.patience {
            self.ports.sleep(pause.min(self.timing.longest_pause)).await;
            if self.record(hole).await?.is_some() {
                return Ok(());
            }
            pause = pause.saturating_mul(2);
        }
        Ok(())
    }

    /// Writes the snapshot after the answer. It may get lost, or overwrite a newer one: it is a cache.
    pub fn remember(&self, snapshot: &Snapshot<S>) {
        if !self.keeps_snapshots {
            return;
        }
        let (journal, snapshot) = (self.clone(), snapshot.clone());
        self.ports.later(Box::pin(async move {
            // Nobody is left to tell, and nothing is lost: the records are there.
            let _ = journal.store_snapshot(&snapshot).await;
        }));
    }

    /// Writes the snapshot, for presence that somebody relies on.
    pub async fn store_snapshot(&self, snapshot: &Snapshot<S>) -> Result<(), StoreError> {
        let key = self.snapshot_key();
        stored::set(&self.ports, &key, snapshot).await
    }

    /// Removes everything there is of the journal up to `last`; the snapshot at the end, which tells whoever has to
    /// try again how much there was.
    pub async fn erase(&self, last: Seq) -> Result<(), StoreError> {
        let keys: Vec<String> = (1..=last).map(|seq| self.record_key(seq)).collect();
        for chunk in keys.chunks(CONCURRENT_DELETES) {
            for done in all(chunk.iter().map(|key| self.ports.delete(key))).await {
                done?;
            }
        }
        self.ports.delete(&self.counter_key()).await?;
        self.ports.delete(&self.snapshot_key()).await
    }

    /// Makes every slot of `slots` void.
    async fn fill(&self, slots: RangeInclusive<Seq>, now: Millis) -> Result<(), StoreError> {
        for seq in slots {
            self.write(seq, &Record::void(now)).await?;
        }
        Ok(())
    }

    /// Makes a slot void behind the caller's back, where its writer has written nothing and won't: others need not
    /// wait for it until it counts as abandoned.
    fn withdraw(&self, slot: Slot) {
        let journal = self.clone();
        self.ports.later(Box::pin(async move {
            // If it fails it is a hole like any other.
            let _ = journal
                .fill(slot.first..=slot.last, journal.ports.now())
                .await;
        }));
    }

    /// How long ago a slot was reserved, at least.
    fn age(&self, slot: Slot) -> Millis {
        self.ports.now().saturating_sub(slot.reserved_at)
    }

    async fn write(&self, first: Seq, record: &Record<S::Event>) -> Result<(), StoreError> {
        let key = self.record_key(first);
        stored::set(&self.ports, &key, record).await
    }

    fn counter_key(&self) -> String {
        format!("{}:n", self.key)
    }

    fn snapshot_key(&self) -> String {
        format!("{}:s", self.key)
    }

    fn record_key(&self, first: Seq) -> String {
        format!("{}:e:{first}", self.key)
    }
}

/// A writer's place in the order.
#[derive(Clone, Copy)]
struct Slot {
    first: Seq,
    last: Seq,
    /// When its writer was about to reserve it.
    reserved_at: Millis,
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
