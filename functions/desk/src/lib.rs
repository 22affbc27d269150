//! The `desk` function.
