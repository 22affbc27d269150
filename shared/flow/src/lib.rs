//! The fixed support-contact flow as data, and the checker that refuses a broken one.
//!
//! `flow.toml` holds every text and every step in both languages. [`Flow::parse`] reads such a file and
//! [`Flow::check`] says everything that is wrong with it, so that another organisation can write its own flow without
//! touching code and learns of a mistake when it builds.

mod model;

pub use model::{
    Contact, ContactKind, Flow, Hours, Language, MenuOption, Queue, Step, StepKind, Text,
};
