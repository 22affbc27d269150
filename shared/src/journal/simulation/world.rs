//! A world in which nothing happens by itself: a store, clocks and tasks whose every step somebody else decides.
//!
//! A store call has three moments: it is issued, it takes effect, it is answered. Whoever drives the world
//! ([`super::weather`] by dice, [`super::exhaustive`] by trying everything) chooses when each of them comes, whether
//! it comes at all, and which task dies meanwhile. Code under test sees only a [`Host`], which has all the ports.

mod calls;
mod drive;
mod host;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Wake, Waker},
};

use futures::channel::oneshot;

use self::calls::{Answer, Call, Called};
pub(crate) use self::{calls::Request, host::Host};
use super::{Broken, Invariant};
use crate::{memory::Random, ports::Millis};

pub(crate) type TaskId = usize;
pub(crate) type CallId = usize;

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// The whole world; clones are the same world.
#[derive(Clone)]
pub(crate) struct World {
    inner: Rc<RefCell<Inner>>,
}

#[derive(Default)]
struct Inner {
    now: Millis,
    values: BTreeMap<String, Vec<u8>>,
    counters: BTreeMap<String, u64>,
    tasks: Vec<Task>,
    calls: Vec<Call>,
    /// The calls that may still take effect.
    pending: BTreeSet<CallId>,
    fresh: Vec<Fresh>,
    running: Option<TaskId>,
    woken: Arc<Mutex<Vec<TaskId>>>,
    random: Random,
    /// How far ahead of true time each host's clock is.
    ahead: Vec<Millis>,
    watches: Vec<Rc<dyn Watch>>,
    broken: Option<Broken>,
    only: Option<Invariant>,
    trace: Option<Vec<String>>,
}

/// Who a task works for, and so what may become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A person with a browser: never crashes.
    Client,
    /// A function at work on a host for somebody: may crash.
    Request,
    /// What a function left behind to be done after the answer: may be late, crash or never begin.
    Background,
}

struct Task {
    label: String,
    /// The same in every course of events: which task's which child it is.
    name: u64,
    children: usize,
    role: Role,
    host: usize,
    work: Option<Work>,
    alarm: Arc<Alarm>,
    /// How many calls it has issued, how often it has looked at the clock, and a digest of all it was told.
    issued: usize,
    looked: u64,
    heard: u64,
}

/// What the driver of the world has not heard of yet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fresh {
    /// A call was issued.
    Call(CallId),
    /// Work was left for later, and has not begun.
    Work(TaskId),
}

/// A value that changes in the store.
pub(crate) struct Change<'a> {
    pub(crate) key: &'a str,
    /// Nothing where the key was removed.
    pub(crate) after: Option<&'a [u8]>,
}

/// Sees every change of the store and says which invariant it breaks.
pub(crate) trait Watch {
    fn see(&self, change: &Change<'_>) -> Result<(), Broken>;
}

struct Alarm {
    task: TaskId,
    rung: AtomicBool,
    woken: Arc<Mutex<Vec<TaskId>>>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        if !self.rung.swap(true, Ordering::Relaxed) {
            let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
            woken.push(self.task);
        }
    }
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let inner = Inner {
            random: Random::new(seed),
            ..Inner::default()
        };
        Self {
            inner: Rc::new(RefCell::new(inner)),
        }
    }

    /// Keeps a line for everything that happens.
    pub(crate) fn trace(&self) {
        self.inner.borrow_mut().trace = Some(Vec::new());
    }

    pub(crate) fn traced(&self) -> Vec<String> {
        self.inner.borrow_mut().trace.take().unwrap_or_default()
    }

    /// Adds a line to the trace.
    pub(crate) fn note(&self, line: impl FnOnce() -> String) {
        self.inner.borrow_mut().note(line);
    }

    pub(crate) fn watch(&self, watch: Rc<dyn Watch>) {
        self.inner.borrow_mut().watches.push(watch);
    }

    /// The invariant that was broken first, if one was.
    pub(crate) fn broken(&self) -> Option<Broken> {
        self.inner.borrow().broken.clone()
    }

    /// Says that an invariant is broken.
    pub(crate) fn report(&self, outcome: Result<(), Broken>) {
        let mut inner = self.inner.borrow_mut();
        if let Err(broken) = outcome
            && inner.only.is_none_or(|only| only == broken.invariant)
        {
            inner.broken.get_or_insert(broken);
        }
    }

    /// From now on only this invariant counts.
    pub(crate) fn mind_only(&self, invariant: Invariant) {
        self.inner.borrow_mut().only = Some(invariant);
    }

    /// Another computer, whose clock is right.
    pub(crate) fn host(&self) -> Host {
        let mut inner = self.inner.borrow_mut();
        let number = inner.ahead.len();
        inner.ahead.push(0);
        Host {
            world: self.clone(),
            number,
        }
    }

    /// The clock of a host is so far ahead of true time from now on.
    pub(crate) fn set_clock(&self, host: usize, ahead: Millis) {
        let mut inner = self.inner.borrow_mut();
        inner.ahead[host] = ahead;
        inner.note(|| format!("the clock of host {host} is {ahead} ahead"));
    }

    /// How many calls there have been, failed ones and sleeps among them.
    pub(crate) fn calls(&self) -> usize {
        self.inner.borrow().calls.len()
    }

    /// True time since the beginning of the world.
    pub(crate) fn now(&self) -> Millis {
        self.inner.borrow().now
    }

    /// Waits, as a person does.
    pub(crate) async fn pause(&self, duration: Millis) {
        let until = self.now() + duration;
        self.call(Request::Wake(until)).await;
    }

    /// Begins what a person does.
    pub(crate) fn client(&self, label: &str, work: impl Future<Output = ()> + 'static) -> TaskId {
        let task = self.spawn(label.to_owned(), Role::Client, usize::MAX, Box::pin(work));
        self.begin(task);
        task
    }

    /// Begins a request on a host. It goes on whether or not somebody waits for its outcome; there is none when it
    /// crashes.
    pub(crate) fn request<T: 'static>(
        &self,
        host: usize,
        label: String,
        work: impl Future<Output = T> + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        let work = async move {
            // The person may have gone.
            let _ = sender.send(work.await);
        };
        let task = self.spawn(label, Role::Request, host, Box::pin(work));
        self.begin(task);
        receiver
    }

    fn spawn(&self, label: String, role: Role, host: usize, work: Work) -> TaskId {
        let mut inner = self.inner.borrow_mut();
        let task = inner.tasks.len();
        let name = match inner.running {
            Some(parent) => {
                let parent = &mut inner.tasks[parent];
                parent.children += 1;
                digest_of(&(parent.name, parent.children))
            }
            None => digest_of(&task),
        };
        let alarm = Arc::new(Alarm {
            task,
            rung: AtomicBool::new(false),
            woken: inner.woken.clone(),
        });
        inner.tasks.push(Task {
            label,
            name,
            children: 0,
            role,
            host,
            work: Some(work),
            alarm,
            issued: 0,
            looked: 0,
            heard: 0,
        });
        task
    }

    async fn call(&self, request: Request) -> Answer {
        Called {
            world: self,
            request: Some(request),
            call: None,
        }
        .await
    }
}

fn digest_of(value: &impl Hash) -> u64 {
    let mut digest = DefaultHasher::new();
    value.hash(&mut digest);
    digest.finish()
}

impl Inner {
    fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>6} {}", self.now, line()));
        }
    }

    fn note_call(&mut self, call: CallId, how: &str, answer: &Answer) {
        if self.trace.is_none() {
            return;
        }
        let Call {
            task,
            request,
            issued_at,
            awaited,
            ..
        } = &self.calls[call];
        if matches!(request, Request::Wake(_)) {
            return;
        }
        let line = format!(
            "{}{} {how}{request} → {answer} (issued {issued_at}{})",
            self.tasks[*task].label,
            if self.tasks[*task].role == Role::Background {
                " later"
            } else {
                ""
            },
            if *awaited { "" } else { ", nobody waits" }
        );
        self.note(|| line);
    }

    fn issue(&mut self, request: Request) -> CallId {
        let task = self.running.expect("only a task calls");
        let number = self.tasks[task].issued;
        self.tasks[task].issued += 1;
        let call = self.calls.len();
        self.calls.push(Call {
            task,
            number,
            request,
            issued_at: self.now,
            awaited: true,
            answer: None,
            answered: false,
            waker: None,
        });
        self.pending.insert(call);
        self.fresh.push(Fresh::Call(call));
        call
    }

    fn answer(&mut self, call: CallId) -> Option<Waker> {
        let now = self.now;
        let Call {
            task,
            number,
            answer,
            answered,
            waker,
            ..
        } = &mut self.calls[call];
        if answer.is_none() {
            return None;
        }
        *answered = true;
        // Added up, since the answers to calls made at once may come in any order.
        let heard = &mut self.tasks[*task].heard;
        *heard = heard.wrapping_add(digest_of(&(*number, &*answer, now)));
        waker.take()
    }

    fn apply(&mut self, request: Request) -> (Answer, Option<Changed>) {
        match request {
            Request::Get(key) => (Answer::Value(self.values.get(&key).cloned()), None),
            Request::Set(key, value) => {
                self.values.insert(key.clone(), value.clone());
                (Answer::Done, Some((key, Some(value))))
            }
            Request::Delete(key) => {
                self.counters.remove(&key);
                self.values.remove(&key);
                (Answer::Done, Some((key, None)))
            }
            Request::Reserve(key, count) => {
                let counter = self.counters.entry(key).or_default();
                *counter += u64::from(count);
                (Answer::Number(*counter), None)
            }
            Request::Wake(_) => (Answer::Done, None),
        }
    }
}

/// A key, and its value now.
type Changed = (String, Option<Vec<u8>>);
