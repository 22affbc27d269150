//! Customer and representative: who may do what, and whose turn it is.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

impl Story {
    pub(super) fn ask_form(&mut self, fields: &[FormField]) -> Result<Vec<Event>, Reject> {
        let (fields, sent) = (fields.to_vec(), self.sent());
        self.by_agent("asha", Action::AskForm { fields, sent })
    }

    fn fill_form(&mut self, fields: &[FormField]) -> Result<Vec<Event>, Reject> {
        let (fields, sent) = (fields.to_vec(), self.sent());
        self.by_customer(Action::Form { fields, sent })
    }

    pub(super) fn rate(&mut self, score: u8) -> Result<Vec<Event>, Reject> {
        let sent = self.sent();
        self.by_customer(Action::Rating {
            score,
            comment: None,
            sent,
        })
    }

    pub(super) fn note(&mut self, id: &str, text: &str) -> Result<Vec<Event>, Reject> {
        let (text, sent) = (text.to_owned(), Some(self.sent()));
        self.by_agent(id, Action::Note { text, sent })
    }

    fn transfer_to_queue(&mut self, id: &str, queue: &str) -> Result<Vec<Event>, Reject> {
        let ticket = self.ticket(queue, Lane::Front);
        let action = Action::Requeue {
            ticket,
            why: QueuedAgain::Transferred,
            seen: Evidence::default(),
        };
        self.by_agent(id, action)
    }

    fn close(&mut self) {
        self.by_agent("asha", Action::Close { reason: None })
            .unwrap();
    }
}

#[test]
fn on_connection_the_first_prompt_asks_for_the_problem() {
    for language in LANGUAGES {
        let mut story = Story::waiting_in(language);
        let events = story.by_agent("asha", Action::Claim).unwrap();
        assert_eq!(kinds(&events), ["assigned", "prompt"]);
        let (text, input, _) = story.prompt();
        assert!(text.contains(NAME), "{text}");
        assert_eq!(*input, Input::Text);
        assert!(!story.chat.turn.agent, "it is the customer's turn");
        assert_eq!(story.chat.phase, Phase::Talking);
    }
}

#[test]
fn who_has_said_already_what_it_is_about_is_answered() {
    let mut story = Story::waiting();
    story.say("টাকা পৌঁছায়নি");
    story.say("গতকাল থেকে");
    assert_eq!(story.chat.unread.len(), 2);
    story.by_agent("asha", Action::Claim).unwrap();
    assert!(story.chat.turn.agent, "it is the representative's turn");
    story.answer("asha", "দেখছি").unwrap();
    assert!(story.chat.unread.is_empty());
    assert!(!story.chat.turn.agent);
}

#[test]
fn a_second_text_in_a_row_does_not_begin_the_representatives_time_anew() {
    let mut story = Story::talking();
    story.say("টাকা পৌঁছায়নি");
    let since = story.chat.turn.since;
    story.pass(80_000);
    story.say("শুনছেন?");
    assert_eq!(
        story.chat.turn,
        Turn {
            agent: true,
            since,
            warned: false
        }
    );
}

#[test]
fn every_text_of_the_representative_gives_the_customer_all_the_time() {
    let mut story = Story::talking();
    story.answer("asha", "বলুন").unwrap();
    story.pass(100_000);
    story.answer("asha", "আছেন?").unwrap();
    assert_eq!(story.chat.turn.since, story.now);
    assert!(!story.chat.turn.agent);
}

#[test]
fn one_chat_has_one_representative() {
    let mut story = Story::talking();
    let before = story.chat.clone();
    let other = AgentId::parse("asha").unwrap();
    assert_eq!(
        story.by_agent("badal", Action::Claim),
        Err(Reject::AlreadyAssigned(other))
    );
    assert_eq!(
        story.by_agent("asha", Action::Claim),
        Ok(Vec::new()),
        "twice is once"
    );
    assert_eq!(story.chat, before);
}

#[test]
fn only_who_waits_can_be_taken() {
    let mut story = Story::new();
    assert_eq!(
        story.by_agent("asha", Action::Claim),
        Err(Reject::NotWaiting)
    );
    story.by_customer(Action::Close { reason: None }).unwrap();
    assert_eq!(story.by_agent("asha", Action::Claim), Err(Reject::Closed));
}

#[test]
fn a_chat_that_is_nobodys_takes_nothing_from_representatives() {
    for story in [Story::new(), Story::waiting()] {
        for id in ["asha", "badal"] {
            for action in of_representatives(&mut story.clone()) {
                let outcome = story.clone().by_agent(id, action.clone());
                assert_eq!(outcome, Err(Reject::NotAssigned), "{action:?}");
            }
        }
    }
}

#[test]
fn a_chat_takes_nothing_from_other_representatives() {
    let story = Story::talking();
    for action in of_representatives(&mut story.clone()) {
        let outcome = story.clone().by_agent("badal", action.clone());
        assert_eq!(outcome, Err(Reject::NotAssigned), "{action:?}");
        story.clone().by_agent("asha", action).unwrap();
    }
}

/// What only the representative of a chat may do.
fn of_representatives(story: &mut Story) -> Vec<Action> {
    vec![
        story.text("দেখছি"),
        Action::AskForm {
            fields: vec![FormField::NidNumber],
            sent: story.sent(),
        },
        Action::Note {
            text: "second time".to_owned(),
            sent: Some(story.sent()),
        },
        Action::TransferToAgent {
            to: agent("chitra"),
        },
        Action::Requeue {
            ticket: story.ticket("merchant", Lane::Front),
            why: QueuedAgain::Transferred,
            seen: Evidence::default(),
        },
        Action::Close { reason: None },
    ]
}

#[test]
fn a_chat_handed_to_a_colleague_is_the_colleagues() {
    let mut story = Story::talking();
    story.say("টাকা পৌঁছায়নি");
    let to = agent("badal");
    let events = story
        .by_agent("asha", Action::TransferToAgent { to: to.clone() })
        .unwrap();
    let [
        Event::Assigned {
            agent: now,
            transferred: true,
            text,
        },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(*now, to);
    assert!(text.contains(&to.name), "{text}");
    assert!(story.chat.turn.agent, "the customer waits for an answer");
    assert_eq!(story.answer("asha", "আরেকটা কথা"), Err(Reject::NotAssigned));
    story.answer("badal", "দেখছি").unwrap();
    let itself = story.by_agent("badal", Action::TransferToAgent { to });
    assert_eq!(itself, Ok(Vec::new()), "to hand it to oneself is nothing");
}

#[test]
fn a_chat_handed_to_a_queue_waits_there_at_the_front() {
    let mut story = Story::talking();
    let events = story.transfer_to_queue("asha", "merchant").unwrap();
    let [
        Event::Queued {
            ticket,
            again,
            text,
        },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(
        (ticket.lane, ticket.queue.as_str()),
        (Lane::Front, "merchant")
    );
    assert_eq!(*again, Some(QueuedAgain::Transferred));
    assert!(text.contains("মার্চেন্ট সেবা"), "{text}");
    assert_eq!(story.chat.phase, Phase::Waiting);
    assert_eq!(story.chat.queue.as_deref(), Some("merchant"));
    assert_eq!(story.answer("asha", "আরেকটা কথা"), Err(Reject::NotAssigned));
    story.by_agent("asha", Action::Claim).unwrap();
}

#[test]
fn a_ticket_that_got_lost_is_replaced_while_the_customer_waits_and_not_later() {
    let lost = |story: &mut Story| {
        let ticket = story.ticket("general", Lane::Front);
        let action = Action::Requeue {
            ticket: ticket.clone(),
            why: QueuedAgain::TicketLost,
            seen: Evidence::default(),
        };
        (ticket, story.attempt(&Actor::System, action).unwrap())
    };
    let mut story = Story::waiting();
    let (ticket, events) = lost(&mut story);
    assert_eq!(kinds(&events), ["queued"]);
    assert_eq!(story.chat.ticket, Some(ticket));
    let mut story = Story::talking();
    assert_eq!(lost(&mut story).1, []);
    assert_eq!(story.chat.phase, Phase::Talking);
}

#[test]
fn a_chat_is_rated_once_if_there_was_a_representative() {
    for mut story in [Story::new(), Story::waiting()] {
        assert_eq!(story.rate(5), Err(Reject::NothingToRate));
        story.by_customer(Action::Close { reason: None }).unwrap();
        assert_eq!(story.rate(5), Err(Reject::NothingToRate));
    }
    for closed in [false, true] {
        let mut story = Story::talking();
        if closed {
            story.close();
        }
        assert_eq!(kinds(&story.rate(4).unwrap()), ["rated"]);
        assert_eq!(story.chat.score, Some(4));
        assert_eq!(story.rate(1), Err(Reject::Rated));
        assert_eq!(story.chat.score, Some(4));
    }
}

#[test]
fn a_closed_chat_takes_nothing_but_a_rating_and_the_representatives_notes() {
    let mut story = Story::talking();
    story.ask_form(&[FormField::NidNumber]).unwrap();
    story.close();
    let before = story.chat.clone();
    assert_eq!(story.try_to_say("আরেকটা কথা"), Err(Reject::Closed));
    assert_eq!(story.try_to_choose("restart"), Err(Reject::Closed));
    assert_eq!(
        story.fill_form(&[FormField::NidNumber]),
        Err(Reject::Closed)
    );
    assert_eq!(story.answer("asha", "আরেকটা কথা"), Err(Reject::Closed));
    assert_eq!(story.ask_form(&[FormField::NidNumber]), Err(Reject::Closed));
    assert_eq!(
        story.transfer_to_queue("asha", "general"),
        Err(Reject::Closed)
    );
    assert_eq!(story.by_agent("asha", Action::Claim), Err(Reject::Closed));
    for actor in [Actor::CUSTOMER, Actor::Agent(agent("asha"))] {
        let again = story.attempt(&actor, Action::Close { reason: None });
        assert_eq!(again, Ok(Vec::new()), "to close it twice is no mistake");
    }
    let other = story.by_agent("badal", Action::Close { reason: None });
    assert_eq!(other, Err(Reject::Closed));
    assert_eq!(story.chat, before);
    story.note("asha", "called back").unwrap();
    assert_eq!(story.note("badal", "me too"), Err(Reject::Closed));
    story.rate(5).unwrap();
}

#[test]
fn the_end_says_who_and_why() {
    for (reason, expected) in [
        (None, CloseReason::Agent),
        (Some(CloseReason::Solved), CloseReason::Solved),
    ] {
        let mut story = Story::talking();
        story.by_agent("asha", Action::Close { reason }).unwrap();
        let closed = story.chat.closed.clone().unwrap();
        assert_eq!((closed.by, closed.reason), (Closer::Agent, expected));
    }
    let mut story = Story::talking();
    story.by_customer(Action::Close { reason: None }).unwrap();
    let closed = story.chat.closed.unwrap();
    assert_eq!(
        (closed.by, closed.reason),
        (Closer::Customer, CloseReason::Customer)
    );
}

#[test]
fn a_form_is_answered_once_and_wholly() {
    use FormField::{DateOfBirth, LastTransactionAmount, NidNumber};
    let mut story = Story::talking();
    assert_eq!(story.fill_form(&[NidNumber]), Err(Reject::NotAsked));
    story.ask_form(&[DateOfBirth, NidNumber]).unwrap();
    let request = story.entries.last().unwrap().seq;
    assert_eq!(story.ask_form(&[NidNumber]), Err(Reject::FormOpen));
    let missing = |fields: &[FormField]| Err(Reject::FormIncomplete(fields.to_vec()));
    assert_eq!(story.fill_form(&[]), missing(&[DateOfBirth, NidNumber]));
    assert_eq!(
        story.fill_form(&[NidNumber, LastTransactionAmount]),
        missing(&[DateOfBirth])
    );
    assert!(!story.chat.turn.agent);

    let events = story
        .fill_form(&[NidNumber, DateOfBirth, LastTransactionAmount])
        .unwrap();
    let [
        Event::FormAnswer {
            request: answered,
            fields,
            ..
        },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(*answered, request);
    assert_eq!(*fields, [DateOfBirth, NidNumber], "only what was asked for");
    assert!(story.chat.turn.agent);
    assert_eq!(story.fill_form(&[NidNumber]), Err(Reject::NotAsked));
    story.ask_form(&[NidNumber]).unwrap();
}

#[test]
fn a_form_nobody_answered_is_gone_with_its_representative() {
    let mut story = Story::talking();
    story.ask_form(&[FormField::NidNumber]).unwrap();
    story.transfer_to_queue("asha", "general").unwrap();
    assert_eq!(story.chat.form, None);
    assert_eq!(
        story.fill_form(&[FormField::NidNumber]),
        Err(Reject::NotAsked)
    );
}

#[test]
fn every_form_asked_for_is_remembered_until_its_answer_is_erased() {
    let mut story = Story::talking();
    story.ask_form(&[FormField::NidNumber]).unwrap();
    let first = story.entries.last().unwrap().seq;
    story.fill_form(&[FormField::NidNumber]).unwrap();
    story.ask_form(&[FormField::DateOfBirth]).unwrap();
    let second = story.entries.last().unwrap().seq;
    story.close();
    assert_eq!(story.chat.forms, [first, second], "answered or not");
}

#[test]
fn a_flood_of_messages_is_held_back_until_the_next_minute() {
    let mut story = Story::talking();
    story.now = story.now.next_multiple_of(60_000);
    for _ in 0..story.rules.settings.messages_per_minute {
        story.say("হ্যালো");
    }
    story.pass(59_000);
    assert_eq!(
        story.try_to_say("হ্যালো"),
        Err(Reject::TooFast { retry_after: 1_000 })
    );
    story.answer("asha", "একটু ধীরে").unwrap();
    story.by_customer(Action::Close { reason: None }).unwrap();
    story.rate(1).unwrap();

    let mut story = Story::talking();
    story.now = story.now.next_multiple_of(60_000) - 1;
    story.say("হ্যালো");
    story.pass(1);
    story.say("হ্যালো");
    assert_eq!(story.chat.pace.count, 1, "a new minute");
}

#[test]
fn what_a_retry_brings_is_known() {
    let mut story = Story::talking();
    let action = story.text("টাকা পৌঁছায়নি");
    story.by_customer(action.clone()).unwrap();
    let seq = story.entries.last().unwrap().seq;
    story.answer("asha", "দেখছি").unwrap();
    assert_eq!(story.by_customer(action.clone()), Err(Reject::Seen(seq)));
    story.close();
    assert_eq!(
        story.by_customer(action),
        Err(Reject::Seen(seq)),
        "also after the end"
    );
}

#[test]
fn a_chat_that_is_not_there_takes_nothing() {
    let mut story = Story::new();
    story.chat = Chat::default();
    assert_eq!(story.try_to_choose("bn"), Err(Reject::NoChat));
    assert_eq!(story.answer("asha", "বলুন"), Err(Reject::NoChat));
    let tick = story.attempt(&Actor::System, Action::Tick(Evidence::default()));
    assert_eq!(tick, Err(Reject::NoChat));
}

#[test]
fn a_full_chat_can_be_ended_and_rated_all_the_same() {
    let mut story = Story::talking();
    for number in 0..MAX_MESSAGES {
        story
            .chat
            .client_ids
            .insert(&format!("earlier {number}"), 1);
    }
    assert_eq!(story.try_to_say("আরেকটা কথা"), Err(Reject::Full));
    assert_eq!(story.answer("asha", "আরেকটা কথা"), Err(Reject::Full));
    story.close();
    story.rate(3).unwrap();
}
