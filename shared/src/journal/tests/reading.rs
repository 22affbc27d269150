//! Pages, cursors, snapshots that are late.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

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
