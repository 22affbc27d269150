//! One writer, one reader, and what they find: the cases that can be set up by hand. What many do at once is for
//! [`super::simulation`].

use std::{cell::Cell, rc::Rc};

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
    let record: Record<Happened> = serde_json::from_slice(&value).unwrap();
    record.events.is_empty() && record.span == 1
}

fn retry_after(outcome: Result<Appended<Ledger>, AppendError<Ledger>>) -> Millis {
    match outcome {
        Err(AppendError::Busy { retry_after }) => retry_after,
        outcome => panic!("busy was expected, not {outcome:?}"),
    }
}

// Reading

#[test]
fn a_page_has_a_hundred_numbers_and_the_cursor_leads_to_the_next() {
    let (_, journal) = ledger(250);
    let mut cursor = 0;
    let mut all = Vec::new();
    for (expected, end) in [(99, 100), (100, 200), (52, 252), (0, 252)] {
        let reading = read(&journal, cursor);
        assert_eq!((reading.entries.len(), reading.cursor), (expected, end));
        assert_eq!(reading.snapshot.seq, 252);
        all.extend(seqs(&reading));
        cursor = reading.cursor;
    }
    let expected: Vec<Seq> = (1..=252).filter(|&seq| seq != 2).collect();
    assert_eq!(
        all, expected,
        "the second number was kept free and not used"
    );
}

#[test]
fn the_record_that_crosses_the_end_of_a_page_is_told_whole() {
    let (_, journal) = ledger(97);
    append(&journal, &long_post(1_000));
    append(&journal, &post(1_001));
    let reading = read(&journal, 0);
    assert_eq!(reading.cursor, 102);
    assert_eq!(seqs(&reading).last(), Some(&102));
    assert_eq!(seqs(&read(&journal, 102)), [103]);
}

#[test]
fn a_cursor_may_be_inside_a_record() {
    for snapshot in ["fresh", "lost"] {
        let (memory, journal) = ledger(3);
        let begins = append(&journal, &long_post(1_000)).entries[0].seq;
        append(&journal, &post(1_001));
        if snapshot == "lost" {
            memory.remove(SNAPSHOT);
        }
        let end = begins + 3;
        for after in 0..=end {
            let expected: Vec<Seq> = (after + 1..=end).filter(|&seq| seq != 2).collect();
            let reading = read(&journal, after);
            let found = (seqs(&reading), reading.cursor);
            if snapshot == "lost" && (begins..begins + 2).contains(&after) {
                // Where it belongs is known only with the state before it; the next reading has that.
                assert!(found.0.is_empty() || found.0 == expected, "{found:?}");
                continue;
            }
            assert_eq!(found, (expected, end), "after {after}, {snapshot} snapshot");
        }
    }
}

#[test]
fn a_snapshot_may_be_behind_or_lost_or_of_another_version() {
    let (memory, journal) = ledger(20);
    let early = memory.value(SNAPSHOT).unwrap();
    for id in 100..120 {
        append(&journal, &post(id));
    }
    let truth = run(journal.latest()).unwrap();
    assert!(!read(&journal, 0).behind);
    for snapshot in [
        Some(early),
        None,
        Some(b"{\"seq\": \"many\"}".to_vec()),
        Some(vec![0xff, 0x00]),
    ] {
        memory.remove(SNAPSHOT);
        if let Some(value) = snapshot {
            memory.put(SNAPSHOT, value);
        }
        assert_eq!(run(journal.latest()).unwrap(), truth);
        for after in [0, 1, 21, 22, 23, 41, 42] {
            let reading = read(&journal, after);
            assert_eq!(reading.snapshot, truth);
            assert!(reading.behind);
            assert_eq!(reading.cursor, 42, "after {after}");
        }
        let appended = append(&journal, &attempt(Wish::Probe { id: 7 }));
        assert_eq!(appended.entries, [], "it was posted before");
    }
}

#[test]
fn remembering_what_was_read_brings_the_snapshot_forward() {
    let (memory, journal) = ledger(5);
    memory.remove(SNAPSHOT);
    let reading = read(&journal, 0);
    assert!(reading.behind);
    journal.remember(&reading.snapshot);
    assert!(!read(&journal, 0).behind);
}

#[test]
fn a_cursor_that_somebody_made_up_costs_little_and_comes_back_as_the_end() {
    let (memory, journal) = ledger(5);
    for after in [8, 500, 1 << 40, Seq::MAX - 1, Seq::MAX] {
        memory.take_calls();
        let reading = read(&journal, after);
        assert_eq!((reading.entries.len(), reading.cursor), (0, 7));
        assert!(memory.take_calls().reads <= 3);
    }
}

#[test]
fn readers_stop_at_a_hole() {
    let (memory, journal) = ledger(2);
    run(memory.reserve(COUNTER, 1)).unwrap();
    memory.put(
        &record_key(FIRST + 3),
        memory.value(&record_key(FIRST)).unwrap(),
    );
    let reading = read(&journal, 0);
    assert_eq!((seqs(&reading).last(), reading.cursor), (Some(&4), 4));
    assert_eq!(reading.snapshot.seq, 4);
}

#[test]
fn a_record_that_nobody_can_read_is_said_to_be_so() {
    let (memory, journal) = ledger(2);
    memory.put(&record_key(FIRST + 2), b"scribble".to_vec());
    let error = run(journal.read(0)).unwrap_err();
    assert!(
        error.to_string().contains(&record_key(FIRST + 2)),
        "{error}"
    );
    assert!(!error.to_string().contains("scribble"), "{error}");
}

// What it costs

#[test]
fn a_poll_without_news_is_two_reads() {
    let (memory, journal) = ledger(150);
    let end = read(&journal, 149).cursor;
    memory.take_calls();
    read(&journal, end);
    let expected = Calls {
        reads: 2,
        ..Calls::default()
    };
    assert_eq!(memory.take_calls(), expected);
}

#[test]
fn a_poll_with_news_is_two_reads_and_one_for_each() {
    let (memory, journal) = ledger(150);
    for news in [1, 2, 10, 30, 31, 32, 33, 100] {
        memory.take_calls();
        let reading = read(&journal, 152 - Seq::from(news));
        assert_eq!(reading.entries.len(), news as usize);
        let expected = Calls {
            reads: 2 + news,
            ..Calls::default()
        };
        assert_eq!(memory.take_calls(), expected, "{news} news");
    }
}

#[test]
fn an_append_is_a_read_a_reservation_and_two_writes() {
    let (memory, journal) = ledger(150);
    memory.keep_background();
    append(&journal, &long_post(1_000));
    let before_the_answer = Calls {
        reads: 1,
        writes: 1,
        reservations: 1,
        ..Calls::default()
    };
    assert_eq!(memory.take_calls(), before_the_answer);
    memory.run_background();
    let after_it = Calls {
        writes: 1,
        ..Calls::default()
    };
    assert_eq!(memory.take_calls(), after_it);
}

#[test]
fn what_is_refused_at_once_costs_no_slot() {
    let (memory, journal) = ledger(3);
    append(&journal, &attempt(Wish::Claim(1)));
    memory.take_calls();
    let outcome = run(journal.append(&attempt(Wish::Claim(2))));
    let Err(AppendError::Rejected { reject, snapshot }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        (reject, snapshot.state.holder),
        (Refusal::HeldBy(1), Some(1))
    );
    let expected = Calls {
        reads: 2,
        ..Calls::default()
    };
    assert_eq!(memory.take_calls(), expected);
}

/// Serves all calls that are made at once, one round after the other, until `is_over`; says how many rounds.
fn rounds_until(world: &World, mut is_over: impl FnMut() -> bool) -> usize {
    let mut rounds = 0;
    loop {
        world.settle();
        for fresh in world.fresh() {
            if let Fresh::Work(task) = fresh {
                world.begin(task);
            }
        }
        if is_over() {
            return rounds;
        }
        rounds += 1;
        for call in world.pending() {
            world.take_effect(call);
            world.answer(call);
        }
    }
}

/// How many times in a row `work` waits for the store until it has its answer; what is left for later is done then.
fn rounds<T: 'static>(world: &World, work: impl Future<Output = T> + 'static) -> usize {
    let mut answer = world.request(0, "counted".to_owned(), work);
    let rounds = rounds_until(world, || answer.try_recv().unwrap().is_some());
    rounds_until(world, || world.at_work(None).is_empty());
    rounds
}

#[test]
fn few_calls_follow_one_another() {
    let world = World::new(0);
    let host = world.host();
    let journal = journal(&host);
    let create = journal.clone();
    let created = async move { create.create(opening()).await.unwrap() };
    assert_eq!(rounds(&world, created), 1, "creating");
    for id in 0..40 {
        let append = journal.clone();
        let appended = async move { append.append(&post(id)).await.unwrap() };
        assert_eq!(rounds(&world, appended), 3, "appending");
    }
    for (after, expected) in [(42, 1), (41, 2), (30, 2), (10, 2)] {
        let read = journal.clone();
        let reading = async move { read.read(after).await.unwrap() };
        assert_eq!(rounds(&world, reading), expected, "reading after {after}");
    }
    world.end();
}

#[test]
fn a_thousand_events_without_a_snapshot_are_read_in_large_steps() {
    let (memory, journal) = ledger(1_000);
    let truth = run(journal.latest()).unwrap();
    assert_eq!((truth.seq, truth.state.events), (1_002, 1_001));
    memory.remove(SNAPSHOT);
    memory.take_calls();
    assert_eq!(run(journal.latest()).unwrap(), truth);
    let reads = memory.take_calls().reads;
    assert!(reads <= 1_002 + 34, "{reads} reads");

    memory.remove(SNAPSHOT);
    let appended = append(&journal, &post(2_000));
    assert_eq!(appended.snapshot.seq, 1_003);
    assert_eq!(appended.snapshot.state.events, 1_002);
    assert!(!read(&journal, 1_000).behind, "the append wrote a snapshot");
}

// Appending

#[test]
fn the_end_of_the_journal_decides_not_the_snapshot() {
    let (memory, journal) = ledger(1);
    let early = memory.value(SNAPSHOT).unwrap();
    let claimed = append(&journal, &attempt(Wish::Claim(1)));
    memory.put(SNAPSHOT, early);

    let outcome = run(journal.append(&attempt(Wish::Claim(2))));
    let Err(AppendError::Rejected { reject, snapshot }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reject, Refusal::HeldBy(1));
    assert_eq!(snapshot.seq, claimed.snapshot.seq + 1);
    assert!(is_void(&memory, snapshot.seq), "its slot is no hole");
    let after = append(&journal, &attempt(Wish::Release(1)));
    assert_eq!(after.entries[0].seq, snapshot.seq + 1);
}

#[test]
fn what_turns_out_to_be_done_already_is_not_done_again() {
    let (memory, journal) = ledger(1);
    let early = memory.value(SNAPSHOT).unwrap();
    let first = append(&journal, &long_post(100));
    memory.put(SNAPSHOT, early);
    let again = append(&journal, &long_post(100));
    assert_eq!(again.entries, []);
    assert_eq!(again.snapshot.state, first.snapshot.state);
    assert_eq!(again.snapshot.seq, first.snapshot.seq + 3);
    for seq in first.snapshot.seq + 1..=again.snapshot.seq {
        assert!(is_void(&memory, seq));
    }
    assert_eq!(read(&journal, 0).cursor, again.snapshot.seq);
}

#[test]
fn a_command_that_comes_to_need_more_numbers_gets_them() {
    let (memory, journal) = ledger(1);
    let early = memory.value(SNAPSHOT).unwrap();
    append(&journal, &attempt(Wish::Claim(1)));
    memory.put(SNAPSHOT, early);
    // One event as long as nobody holds the ledger, and now two.
    let appended = append(&journal, &post(100));
    let places: Vec<Seq> = appended.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(places, [6, 7]);
    assert!(is_void(&memory, 5));
}

#[test]
fn creating_twice_is_harmless() {
    let (memory, journal) = ledger(2);
    memory.advance(500);
    run(journal.create(opening())).unwrap();
    let reading = read(&journal, 0);
    assert_eq!(seqs(&reading), [1, 3, 4]);
    assert_eq!(reading.snapshot.state.seen.len(), 2);
}

#[test]
fn whatever_call_fails_nothing_is_lost_or_doubled() {
    for failing in 0..6 {
        let (memory, journal) = ledger(3);
        memory.fail_when(move |call| call.before == failing);
        let first = run(journal.append(&post(100)));
        assert_eq!(
            first.is_err(),
            failing < 3,
            "the snapshot follows the answer"
        );
        memory.repair();
        let mut told = first.map_or(0, |first| first.entries.len());
        let mut tries = 0;
        loop {
            match run(journal.append(&post(100))) {
                Ok(appended) => {
                    told += appended.entries.len();
                    break;
                }
                Err(AppendError::Busy { retry_after }) => memory.advance(retry_after + 1),
                Err(error) => panic!("{error:?}"),
            }
            tries += 1;
            assert!(tries < 3, "call {failing} failed");
        }
        assert_eq!(told, 1, "call {failing} failed");
        let entries = read(&journal, 0).entries;
        let posted = entries
            .iter()
            .filter(|entry| entry.event.what == What::Posted(100));
        assert_eq!(posted.count(), 1, "call {failing} failed");
    }
}

// Holes

#[test]
fn a_dead_writer_holds_others_up_until_grace_is_over() {
    let (memory, journal) = ledger(1);
    run(memory.reserve(COUNTER, 1)).unwrap();
    let hole = FIRST + 1;

    let begun = memory.now();
    assert_eq!(retry_after(run(journal.append(&post(100)))), GRACE);
    assert!((PATIENCE..PATIENCE + 200).contains(&(memory.now() - begun)));
    assert!(is_void(&memory, hole + 1), "it gave its place up");
    let known_since = memory.now();

    memory.advance(GRACE - 3_000);
    let left = retry_after(run(journal.append(&post(100))));
    assert!(left <= 3_000, "{left}: the hole has been known for long");
    assert_eq!(memory.value(&record_key(hole)), None);
    memory.set_time(known_since + GRACE + 1);

    let appended = append(&journal, &post(100));
    assert_eq!(appended.entries[0].seq, hole + 3);
    assert!(is_void(&memory, hole));
    assert_eq!(seqs(&read(&journal, hole - 1)), [hole + 3]);
}

#[test]
fn a_slot_is_abandoned_only_after_grace_and_not_at_it() {
    for (age, filled) in [(GRACE - PATIENCE - 200, false), (GRACE + 1, true)] {
        let (memory, journal) = ledger(1);
        run(memory.reserve(COUNTER, 1)).unwrap();
        retry_after(run(journal.append(&post(100))));
        memory.advance(age);
        let outcome = run(journal.append(&post(100)));
        assert_eq!(outcome.is_ok(), filled, "after {age}");
        assert_eq!(memory.value(&record_key(FIRST + 1)).is_some(), filled);
    }
}

#[test]
fn grace_is_long_enough() {
    let Timing {
        patience,
        fence,
        write,
        grace,
        first_pause,
        longest_pause,
    } = Timing::DEFAULT;
    assert!(grace > fence + write + 2 * SKEW);
    assert!(
        patience + longest_pause < fence,
        "or else nobody who waited could write"
    );
    assert!(0 < first_pause && first_pause <= longest_pause);
}

#[test]
fn a_record_that_comes_while_others_look_for_it_is_seen() {
    let (memory, journal) = ledger(1);
    run(memory.reserve(COUNTER, 1)).unwrap();
    let hole = FIRST + 1;
    retry_after(run(journal.append(&post(100))));
    // At the time of the look the slot may still be filled, and it is, right after it was found empty. The answer
    // that says how old it is takes so long that grace is over.
    memory.advance(GRACE - 2_000);
    let late = memory.clone();
    let comes = Cell::new(true);
    memory.fail_when(move |call| {
        if call.operation == Operation::Read && call.key == record_key(hole + 1) && comes.take() {
            late.put(&record_key(hole), late.value(&record_key(FIRST)).unwrap());
            late.advance(4_000);
        }
        false
    });
    let _ = run(journal.append(&post(100)));
    assert!(!is_void(&memory, hole), "it was acknowledged");
}

#[test]
fn fifty_dead_writers_are_no_more_trouble_than_one() {
    let (memory, journal) = ledger(1);
    for _ in 0..50 {
        run(memory.reserve(COUNTER, 1)).unwrap();
    }
    let wait = retry_after(run(journal.append(&post(100))));
    assert_eq!(
        memory.keys().len(),
        5,
        "beginning, message, its own place, snapshot and counter"
    );
    memory.advance(wait + 1);
    memory.take_calls();
    let appended = append(&journal, &post(100));
    assert_eq!(appended.entries[0].seq, FIRST + 1 + 50 + 1);
    let calls = memory.take_calls();
    assert_eq!((calls.writes, calls.reservations), (50 + 2, 1));
    assert!(calls.reads <= 1 + 2 * 52, "{calls:?}");
    assert_eq!(read(&journal, 0).cursor, appended.snapshot.seq);
}

#[test]
fn a_place_of_several_numbers_is_given_up_whole() {
    let (memory, journal) = ledger(1);
    run(memory.reserve(COUNTER, 2)).unwrap();
    let hole = FIRST + 1;
    retry_after(run(journal.append(&long_post(100))));
    for seq in hole + 2..hole + 5 {
        assert!(is_void(&memory, seq), "{seq}");
    }
    memory.advance(GRACE + 1);
    // The next one dies after it has filled the first number of two.
    memory.fail_when(move |call| {
        call.operation == Operation::Write && call.key == record_key(hole + 1)
    });
    assert!(run(journal.append(&post(101))).is_err());
    memory.repair();
    assert_eq!(read(&journal, 0).cursor, hole);
    assert!(is_void(&memory, hole + 5), "its own place it gave up");

    let appended = append(&journal, &post(102));
    assert_eq!(appended.entries[0].seq, hole + 6);
    assert_eq!(read(&journal, hole).cursor, hole + 6);
}

#[test]
fn who_was_held_up_too_long_does_not_write_any_more() {
    let (memory, journal) = ledger(1);
    let slow = memory.clone();
    memory.fail_when(move |call| {
        if call.operation == Operation::Reserve {
            slow.advance(Timing::DEFAULT.fence + 1);
        }
        false
    });
    assert_eq!(retry_after(run(journal.append(&post(100)))), PATIENCE);
    memory.repair();
    assert!(is_void(&memory, FIRST + 1), "nobody has to wait for it");
    let appended = append(&journal, &post(101));
    assert_eq!(appended.entries[0].seq, FIRST + 2);
}

#[test]
fn a_write_that_took_too_long_is_not_acknowledged() {
    let (memory, journal) = ledger(1);
    let slow = memory.clone();
    memory.fail_when(move |call| {
        if call.operation == Operation::Write && call.key.contains(":e:") {
            slow.advance(Timing::DEFAULT.fence + Timing::DEFAULT.write + 1);
        }
        false
    });
    let outcome = run(journal.append(&post(100)));
    assert!(matches!(outcome, Err(AppendError::Store(_))), "{outcome:?}");
    memory.repair();
    let again = append(&journal, &post(100));
    assert_eq!(again.entries, [], "it had come in time after all");
}

#[test]
fn who_cannot_read_what_came_before_leaves_no_hole() {
    let (memory, journal) = ledger(1);
    memory.remove(SNAPSHOT);
    let early = run(journal.latest()).unwrap();
    append(&journal, &post(100));
    journal.remember(&early);
    memory.fail_when(|call| call.operation == Operation::Read && call.key.contains(":e:"));
    let outcome = run(journal.append(&post(101)));
    assert!(matches!(outcome, Err(AppendError::Store(_))), "{outcome:?}");
    memory.repair();
    assert!(is_void(&memory, FIRST + 2));
    append(&journal, &post(101));
}

// The end

#[test]
fn erasing_leaves_nothing() {
    let (memory, journal) = ledger(120);
    let last = append(&journal, &long_post(1_000)).snapshot.seq;
    run(journal.erase(last)).unwrap();
    assert_eq!(memory.keys(), Vec::<String>::new());
    let reading = read(&journal, 50);
    assert_eq!((reading.entries.len(), reading.snapshot.seq), (0, 0));
    run(journal.erase(last)).unwrap();
}

#[test]
fn who_comes_while_it_is_erased_finds_it_gone() {
    let (memory, journal) = ledger(20);
    let erased = memory.clone();
    let lost = Rc::new(Cell::new(true));
    memory.fail_when(move |call| {
        if call.operation == Operation::Reserve && lost.take() {
            for key in erased.keys() {
                erased.remove(&key);
            }
        }
        false
    });
    let outcome = run(journal.append(&post(100)));
    assert!(matches!(outcome, Err(AppendError::Gone)), "{outcome:?}");
}

#[test]
fn nothing_is_appended_to_what_never_was() {
    let memory = Memory::new();
    let outcome = run(journal(&memory).append(&post(100)));
    let Err(AppendError::Rejected { reject, .. }) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(reject, Refusal::NotOpen);
    assert_eq!(memory.keys(), Vec::<String>::new());
}
