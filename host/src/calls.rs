//! What components asked of their key-value stores: a record for tests that watch budgets.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

/// A kind of key-value call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Opening a store: a permission check inside the host, nothing is sent to the store.
    Open,
    /// Reading one value.
    Get,
    /// Writing one value.
    Set,
    /// Removing one key.
    Delete,
    /// Asking whether a key is there.
    Exists,
    /// Walking through all keys.
    GetKeys,
    /// Adding to a counter.
    Increment,
    /// Reading several values in one call.
    GetMany,
    /// Writing several values in one call.
    SetMany,
    /// Removing several keys in one call.
    DeleteMany,
}

/// One key-value call of a component.
#[derive(Clone, Debug)]
pub struct Call {
    /// What was asked.
    pub operation: Operation,
    /// The keys it was about; the store's label for [`Operation::Open`], none for [`Operation::GetKeys`].
    pub keys: Vec<String>,
    /// When the component called.
    pub started: Instant,
    /// When it had its answer.
    pub ended: Instant,
    /// Whether the answer was a success.
    pub succeeded: bool,
}

/// One request and the key-value calls made on its account, also those made after it was answered.
#[derive(Clone, Debug)]
pub struct RequestCalls {
    /// The request's method.
    pub method: String,
    /// The route that matched, as the manifest writes it.
    pub route: String,
    /// The path that was asked for, without the query.
    pub path: String,
    /// The component that answered.
    pub component: String,
    /// When the request arrived.
    pub started: Instant,
    /// When the head of the answer was ready; `None` if there was no answer.
    pub answered: Option<Instant>,
    /// The answer's status.
    pub status: Option<u16>,
    /// The calls in the order they were made.
    pub calls: Vec<Call>,
}

impl RequestCalls {
    /// How many calls of a kind there were.
    pub fn count(&self, operation: Operation) -> usize {
        let same = |call: &&Call| call.operation == operation;
        self.calls.iter().filter(same).count()
    }

    /// How many calls the store had to answer: all but [`Operation::Open`].
    pub fn total(&self) -> usize {
        self.store_calls().count()
    }

    /// How many calls read: get, exists, and each key of a get-many.
    pub fn reads(&self) -> usize {
        self.store_calls()
            .map(|call| match call.operation {
                Operation::Get | Operation::Exists => 1,
                Operation::GetMany => call.keys.len(),
                _ => 0,
            })
            .sum()
    }

    /// How many calls wrote, increments not counted: set, delete, and each key of a set-many or delete-many.
    pub fn writes(&self) -> usize {
        self.store_calls()
            .map(|call| match call.operation {
                Operation::Set | Operation::Delete => 1,
                Operation::SetMany | Operation::DeleteMany => call.keys.len(),
                _ => 0,
            })
            .sum()
    }

    /// The length of the longest chain of calls in which each began after the one before it had ended.
    pub fn longest_chain(&self) -> usize {
        longest_chain(self.store_calls())
    }

    /// The same for the calls that ended before the request was answered: those its sender waited for.
    pub fn longest_chain_before_answer(&self) -> usize {
        let before = |call: &&Call| self.answered.is_none_or(|answered| call.ended <= answered);
        longest_chain(self.store_calls().filter(before))
    }

    fn store_calls(&self) -> impl Iterator<Item = &Call> {
        self.calls
            .iter()
            .filter(|call| call.operation != Operation::Open)
    }
}

/// Always taking the call that ends first leaves the most room for the rest, so the count is the longest chain there is.
fn longest_chain<'a>(calls: impl Iterator<Item = &'a Call>) -> usize {
    let mut calls: Vec<_> = calls.collect();
    calls.sort_by_key(|call| call.ended);
    let mut last: Option<Instant> = None;
    let mut length = 0;
    for call in calls {
        if last.is_none_or(|last| call.started >= last) {
            length += 1;
            last = Some(call.ended);
        }
    }
    length
}

/// Collects the calls of all requests while recording is asked for.
#[derive(Default)]
pub(crate) struct Recording {
    requests: Mutex<Vec<Arc<RequestRecord>>>,
}

/// A request as it is being recorded.
pub(crate) struct RequestRecord {
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) path: String,
    pub(crate) component: String,
    pub(crate) started: Instant,
    pub(crate) answered: OnceLock<(Instant, u16)>,
    calls: Mutex<Vec<Call>>,
}

impl RequestRecord {
    pub(crate) fn new(method: &str, route: &str, path: &str, component: &str) -> Self {
        Self {
            method: method.to_owned(),
            route: route.to_owned(),
            path: path.to_owned(),
            component: component.to_owned(),
            started: Instant::now(),
            answered: OnceLock::new(),
            calls: Mutex::default(),
        }
    }

    pub(crate) fn add(&self, call: Call) {
        lock(&self.calls).push(call);
    }
}

impl Recording {
    pub(crate) fn begin(&self, record: Arc<RequestRecord>) {
        lock(&self.requests).push(record);
    }

    /// Everything recorded since the last time, in the order of arrival.
    pub(crate) fn drain(&self) -> Vec<RequestCalls> {
        std::mem::take(&mut *lock(&self.requests))
            .into_iter()
            .map(|record| {
                let mut calls = lock(&record.calls).clone();
                calls.sort_by_key(|call| call.started);
                let answered = record.answered.get();
                RequestCalls {
                    method: record.method.clone(),
                    route: record.route.clone(),
                    path: record.path.clone(),
                    component: record.component.clone(),
                    started: record.started,
                    answered: answered.map(|(at, _)| *at),
                    status: answered.map(|(_, status)| *status),
                    calls,
                }
            })
            .collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn request(calls: &[(Operation, u64, u64)], answered: u64) -> RequestCalls {
        let zero = Instant::now();
        let at = |ms| zero + Duration::from_millis(ms);
        RequestCalls {
            method: "GET".to_owned(),
            route: "/".to_owned(),
            path: "/".to_owned(),
            component: "one".to_owned(),
            started: zero,
            answered: Some(at(answered)),
            status: Some(200),
            calls: calls
                .iter()
                .map(|&(operation, started, ended)| Call {
                    operation,
                    keys: vec!["k".to_owned()],
                    started: at(started),
                    ended: at(ended),
                    succeeded: true,
                })
                .collect(),
        }
    }

    #[test]
    fn counts_and_chains() {
        use Operation::{Get, Increment, Open, Set};
        let request = request(
            &[
                (Open, 0, 1),
                (Get, 1, 5),
                (Get, 2, 4),
                (Increment, 5, 6),
                (Set, 7, 9),
                (Set, 12, 13),
            ],
            10,
        );
        assert_eq!(request.total(), 5);
        assert_eq!(request.reads(), 2);
        assert_eq!(request.writes(), 2);
        assert_eq!(request.count(Increment), 1);
        assert_eq!(request.longest_chain(), 4);
        assert_eq!(request.longest_chain_before_answer(), 3);
    }
}
