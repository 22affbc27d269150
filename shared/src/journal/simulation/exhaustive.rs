//! Drives a world through everything that can happen in it, within bounds.
//!
//! At every point the explorer knows what may happen next: a call of the store is served, a task crashes, time
//! passes. It tries one after the other, each time from the beginning of the world, since a task cannot be copied.
//! Two ways that lead to the same point (the same store, the same calls under way, every task told the same things
//! at the same times) go on alike, so that only the first is followed.
//!
//! What is left out, and why nothing is missed by it:
//! - A call takes effect and is answered in one step. A later answer to a write is the same to everybody else as a
//!   later next call; the answers to reads that were made at once come only when the last one is there, so that the
//!   others may be as old as the bounds allow.
//! - A task crashes only right after it reserved something or when it is about to reserve or write; what it was about
//!   to do may still happen, at any later time, or never. A crash anywhere else looks the same to all others.
//! - Of several reads at once, those of records that are there are served first. Records do not change, as the watch
//!   makes sure, and the reader goes on only with the last answer.

use std::{
    collections::HashMap,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    mem,
};

use super::{
    Broken, Invariant,
    world::{CallId, Fresh, Request, Role, TaskId, World},
};
use crate::ports::Millis;

/// What may happen, at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// How many tasks crash.
    pub(crate) crashes: u32,
    /// How often time passes while a call is under way or nobody sleeps, and how long each time.
    pub(crate) leaps: u32,
    pub(crate) lengths: &'static [Millis],
    /// The longest that a call may take. What a crashed task had asked for happens within that time or never.
    pub(crate) limit: Millis,
    /// Whether all requests want the same, so that it is enough that they begin in one order.
    pub(crate) alike: bool,
    /// Whether work for later is done, at any time; or else never.
    pub(crate) background: bool,
}

/// What there is to explore.
pub(crate) struct Stage {
    /// Those whose end is the end.
    pub(crate) clients: Vec<TaskId>,
    /// Judges the world after that.
    pub(crate) judge: Box<dyn FnOnce() -> Result<(), Broken>>,
}

/// What was explored.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Explored {
    /// All that can happen from beginning to end, each order of steps counted.
    pub(crate) schedules: u128,
    /// The different points among them.
    pub(crate) points: usize,
    /// The ends that were judged.
    pub(crate) ends: usize,
}

impl fmt::Display for Explored {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            schedules,
            points,
            ends,
        } = self;
        write!(
            formatter,
            "{schedules} schedules through {points} points, {ends} ends"
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// Nothing more happens.
    End,
    Serve(CallId),
    /// The same, and the caller crashes before it hears of it.
    ServeInVain(CallId),
    Crash(TaskId),
    /// Time passes until then; what cannot last so long never happens.
    Leap(Millis),
    /// Time passes until somebody wakes up.
    Sleep(Millis),
}

/// A point on the way, and what was tried from there.
struct Point {
    digest: u64,
    tried: usize,
    choices: Vec<Choice>,
    schedules: u128,
}

/// How a run went on from where the way before it ended.
enum Reached {
    /// To an end that was judged.
    End,
    /// To a point from which everything was tried before.
    Known(u128),
}

/// Explores what `begin` sets up. An invariant that breaks is returned with the way there.
pub(crate) fn explore(
    bounds: Bounds,
    begin: impl Fn(&World) -> Stage,
) -> Result<Explored, (Broken, Vec<String>)> {
    let mut known: HashMap<u64, u128> = HashMap::new();
    let mut way: Vec<Point> = Vec::new();
    let mut explored = Explored::default();
    loop {
        let world = World::new(0);
        let mut schedules = match run(&world, bounds, &begin, &mut way, &known) {
            Ok(Reached::Known(schedules)) => schedules,
            Ok(Reached::End) => {
                explored.ends += 1;
                1
            }
            Err(broken) => {
                let world = World::new(0);
                world.trace();
                let _ = run(&world, bounds, &begin, &mut way, &known);
                return Err((broken, world.traced()));
            }
        };
        // Back to the last point where something is left to try.
        loop {
            let Some(point) = way.last_mut() else {
                explored.schedules = schedules;
                explored.points = known.len();
                return Ok(explored);
            };
            point.schedules += schedules;
            point.tried += 1;
            if point.tried < point.choices.len() {
                break;
            }
            schedules = point.schedules;
            known.insert(point.digest, schedules);
            way.pop();
        }
    }
}

/// Goes the way, and on from its end by always trying the first.
fn run(
    world: &World,
    bounds: Bounds,
    begin: &impl Fn(&World) -> Stage,
    way: &mut Vec<Point>,
    known: &HashMap<u64, u128>,
) -> Result<Reached, Broken> {
    let stage = begin(world);
    let mut explorer = Explorer {
        world,
        clients: &stage.clients,
        bounds,
    };
    let mut step = 0;
    let reached = loop {
        explorer.settle();
        if let Some(broken) = world.broken() {
            break Err(broken);
        }
        if step == way.len() {
            let digest = explorer.digest();
            if let Some(&schedules) = known.get(&digest) {
                break Ok(Reached::Known(schedules));
            }
            way.push(Point {
                digest,
                tried: 0,
                choices: explorer.choices(),
                schedules: 0,
            });
        }
        match way[step].choices.get(way[step].tried) {
            Some(Choice::End) => break (stage.judge)().map(|()| Reached::End),
            Some(&choice) => explorer.take(choice),
            None => {
                let stuck = "nothing can happen any more".to_owned();
                break Err(Broken::new(Invariant::NeverStuck, stuck));
            }
        }
        step += 1;
    };
    world.end();
    reached
}

struct Explorer<'a> {
    world: &'a World,
    clients: &'a [TaskId],
    /// What is still allowed to happen.
    bounds: Bounds,
}

impl Explorer<'_> {
    /// Lets happen what makes no difference when it happens.
    fn settle(&self) {
        loop {
            self.world.settle();
            let fresh = self.world.fresh();
            for fresh in &fresh {
                if let Fresh::Work(task) = fresh
                    && self.bounds.background
                {
                    self.world.begin(*task);
                }
            }
            if fresh.is_empty() && !self.serve_freely() {
                return;
            }
        }
    }

    /// Serves a call for which it makes no difference when it is served, if there is one.
    fn serve_freely(&self) -> bool {
        let pending = self.world.pending();
        let free = pending.iter().find(|&&call| match self.world.asked(call) {
            Request::Wake(until) => until <= self.world.now(),
            Request::Get(key) => {
                let caller = self.world.caller(call);
                let is_last = pending
                    .iter()
                    .all(|&other| other == call || self.world.caller(other) != caller);
                !is_last && key.contains(":e:") && self.world.has_events(&key)
            }
            _ => false,
        });
        let Some(&call) = free else { return false };
        self.world.take_effect(call);
        self.world.answer(call);
        true
    }

    fn digest(&self) -> u64 {
        let mut digest = DefaultHasher::new();
        (self.world.digest(), self.bounds.crashes, self.bounds.leaps).hash(&mut digest);
        digest.finish()
    }

    fn choices(&self) -> Vec<Choice> {
        let now = self.world.now();
        let mut choices = Vec::new();
        if self.clients.iter().all(|&client| !self.world.lives(client)) {
            choices.push(Choice::End);
        }
        let mut wakes = None;
        let mut answer_by = Millis::MAX;
        let mut may_crash = Vec::new();
        let mut begun = false;
        for call in self.world.pending() {
            let caller = self.world.caller(call);
            let request = self.world.asked(call);
            if let Request::Wake(until) = request {
                wakes = Some(wakes.map_or(until, |earliest: Millis| earliest.min(until)));
                continue;
            }
            let begins = self.world.is_first(call) && self.world.role(caller) == Role::Request;
            if begins && self.bounds.alike && mem::replace(&mut begun, true) {
                continue;
            }
            choices.push(Choice::Serve(call));
            if !self.world.lives(caller) || self.world.role(caller) != Role::Request {
                continue;
            }
            answer_by = answer_by.min(self.world.issued_at(call) + self.bounds.limit);
            if self.bounds.crashes > 0 && !matches!(request, Request::Get(_)) {
                may_crash.push(Choice::Crash(caller));
                if matches!(request, Request::Reserve(..)) {
                    may_crash.push(Choice::ServeInVain(call));
                }
            }
        }
        choices.append(&mut may_crash);
        if let Some(wakes) = wakes
            && wakes <= answer_by
        {
            choices.push(Choice::Sleep(wakes));
        }
        if self.bounds.leaps > 0 {
            let lengths = self.bounds.lengths.iter();
            let leaps = lengths.map(|length| now + length);
            choices.extend(leaps.filter(|until| *until <= answer_by).map(Choice::Leap));
        }
        choices
    }

    fn take(&mut self, choice: Choice) {
        match choice {
            Choice::End => {}
            Choice::Serve(call) => {
                self.world.take_effect(call);
                self.world.answer(call);
            }
            Choice::ServeInVain(call) => {
                self.bounds.crashes -= 1;
                self.world.take_effect(call);
                self.world.crash(self.world.caller(call));
            }
            Choice::Crash(task) => {
                self.bounds.crashes -= 1;
                self.world.crash(task);
            }
            Choice::Leap(until) => {
                self.bounds.leaps -= 1;
                self.pass_time(until);
            }
            Choice::Sleep(until) => self.pass_time(until),
        }
    }

    /// What nobody waits for and cannot last so long never happens.
    fn pass_time(&self, until: Millis) {
        self.world.advance_to(until);
        for call in self.world.pending() {
            let is_old = self.world.issued_at(call) + self.bounds.limit < until;
            if is_old && !matches!(self.world.asked(call), Request::Wake(_)) {
                self.world.give_up(call);
            }
        }
    }
}
