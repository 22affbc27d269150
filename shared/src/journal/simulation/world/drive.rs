//! What drives the world: every step of every task is somebody's choice.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    mem,
    sync::{PoisonError, atomic::Ordering},
    task::{Context, Wake, Waker},
};

use super::{
    CallId, Change, Fresh, Inner, Role, TaskId, World,
    calls::{Answer, Request},
    digest_of,
};
use crate::ports::Millis;

impl World {
    /// Lets every task go on until it waits for an answer.
    pub(crate) fn settle(&self) {
        loop {
            let woken = {
                let inner = self.inner.borrow();
                let mut woken = inner.woken.lock().unwrap_or_else(PoisonError::into_inner);
                mem::take(&mut *woken)
            };
            if woken.is_empty() {
                return;
            }
            for task in woken {
                self.poll(task);
            }
        }
    }

    fn poll(&self, task: TaskId) {
        let (mut work, alarm) = {
            let mut inner = self.inner.borrow_mut();
            inner.running = Some(task);
            let task = &mut inner.tasks[task];
            task.alarm.rung.store(false, Ordering::Relaxed);
            let Some(work) = task.work.take() else { return };
            (work, task.alarm.clone())
        };
        let waker = Waker::from(alarm);
        let ready = work.as_mut().poll(&mut Context::from_waker(&waker));
        let mut inner = self.inner.borrow_mut();
        inner.running = None;
        if ready.is_pending() {
            inner.tasks[task].work = Some(work);
        } else {
            let Inner { tasks, .. } = &mut *inner;
            let label = mem::take(&mut tasks[task].label);
            inner.note(|| format!("{label} ends"));
        }
    }

    /// What was begun since this was last asked.
    pub(crate) fn fresh(&self) -> Vec<Fresh> {
        mem::take(&mut self.inner.borrow_mut().fresh)
    }

    /// Begins work that was left for later.
    pub(crate) fn begin(&self, task: TaskId) {
        self.inner.borrow().tasks[task].alarm.clone().wake();
    }

    /// Whether a task has neither ended nor crashed.
    pub(crate) fn lives(&self, task: TaskId) -> bool {
        self.inner.borrow().tasks[task].work.is_some()
    }

    pub(crate) fn role(&self, task: TaskId) -> Role {
        self.inner.borrow().tasks[task].role
    }

    /// The living tasks other than people, of one host or of all.
    pub(crate) fn at_work(&self, host: Option<usize>) -> Vec<TaskId> {
        let inner = self.inner.borrow();
        let tasks = inner.tasks.iter().enumerate();
        tasks
            .filter(|(_, task)| task.work.is_some() && task.role != Role::Client)
            .filter(|(_, task)| host.is_none_or(|host| task.host == host))
            .map(|(id, _)| id)
            .collect()
    }

    pub(crate) fn caller(&self, call: CallId) -> TaskId {
        self.inner.borrow().calls[call].task
    }

    pub(crate) fn asked(&self, call: CallId) -> Request {
        self.inner.borrow().calls[call].request.clone()
    }

    /// When a call has its task woken, if that is what it asks for.
    pub(crate) fn wakes_at(&self, call: CallId) -> Option<Millis> {
        match self.inner.borrow().calls[call].request {
            Request::Wake(until) => Some(until),
            _ => None,
        }
    }

    pub(crate) fn issued_at(&self, call: CallId) -> Millis {
        self.inner.borrow().calls[call].issued_at
    }

    /// Whether a call is the first one of its task.
    pub(crate) fn is_first(&self, call: CallId) -> bool {
        self.inner.borrow().calls[call].number == 0
    }

    /// Whether a record with events stands at `key`.
    pub(crate) fn has_events(&self, key: &str) -> bool {
        const NONE: &[u8] = b"\"events\":[]";
        let inner = self.inner.borrow();
        let value = inner.values.get(key);
        value.is_some_and(|value| value.windows(NONE.len()).all(|part| part != NONE))
    }

    /// The calls that may still take effect, whoever issued them.
    pub(crate) fn pending(&self) -> Vec<CallId> {
        self.inner.borrow().pending.iter().copied().collect()
    }

    /// The time goes on to `now`.
    pub(crate) fn advance_to(&self, now: Millis) {
        let mut inner = self.inner.borrow_mut();
        inner.now = inner.now.max(now);
    }

    /// A call takes effect, unless it was given up.
    pub(crate) fn take_effect(&self, call: CallId) {
        let changed = {
            let mut inner = self.inner.borrow_mut();
            if !inner.pending.remove(&call) {
                return;
            }
            let request = inner.calls[call].request.clone();
            let (answer, changed) = inner.apply(request);
            inner.note_call(call, "", &answer);
            inner.calls[call].answer.get_or_insert(answer);
            changed.map(|changed| (changed, inner.watches.clone()))
        };
        let Some(((key, after), watches)) = changed else {
            return;
        };
        let change = Change {
            key: &key,
            after: after.as_deref(),
        };
        for watch in watches {
            self.report(watch.see(&change));
        }
    }

    /// A call that has not taken effect never will.
    pub(crate) fn give_up(&self, call: CallId) {
        self.inner.borrow_mut().pending.remove(&call);
    }

    /// The caller learns the outcome of a call that has taken effect.
    pub(crate) fn answer(&self, call: CallId) {
        let waker = self.inner.borrow_mut().answer(call);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Who sleeps wakes up.
    pub(crate) fn wake(&self, call: CallId) {
        self.take_effect(call);
        self.answer(call);
    }

    /// The caller learns that the store failed. Whether the call takes effect is another matter.
    pub(crate) fn fail(&self, call: CallId) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.note_call(call, "fails: ", &Answer::Failed);
            inner.calls[call].answer = Some(Answer::Failed);
        }
        self.answer(call);
    }

    /// A task is gone in the middle of what it did. What it has already asked of the store may still happen.
    pub(crate) fn crash(&self, task: TaskId) {
        let work = {
            let mut inner = self.inner.borrow_mut();
            let Some(work) = inner.tasks[task].work.take() else {
                return;
            };
            let label = mem::take(&mut inner.tasks[task].label);
            inner.note(|| format!("{label} CRASHES"));
            work
        };
        // Outside the borrow: what is dropped tells the world.
        drop(work);
    }

    /// Ends the world. Tasks hold it, and it holds them.
    pub(crate) fn end(&self) {
        let tasks = mem::take(&mut self.inner.borrow_mut().tasks);
        for task in tasks {
            drop(task.work);
        }
    }

    /// A digest of everything that decides what can happen from here on, where no answer is under way. Tasks run
    /// only on what they are told, so that what a task was told stands for where it is.
    pub(crate) fn digest(&self) -> u64 {
        let inner = self.inner.borrow();
        let mut digest = DefaultHasher::new();
        (inner.now, &inner.values, &inner.counters).hash(&mut digest);
        // Added up, since tasks may have begun in any order.
        let tasks = inner.tasks.iter().map(|task| {
            let lives = task.work.is_some();
            digest_of(&(task.name, lives, task.issued, task.heard, task.looked))
        });
        tasks.fold(0, u64::wrapping_add).hash(&mut digest);
        let calls = inner.pending.iter().map(|&call| {
            let call = &inner.calls[call];
            let task = inner.tasks[call.task].name;
            digest_of(&(task, call.number, &call.request, call.issued_at))
        });
        calls.fold(0, u64::wrapping_add).hash(&mut digest);
        digest.finish()
    }
}
