//! The `poll` function.
