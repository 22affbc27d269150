//! The rules of a support live chat, pure: no I/O, no clock of its own.

pub mod journal;
pub mod ports;
