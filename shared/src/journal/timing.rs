use crate::ports::Millis;

/// How long a writer waits for others, and when a slot counts as abandoned.
///
/// What makes it safe to fill another writer's slot is `grace > fence + write + 2 × skew`, where skew is the most by
/// which what two clocks show at one time differs, or what one clock shows and would show had it not been set
/// meanwhile. A writer begins no write later than `fence` after its reservation, and `write` after that the write
/// has taken place or never will; both this time and the age of a slot are told by clocks. The defaults allow one
/// second of skew, and leave one for a writer that stalls between its look at the clock and its write.
///
/// Should a store or a host be slower than that, what was acknowledged still stays; but a record may then appear
/// before others that somebody has already read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long a writer waits for those who have a place before it, then leaves its own place void.
    pub patience: Millis,
    /// The age, counted from before the reservation, beyond which a writer doesn't write any more.
    pub fence: Millis,
    /// The time after which a write that was begun has taken place or never will, whatever its caller was told.
    pub write: Millis,
    /// The age beyond which a slot without a record is abandoned.
    pub grace: Millis,
    /// The first pause between two looks for a record that is still being written, where it is the one right before
    /// the writer's own; each next one is twice as long.
    pub first_pause: Millis,
    /// The longest such pause.
    pub longest_pause: Millis,
}

impl Timing {
    /// For stores that answer or fail within five seconds, as the embedded host sees to and Spin's Redis client does.
    pub const DEFAULT: Self = Self {
        patience: 1_000,
        fence: 2_000,
        write: 5_000,
        grace: 10_000,
        first_pause: 4,
        longest_pause: 100,
    };
}
