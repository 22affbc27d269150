use crate::ports::Millis;

/// How long a writer waits for others, and when a slot counts as abandoned.
///
/// What makes it safe to fill another writer's slot is `grace > fence + the longest a store's write may take + the
/// difference between the clocks of two hosts`: a writer older than `fence` starts no write any more, so that after
/// `grace` none can still arrive. The defaults leave five seconds for a write (what the embedded host allows a
/// store, and what Spin's Redis client allows) and one for the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long a writer waits for those who have a place before it, then leaves its own place void.
    pub patience: Millis,
    /// The age, counted from before the reservation, beyond which a writer doesn't write any more.
    pub fence: Millis,
    /// The age beyond which a slot without a record is abandoned.
    pub grace: Millis,
    /// The first pause between two looks for a record that is still being written; each next one is twice as long.
    pub first_pause: Millis,
    /// The longest such pause.
    pub longest_pause: Millis,
}

impl Timing {
    /// For stores that answer or fail within five seconds.
    pub const DEFAULT: Self = Self {
        patience: 1_000,
        fence: 2_000,
        grace: 8_000,
        first_pause: 4,
        longest_pause: 100,
    };
}
