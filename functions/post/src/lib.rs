//! The `post` function.
