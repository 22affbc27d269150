//! Whether all that people and readers of the ledger were told is true.

use std::rc::Rc;

use super::{
    Broken, Invariant,
    ledger::{Attempt, Happened, What},
    people::{Outcome, Scene, Tried},
};
use crate::journal::{Entry, Journaled, Seq};

impl Scene {
    /// Whether all that anybody was told is true, now that everything is over.
    pub(crate) fn judge(&self) -> Result<(), Broken> {
        let journal = self.watch.entries();
        let attempts = self.attempts.borrow();
        for (number, tried) in attempts.iter().enumerate() {
            self.world
                .report(judge_acknowledgement(number, tried, &journal));
        }
        self.world.report(judge_ids(&journal));
        self.world.report(judge_holders(&journal));
        for (number, tried) in attempts.iter().enumerate() {
            self.world
                .report(self.judge_answer(number, tried, &journal));
        }
        for (number, reader) in self.readers.borrow().iter().enumerate() {
            self.world
                .report(judge_reader(number, &reader.entries, &journal));
        }
        self.world.broken().map_or(Ok(()), Err)
    }

    fn judge_answer(
        &self,
        number: usize,
        tried: &Tried,
        journal: &[Entry<Happened>],
    ) -> Result<(), Broken> {
        let says = |invariant, what: &str| {
            let detail = format!("#{number} {:?}: {what}: {:?}", tried.wish, tried.outcome);
            Err(Broken::new(invariant, detail))
        };
        let mine: Vec<_> = journal
            .iter()
            .filter(|entry| entry.event.attempt == number)
            .cloned()
            .collect();
        let place = match &tried.outcome {
            Some(Outcome::Done(entries, seq)) => match entries.first() {
                Some(first) if first.seq <= tried.floor => {
                    return says(Invariant::NoneLate, "comes before what was known");
                }
                Some(first) => first.seq - 1,
                None => *seq,
            },
            Some(Outcome::Refused(seq)) => *seq,
            _ => Seq::MAX,
        };
        if place < tried.floor {
            return says(Invariant::NoneLate, "does not know what was known");
        }
        match &tried.outcome {
            Some(Outcome::Done(entries, _)) if mine != *entries => {
                return says(Invariant::NoneDoubled, "has other events in the journal");
            }
            Some(Outcome::Refused(_) | Outcome::Busy(_)) if !mine.is_empty() => {
                return says(Invariant::RefusalIsNothing, "has events in the journal");
            }
            Some(Outcome::Gone) => return says(Invariant::NeverStuck, "nothing was erased"),
            Some(Outcome::Done(..) | Outcome::Refused(_)) => {}
            _ => return Ok(()),
        }
        let Some(state) = self.watch.state_at(place) else {
            return says(Invariant::OneOrder, "has no such place");
        };
        let attempt = Attempt::new(number, tried.wish, &Rc::default());
        let right = match (&tried.outcome, state.decide(&attempt, 0)) {
            (Some(Outcome::Done(..)), Ok(events)) => {
                events.iter().eq(mine.iter().map(|entry| &entry.event))
            }
            (Some(Outcome::Refused(_)), Err(_)) => true,
            _ => false,
        };
        if right {
            Ok(())
        } else {
            says(Invariant::RightAnswers, "is not what the rules say there")
        }
    }
}

fn judge_acknowledgement(
    number: usize,
    tried: &Tried,
    journal: &[Entry<Happened>],
) -> Result<(), Broken> {
    let Some(Outcome::Done(entries, _)) = &tried.outcome else {
        return Ok(());
    };
    if entries.iter().all(|entry| journal.contains(entry)) {
        return Ok(());
    }
    let detail = format!("#{number} {:?} was told {:?}", tried.wish, tried.outcome);
    Err(Broken::new(Invariant::NoneLost, detail))
}

fn judge_ids(journal: &[Entry<Happened>]) -> Result<(), Broken> {
    let mut ids: Vec<u32> = journal
        .iter()
        .filter_map(|entry| match entry.event.what {
            What::Posted(id) => Some(id),
            _ => None,
        })
        .collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            let detail = format!("message {} is there twice", pair[0]);
            Err(Broken::new(Invariant::NoneDoubled, detail))
        }
        None => Ok(()),
    }
}

fn judge_holders(journal: &[Entry<Happened>]) -> Result<(), Broken> {
    let mut holder = None;
    for entry in journal {
        match (entry.event.what.clone(), holder) {
            (What::Claimed(by), None) => holder = Some(by),
            (What::Released(by), Some(held)) if by == held => holder = None,
            (What::Claimed(_) | What::Released(_), _) => {
                let detail = format!("{entry:?} while {holder:?} holds the ledger");
                return Err(Broken::new(Invariant::OneHolder, detail));
            }
            _ => {}
        }
    }
    Ok(())
}

fn judge_reader(
    number: usize,
    read: &[Entry<Happened>],
    journal: &[Entry<Happened>],
) -> Result<(), Broken> {
    let same = read
        .iter()
        .zip(journal)
        .take_while(|(a, b)| same(a, b))
        .count();
    if same == read.len() && same == journal.len() {
        return Ok(());
    }
    let (read, there) = (read.get(same), journal.get(same));
    let detail = format!("reader {number} was told {read:?}, the journal says {there:?}");
    Err(Broken::new(Invariant::OneOrder, detail))
}

/// The time of the creation may be that of any attempt at it: see [`JournalWatch`].
fn same(one: &Entry<Happened>, other: &Entry<Happened>) -> bool {
    one == other || (one.seq == 1 && other.seq == 1 && one.event == other.event)
}
