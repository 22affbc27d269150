//! One writer, one reader, and what they find: the cases that can be set up by hand. What many do at once is for
//! [`super::simulation`].

mod appending;
mod costs;
mod holes;
mod reading;

use std::{cell::Cell, rc::Rc};

use super::{
    AppendError, Appended, Journal, Journaled, Reading, Record, Seq, Timing,
    simulation::{
        SKEW,
        ledger::{Attempt, Happened, Ledger, Refusal, What, Wish},
        world::{Fresh, World},
    },
};
use crate::{
    memory::{Calls, Memory, Operation, run},
    ports::{Clock, Millis, Ports, Store},
    stored,
};

const KEY: &str = "l:1";
const SNAPSHOT: &str = "l:1:s";
const COUNTER: &str = "l:1:n";

/// The first number after the ledger's beginning.
const FIRST: Seq = Ledger::GENESIS as Seq + 1;

const GRACE: Millis = Timing::DEFAULT.grace;
const PATIENCE: Millis = Timing::DEFAULT.patience;

fn journal<P: Ports>(ports: &P) -> Journal<P, Ledger> {
    Journal::new(ports, KEY.to_owned())
}

fn record_key(seq: Seq) -> String {
    format!("{KEY}:e:{seq}")
}

fn attempt(wish: Wish) -> Attempt {
    Attempt::new(0, wish, &Rc::default())
}

fn post(id: u32) -> Attempt {
    attempt(Wish::Post { id, answers: 0 })
}

/// A message that takes three numbers.
fn long_post(id: u32) -> Attempt {
    attempt(Wish::Post { id, answers: 2 })
}

fn opening() -> Vec<Happened> {
    vec![Happened {
        attempt: 0,
        what: What::Opened,
    }]
}

/// An open ledger with `posts` messages, and calls counted from here on.
fn ledger(posts: u32) -> (Memory, Journal<Memory, Ledger>) {
    let memory = Memory::new();
    let journal = journal(&memory);
    run(journal.create(opening())).unwrap();
    for id in 0..posts {
        append(&journal, &post(id));
    }
    memory.take_calls();
    (memory, journal)
}

fn append(journal: &Journal<Memory, Ledger>, attempt: &Attempt) -> Appended<Ledger> {
    run(journal.append(attempt)).unwrap()
}

fn read(journal: &Journal<Memory, Ledger>, after: Seq) -> Reading<Ledger> {
    run(journal.read(after)).unwrap()
}

fn seqs(reading: &Reading<Ledger>) -> Vec<Seq> {
    reading.entries.iter().map(|entry| entry.seq).collect()
}

fn is_void(memory: &Memory, seq: Seq) -> bool {
    let value = memory.value(&record_key(seq)).unwrap();
    let record: Record<Happened> = stored::decode(&value).unwrap();
    record.events.is_empty() && record.span == 1
}

fn retry_after(outcome: Result<Appended<Ledger>, AppendError<Ledger>>) -> Millis {
    match outcome {
        Err(AppendError::Busy { retry_after }) => retry_after,
        outcome => panic!("busy was expected, not {outcome:?}"),
    }
}
