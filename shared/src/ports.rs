//! What the domain needs of the world it runs in: a key-value store, a clock, randomness, and work after the answer.
//!
//! Hosts differ; these traits are all that the domain sees of them. Futures need not be `Send`: a component has one
//! thread, and so has a simulation.

use std::{fmt, future::Future, pin::Pin};

/// A point in time or a span of it, in milliseconds; points count from the Unix epoch.
pub type Millis = u64;

/// The store did not do what it was asked to, or not in time. Whether a write took place is unknown.
///
/// The text is for the operator: it names the operation, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("key-value store: {0}")]
pub struct StoreError(pub String);

/// The key-value store: no transactions, no listing, no expiry, and one atomic operation.
pub trait Store {
    /// The value at `key`, if there is one.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>>;

    /// Makes `value` the value at `key`. It is durable once this returns.
    fn set(&self, key: &str, value: Vec<u8>) -> impl Future<Output = Result<(), StoreError>>;

    /// Removes `key`; nothing happens when it is not there.
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), StoreError>>;

    /// Reserves `count` numbers of the counter at `key` for the caller alone, and returns the last of them.
    ///
    /// Numbers start at 1. A counter is only ever read this way, since backends store it differently.
    fn reserve(&self, key: &str, count: u32) -> impl Future<Output = Result<u64, StoreError>>;
}

/// The time, and waiting for it to pass.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Millis;

    /// Returns after `duration` milliseconds.
    fn sleep(&self, duration: Millis) -> impl Future<Output = ()>;
}

/// Unpredictable bytes.
pub trait Entropy {
    /// Fills `bytes` with randomness that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// Work that may follow the answer: the caller does not wait for it, and it may be lost in a crash.
pub trait Background {
    /// Runs `work` at the host's leisure.
    fn later(&self, work: Pin<Box<dyn Future<Output = ()>>>);
}

/// Everything the domain needs, in one cheap handle.
pub trait Ports: Store + Clock + Entropy + Background + Clone + 'static {}

impl<P: Store + Clock + Entropy + Background + Clone + 'static> Ports for P {}

impl StoreError {
    /// A value at `key` that the domain did not write, or wrote in another version.
    pub fn unreadable(key: &str, error: &impl fmt::Display) -> Self {
        Self(format!("cannot read the value at {key}: {error}"))
    }
}
