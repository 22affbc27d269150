use futures::future::join;

use super::{Entry, Found, Journal, Journaled, RawRecord, Seq, Snapshot};
use crate::{
    ports::{Ports, StoreError},
    stored,
};

/// The most events one reading returns, but for the rest of the record that crosses the limit.
const PAGE: Seq = 100;

/// No journal gets that long; a cursor from outside may be anything.
const LAST: Seq = Seq::MAX / 2;

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
        let value = self.records.snapshot().await?;
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
        let (snapshot, next) = join(self.snapshot(), self.records.get(after + 1)).await;
        let (mut snapshot, next) = (snapshot?, next?);
        let stored = snapshot.seq;
        let page_end = stored.min(after + PAGE);
        let mut found = self.records.around(after, next, stored, page_end).await?;
        if stored < after || found.values().any(Option::is_some) {
            self.follow(&mut snapshot, &mut found).await?;
        }
        let (page, cursor) = page(&found, after);
        let mut entries = Vec::new();
        for (first, record) in page {
            let of_record = self.entries(first, record)?;
            entries.extend(of_record.into_iter().filter(|entry| entry.seq > after));
        }
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
        match self.records.get(first).await? {
            Some(record) => self.entries(first, &record),
            None => Ok(Vec::new()),
        }
    }

    /// Folds into `snapshot` what comes after it, up to the first gap, reading what `found` doesn't have.
    pub(super) async fn follow(
        &self,
        snapshot: &mut Snapshot<S>,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let known = snapshot.seq;
        let mut take = |record: &RawRecord| snapshot.take(record);
        self.records.follow(known, found, &mut take).await
    }

    fn entries(&self, first: Seq, record: &RawRecord) -> Result<Vec<Entry<S::Event>>, StoreError> {
        let entries = record.entries(first);
        entries.map_err(|error| self.records.unreadable(first, error))
    }
}

/// The records among `found` that have events after `after`, with where each begins, and the cursor behind them.
fn page(found: &Found, after: Seq) -> (Vec<(Seq, &RawRecord)>, Seq) {
    let around = found
        .iter()
        .filter(|&(&seq, _)| seq <= after)
        .filter_map(|(&seq, record)| Some((seq, record.as_ref()?)))
        .next_back()
        .filter(|(seq, record)| seq + record.length() > after + 1);
    let mut position = around.map_or(after, |(seq, _)| seq - 1);
    let mut records = Vec::new();
    while position.saturating_sub(after) < PAGE
        && let Some(Some(record)) = found.get(&(position + 1))
    {
        records.push((position + 1, record));
        position += record.length();
    }
    (records, position.max(after))
}
