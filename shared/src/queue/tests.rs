#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use alap_flow::Language;

use super::*;
use crate::{
    id::AgentId,
    memory::{BEGINNING, Calls, Memory, Operation, run},
    port_contract::LONGEST_VALUE,
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
    run(write(&memory, "q:general:t:1", &drawn)).unwrap();
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

fn ticket(lane: Lane, number: u64) -> Ticket {
    Ticket {
        queue: "general".to_owned(),
        lane,
        number,
    }
}

fn agents(rows: &[(u64, u64)]) -> Vec<AgentRow> {
    let row = |&(chats, most)| AgentRow {
        id: AgentId::parse("asha").unwrap(),
        name: "আশা".to_owned(),
        chats,
        most,
    };
    rows.iter().map(row).collect()
}

const LOST: Millis = 60_000;

#[test]
fn place_and_wait_follow_from_the_board() {
    use Lane::{Front, Regular};
    let minutes = |minutes: u64| Some(minutes * 60_000);
    for (line, team, handling, mine, position, wait) in [
        // Somebody is free.
        (
            &[(Regular, 4)][..],
            &[(0, 5)][..],
            minutes(4),
            (Regular, 4),
            1,
            Some(0),
        ),
        (
            &[(Regular, 4), (Regular, 6)],
            &[(3, 5)],
            minutes(4),
            (Regular, 6),
            2,
            Some(0),
        ),
        (&[(Regular, 4)], &[(0, 5)], None, (Regular, 4), 1, Some(0)),
        // Everybody has as many chats as they may.
        (
            &[(Regular, 4)],
            &[(5, 5)],
            minutes(5),
            (Regular, 4),
            1,
            minutes(1),
        ),
        (
            &[(Regular, 4), (Regular, 9)],
            &[(1, 1)],
            minutes(5),
            (Regular, 9),
            2,
            minutes(10),
        ),
        (
            &[(Regular, 4), (Regular, 9)],
            &[(2, 2), (2, 2)],
            minutes(6),
            (Regular, 9),
            2,
            minutes(3),
        ),
        (
            &[(Regular, 4), (Regular, 9)],
            &[(1, 2)],
            minutes(6),
            (Regular, 9),
            2,
            minutes(3),
        ),
        // More than one may have: a limit was lowered.
        (
            &[(Regular, 4)],
            &[(7, 5)],
            minutes(5),
            (Regular, 4),
            1,
            minutes(1),
        ),
        // Nobody knows how long a chat takes, or nobody is there.
        (&[(Regular, 4)], &[(5, 5)], None, (Regular, 4), 1, None),
        (&[(Regular, 4)], &[], minutes(5), (Regular, 4), 1, None),
        // Who comes back is served first.
        (
            &[(Front, 9), (Regular, 4)],
            &[(1, 1)],
            minutes(5),
            (Regular, 4),
            2,
            minutes(10),
        ),
        (
            &[(Front, 9), (Regular, 4)],
            &[(1, 1)],
            minutes(5),
            (Front, 9),
            1,
            minutes(5),
        ),
        // Who drew after the board was written stands behind all that are on it.
        (
            &[(Front, 9), (Regular, 4)],
            &[(1, 1)],
            minutes(5),
            (Regular, 5),
            3,
            minutes(15),
        ),
        (
            &[(Front, 9), (Regular, 4)],
            &[(1, 1)],
            minutes(5),
            (Front, 10),
            2,
            minutes(10),
        ),
    ] {
        let of = |lane| {
            line.iter()
                .filter(|place| place.0 == lane)
                .map(|place| place.1)
                .collect()
        };
        let board = Board {
            at: BEGINNING,
            front: of(Front),
            regular: of(Regular),
            agents: agents(team),
            handling,
            ..Board::default()
        };
        let estimate = board.estimate(&ticket(mine.0, mine.1), BEGINNING, LOST);
        let expected = Estimate {
            position: Some(position),
            wait,
        };
        assert_eq!(estimate, expected, "{mine:?} of {line:?} with {team:?}");
    }
}

#[test]
fn an_old_board_says_nothing() {
    let board = Board {
        at: BEGINNING,
        regular: vec![1],
        agents: agents(&[(0, 5)]),
        ..Board::default()
    };
    let mine = ticket(Lane::Regular, 1);
    let fresh = BEGINNING + LOST - 1;
    assert_eq!(board.estimate(&mine, fresh, LOST).position, Some(1));
    assert!(board.is_staffed(fresh, LOST));
    assert_eq!(board.estimate(&mine, fresh + 1, LOST), Estimate::default());
    assert!(!board.is_staffed(fresh + 1, LOST));
}

#[test]
fn a_board_without_representatives_is_not_staffed() {
    let board = Board {
        at: BEGINNING,
        ..Board::default()
    };
    assert!(!board.is_staffed(BEGINNING, LOST));
}

#[test]
fn where_there_is_no_board_nothing_is_known() {
    let memory = Memory::new();
    let board = run(Board::read(&memory, "general")).unwrap();
    let mine = ticket(Lane::Regular, 1);
    assert_eq!(board.estimate(&mine, BEGINNING, LOST), Estimate::default());
    assert!(!board.is_staffed(BEGINNING, LOST));
    assert!(!board.has_lost(&mine, BEGINNING, GRACE));
}

#[test]
fn a_ticket_is_lost_that_is_not_on_a_board_written_long_after_it_was_drawn() {
    let board = |at, numbers: &[u64], more| Board {
        at,
        regular: numbers.to_vec(),
        more,
        ..Board::default()
    };
    let (mine, drawn) = (ticket(Lane::Regular, 7), BEGINNING);
    for (at, numbers, more, lost) in [
        (drawn + GRACE, &[][..], false, false),
        (drawn + GRACE + 1, &[], false, true),
        (drawn + GRACE + 1, &[6, 8], false, true),
        (drawn + GRACE + 1, &[6, 7], false, false),
        (drawn + GRACE + 1, &[6], true, false),
    ] {
        let found = board(at, numbers, more).has_lost(&mine, drawn, GRACE);
        assert_eq!(found, lost, "{at} {numbers:?} {more}");
    }
    let front = board(drawn + GRACE + 1, &[7], false);
    assert!(
        front.has_lost(&ticket(Lane::Front, 7), drawn, GRACE),
        "lanes count for themselves"
    );
}

#[test]
fn behind_a_board_that_has_no_room_the_place_is_unknown_and_nobody_is_lost() {
    let board = Board {
        at: BEGINNING,
        regular: (1..=512).collect(),
        more: true,
        agents: agents(&[(0, 5)]),
        ..Board::default()
    };
    let behind = ticket(Lane::Regular, 513);
    assert_eq!(
        board.estimate(&behind, BEGINNING, LOST),
        Estimate::default()
    );
    assert!(!board.has_lost(&behind, 0, GRACE));
    let last = board.estimate(&ticket(Lane::Regular, 512), BEGINNING, LOST);
    assert_eq!(last.position, Some(512));
}

#[test]
fn a_customer_is_gone_who_was_not_seen_for_long() {
    let row = |since, seen| waiting_row(1, since, seen);
    let lost = 45_000;
    for (since, seen, now, gone) in [
        (100_000, 0, 144_999, false),
        (100_000, 0, 145_000, true),
        (100_000, 110_000, 154_999, false),
        (100_000, 110_000, 155_000, true),
    ] {
        assert_eq!(
            row(since, seen).is_gone(now, lost),
            gone,
            "{since} {seen} {now}"
        );
    }
}

fn waiting_row(number: u64, since: Millis, seen: Millis) -> WaitingRow {
    WaitingRow {
        chat: ChatId::from_bits([7; 16]),
        ticket: Ticket {
            queue: "a".repeat(alap_flow::ID_LIMIT),
            lane: Lane::Messages,
            number,
        },
        since,
        seen,
        language: Language::Bn,
        topic: Some("t".repeat(alap_flow::ID_LIMIT)),
        name: Some("ক".repeat(crate::person_name::MAX_CODE_POINTS)),
    }
}

#[test]
fn a_board_as_full_as_it_may_get_fits_into_one_value_and_comes_back_whole() {
    let memory = Memory::new();
    let rows = || {
        (0..50)
            .map(|n| waiting_row(1_000_000 + n, BEGINNING, BEGINNING))
            .collect()
    };
    let numbers = || (1_000_000..).take(LONGEST_SCAN).collect();
    let board = Board {
        at: BEGINNING,
        front: numbers(),
        regular: numbers(),
        more: true,
        waiting: rows(),
        messages: rows(),
        agents: agents(&[(5, 5); 50]),
        handling: Some(300_000),
    };
    run(board.write(&memory, "general")).unwrap();
    let stored = memory.value("q:general:board").unwrap().len();
    assert!(stored < LONGEST_VALUE, "{stored}");
    assert_eq!(run(Board::read(&memory, "general")), Ok(board));
}
