//! Who uses the ledger: people who post, claim, release and close, and insist until they get an answer; readers who
//! follow along. All that they were told is kept, and judged when everything is over.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use futures::future::{Either, join_all, select};

use super::{
    Broken, Invariant, SKEW,
    flaws::{Bend, Bent, Flaw},
    ledger::{Attempt, Happened, Ledger, What, Wish},
    watch::JournalWatch,
    weather::{Dice, Simulation, Weather},
    world::{Host, World},
};
use crate::{
    journal::{AppendError, Entry, Journal, Journaled, Seq, Snapshot, Timing},
    ports::Millis,
};

/// The key of the only ledger there is.
pub(crate) const KEY: &str = "l:1";

/// How often somebody asks for the same before giving up.
const MOST_TRIES: u32 = 5;

/// One ledger in a world, and everybody's part in it.
pub(crate) struct Scene {
    pub(crate) world: World,
    hosts: Vec<Bent<Host>>,
    /// The timing it ought to have, and the one it has.
    right_timing: Timing,
    timing: Timing,
    bend: Rc<Bend>,
    pub(super) watch: Rc<JournalWatch<Ledger>>,
    pub(super) attempts: RefCell<Vec<Tried>>,
    /// The last place that anybody was told of.
    told: Cell<Seq>,
    /// The people who are not through yet.
    pub(crate) busy: Cell<usize>,
    pub(super) readers: RefCell<Vec<Reader>>,
}

/// How far a reader is, and what it was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    cursor: Seq,
    pub(super) entries: Vec<Entry<Happened>>,
}

/// An attempt, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) wish: Wish,
    /// The last place anybody had been told of when it began.
    pub(super) floor: Seq,
    pub(super) outcome: Option<Outcome>,
}

/// What the function answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done: the events, and the place that their writer then knew of.
    Done(Vec<Entry<Happened>>, Seq),
    /// Refused, on what was known up to this place.
    Refused(Seq),
    /// Not now, but after so long.
    Busy(Millis),
    Gone,
    /// The store failed.
    Failed,
}

impl Outcome {
    fn is_final(&self) -> bool {
        matches!(self, Self::Done(..) | Self::Refused(_) | Self::Gone)
    }
}

impl Scene {
    /// A ledger that is used through so many hosts, and how its protocol is bent.
    pub(crate) fn new(world: &World, hosts: usize, timing: Timing, flaw: Flaw) -> Rc<Self> {
        let bend = Rc::new(Bend::new(flaw));
        let hosts = (0..hosts).map(|_| Bent::new(world.host(), &bend));
        let hosts = hosts.collect();
        let watch = Rc::new(JournalWatch::new(KEY));
        world.watch(watch.clone());
        Rc::new(Self {
            world: world.clone(),
            hosts,
            right_timing: timing,
            timing: flaw.timing(timing),
            bend,
            watch,
            attempts: RefCell::default(),
            told: Cell::new(0),
            busy: Cell::new(0),
            readers: RefCell::default(),
        })
    }

    fn journal(&self, host: usize) -> Journal<Bent<Host>, Ledger> {
        let mut journal = Journal::new(&self.hosts[host], KEY.to_owned());
        journal.records.timing = self.timing;
        journal
    }

    /// Opens the ledger; trying again is harmless.
    pub(crate) async fn open(&self, host: usize) -> Result<(), ()> {
        let journal = self.journal(host);
        let opened = Happened {
            attempt: usize::MAX,
            what: What::Opened,
        };
        let created = self.world.request(host, "opening".to_owned(), async move {
            journal.create(vec![opened]).await.is_ok()
        });
        match created.await {
            Ok(true) => {
                self.told.set(Ledger::GENESIS.into());
                Ok(())
            }
            _ => Err(()),
        }
    }

    /// Sends a wish to a host, once. There is no outcome where the function crashed.
    pub(crate) fn send(
        self: &Rc<Self>,
        host: usize,
        wish: Wish,
    ) -> impl Future<Output = Option<Outcome>> + Unpin + use<> {
        let number = self.attempts.borrow().len();
        self.attempts.borrow_mut().push(Tried {
            wish,
            floor: self.told.get(),
            outcome: None,
        });
        let (scene, journal) = (self.clone(), self.journal(host));
        let label = format!("#{number} {wish:?} on {host}");
        let request = self.world.request(host, label, async move {
            let attempt = Attempt::new(number, wish, &scene.bend);
            let outcome = match journal.append(&attempt).await {
                Ok(appended) => {
                    scene.check(&appended.snapshot);
                    Outcome::Done(appended.entries, appended.snapshot.seq)
                }
                Err(AppendError::Rejected { snapshot, .. }) => {
                    scene.check(&snapshot);
                    Outcome::Refused(snapshot.seq)
                }
                Err(AppendError::Busy { retry_after }) => Outcome::Busy(retry_after),
                Err(AppendError::Gone) => Outcome::Gone,
                Err(AppendError::Store(_)) => Outcome::Failed,
            };
            scene.hear(number, outcome.clone());
            outcome
        });
        Box::pin(async move { request.await.ok() })
    }

    /// A state that somebody is told has to be the one that the records tell.
    fn check(&self, snapshot: &Snapshot<Ledger>) {
        self.world.report(self.watch.check(snapshot));
    }

    fn hear(&self, number: usize, outcome: Outcome) {
        self.world.note(|| format!("#{number} is told {outcome:?}"));
        if let Outcome::Done(_, seq) | Outcome::Refused(seq) = outcome {
            self.told.set(self.told.get().max(seq));
        }
        self.attempts.borrow_mut()[number].outcome = Some(outcome);
    }

    /// Somebody with a few wishes.
    pub(crate) async fn person(self: Rc<Self>, number: u8, mut dice: Dice) {
        for wishes in 0..=dice.up_to(3) {
            self.world.pause(dice.pick(&[0, 3, 40, 900])).await;
            let id = u32::from(number) * 100 + u32::try_from(wishes).unwrap_or(0);
            let wish = match dice.up_to(19) {
                0..=9 => Wish::Post {
                    id,
                    answers: dice.pick(&[0, 0, 1, 2]),
                },
                10..=15 => Wish::Claim(number),
                16..=18 => Wish::Release(number),
                _ => Wish::Close(number),
            };
            self.insist(wish, &mut dice).await;
        }
        self.busy.set(self.busy.get() - 1);
    }

    /// Asks for the same until there is an answer, or patience ends. Sometimes twice at once, as double clicks do.
    async fn insist(self: &Rc<Self>, wish: Wish, dice: &mut Dice) {
        // How long until the browser gives up a request, which goes on without it.
        let waits = dice.pick(&[2_500, 12_000, 60_000]);
        for _ in 0..MOST_TRIES {
            let copies = if dice.chance(120) { 2 } else { 1 };
            let sent = (0..copies).map(|_| self.send(dice.index(self.hosts.len()), wish));
            let answered = join_all(sent.collect::<Vec<_>>());
            let outcomes = match select(answered, Box::pin(self.world.pause(waits))).await {
                Either::Left((outcomes, _)) => outcomes,
                Either::Right(_) => Vec::new(),
            };
            // Answers, too, get lost on their way.
            if outcomes.iter().flatten().any(Outcome::is_final) && !dice.chance(30) {
                return;
            }
            let asked = outcomes.iter().flatten().find_map(|outcome| match outcome {
                Outcome::Busy(retry_after) => Some(*retry_after),
                _ => None,
            });
            let pause = match asked {
                Some(retry_after) if dice.chance(850) => retry_after,
                _ => dice.pick(&[0, 10, 300, 2_000]),
            };
            self.world.pause(pause).await;
        }
    }

    /// Somebody who follows the ledger until everybody is through.
    pub(crate) async fn reader(self: Rc<Self>, mut dice: Dice) {
        let number = self.readers.borrow().len();
        self.readers.borrow_mut().push(Reader::default());
        let quickest = dice.pick(&[5, 50, 400, 2_000]);
        let mut rhythm = quickest;
        while self.busy.get() > 0 {
            self.world.pause(dice.up_to(rhythm)).await;
            if dice.chance(30) {
                // A reload: from the beginning again.
                self.readers.borrow_mut()[number] = Reader::default();
            }
            let host = dice.index(self.hosts.len());
            let went_on = self.look(number, host, dice.chance(300)).await;
            rhythm = match went_on {
                Some(true) => quickest,
                _ => (rhythm * 2).min(4_000),
            };
        }
    }

    /// Once everything works again: a writer gets through, readers come to the same end, all that was told is true.
    pub(crate) fn conclude(self: &Rc<Self>, simulation: &mut Simulation) -> Result<(), Broken> {
        simulation.turn(Weather::CALM);
        let probe = self.world.client("probe", self.clone().probe());
        simulation.run_until_end_of(probe)?;
        self.world.client("readers", self.clone().read_on());
        simulation.run_dry()?;
        self.judge()
    }

    /// Somebody who looks so many times.
    pub(crate) async fn look_on(self: Rc<Self>, times: u32) {
        self.readers.borrow_mut().push(Reader::default());
        for _ in 0..times {
            self.look(0, 0, true).await;
        }
    }

    /// Every reader reads on to the end.
    pub(crate) async fn read_on(self: Rc<Self>) {
        let count = self.readers.borrow().len();
        for number in 0..count {
            while self.look(number, 0, false).await == Some(true) {}
        }
    }

    /// Reads what is after a reader's cursor, and says whether it went on.
    async fn look(&self, number: usize, host: usize, remembers: bool) -> Option<bool> {
        let floor = self.told.get();
        let cursor = self.readers.borrow()[number].cursor;
        let journal = self.journal(host);
        let label = format!("reader {number} after {cursor} on {host}");
        let request = self.world.request(host, label, async move {
            let reading = journal.read(cursor).await.ok()?;
            if remembers && reading.behind {
                journal.remember(&reading.snapshot);
            }
            Some(reading)
        });
        let reading = request.await.ok()??;
        self.world.note(|| {
            let seqs: Vec<_> = reading.entries.iter().map(|entry| entry.seq).collect();
            let next = reading.cursor;
            format!("reader {number} after {cursor} is told {seqs:?}, goes on after {next}")
        });
        self.check(&reading.snapshot);
        let is_page = reading.cursor >= cursor + 100;
        if reading.snapshot.seq < floor || (reading.cursor < floor && !is_page) {
            let detail = format!(
                "reader {number} after {cursor} was told of {} and {}, others of {floor} before",
                reading.snapshot.seq, reading.cursor
            );
            self.world
                .report(Err(Broken::new(Invariant::NoneLate, detail)));
        }
        let reader = &mut self.readers.borrow_mut()[number];
        reader.entries.extend(reading.entries);
        reader.cursor = reading.cursor;
        Some(reader.cursor != cursor)
    }

    /// Posts once more when everything works again, as often as it is asked to: what others left unfinished holds it
    /// up until it counts as abandoned, and not longer.
    pub(crate) async fn probe(self: Rc<Self>) {
        let wish = Wish::Probe { id: u32::MAX };
        let Timing {
            grace, patience, ..
        } = self.right_timing;
        let longest = grace + 2 * (patience + SKEW);
        let begun = self.world.now();
        let mut outcomes = Vec::new();
        while self.world.now() <= begun + longest && outcomes.len() < 9 {
            let outcome = self.send(0, wish).await;
            match outcome {
                Some(Outcome::Done(..)) => return,
                Some(Outcome::Busy(retry_after)) => self.world.pause(retry_after).await,
                _ => {}
            }
            outcomes.push(outcome);
        }
        let detail = format!("a writer does not get through: {outcomes:?}");
        self.world
            .report(Err(Broken::new(Invariant::NeverStuck, detail)));
    }
}
