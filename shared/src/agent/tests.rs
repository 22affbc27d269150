#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{
    journal::AppendError,
    memory::{BEGINNING, Memory, run},
    stored,
};

const TODAY: u64 = 20_513;

fn chat(number: u64) -> ChatId {
    ChatId::parse(&format!("chat-{number}")).unwrap()
}

fn take(number: u64, most: u64) -> Command {
    Command::Take {
        chat: chat(number),
        most,
    }
}

fn release(number: u64, handling: Option<Millis>) -> Command {
    Command::Release {
        chat: chat(number),
        day: TODAY,
        handling,
    }
}

/// A list to which all of this happened.
fn list_after(commands: impl IntoIterator<Item = Command>) -> Agent {
    let mut agent = Agent::default();
    for command in commands {
        for event in agent.decide(&command, BEGINNING).unwrap() {
            let entry = Entry {
                seq: 1,
                at: BEGINNING,
                event,
            };
            agent.fold(&entry);
        }
    }
    agent
}

#[test]
fn a_list_never_has_more_than_it_may() {
    let list = list_after([take(1, 3), take(2, 3), take(3, 3)]);
    assert_eq!(
        list.decide(&take(4, 3), BEGINNING),
        Err(Reject::Full { most: 3 })
    );
    assert!(list.decide(&take(4, 4), BEGINNING).is_ok());
    let none = list_after([]).decide(&take(1, 0), BEGINNING);
    assert_eq!(none, Err(Reject::Full { most: 0 }));
}

#[test]
fn what_is_on_the_list_is_there_once() {
    let list = list_after([take(1, 1)]);
    assert_eq!(
        list.decide(&take(1, 1), BEGINNING),
        Ok(Vec::new()),
        "also when it is full"
    );
    let list = list_after([take(1, 1), take(1, 1)]);
    assert_eq!(list.chats.len(), 1);
}

#[test]
fn what_is_taken_off_makes_room_and_counts_once() {
    let list = list_after([
        take(1, 1),
        release(1, Some(60_000)),
        release(1, Some(60_000)),
        take(2, 1),
    ]);
    assert!(list.has(&chat(2)) && !list.has(&chat(1)));
    assert_eq!((list.today.ended, list.today.handling), (1, 60_000));
    let list = list_after([take(1, 1), release(1, None)]);
    assert_eq!(list.today.ended, 0, "what was handed on did not end here");
    assert!(list.chats.is_empty());
}

#[test]
fn the_average_follows_what_chats_take_now() {
    let ended = |times: &[Millis]| {
        let chats = (0..).zip(times);
        list_after(chats.flat_map(|(number, &time)| [take(number, 1), release(number, Some(time))]))
    };
    assert_eq!(ended(&[60_000]).handling, 60_000);
    assert_eq!(ended(&[60_000, 160_000]).handling, 70_000);
    let many = ended(&[&[600_000][..], &[60_000; 60]].concat());
    assert_eq!(many.handled, 61);
    assert!(
        (60_000..62_000).contains(&many.handling),
        "{}",
        many.handling
    );
}

#[test]
fn figures_are_those_of_a_day() {
    let served = |day, waited, in_target| {
        Command::Count(Event::Served {
            day,
            waited,
            in_target,
        })
    };
    let rated = |day, score| Command::Count(Event::Rated { day, score });
    let list = list_after([
        served(TODAY, 10_000, true),
        served(TODAY, 90_000, false),
        rated(TODAY, 4),
        rated(TODAY, 5),
    ]);
    let expected = Figures {
        taken: 2,
        in_target: 1,
        waited: 100_000,
        ratings: 2,
        scores: 9,
        ..Figures::default()
    };
    assert_eq!(list.figures(TODAY), expected);
    assert_eq!(list.figures(TODAY + 1), Figures::default());
    let list = list_after([served(TODAY, 10_000, true), served(TODAY + 1, 0, true)]);
    assert_eq!(list.figures(TODAY + 1).taken, 1);
    assert_eq!(list.figures(TODAY), Figures::default(), "that day is over");
}

#[test]
fn figures_of_several_add_up() {
    let one = Figures {
        taken: 1,
        in_target: 2,
        waited: 3,
        ended: 4,
        handling: 5,
        ratings: 6,
        scores: 7,
    };
    let twice = Figures {
        taken: 2,
        in_target: 4,
        waited: 6,
        ended: 8,
        handling: 10,
        ratings: 12,
        scores: 14,
    };
    assert_eq!(one + one, twice);
}

#[test]
fn every_event_is_read_back_as_it_was_written() {
    let (day, chat) = (TODAY, chat(1));
    for event in [
        Event::Taken { chat: chat.clone() },
        Event::Served {
            day,
            waited: 7,
            in_target: true,
        },
        Event::Released {
            chat: chat.clone(),
            day,
            handling: None,
        },
        Event::Released {
            chat,
            day,
            handling: Some(7),
        },
        Event::Rated { day, score: 5 },
    ] {
        assert_eq!(stored::decode(&stored::encode(&event)), Ok(event));
    }
}

#[test]
fn the_limit_holds_for_two_who_take_at_once() {
    let memory = Memory::new();
    let list = journal(&memory, &AgentId::parse("asha").unwrap());
    let (one, other) = (take(1, 1), take(2, 1));
    let both = futures::future::join(list.append(&one), list.append(&other));
    let (one, other) = run(both);
    assert!(one.is_ok());
    assert!(
        matches!(other, Err(AppendError::Rejected { .. })),
        "{other:?}"
    );
}
