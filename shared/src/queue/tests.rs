#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{
    memory::{Calls, Memory, Operation, run},
    ports::{Clock, Store},
};

fn chat(number: u64) -> ChatId {
    ChatId::parse(&format!("chat-{number}")).unwrap()
}

fn line(memory: &Memory) -> Line<Memory> {
    Line::new(memory, "general", Lane::Regular)
}

/// A line of `count` chats that are numbered like their tickets.
fn line_of(count: u64) -> (Memory, Line<Memory>) {
    let memory = Memory::new();
    let line = line(&memory);
    for number in 1..=count {
        let ticket = run(line.draw(&chat(number))).unwrap();
        assert_eq!(ticket.number, number);
    }
    (memory, line)
}

fn numbers(line: &Line<Memory>) -> Vec<u64> {
    let places = run(line.scan()).unwrap();
    for place in &places {
        assert_eq!(place.chat, chat(place.ticket.number));
        assert_eq!(
            (place.ticket.queue.as_str(), place.ticket.lane),
            ("general", line.lane)
        );
    }
    places.iter().map(|place| place.ticket.number).collect()
}

#[test]
fn who_draws_first_stands_first() {
    let (_, line) = line_of(70);
    assert_eq!(numbers(&line), (1..=70).collect::<Vec<_>>());
}

#[test]
fn lanes_and_queues_are_lines_of_their_own() {
    let memory = Memory::new();
    let lines = [
        Line::new(&memory, "general", Lane::Regular),
        Line::new(&memory, "general", Lane::Front),
        Line::new(&memory, "general", Lane::Messages),
        Line::new(&memory, "merchant", Lane::Regular),
    ];
    for line in &lines {
        assert_eq!(run(line.draw(&chat(1))).unwrap().number, 1);
    }
    for line in &lines {
        assert_eq!(run(line.scan()).unwrap().len(), 1);
        run(line.remove(1)).unwrap();
        assert_eq!(run(line.scan()).unwrap(), []);
    }
}

#[test]
fn who_leaves_makes_room_for_who_stands_behind() {
    let (_, line) = line_of(5);
    run(line.remove(1)).unwrap();
    run(line.remove(3)).unwrap();
    run(line.remove(3)).unwrap();
    assert_eq!(numbers(&line), [2, 4, 5]);
}

#[test]
fn numbers_whose_owners_died_hide_nobody_behind_them() {
    for dead in [1, 31, 32, 33, 50, 500] {
        let (memory, line) = line_of(2);
        for _ in 0..dead {
            run(memory.reserve("q:general:n", 1)).unwrap();
        }
        let after = run(line.draw(&chat(dead + 3))).unwrap().number;
        assert_eq!(after, dead + 3);
        assert_eq!(numbers(&line), [1, 2, after], "{dead} in a row");
    }
}

#[test]
fn what_was_left_long_ago_is_not_looked_through_again() {
    let (memory, line) = line_of(200);
    for number in 1..=190 {
        run(line.remove(number)).unwrap();
    }
    numbers(&line);
    memory.advance(GRACE);
    memory.take_calls();
    numbers(&line);
    assert_eq!(
        memory.take_calls().reads,
        1 + 8 * 32,
        "not while it may still be written"
    );

    memory.advance(1);
    numbers(&line);
    memory.take_calls();
    assert_eq!(numbers(&line), (191..=200).collect::<Vec<_>>());
    let counted = Calls {
        reads: 1 + 2 * 32,
        ..Calls::default()
    };
    assert_eq!(memory.take_calls(), counted);
}

#[test]
fn a_line_where_nobody_ever_waits_long_does_not_get_longer() {
    let (memory, line) = line_of(0);
    for number in 1..=500 {
        run(line.draw(&chat(number))).unwrap();
        assert_eq!(numbers(&line), [number]);
        run(line.remove(number)).unwrap();
        assert!(numbers(&line).is_empty());
        memory.advance(1_000);
    }
    memory.take_calls();
    numbers(&line);
    let reads = memory.take_calls().reads;
    assert!(reads <= 1 + 4 * 32, "{reads}");

    for _ in 0..3 {
        memory.advance(GRACE + 1);
        numbers(&line);
    }
    memory.take_calls();
    numbers(&line);
    let counted = Calls {
        reads: 1 + 32,
        ..Calls::default()
    };
    assert_eq!(
        memory.take_calls(),
        counted,
        "an empty line is looked at once"
    );
    run(line.draw(&chat(501))).unwrap();
    assert_eq!(numbers(&line), [501]);
}

#[test]
fn a_ticket_that_is_written_late_is_found() {
    let (memory, line) = line_of(0);
    let number = run(memory.reserve("q:general:n", 1)).unwrap();
    run(line.draw(&chat(2))).unwrap();
    run(line.remove(2)).unwrap();
    for _ in 0..30 {
        assert!(numbers(&line).is_empty());
        memory.advance(GRACE / 30);
    }
    let drawn = Drawn {
        chat: chat(number),
        at: memory.now(),
    };
    run(stored::set(&memory, "q:general:t:1", &drawn)).unwrap();
    assert_eq!(numbers(&line), [number]);
}

#[test]
fn who_comes_to_an_old_line_is_found() {
    let (memory, line) = line_of(100);
    for number in 1..=99 {
        run(line.remove(number)).unwrap();
    }
    memory.advance(GRACE + 1);
    numbers(&line);
    run(line.remove(100)).unwrap();
    assert!(numbers(&line).is_empty());
    run(line.draw(&chat(101))).unwrap();
    assert_eq!(numbers(&line), [101]);
}

#[test]
fn a_hint_that_got_lost_costs_time_and_nothing_else() {
    let (memory, line) = line_of(3);
    run(line.remove(1)).unwrap();
    memory.remove("q:general:hint");
    assert_eq!(numbers(&line), [2, 3]);
}

#[test]
fn a_draw_that_took_too_long_is_given_up() {
    let memory = Memory::new();
    let line = line(&memory);
    for (late, given_up) in [(2_000, false), (2_001, true)] {
        let clock = memory.clone();
        memory.fail_when(move |call| {
            if call.operation == Operation::Reserve {
                clock.advance(late);
            }
            false
        });
        let drawn = run(line.draw(&chat(1)));
        assert_eq!(
            matches!(drawn, Err(DrawError::TooLate { .. })),
            given_up,
            "{drawn:?}"
        );
    }
    assert_eq!(run(line.scan()).unwrap().len(), 1);
}

#[test]
fn a_draw_during_which_the_store_fails_can_be_tried_again() {
    for failing in 0..4 {
        let memory = Memory::new();
        let line = line(&memory);
        memory.fail_when(move |call| call.before == failing);
        let failed = run(line.draw(&chat(1)));
        assert!(
            matches!(failed, Err(DrawError::Store(_))),
            "{failing}: {failed:?}"
        );
        memory.repair();
        let number = run(line.draw(&chat(1))).unwrap().number;
        let places = run(line.scan()).unwrap();
        assert_eq!(places.last().unwrap().ticket.number, number);
    }
}

#[test]
fn a_line_without_end_is_counted_as_far_as_there_is_room() {
    let (_, line) = line_of(600);
    assert_eq!(numbers(&line), (1..=512).collect::<Vec<_>>());
}
