//! The checker: everything that is wrong with a flow, all at once.

mod fault;
#[cfg(test)]
mod fixture;
mod graph;
mod promises;
#[cfg(test)]
mod tests;
mod texts;
mod values;

use std::fmt;

pub use fault::{Fault, Need};

use crate::model::Flow;

/// Something that is wrong with a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is, as a path of keys in `flow.toml`; an option is named by its id.
    pub place: String,
    /// What it is.
    pub fault: Fault,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

/// The problems found so far.
#[derive(Default)]
struct Findings(Vec<Problem>);

impl Findings {
    fn add(&mut self, place: impl Into<String>, fault: Fault) {
        self.0.push(Problem {
            place: place.into(),
            fault,
        });
    }
}

impl Flow {
    /// Everything that is wrong with the flow; nothing if it can be served.
    pub fn check(&self) -> Vec<Problem> {
        let mut findings = Findings::default();
        values::check(self, &mut findings);
        texts::check(self, &mut findings);
        graph::check(self, &mut findings);
        promises::check(self, &mut findings);
        findings.0
    }
}
