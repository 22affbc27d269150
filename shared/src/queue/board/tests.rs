#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use alap_flow::Language;

use super::{
    super::{
        GRACE, LONGEST_SCAN,
        Lane::{Front, Regular},
    },
    *,
};
use crate::{
    memory::{BEGINNING, Memory, run},
    port_contract::LONGEST_VALUE,
};

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

/// Place and minutes of `mine`, where all representatives together have `team`: chats, and chats at most.
fn estimate(
    [front, regular]: [&[u64]; 2],
    team: &[(u64, u64)],
    handling: Option<u64>,
    mine: (Lane, u64),
) -> (Option<u32>, Option<u64>) {
    let board = Board {
        at: BEGINNING,
        front: front.to_vec(),
        regular: regular.to_vec(),
        agents: agents(team),
        handling: handling.map(|minutes| minutes * 60_000),
        ..Board::default()
    };
    let estimate = board.estimate(&ticket(mine.0, mine.1), BEGINNING, LOST);
    (estimate.position, estimate.wait.map(|wait| wait / 60_000))
}

#[test]
fn while_somebody_is_free_for_it_a_chat_does_not_wait() {
    for handling in [None, Some(4)] {
        let first = estimate([&[], &[4, 6]], &[(3, 5)], handling, (Regular, 4));
        assert_eq!(first, (Some(1), Some(0)));
        let second = estimate([&[], &[4, 6]], &[(3, 5)], handling, (Regular, 6));
        assert_eq!(second, (Some(2), Some(0)));
    }
}

#[test]
fn the_wait_is_for_as_many_chats_to_end_as_must_spread_over_all_at_once() {
    for (regular, team, handling, mine, position, minutes) in [
        (&[4][..], &[(5, 5)][..], 5, 4, 1, 1),
        (&[4, 9], &[(1, 1)], 5, 9, 2, 10),
        (&[4, 9], &[(2, 2), (2, 2)], 6, 9, 2, 3),
        (&[4, 9], &[(1, 2)], 6, 9, 2, 3),
        // More than one may have: a limit was lowered.
        (&[4], &[(7, 5)], 5, 4, 1, 1),
    ] {
        let found = estimate([&[], regular], team, Some(handling), (Regular, mine));
        assert_eq!(
            found,
            (Some(position), Some(minutes)),
            "{mine} of {regular:?}"
        );
    }
}

#[test]
fn the_wait_is_unknown_where_nobody_knows_how_long_a_chat_takes_or_nobody_is_there() {
    let unknown = estimate([&[], &[4]], &[(5, 5)], None, (Regular, 4));
    assert_eq!(unknown, (Some(1), None));
    let nobody = estimate([&[], &[4]], &[], Some(5), (Regular, 4));
    assert_eq!(nobody, (Some(1), None));
}

#[test]
fn who_comes_back_is_served_first() {
    for (mine, position, minutes) in [
        ((Front, 9), 1, 5),
        ((Regular, 4), 2, 10),
        // Who drew after the board was written stands behind all that are on it.
        ((Front, 10), 2, 10),
        ((Regular, 5), 3, 15),
    ] {
        let found = estimate([&[9], &[4]], &[(1, 1)], Some(5), mine);
        assert_eq!(found, (Some(position), Some(minutes)), "{mine:?}");
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
    let mine = ticket(Regular, 1);
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
    let mine = ticket(Regular, 1);
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
    let (mine, drawn) = (ticket(Regular, 7), BEGINNING);
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
        front.has_lost(&ticket(Front, 7), drawn, GRACE),
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
    let behind = ticket(Regular, 513);
    assert_eq!(
        board.estimate(&behind, BEGINNING, LOST),
        Estimate::default()
    );
    assert!(!board.has_lost(&behind, 0, GRACE));
    let last = board.estimate(&ticket(Regular, 512), BEGINNING, LOST);
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
