//! One request on its way through the host.

use crate::calls::RequestRecord;
use crate::routes::Route;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the host remembers of a request while a component works on it.
pub(crate) struct Request {
    pub(crate) method: http::Method,
    pub(crate) route: Arc<Route>,
    pub(crate) record: Option<Arc<RequestRecord>>,
    /// Whether the head of an answer has come.
    pub(crate) answered: AtomicBool,
}

impl Request {
    pub(crate) fn is_answered(&self) -> bool {
        self.answered.load(Ordering::Acquire)
    }
}

/// For log lines: the method and the route, nothing the sender wrote.
impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.route.raw)
    }
}
