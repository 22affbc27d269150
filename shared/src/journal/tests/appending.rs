//! What comes of a command, and the end of a journal.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

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
