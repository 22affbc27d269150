//! A world in which nothing happens by itself: a store, clocks and tasks whose every step somebody else decides.
//!
//! A store call has three moments: it is issued, it takes effect, it is answered. Whoever drives the world
//! ([`super::weather`] by dice, [`super::exhaustive`] by trying everything) chooses when each of them comes, whether
//! it comes at all, and which task dies meanwhile. Code under test sees only a [`Host`], which has all the ports.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt,
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    mem,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures::channel::oneshot;

use super::{Broken, Invariant};
use crate::{
    memory::{BEGINNING, Random},
    ports::{Background, Clock, Entropy, Millis, Store, StoreError},
};

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
enum Answer {
    Value(Option<Vec<u8>>),
    Done,
    Number(u64),
    Failed,
}

struct Call {
    task: TaskId,
    /// Which of its task's calls it is.
    number: usize,
    request: Request,
    issued_at: Millis,
    /// Whether somebody waits for the answer.
    awaited: bool,
    answer: Option<Answer>,
    answered: bool,
    waker: Option<Waker>,
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

    // What drives the world.

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
        let (changed, watches) = {
            let mut inner = self.inner.borrow_mut();
            if !inner.pending.remove(&call) {
                return;
            }
            let request = inner.calls[call].request.clone();
            let (answer, changed) = inner.apply(request);
            inner.note_call(call, "", &answer);
            inner.calls[call].answer.get_or_insert(answer);
            (changed, inner.watches.clone())
        };
        let Some((key, after)) = changed else { return };
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

/// A call under way.
struct Called<'a> {
    world: &'a World,
    request: Option<Request>,
    call: Option<CallId>,
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

/// All ports, as one computer of the world has them.
#[derive(Clone)]
pub(crate) struct Host {
    world: World,
    number: usize,
}

fn failed() -> StoreError {
    StoreError("the store failed".to_owned())
}

impl Store for Host {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.world.call(Request::Get(key.to_owned())).await {
            Answer::Value(value) => Ok(value),
            _ => Err(failed()),
        }
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        match self.world.call(Request::Set(key.to_owned(), value)).await {
            Answer::Done => Ok(()),
            _ => Err(failed()),
        }
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        match self.world.call(Request::Delete(key.to_owned())).await {
            Answer::Done => Ok(()),
            _ => Err(failed()),
        }
    }

    async fn reserve(&self, key: &str, count: u32) -> Result<u64, StoreError> {
        let request = Request::Reserve(key.to_owned(), count);
        match self.world.call(request).await {
            Answer::Number(number) => Ok(number),
            _ => Err(failed()),
        }
    }
}

impl Clock for Host {
    fn now(&self) -> Millis {
        let mut inner = self.world.inner.borrow_mut();
        let now = BEGINNING + inner.now + inner.ahead[self.number];
        if let Some(task) = inner.running {
            inner.tasks[task].looked = digest_of(&(inner.tasks[task].looked, now));
        }
        now
    }

    async fn sleep(&self, duration: Millis) {
        self.world.pause(duration).await;
    }
}

impl Entropy for Host {
    fn fill(&self, bytes: &mut [u8]) {
        let mut inner = self.world.inner.borrow_mut();
        for byte in bytes {
            *byte = inner.random.draw().to_le_bytes()[0];
        }
    }
}

impl Background for Host {
    fn later(&self, work: Work) {
        let label = {
            let inner = self.world.inner.borrow();
            let task = inner.running.expect("only a task leaves work");
            inner.tasks[task].label.clone()
        };
        let task = self.world.spawn(label, Role::Background, self.number, work);
        self.world.inner.borrow_mut().fresh.push(Fresh::Work(task));
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "host {}", self.number)
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
