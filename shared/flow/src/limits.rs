//! Names and sizes a flow keeps to.

/// The options every step has by itself, so that no menu can have one of its own under such an id: to the step before,
/// to the beginning, to the choice of the language.
pub const NAVIGATION: [&str; 3] = ["back", "restart", "language"];

/// The options of a menu that asks for a confirmation: the only one that goes on to a queue, and its opposite.
pub const CONFIRMATION: [&str; 2] = ["yes", "no"];

/// 40 characters: an id is part of requests, events and logs, where it has to stay readable.
pub const ID_LIMIT: usize = 40;

/// 600 code points: about what a small phone shows at once.
pub const PROMPT_LIMIT: usize = 600;

/// 40 code points: a button of two lines on a small phone.
pub const LABEL_LIMIT: usize = 40;
