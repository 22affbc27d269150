use std::collections::BTreeMap;

use crate::{Event, News, Status};

/// What one reader has read of a chat. It watches what holds for every reader: events come in order, and an event that was read
/// once never changes.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    cursor: u64,
    events: BTreeMap<u64, Event>,
    /// How the chat stood at the last answer.
    pub status: Status,
}

impl Feed {
    /// Where the reader is: what to send as `after`.
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// What was read, in order.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.values()
    }

    /// The last event of this kind.
    pub fn last(&self, kind: &str) -> Option<&Event> {
        self.events().rfind(|event| event.kind == kind)
    }

    /// What was said freely, in order.
    pub fn texts(&self) -> Vec<&str> {
        let texts = self.events().filter(|event| event.kind == "text");
        texts.map(Event::text).collect()
    }

    /// Takes in an answer to a request that said where the reader is.
    ///
    /// # Panics
    /// When events are out of order, or one isn't what it was.
    pub fn take(&mut self, news: &News) {
        let sequence: Vec<u64> = news.events.iter().map(|event| event.seq).collect();
        assert!(
            sequence.is_sorted_by(|one, next| one < next),
            "events out of order: {sequence:?}"
        );
        for event in &news.events {
            let known = self.events.insert(event.seq, event.clone());
            let same = known.is_none_or(|known| lasting(&known) == lasting(event));
            assert!(same, "an event has changed: {event:?}");
        }
        let last = sequence.last().copied().unwrap_or_default();
        self.cursor = self.cursor.max(last).max(news.cursor.unwrap_or_default());
        self.status = news.status.clone();
    }
}

/// The event without what is only shown for a time.
fn lasting(event: &Event) -> Event {
    let mut event = event.clone();
    event.more.remove("values");
    event
}
