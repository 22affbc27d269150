//! The protocol under fire: many at work on one journal, while calls are late, stores fail, clocks differ and hosts
//! crash.
//!
//! The code under test is the journal itself, unchanged. A [`world`] stands in for everything around it, and somebody
//! decides what happens there next: dice ([`weather`]), played over many [`seeds`], or a search that leaves nothing
//! out ([`exhaustive`]). Any function over [`crate::ports`] can be put into a world, and [`watch`] checks any journal
//! in it.
//!
//! The journal of these tests is a [`ledger`] that stands for a chat; [`people`] use it and [`judge`] whether what
//! they were told is true. What must hold is [`Invariant`]. That each of them bites is shown by [`flaws`], with which
//! it must break.

mod chance;
pub(crate) mod exhaustive;
mod flaws;
mod judge;
pub(super) mod ledger;
mod people;
mod schedules;
pub(crate) mod seeds;
pub(crate) mod watch;
pub(crate) mod weather;
pub(crate) mod world;

use std::fmt;

use crate::ports::Millis;

/// The most by which what two clocks show differs, and by which a clock is set.
pub(crate) const SKEW: Millis = 1_000;

/// What holds whatever happens, as long as the store and the clocks are as [`crate::journal::Timing`] assumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Invariant {
    /// What was acknowledged is in the journal, at the place that was told.
    NoneLost,
    /// A message is there once, however often it was sent.
    NoneDoubled,
    /// There is one order: a record that could be read never changes, and whoever reads on from a cursor is told all
    /// events in that order, none left out, none twice.
    OneOrder,
    /// What somebody was told of before somebody else began to read or write is known to the latter.
    NoneLate,
    /// Nobody becomes the holder while somebody else is: of several claims one is granted and the others refused.
    OneHolder,
    /// No stored snapshot is ahead of the records.
    SnapshotBehind,
    /// Whatever crashed, a writer who comes afterwards and again when told to gets through soon after
    /// [`crate::journal::Timing::grace`].
    NeverStuck,
    /// Every state that is stored or told is what the records up to there add up to.
    FoldIsState,
    /// A command that was refused, or told to come again, changed nothing.
    RefusalIsNothing,
    /// Every answer is what the rules say about the state at the answer's place in the one order.
    RightAnswers,
}

/// An invariant that did not hold, and how.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    pub(crate) invariant: Invariant,
    pub(crate) detail: String,
}

impl Broken {
    pub(crate) fn new(invariant: Invariant, detail: String) -> Self {
        Self { invariant, detail }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.invariant, self.detail)
    }
}
