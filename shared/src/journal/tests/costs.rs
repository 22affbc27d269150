//! How many calls of the store things take, and how many of them one after the other.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

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
