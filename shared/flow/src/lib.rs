//! The fixed support-contact flow as data, and the checker that refuses a broken one.
//!
//! `flow.toml` holds every text and every step in both languages. With the feature `parse`, `Flow::parse` reads such a
//! file and `Flow::check` says everything that is wrong with it, so that another organisation can write its own flow
//! without touching code and learns of a mistake when it builds. What runs needs neither: it reads the flow back from
//! what the build made of it.

#[cfg(feature = "parse")]
mod check;
mod limits;
pub mod map;
mod model;
mod notices;
#[cfg(feature = "parse")]
mod parse;
#[cfg(feature = "parse")]
mod written;

#[cfg(feature = "parse")]
pub use check::{Fault, Need, Problem};
pub use limits::{CONFIRMATION, ID_LIMIT, LABEL_LIMIT, NAVIGATION, PROMPT_LIMIT};
pub use model::{
    Contact, ContactKind, Flow, Hours, Language, MenuOption, Queue, Step, StepKind, Text,
};
pub use notices::{REQUIRED_NOTICES, RequiredNotice, required_notice};
#[cfg(feature = "parse")]
pub use parse::FlowError;
