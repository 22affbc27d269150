//! The `start` function.
