//! Adapts the domain's ports and answers to Spin components.
