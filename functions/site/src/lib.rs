//! The `site` function.
