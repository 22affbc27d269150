//! The protocol, broken on purpose, so that the invariants are seen to bite.
//!
//! The journal itself has no switch for it: what it stands on is bent. Its [`Timing`] decides when slots are sealed
//! and when writers give up; the store decides what is written when; the commands decide what they take into account.

use std::{
    cell::{Cell, RefCell},
    pin::Pin,
    rc::Rc,
};

use super::ledger::{Happened, Ledger};
use crate::{
    journal::{Journaled, Record, Timing},
    ports::{Background, Clock, Entropy, Millis, Ports, Store, StoreError},
    stored,
};

/// A rule of the protocol that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// All rules are kept.
    None,
    /// A command is not decided again once its place is known.
    DecidesOnce,
    /// A command is acknowledged while its record is still on its way.
    AcknowledgesEarly,
    /// The snapshot is written, then the record.
    SnapshotFirst,
    /// A slot that is reserved and still empty counts as void at once, for readers and writers.
    SkipsHoles,
    /// A slot is sealed as soon as it is found empty.
    SealsAtOnce,
    /// A writer writes however long ago it reserved its slot.
    NoFence,
    /// The counter is read and written in two steps.
    LooseCounter,
    /// A message's id is not looked up among those seen before.
    ForgetsIds,
    /// Nobody ever fills the slot of a writer that died.
    NeverSeals,
    /// A command that turns out to be refused at its place is written all the same.
    WritesRefused,
    /// A write that took longer than is safe is acknowledged.
    BelievesLateWrites,
}

impl Flaw {
    pub(crate) fn timing(self, timing: Timing) -> Timing {
        // A year.
        const NEVER: Millis = 31_536_000_000;
        match self {
            Self::SealsAtOnce => Timing { grace: 0, ..timing },
            Self::NoFence => Timing {
                fence: NEVER,
                ..timing
            },
            Self::NeverSeals => Timing {
                grace: NEVER,
                ..timing
            },
            Self::BelievesLateWrites => Timing {
                write: NEVER,
                ..timing
            },
            _ => timing,
        }
    }
}

/// How the protocol is bent, and what that takes.
#[derive(Debug)]
pub(crate) struct Bend {
    pub(crate) flaw: Flaw,
    /// How many slots have been reserved, for [`Flaw::SkipsHoles`].
    reserved: Cell<u64>,
    /// What a command would have led to that has just been refused, for [`Flaw::WritesRefused`].
    pub(crate) refused: RefCell<Vec<Happened>>,
}

impl Bend {
    pub(crate) fn new(flaw: Flaw) -> Self {
        Self {
            flaw,
            reserved: Cell::new(0),
            refused: RefCell::default(),
        }
    }
}

impl Default for Bend {
    fn default() -> Self {
        Self::new(Flaw::None)
    }
}

/// A key, and the value that is to stand there.
type Waiting = (String, Vec<u8>);

/// Ports that break a rule.
#[derive(Clone, Debug)]
pub(crate) struct Bent<P> {
    ports: P,
    bend: Rc<Bend>,
    /// The records that wait for their snapshot, for [`Flaw::SnapshotFirst`].
    shelf: Rc<RefCell<Vec<Waiting>>>,
}

impl<P: Ports> Bent<P> {
    pub(crate) fn new(ports: P, bend: &Rc<Bend>) -> Self {
        Self {
            ports,
            bend: bend.clone(),
            shelf: Rc::default(),
        }
    }
}

fn is_snapshot(key: &str) -> bool {
    key.ends_with(":s")
}

/// The sequence number of the record that stands at `key`.
fn record(key: &str) -> Option<u64> {
    let (_, seq) = key.split_once(":e:")?;
    seq.parse().ok()
}

impl<P: Ports> Store for Bent<P> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.ports.get(key).await?;
        let is_hole = record(key).is_some_and(|seq| seq <= self.bend.reserved.get());
        if self.bend.flaw == Flaw::SkipsHoles && value.is_none() && is_hole {
            let void = Record::<Happened>::void(self.now());
            return Ok(Some(stored::encode(&void)));
        }
        Ok(value)
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        match self.bend.flaw {
            Flaw::AcknowledgesEarly if record(key).is_some() => {
                let (ports, key) = (self.ports.clone(), key.to_owned());
                self.later(Box::pin(async move {
                    let _ = ports.set(&key, value).await;
                }));
                Ok(())
            }
            Flaw::SnapshotFirst if record(key).is_some() => {
                self.shelf.borrow_mut().push((key.to_owned(), value));
                Ok(())
            }
            Flaw::SnapshotFirst if is_snapshot(key) => {
                self.ports.set(key, value).await?;
                let waiting = self.shelf.take();
                for (key, value) in waiting {
                    self.ports.set(&key, value).await?;
                }
                Ok(())
            }
            Flaw::WritesRefused if record(key).is_some() => {
                let refused = self.bend.refused.take();
                let value = match refused.as_slice() {
                    [event] => {
                        let mut record = Record::void(self.now());
                        record.events.push(event.clone());
                        stored::encode(&record)
                    }
                    _ => value,
                };
                self.ports.set(key, value).await
            }
            _ => self.ports.set(key, value).await,
        }
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.ports.delete(key).await
    }

    async fn reserve(&self, key: &str, count: u32) -> Result<u64, StoreError> {
        let last = if self.bend.flaw == Flaw::LooseCounter {
            let value = self.ports.get(key).await?.unwrap_or_default();
            let value = value.try_into().map_or(0, u64::from_le_bytes);
            let last = value + u64::from(count);
            self.ports.set(key, last.to_le_bytes().to_vec()).await?;
            last
        } else {
            self.ports.reserve(key, count).await?
        };
        let reserved = last + u64::from(Ledger::GENESIS);
        self.bend
            .reserved
            .set(self.bend.reserved.get().max(reserved));
        Ok(last)
    }
}

impl<P: Ports> Clock for Bent<P> {
    fn now(&self) -> Millis {
        self.ports.now()
    }

    async fn sleep(&self, duration: Millis) {
        self.ports.sleep(duration).await;
    }
}

impl<P: Ports> Entropy for Bent<P> {
    fn fill(&self, bytes: &mut [u8]) {
        self.ports.fill(bytes);
    }
}

impl<P: Ports> Background for Bent<P> {
    fn later(&self, work: Pin<Box<dyn Future<Output = ()>>>) {
        self.ports.later(work);
    }
}
