//! The rules of a support live chat, pure: no I/O, no clock of its own.

pub mod journal;
#[cfg(any(test, feature = "memory"))]
pub mod memory;
#[cfg(any(test, feature = "memory"))]
pub mod port_contract;
pub mod ports;
