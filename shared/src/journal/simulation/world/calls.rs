//! What tasks ask the store and the clock for.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use super::{CallId, TaskId, World};
use crate::ports::Millis;

/// What a task asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Request {
    Get(String),
    Set(String, Vec<u8>),
    Delete(String),
    Reserve(String, u32),
    /// To be woken at this time.
    Wake(Millis),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Value(Option<Vec<u8>>),
    Done,
    Number(u64),
    Failed,
}

pub(super) struct Call {
    pub(super) task: TaskId,
    /// Which of its task's calls it is.
    pub(super) number: usize,
    pub(super) request: Request,
    pub(super) issued_at: Millis,
    /// Whether somebody waits for the answer.
    pub(super) awaited: bool,
    pub(super) answer: Option<Answer>,
    pub(super) answered: bool,
    pub(super) waker: Option<Waker>,
}

/// A call under way.
pub(super) struct Called<'a> {
    pub(super) world: &'a World,
    pub(super) request: Option<Request>,
    pub(super) call: Option<CallId>,
}

impl Future for Called<'_> {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let mut inner = self.world.inner.borrow_mut();
        let call = match self.call {
            Some(call) => call,
            None => inner.issue(self.request.take().expect("issued once")),
        };
        let Call {
            answer,
            answered,
            waker,
            ..
        } = &mut inner.calls[call];
        let outcome = if *answered {
            Poll::Ready(answer.clone().expect("answered"))
        } else {
            *waker = Some(context.waker().clone());
            Poll::Pending
        };
        drop(inner);
        self.call = Some(call);
        outcome
    }
}

impl Drop for Called<'_> {
    fn drop(&mut self) {
        if let Some(call) = self.call {
            let mut inner = self.world.inner.borrow_mut();
            inner.calls[call].awaited = false;
            if matches!(inner.calls[call].request, Request::Wake(_)) {
                inner.pending.remove(&call);
            }
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Get(key) => write!(formatter, "reads {key}"),
            Self::Set(key, value) => {
                write!(
                    formatter,
                    "writes {key} = {}",
                    String::from_utf8_lossy(value)
                )
            }
            Self::Delete(key) => write!(formatter, "deletes {key}"),
            Self::Reserve(key, count) => write!(formatter, "reserves {count} of {key}"),
            Self::Wake(until) => write!(formatter, "sleeps until {until}"),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(Some(value)) => formatter.write_str(&String::from_utf8_lossy(value)),
            Self::Value(None) => formatter.write_str("nothing"),
            Self::Done => formatter.write_str("done"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Failed => formatter.write_str("failed"),
        }
    }
}
