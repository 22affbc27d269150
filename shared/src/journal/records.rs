//! The records of a journal as they stand in the store: what of the protocol is the same whatever a journal is about.

use std::ops::RangeInclusive;

use litemap::LiteMap;
use serde::{Serialize, de::DeserializeOwned};

use super::{Entry, MAX_SPAN, Record, Seq, Timing, entries};
use crate::{
    ports::{Millis, Ports, StoreError},
    stored::{self, Unreadable},
    together::all,
};

/// The most keys that are read at once.
const CONCURRENT_READS: usize = 32;

/// The most keys that are deleted at once.
const CONCURRENT_DELETES: usize = 32;

/// What was found at the keys that were looked at: a record, or nothing.
pub(super) type Found = LiteMap<Seq, Option<RawRecord>>;

/// Takes in the record that begins right after what was taken in before; returns the last sequence number it takes.
pub(super) type Take<'a> = dyn FnMut(&RawRecord) -> Result<Seq, Unreadable> + 'a;

/// A [`Record`] of which the events are not read yet.
#[derive(Debug)]
pub(super) struct RawRecord {
    /// See [`Record::at`].
    pub(super) at: Millis,
    span: u32,
    events: Vec<u8>,
}

impl RawRecord {
    fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let ((at, span), events) = stored::decode_first(bytes)?;
        Ok(Self {
            at,
            span,
            events: events.to_vec(),
        })
    }

    /// See [`Record::length`].
    pub(super) fn length(&self) -> Seq {
        self.span.max(1).into()
    }

    /// The events of the record that begins at `first`.
    pub(super) fn entries<E: DeserializeOwned>(
        &self,
        first: Seq,
    ) -> Result<Vec<Entry<E>>, Unreadable> {
        Ok(entries(first, self.at, stored::decode_rest(&self.events)?))
    }
}

/// Why a writer doesn't get on.
pub(super) enum Blocked {
    /// A writer before this one has not finished.
    Busy {
        /// When it is worth trying again.
        retry_after: Millis,
    },
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Blocked {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A writer's place in the order.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) first: Seq,
    pub(super) last: Seq,
    /// When its writer was about to reserve it.
    pub(super) reserved_at: Millis,
}

/// The records of one journal.
#[derive(Clone, Debug)]
pub(super) struct Records<P> {
    pub(super) ports: P,
    key: String,
    pub(super) timing: Timing,
}

impl<P: Ports> Records<P> {
    pub(super) fn new(ports: &P, key: String) -> Self {
        Self {
            ports: ports.clone(),
            key,
            timing: Timing::DEFAULT,
        }
    }

    /// Reserves `wanted` numbers behind the `genesis` that are the first record's.
    pub(super) async fn reserve(&self, genesis: u32, wanted: u32) -> Result<Slot, StoreError> {
        let reserved_at = self.ports.now();
        let key = format!("{}:n", self.key);
        let last = Seq::from(genesis) + self.ports.reserve(&key, wanted).await?;
        Ok(Slot {
            first: (last + 1).saturating_sub(wanted.into()),
            last,
            reserved_at,
        })
    }

    /// Takes in everything between `known` and `slot`.
    pub(super) async fn catch_up(
        &self,
        known: Seq,
        slot: Slot,
        take: &mut Take<'_>,
    ) -> Result<(), Blocked> {
        let mut known = known;
        loop {
            // What is not there was not there at this time. Answers may take long enough for it to come meanwhile.
            let looked_at = self.ports.now();
            let found = self.range(known + 1..=slot.first - 1).await?;
            while let Some(Some(record)) = found.get(&(known + 1)) {
                known = self.take_in(known + 1, record, take)?;
            }
            if known + 1 >= slot.first {
                return Ok(());
            }
            let hole = known + 1;
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
                return Err(Blocked::Busy {
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
            if self.get(hole).await?.is_some() {
                return Ok(());
            }
            pause = pause.saturating_mul(2);
        }
        Ok(())
    }

    /// Takes in what comes after `known`, up to the first gap, reading what `found` doesn't have.
    pub(super) async fn follow(
        &self,
        known: Seq,
        found: &mut Found,
        take: &mut Take<'_>,
    ) -> Result<(), StoreError> {
        let mut next = known + 1;
        let mut ahead = 1;
        loop {
            match found.get(&next) {
                Some(Some(record)) => next = self.take_in(next, record, take)? + 1,
                Some(None) => return Ok(()),
                None => {
                    for (seq, record) in self.range(next..=next + ahead - 1).await? {
                        found.insert(seq, record);
                    }
                    ahead = (ahead * 2).min(CONCURRENT_READS as Seq);
                }
            }
        }
    }

    fn take_in(
        &self,
        first: Seq,
        record: &RawRecord,
        take: &mut Take<'_>,
    ) -> Result<Seq, StoreError> {
        take(record).map_err(|error| self.unreadable(first, error))
    }

    pub(super) fn unreadable(&self, seq: Seq, error: Unreadable) -> StoreError {
        StoreError::unreadable(&self.record_key(seq), &error)
    }

    /// What a reader at `after` looks at, where `next` is what stands right behind it and the snapshot ends at `stored`:
    /// a page, and whether there is more.
    pub(super) async fn around(
        &self,
        after: Seq,
        next: Option<RawRecord>,
        stored: Seq,
        page_end: Seq,
    ) -> Result<Found, StoreError> {
        let mut found = Found::new();
        match next {
            Some(record) => {
                let end = after + record.length();
                found.insert(after + 1, Some(record));
                let probe = stored.max(end) + 1;
                let keys: Vec<Seq> = (end + 1..=page_end).chain([probe]).collect();
                self.look(&keys, &mut found).await?;
            }
            // The cursor is inside a record, or the record was written between the two reads.
            None if stored > after => {
                let from = (after + 2).saturating_sub(MAX_SPAN.into()).max(1);
                found = self.range(from..=page_end).await?;
            }
            None => {
                found.insert(after + 1, None);
            }
        }
        Ok(found)
    }

    /// What stands at the keys of `range`.
    pub(super) async fn range(&self, range: RangeInclusive<Seq>) -> Result<Found, StoreError> {
        let mut found = Found::new();
        self.look(&range.collect::<Vec<Seq>>(), &mut found).await?;
        Ok(found)
    }

    async fn look(&self, keys: &[Seq], found: &mut Found) -> Result<(), StoreError> {
        for chunk in keys.chunks(CONCURRENT_READS) {
            let records = all(chunk.iter().map(|&seq| self.get(seq))).await;
            for (&seq, record) in chunk.iter().zip(records) {
                found.insert(seq, record?);
            }
        }
        Ok(())
    }

    /// The record that begins at `seq`.
    pub(super) async fn get(&self, seq: Seq) -> Result<Option<RawRecord>, StoreError> {
        let bytes = self.ports.get(&self.record_key(seq)).await?;
        let record = bytes.map(|bytes| RawRecord::parse(&bytes)).transpose();
        record.map_err(|error| self.unreadable(seq, error))
    }

    /// Writes the record that begins at `seq`.
    pub(super) async fn put<E: Serialize>(
        &self,
        seq: Seq,
        record: &Record<E>,
    ) -> Result<(), StoreError> {
        self.ports
            .set(&self.record_key(seq), stored::encode(record))
            .await
    }

    /// Makes every slot of `slots` void.
    pub(super) async fn fill(
        &self,
        slots: RangeInclusive<Seq>,
        now: Millis,
    ) -> Result<(), StoreError> {
        for seq in slots {
            // No event of one kind is written like none of another.
            self.put(seq, &Record::<()>::void(now)).await?;
        }
        Ok(())
    }

    /// Makes a slot void behind the caller's back, where its writer has written nothing and won't: others need not
    /// wait for it until it counts as abandoned.
    pub(super) fn withdraw(&self, slot: Slot) {
        let records = self.clone();
        self.ports.later(Box::pin(async move {
            // If it fails it is a hole like any other.
            let now = records.ports.now();
            let _ = records.fill(slot.first..=slot.last, now).await;
        }));
    }

    /// How long ago a slot was reserved, at least.
    pub(super) fn age(&self, slot: Slot) -> Millis {
        self.ports.now().saturating_sub(slot.reserved_at)
    }

    /// What stands at the snapshot's key.
    pub(super) async fn snapshot(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.ports.get(&self.snapshot_key()).await
    }

    pub(super) async fn put_snapshot(&self, snapshot: Vec<u8>) -> Result<(), StoreError> {
        self.ports.set(&self.snapshot_key(), snapshot).await
    }

    /// Writes the snapshot after the answer.
    pub(super) fn remember(&self, snapshot: Vec<u8>) {
        let records = self.clone();
        self.ports.later(Box::pin(async move {
            // Nobody is left to tell, and nothing is lost: the records are there.
            let _ = records.put_snapshot(snapshot).await;
        }));
    }

    /// See [`super::Journal::erase`].
    pub(super) async fn erase(&self, last: Seq) -> Result<(), StoreError> {
        let keys: Vec<String> = (1..=last).map(|seq| self.record_key(seq)).collect();
        for chunk in keys.chunks(CONCURRENT_DELETES) {
            for done in all(chunk.iter().map(|key| self.ports.delete(key))).await {
                done?;
            }
        }
        self.ports.delete(&format!("{}:n", self.key)).await?;
        self.ports.delete(&self.snapshot_key()).await
    }

    fn snapshot_key(&self) -> String {
        format!("{}:s", self.key)
    }

    fn record_key(&self, first: Seq) -> String {
        format!("{}:e:{first}", self.key)
    }
}
