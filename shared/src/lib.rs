//! The rules of a support live chat, pure: no I/O, no clock of its own.
//!
//! A chat is a [`journal`]; [`chat`] says what may happen in one. [`queue`] and [`agent`] bring customers and
//! representatives together, and [`verbs`] is what clients can do. The world is seen through [`ports`] only.

pub mod agent;
pub mod chat;
pub mod contact_number;
pub mod digits;
pub mod form;
pub mod id;
pub mod identity;
pub mod journal;
pub mod json;
pub mod masking;
#[cfg(any(test, feature = "memory"))]
pub mod memory;
pub mod person_name;
#[cfg(any(test, feature = "memory"))]
pub mod port_contract;
pub mod ports;
pub mod queue;
pub mod refusal;
pub mod rules;
pub mod sealing;
pub mod service;
pub mod settings;
pub mod stored;
pub mod together;
pub mod token;
pub mod transcript;
pub mod verbs;
