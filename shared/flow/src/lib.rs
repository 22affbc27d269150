//! The fixed support-contact flow as data, and the checker that refuses a broken one.
