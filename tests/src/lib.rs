//! The harness of the black-box suites: servers that end with the test, and clients that speak the HTTP contract.
//!
//! Nothing here knows how a component works. What a test expects to be said it takes from the flow's data; everything else it learns
//! over HTTP, and, where it is about budgets or faults, from the host's own hooks.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there, with a sentence that says what"
)]

mod customer;
mod embedded;
mod fault;
mod feed;
mod http;
mod identity;
mod places;
mod process;
mod redis;
mod representative;
mod said;
pub mod scenario;
mod team;
mod wait;
mod wire;
mod writers;

pub use customer::{Customer, fresh_id};
pub use embedded::{Embedded, Server};
pub use fault::{Fault, Faults};
pub use feed::Feed;
pub use http::{Answer, Api, Request};
pub use identity::{identity, sign};
pub use process::HostProcess;
pub use redis::Redis;
pub use representative::Representative;
pub use said::Said;
pub use team::{IDENTITY_KEYS, Member, Team};
pub use wait::{PATIENCE, eventually, patiently};
pub use wire::{Event, News, Overview, Row, Status};
pub use writers::{Writers, Written};
