//! How much a component may use.

use std::time::Duration;

/// Limits and habits of running components. The defaults for reusing instances are Spin's.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The most memory one instance may have, in bytes. 128 MiB, what small hosted Spin installations grant.
    pub memory: usize,
    /// How long a request may take until the head of its answer is there, and how long the work after the answer may take: 40 s,
    /// longer than the longest wait a client can ask of a long poll.
    pub request: Duration,
    /// How long a component may compute without a pause: 5 s. It holds up all requests of its instance meanwhile.
    pub computing: Duration,
    /// How long one key-value call may take before it fails: 5 s.
    pub store: Duration,
    /// How many requests one instance serves in its life: 128.
    pub requests_per_instance: usize,
    /// How many requests one instance serves at once: 16.
    pub concurrent_requests_per_instance: usize,
    /// How long an instance without work is kept for the next request: 1 s.
    pub idle: Duration,
    /// How many instances may exist at once, all components together: 500. A request beyond that gets 503.
    pub instances: u32,
    /// How long a shutdown waits for accepted requests and the work after their answers: 45 s, longer than a request may take.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 128 << 20,
            request: Duration::from_secs(40),
            computing: Duration::from_secs(5),
            store: Duration::from_secs(5),
            requests_per_instance: 128,
            concurrent_requests_per_instance: 16,
            idle: Duration::from_secs(1),
            instances: 500,
            shutdown: Duration::from_secs(45),
        }
    }
}
