//! Drives a world by dice: what comes when, what fails, who dies.

use std::collections::BTreeMap;

use super::{
    Broken, Invariant,
    world::{CallId, Fresh, Role, TaskId, World},
};
use crate::{memory::Random, ports::Millis};

/// The events after which a world that still has not come to its end never will.
const MOST_EVENTS: usize = 200_000;

/// How the store and the hosts behave. Chances are in a thousand.
#[derive(Clone, Debug)]
pub(crate) struct Weather {
    /// An ordinary way to the store or back takes up to this long.
    pub(crate) usual: Millis,
    /// How often it takes up to `limit` instead.
    pub(crate) slow: u64,
    /// The longest that a call may take until its effect and until its answer.
    pub(crate) limit: Millis,
    /// How often a call is answered with a failure: half of them take effect, and half of these only afterwards.
    pub(crate) failing: u64,
    /// How often the task that issues a call crashes around it.
    pub(crate) crashing: u64,
    /// How often a host crashes, with all that it was doing.
    pub(crate) host_crashes: Vec<(Millis, usize)>,
    /// The times at which the clock of a host is set, and how far ahead of true time.
    pub(crate) clocks: Vec<(Millis, usize, Millis)>,
    /// How often work for later never begins.
    pub(crate) losing: u64,
    /// Work for later begins after up to this long.
    pub(crate) idling: Millis,
}

impl Weather {
    /// Everything works, and every way takes no time.
    pub(crate) const CALM: Self = Self {
        usual: 0,
        slow: 0,
        limit: 0,
        failing: 0,
        crashing: 0,
        host_crashes: Vec::new(),
        clocks: Vec::new(),
        losing: 0,
        idling: 0,
    };

    /// Any weather in which calls take effect or never do within `limit`, and clocks are up to `skew` ahead.
    pub(crate) fn any(dice: &mut Dice, limit: Millis, skew: Millis, hosts: usize) -> Self {
        let usual = [0, 1, 4, 30, 400];
        let mut clocks: Vec<_> = (0..hosts).map(|host| (0, host, dice.up_to(skew))).collect();
        for _ in 0..dice.pick(&[0, 0, 0, 1, 4]) {
            clocks.push((dice.up_to(12_000), dice.index(hosts), dice.pick(&[0, skew])));
        }
        let host_crashes = (0..dice.pick(&[0, 0, 0, 1, 3]))
            .map(|_| (dice.up_to(8_000), dice.index(hosts)))
            .collect();
        Self {
            usual: dice.pick(&usual),
            slow: dice.pick(&[0, 5, 40, 150, 400]),
            limit,
            failing: dice.pick(&[0, 0, 10, 60]),
            crashing: dice.pick(&[0, 0, 10, 40, 100]),
            host_crashes,
            clocks,
            losing: dice.pick(&[0, 30, 500]),
            idling: dice.pick(&[0, 5, 100, 3_000]),
        }
    }
}

/// Repeatable choices.
#[derive(Clone, Debug)]
pub(crate) struct Dice(Random);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        // Neighbouring seeds are to have nothing in common.
        Self(Random::new(random.draw()))
    }

    /// Dice whose throws say nothing about these.
    pub(crate) fn split(&mut self) -> Self {
        Self::new(self.0.draw())
    }

    /// A number from 0 to `most`.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.0.draw() % (most + 1)
    }

    /// A number below `count`.
    pub(crate) fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.up_to(count as u64 - 1)).expect("below a usize")
    }

    /// True so often in a thousand.
    pub(crate) fn chance(&mut self, in_a_thousand: u64) -> bool {
        in_a_thousand > 0 && self.up_to(999) < in_a_thousand
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Effect(CallId),
    Answer(CallId),
    Failure(CallId),
    Wake(CallId),
    Begin(TaskId),
    Crash(TaskId),
    HostCrash(usize),
    SetClock(usize, Millis),
}

/// A world, and the dice that drive it.
pub(crate) struct Simulation {
    pub(crate) world: World,
    dice: Dice,
    weather: Weather,
    /// What is going to happen, by time; at the same time in an order that the dice decide.
    events: BTreeMap<(Millis, u64, usize), Event>,
    planned: usize,
}

impl Simulation {
    pub(crate) fn new(world: World, dice: Dice, weather: Weather) -> Self {
        let mut simulation = Self {
            world,
            dice,
            weather,
            events: BTreeMap::new(),
            planned: 0,
        };
        for (time, host) in simulation.weather.host_crashes.clone() {
            simulation.plan(time, Event::HostCrash(host));
        }
        for (time, host, ahead) in simulation.weather.clocks.clone() {
            simulation.plan(time, Event::SetClock(host, ahead));
        }
        simulation
    }

    /// From now on the weather is this. What is already under way stays as it was.
    pub(crate) fn turn(&mut self, weather: Weather) {
        self.weather = weather;
        self.events
            .retain(|_, event| !matches!(event, Event::HostCrash(_) | Event::Crash(_)));
    }

    /// Lets everything happen until the task is at its end.
    pub(crate) fn run_until_end_of(&mut self, task: TaskId) -> Result<(), Broken> {
        self.run(|world| !world.lives(task))
    }

    /// Lets everything happen that is still under way.
    pub(crate) fn run_dry(&mut self) -> Result<(), Broken> {
        self.run(|_| false)
    }

    fn run(&mut self, is_over: impl Fn(&World) -> bool) -> Result<(), Broken> {
        for _ in 0..MOST_EVENTS {
            self.world.settle();
            for fresh in self.world.fresh() {
                self.plan_fresh(fresh);
            }
            if let Some(broken) = self.world.broken() {
                return Err(broken);
            }
            if is_over(&self.world) {
                return Ok(());
            }
            let Some(((time, ..), event)) = self.events.pop_first() else {
                return Ok(());
            };
            self.world.advance_to(time);
            self.happen(event);
        }
        Err(Broken::new(
            Invariant::NeverStuck,
            format!("still going on after {MOST_EVENTS} events"),
        ))
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Effect(call) => self.world.take_effect(call),
            Event::Answer(call) => self.world.answer(call),
            Event::Failure(call) => self.world.fail(call),
            Event::Wake(call) => self.world.wake(call),
            Event::Begin(task) => self.world.begin(task),
            Event::Crash(task) => self.crash(task),
            Event::SetClock(host, ahead) => self.world.set_clock(host, ahead),
            Event::HostCrash(host) => {
                for task in self.world.at_work(Some(host)) {
                    self.crash(task);
                }
            }
        }
    }

    fn crash(&mut self, task: TaskId) {
        if !self.world.lives(task) {
            return;
        }
        self.world.crash(task);
        for call in self.world.pending() {
            if self.world.caller(call) == task && self.dice.chance(500) {
                self.world.give_up(call);
            }
        }
    }

    fn plan(&mut self, time: Millis, event: Event) {
        let order = self.dice.up_to(u64::MAX - 1);
        self.plan_at(time, order, event);
    }

    fn plan_at(&mut self, time: Millis, order: u64, event: Event) {
        self.planned += 1;
        self.events.insert((time, order, self.planned), event);
    }

    fn plan_fresh(&mut self, fresh: Fresh) {
        let now = self.world.now();
        match fresh {
            Fresh::Work(task) => {
                if !self.dice.chance(self.weather.losing) {
                    let begins = now + self.dice.up_to(self.weather.idling);
                    self.plan(begins, Event::Begin(task));
                }
            }
            Fresh::Call(call) => match self.world.wakes_at(call) {
                Some(until) => self.plan(until, Event::Wake(call)),
                None => self.plan_call(call, now),
            },
        }
    }

    fn plan_call(&mut self, call: CallId, now: Millis) {
        let (there, back) = (self.way(), self.way());
        let limit = self.weather.limit.max(self.weather.usual);
        let effect = now + there.min(limit);
        let answer = now + (there + back).min(limit);
        let task = self.world.caller(call);
        if self.dice.chance(self.weather.failing) {
            match self.dice.up_to(3) {
                0 => {
                    self.plan_in_order(effect, Event::Effect(call), answer, Event::Failure(call));
                }
                1 => {
                    let late = now + self.dice.up_to(limit);
                    self.plan_in_order(answer, Event::Failure(call), late, Event::Effect(call));
                }
                _ => self.plan(answer, Event::Failure(call)),
            }
        } else {
            self.plan_in_order(effect, Event::Effect(call), answer, Event::Answer(call));
        }
        if self.world.role(task) != Role::Client && self.dice.chance(self.weather.crashing) {
            let crash = now + self.dice.up_to(answer - now + 1);
            self.plan(crash, Event::Crash(task));
        }
    }

    /// Plans two events of which the first comes first, also when both come at the same time.
    fn plan_in_order(&mut self, early: Millis, first: Event, late: Millis, second: Event) {
        let mut orders = [0; 2].map(|_| self.dice.up_to(u64::MAX - 1));
        if late <= early {
            orders.sort_unstable();
        }
        self.plan_at(early, orders[0], first);
        self.plan_at(late.max(early), orders[1], second);
    }

    fn way(&mut self) -> Millis {
        if self.dice.chance(self.weather.slow) {
            // Just in time is the hardest case.
            let limit = self.weather.limit;
            self.dice.up_to(limit + limit / 4).min(limit)
        } else {
            self.dice.up_to(self.weather.usual)
        }
    }
}
