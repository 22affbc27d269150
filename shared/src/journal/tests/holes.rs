//! Writers that die, and writers that are late.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

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
