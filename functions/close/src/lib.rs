//! The `close` function.
