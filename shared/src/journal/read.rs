use std::ops::RangeInclusive;

use futures::future::join;
use litemap::LiteMap;

use super::{Entry, Journal, Journaled, MAX_SPAN, Record, Seq, Snapshot, entries};
use crate::ports::{Ports, StoreError};
use crate::stored;
use crate::together::all;

/// The most events one reading returns, but for the rest of the record that crosses the limit.
const PAGE: Seq = 100;

/// No journal gets that long; a cursor from outside may be anything.
const LAST: Seq = Seq::MAX / 2;

/// The most keys that are read at once.
const CONCURRENT_READS: usize = 32;

/// What was found at the keys that were looked at: a record, or nothing.
pub(super) type Found<E> = LiteMap<Seq, Option<Record<E>>>;

/// What a reader finds after its cursor.
#[derive(Clone, Debug)]
pub struct Reading<S: Journaled> {
    /// The state at the end of the journal.
    pub snapshot: Snapshot<S>,
    /// The events after the cursor, in order, at most a page of them.
    pub entries: Vec<Entry<S::Event>>,
    /// Where the next reading goes on. Numbers in between that have no event are void.
    pub cursor: Seq,
    /// Whether the stored snapshot was behind, so that it is worth writing anew.
    pub behind: bool,
}

impl<P: Ports, S: Journaled> Journal<P, S> {
    /// The stored snapshot, which may be behind; the empty one where there is none.
    pub async fn snapshot(&self) -> Result<Snapshot<S>, StoreError> {
        let value = self.ports.get(&self.snapshot_key()).await?;
        // A snapshot of another version is as good as none: the records tell.
        Ok(value
            .and_then(|value| stored::decode(&value).ok())
            .unwrap_or_default())
    }

    /// The state at the end of the journal.
    pub async fn latest(&self) -> Result<Snapshot<S>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        self.follow(&mut snapshot, &mut Found::new()).await?;
        Ok(snapshot)
    }

    /// The events after `after`, and the state at the end.
    ///
    /// With a fresh snapshot this takes two reads, both at once, when there is nothing new, and one more for each
    /// new event, all at once.
    pub async fn read(&self, after: Seq) -> Result<Reading<S>, StoreError> {
        let after = after.min(LAST);
        let (snapshot, next) = join(self.snapshot(), self.record(after + 1)).await;
        let (mut snapshot, next) = (snapshot?, next?);
        let stored = snapshot.seq;
        let page_end = stored.min(after + PAGE);
        let mut found = Found::new();
        match next {
            Some(record) => {
                let end = after + record.length();
                found.insert(after + 1, Some(record));
                let (rest, probe) = join(
                    self.records(end + 1..=page_end),
                    self.record(stored.max(end) + 1),
                )
                .await;
                for (seq, record) in rest? {
                    found.insert(seq, record);
                }
                found.insert(stored.max(end) + 1, probe?);
            }
            // The cursor is inside a record, or the record was written between the two reads.
            None if stored > after => {
                let from = (after + 2).saturating_sub(MAX_SPAN.into()).max(1);
                found = self.records(from..=page_end).await?;
            }
            None => {
                found.insert(after + 1, None);
            }
        }
        if stored < after || found.values().any(Option::is_some) {
            self.follow(&mut snapshot, &mut found).await?;
        }
        let (entries, cursor) = page(&found, after);
        Ok(Reading {
            behind: snapshot.seq > stored,
            // Nobody is beyond the end but who made a cursor up.
            cursor: cursor.min(snapshot.seq),
            snapshot,
            entries,
        })
    }

    /// The events of the record that begins at `first`; none where no record does.
    pub async fn record_at(&self, first: Seq) -> Result<Vec<Entry<S::Event>>, StoreError> {
        let record = self.record(first).await?;
        Ok(record
            .map(|record| entries(first, record.at, record.events))
            .unwrap_or_default())
    }

    /// Folds into `snapshot` what comes after it, up to the first gap, reading what `found` doesn't have.
    pub(super) async fn follow(
        &self,
        snapshot: &mut Snapshot<S>,
        found: &mut Found<S::Event>,
    ) -> Result<(), StoreError> {
        let mut ahead = 1;
        loop {
            let next = snapshot.seq + 1;
            match found.get(&next) {
                Some(Some(record)) => {
                    snapshot.take(record.clone());
                }
                Some(None) => return Ok(()),
                None => {
                    for (seq, record) in self.records(next..=next + ahead - 1).await? {
                        found.insert(seq, record);
                    }
                    ahead = (ahead * 2).min(CONCURRENT_READS as Seq);
                }
            }
        }
    }

    /// What stands at the keys of `range`.
    pub(super) async fn records(
        &self,
        range: RangeInclusive<Seq>,
    ) -> Result<Found<S::Event>, StoreError> {
        let keys: Vec<Seq> = range.collect();
        let mut found = Found::new();
        for chunk in keys.chunks(CONCURRENT_READS) {
            let records = all(chunk.iter().map(|&seq| self.record(seq))).await;
            for (&seq, record) in chunk.iter().zip(records) {
                found.insert(seq, record?);
            }
        }
        Ok(found)
    }

    pub(super) async fn record(&self, seq: Seq) -> Result<Option<Record<S::Event>>, StoreError> {
        let key = self.record_key(seq);
        stored::get(&self.ports, &key).await
    }
}

/// The events after `after` among `found`, and the cursor behind them.
fn page<E: Clone>(found: &Found<E>, after: Seq) -> (Vec<Entry<E>>, Seq) {
    let around = found
        .iter()
        .filter(|&(&seq, _)| seq <= after)
        .filter_map(|(&seq, record)| Some((seq, record.as_ref()?)))
        .next_back()
        .filter(|(seq, record)| seq + record.length() > after + 1);
    let mut position = around.map_or(after, |(seq, _)| seq - 1);
    let mut events = Vec::new();
    while position.saturating_sub(after) < PAGE
        && let Some(Some(record)) = found.get(&(position + 1))
    {
        events.extend(
            entries(position + 1, record.at, record.events.clone())
                .into_iter()
                .filter(|e| e.seq > after),
        );
        position += record.length();
    }
    (events, position.max(after))
}
