//! Watches a journal in the store: what may change there and what a snapshot may say.

use std::{
    cell::{Ref, RefCell},
    collections::BTreeMap,
};

use super::{
    Broken, Invariant,
    world::{Change, Watch},
};
use crate::{
    journal::{Entry, Journaled, Record, Seq, Snapshot, entries},
    stored,
};

/// All records of one journal, as they were first written.
pub(crate) struct JournalWatch<S: Journaled> {
    record_prefix: String,
    snapshot_key: String,
    records: RefCell<BTreeMap<Seq, Record<S::Event>>>,
}

impl<S: Journaled + PartialEq> JournalWatch<S>
where
    S::Event: PartialEq,
{
    /// Watches the journal whose keys begin with `key`.
    pub(crate) fn new(key: &str) -> Self {
        Self {
            record_prefix: format!("{key}:e:"),
            snapshot_key: format!("{key}:s"),
            records: RefCell::default(),
        }
    }

    /// The state after `seq` that follows from the records alone; nothing where records are missing, or one of them
    /// goes beyond `seq`.
    pub(crate) fn state_at(&self, seq: Seq) -> Option<S> {
        let records = self.records.borrow();
        let mut snapshot = Snapshot::<S>::default();
        while snapshot.seq < seq {
            let record = records.get(&(snapshot.seq + 1))?;
            snapshot.fold(record.clone());
        }
        (snapshot.seq == seq).then_some(snapshot.state)
    }

    /// The end of the journal: the last sequence number before the first gap.
    pub(crate) fn end(&self) -> Seq {
        let records = self.records.borrow();
        let mut end = 0;
        while let Some(record) = records.get(&(end + 1)) {
            end += record.length();
        }
        end
    }

    /// Every event up to the first gap.
    pub(crate) fn entries(&self) -> Vec<Entry<S::Event>> {
        let records: Ref<'_, BTreeMap<_, _>> = self.records.borrow();
        let mut found = Vec::new();
        let mut end = 0;
        while let Some(record) = records.get(&(end + 1)) {
            found.extend(entries(end + 1, record.at, record.events.clone()));
            end += record.length();
        }
        found
    }

    /// A record that could be read never changes, but for what is no part of the story: void records may be written
    /// again, and whoever tries the journal's creation again may write another time into it.
    fn see_record(&self, seq: Seq, after: Option<&[u8]>) -> Result<(), Broken> {
        let mut records = self.records.borrow_mut();
        let Some(after) = after else {
            records.remove(&seq);
            return Ok(());
        };
        let record: Record<S::Event> = stored::decode(after)
            .map_err(|error| Broken::new(Invariant::OneOrder, format!("record {seq}: {error}")))?;
        match records.get(&seq) {
            Some(before) if is_void(before) && is_void(&record) => {}
            Some(before) if seq == 1 && before.events == record.events => {}
            Some(before) if *before != record => {
                let detail = format!("record {seq} was {before:?} and became {record:?}");
                return Err(Broken::new(Invariant::OneOrder, detail));
            }
            _ => {}
        }
        records.insert(seq, record);
        Ok(())
    }

    fn see_snapshot(&self, after: Option<&[u8]>) -> Result<(), Broken> {
        let Some(after) = after else { return Ok(()) };
        let snapshot: Snapshot<S> = stored::decode(after)
            .map_err(|error| Broken::new(Invariant::FoldIsState, format!("snapshot: {error}")))?;
        if snapshot.seq > self.end() {
            let (says, end) = (snapshot.seq, self.end());
            let detail = format!("a snapshot says {says}, the records go up to {end}");
            return Err(Broken::new(Invariant::SnapshotBehind, detail));
        }
        self.check(&snapshot)
    }

    /// Whether a snapshot says what the records say.
    pub(crate) fn check(&self, snapshot: &Snapshot<S>) -> Result<(), Broken> {
        let told = self.state_at(snapshot.seq);
        if told.as_ref() == Some(&snapshot.state) {
            return Ok(());
        }
        let Snapshot { seq, state, .. } = snapshot;
        let detail = format!("the state at {seq} is {state:?}, the records tell {told:?}");
        Err(Broken::new(Invariant::FoldIsState, detail))
    }
}

impl<S: Journaled + PartialEq> Watch for JournalWatch<S>
where
    S::Event: PartialEq,
{
    fn see(&self, change: &Change<'_>) -> Result<(), Broken> {
        if change.key == self.snapshot_key {
            self.see_snapshot(change.after)
        } else if let Some(seq) = change.key.strip_prefix(&self.record_prefix) {
            let seq = seq
                .parse()
                .map_err(|_| Broken::new(Invariant::OneOrder, format!("a key {}", change.key)))?;
            self.see_record(seq, change.after)
        } else {
            Ok(())
        }
    }
}

fn is_void<E>(record: &Record<E>) -> bool {
    record.events.is_empty() && record.length() == 1
}
