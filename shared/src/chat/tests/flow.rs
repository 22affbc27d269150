//! The rows of the commission's table that concern the flow.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use alap_flow::{ContactKind, StepKind};

use super::*;
use crate::{contact_number::ContactNumberError, person_name::PersonNameError};

#[test]
fn the_first_step_asks_for_the_language_in_both() {
    let story = Story::new();
    let (text, input, _) = story.prompt();
    let step = &story.rules.flow.steps[&story.rules.flow.start];
    assert!(
        text.contains(&step.text.bn) && text.contains(&step.text.en),
        "{text}"
    );
    let Input::Options {
        options,
        navigation,
    } = input
    else {
        panic!("{input:?}");
    };
    let labels: Vec<_> = options
        .iter()
        .map(|o| (o.id.as_str(), o.label.as_str()))
        .collect();
    assert_eq!(labels, [("bn", "বাংলা"), ("en", "English")]);
    assert_eq!(navigation, &[], "there is nowhere to go back to");
}

#[test]
fn a_language_known_from_the_start_is_not_asked_for() {
    for language in LANGUAGES {
        let story = Story::opened(Opening {
            language: Some(language),
            ..opening()
        });
        assert_eq!(story.chat.step, "main-menu");
        assert_eq!(story.prompt().0, story.step_text("main-menu"));
        assert_eq!(story.offered().1, ["language"]);
    }
}

#[test]
fn the_way_to_a_representative_is_the_articles_in_both_languages() {
    for (topic, name, number, queue) in [
        ("customer-service", "name", "number", "general"),
        ("merchant", "merchant-name", "merchant-number", "merchant"),
    ] {
        for language in LANGUAGES {
            let mut story = Story::new();
            story.choose(option_of(language));
            assert_eq!(story.prompt().0, story.step_text("main-menu"));
            assert!(story.offered().0.len() > 2, "several options");

            story.choose(topic);
            let (text, _, _) = story.prompt();
            assert_eq!(text, story.step_text(&story.chat.step));
            for at_hand in at_hand(language) {
                assert!(text.contains(at_hand), "{text} without {at_hand}");
            }
            assert_eq!(story.offered().0, ["yes", "no"]);

            story.choose("yes");
            assert_eq!(story.prompt().0, story.step_text(name));
            assert!(matches!(story.prompt().1, Input::Name { .. }));

            story.say(NAME);
            assert_eq!(story.prompt().0, story.step_text(number));
            assert!(matches!(story.prompt().1, Input::Number { .. }));

            let queued = story.say(NUMBER);
            assert_eq!(kinds(&queued), ["text", "info", "queued"]);
            assert_eq!(story.chat.phase, Phase::Waiting);
            assert_eq!(story.chat.language, Some(language));
            assert_eq!(story.chat.known.topic.as_deref(), Some(topic));
            assert_eq!(story.chat.known.name.as_deref(), Some(NAME));
            assert_eq!(story.chat.queue.as_deref(), Some(queue));
            assert_eq!(story.chat.ticket.as_ref().unwrap().queue, queue);
        }
    }
}

/// What the article says to have at hand, and that PIN and OTP are never asked for.
fn at_hand(language: Language) -> [&'static str; 5] {
    match language {
        Language::Bn => ["জন্ম তারিখ", "এনআইডি", "শেষ লেনদেনের পরিমাণ", "পিন", "ওটিপি"],
        Language::En => ["date of birth", "NID", "amount of", "PIN", "OTP"],
    }
}

#[test]
fn without_a_yes_nobody_is_queued() {
    let mut story = Story::new();
    for option in ["en", "customer-service", "no"] {
        story.choose(option);
    }
    assert_eq!(story.chat.step, "main-menu");
    assert_eq!(story.chat.phase, Phase::Flow);
}

#[test]
fn some_options_answer_directly() {
    for (options, last) in [
        (&["money", "not-arrived", "solved"][..], "solved"),
        (&["money", "wrong-number", "done"], "goodbye"),
        (&["account", "limits-and-charges", "solved"], "solved"),
    ] {
        for language in LANGUAGES {
            let mut story = Story::new();
            story.choose(option_of(language));
            for option in options {
                story.choose(option);
            }
            let end = story.chat.closed.clone().expect("an end");
            assert_eq!(end.reason, CloseReason::Solved);
            let Some(Event::Closed { text, .. }) = story.entries.last().map(|e| &e.event) else {
                panic!("the last word is the end");
            };
            assert_eq!(*text, story.step_text(last));
        }
    }
}

#[test]
fn a_direct_answer_can_lead_to_a_representative_under_the_topic_chosen_last() {
    let mut story = Story::new();
    for option in ["bn", "money", "not-arrived", "representative", "yes"] {
        story.choose(option);
    }
    assert_eq!(story.chat.known.topic.as_deref(), Some("not-arrived"));
    assert_eq!(story.chat.step, "name");
}

#[test]
fn the_other_channels_are_those_of_the_article() {
    let story = Story::new();
    let values: Vec<_> = story
        .rules
        .flow
        .contacts
        .values()
        .map(|c| c.value.as_str())
        .collect();
    for value in ["16247", "02-55663001", "support@bkash.com"] {
        assert!(values.contains(&value), "{values:?}");
    }
    for shut in [
        Unavailable::OutOfHours,
        Unavailable::NobodyOnline,
        Unavailable::WaitedTooLong,
    ] {
        let mut story = Story::waiting();
        let mut course = story.chat.clone();
        course.phase = Phase::Flow;
        story.chat = course;
        story.shut = Some(shut);
        story.say(NUMBER);
        let shown: Vec<_> = story
            .prompt()
            .2
            .iter()
            .map(|contact| &contact.value)
            .collect();
        for value in ["16247", "02-55663001", "support@bkash.com"] {
            assert!(
                shown.iter().any(|shown| *shown == value),
                "{shut:?}: {shown:?}"
            );
        }
    }
}

#[test]
fn security_topics_are_in_the_first_menu_and_show_the_helpline_at_once() {
    for language in LANGUAGES {
        let mut begun = Story::new();
        begun.choose(option_of(language));
        let flow = begun.rules.flow.clone();
        let StepKind::Menu { options, .. } = &flow.steps.get("main-menu").unwrap().kind else {
            panic!("a menu");
        };
        let topics: Vec<_> = options
            .iter()
            .filter(|o| flow.steps[&o.next].security)
            .collect();
        assert_eq!(
            topics.len(),
            2,
            "a lost phone or SIM; a leaked PIN or fraud"
        );
        for topic in topics {
            let mut story = begun.clone();
            let events = story.choose(&topic.id);
            assert_eq!(kinds(&events), ["option", "prompt"]);
            let (text, _, contacts) = story.prompt();
            assert_eq!(contacts[0].kind, ContactKind::Phone);
            assert_eq!(contacts[0].value, "16247");
            let helpline = if language == Language::Bn {
                "১৬২৪৭"
            } else {
                "16247"
            };
            let first_line = text.lines().next().unwrap();
            assert!(first_line.contains(helpline), "{first_line}");
        }
    }
}

#[test]
fn names_are_taken_as_customers_write_them_or_refused_with_a_reason() {
    let mut asked = Story::new();
    for option in ["bn", "customer-service", "yes"] {
        asked.choose(option);
    }
    for (text, name) in [
        ("  রহিমা   খাতুন ", Ok("রহিমা খাতুন")),
        ("Md. Karim", Ok("Md. Karim")),
        ("১২৩", Err(PersonNameError::NoLetter)),
        ("   ", Err(PersonNameError::Empty)),
        (&"ক".repeat(60), Ok(&*"ক".repeat(60))),
        (
            &"ক".repeat(61),
            Err(PersonNameError::TooLong { code_points: 61 }),
        ),
    ] {
        let mut story = asked.clone();
        match (story.try_to_say(text), name) {
            (Ok(_), Ok(name)) => {
                assert_eq!(story.chat.known.name.as_deref(), Some(name));
                assert_eq!(story.chat.step, "number");
            }
            (Err(Reject::Name(error)), Err(expected)) => {
                assert_eq!(error, expected);
                assert_eq!(story.chat, asked.chat, "what was refused changes nothing");
            }
            (outcome, expected) => panic!("{text:?}: {outcome:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn numbers_are_taken_as_customers_write_them_or_refused_with_a_reason() {
    let mut asked = Story::new();
    for option in ["bn", "customer-service", "yes"] {
        asked.choose(option);
    }
    asked.say(NAME);
    for text in [
        "01712345678",
        "০১৭১২-৩৪৫৬৭৮",
        "+88 01712 345678",
        "8801712345678",
    ] {
        let mut story = asked.clone();
        let events = story.say(text);
        let Some(Event::Text { text: stored, .. }) = events.first() else {
            panic!("{events:?}");
        };
        assert_eq!(stored, "০১•••-•••৬৭৮", "the journal has it masked");
        assert_eq!(story.chat.phase, Phase::Waiting);
    }
    for (text, error) in [
        ("12345", ContactNumberError::WrongLength { digits: 5 }),
        ("01212345678", ContactNumberError::NotAMobile),
        ("আমার নম্বর", ContactNumberError::NotANumber),
    ] {
        let mut story = asked.clone();
        assert_eq!(story.try_to_say(text), Err(Reject::Number(error)));
        assert_eq!(story.chat, asked.chat, "what was refused changes nothing");
    }
}

#[test]
fn a_number_that_nobody_sealed_is_not_stored() {
    let mut story = Story::new();
    for option in ["bn", "customer-service", "yes"] {
        story.choose(option);
    }
    story.say(NAME);
    let action = Action::Text {
        text: Screened::new(NUMBER.to_owned()),
        number: None,
        sent: story.sent(),
        door: None,
    };
    assert_eq!(story.by_customer(action), Err(Reject::NotAsked));
}

#[test]
fn who_is_vouched_for_is_asked_neither_name_nor_number() {
    let mut story = Story::opened(Opening {
        channel: Channel::App,
        language: Some(Language::Bn),
        known: vouched(),
        ..opening()
    });
    story.choose("customer-service");
    let events = story.choose("yes");
    assert_eq!(kinds(&events), ["option", "info", "queued"]);
    assert_eq!(story.chat.phase, Phase::Waiting);
    assert_eq!(story.chat.known.name.as_deref(), Some(NAME));
}

#[test]
fn who_is_vouched_for_stays_so_after_starting_over() {
    let mut story = Story::opened(Opening {
        language: Some(Language::Bn),
        known: vouched(),
        ..opening()
    });
    story.choose("customer-service");
    story.choose("restart");
    assert_eq!(story.chat.known, vouched(), "only the topic is forgotten");
    story.choose("merchant");
    story.choose("yes");
    assert_eq!(story.chat.phase, Phase::Waiting);
}

pub(super) fn vouched() -> Known {
    Known {
        name: Some(NAME.to_owned()),
        number: Some(known_number()),
        verified: true,
        ..Known::default()
    }
}

#[test]
fn a_chat_requested_again_goes_to_its_queue_at_once() {
    let story = Story::opened(again());
    let events: Vec<_> = story
        .entries
        .iter()
        .map(|entry| entry.event.clone())
        .collect();
    assert_eq!(kinds(&events), ["started", "info", "queued"]);
    let Event::Info { notice, text, .. } = &events[1] else {
        panic!("{events:?}");
    };
    assert_eq!(notice, "welcome-back");
    assert!(text.contains(NAME), "{text}");
    assert_eq!(story.chat.phase, Phase::Waiting);
    assert_eq!(story.chat.known.topic.as_deref(), Some("customer-service"));
    assert_eq!(story.chat.language, Some(Language::En));
}

#[test]
fn a_chat_requested_again_while_nobody_is_there_says_so_and_can_start_over() {
    let mut story = Story::opened_when(again(), Some(Unavailable::NobodyOnline));
    assert_eq!(story.chat.step, "unavailable");
    assert_eq!(story.offered().1, ["restart", "language"]);
    story.choose("restart");
    assert_eq!(story.chat.step, "main-menu");
    assert_eq!(story.chat.known.name, None);
}

/// A chat is requested again whose customer had come to a queue.
fn again() -> Opening {
    Opening {
        language: Some(Language::En),
        known: Known {
            verified: false,
            topic: Some("customer-service".to_owned()),
            again: Some(chat_id()),
            ..vouched()
        },
        queue: Some("general".to_owned()),
        ..opening()
    }
}

#[test]
fn a_chat_requested_again_goes_on_at_the_question_that_was_open() {
    for (step, name, number, comes_to) in [
        ("have-at-hand", None, None, "have-at-hand"),
        ("name", None, None, "name"),
        ("number", Some(NAME), None, "number"),
        ("name", Some(NAME), None, "number"),
        ("lost-phone", None, None, "lost-phone"),
        ("a step that is no more", None, None, "main-menu"),
    ] {
        let mut opening = again();
        opening.queue = None;
        opening.step = Some(step.to_owned());
        opening.known.name = name.map(str::to_owned);
        opening.known.number = number;
        let story = Story::opened(opening);
        assert_eq!(story.chat.step, comes_to, "{step}");
        let navigation = story.offered().1;
        let first = comes_to == "main-menu";
        assert_eq!(
            navigation.contains(&"restart".to_owned()),
            !first,
            "{navigation:?}"
        );
    }
}

#[test]
fn whoever_begins_anew_is_told_so() {
    let mut story = Story::new();
    story.choose("en");
    story.choose("money");
    let events = story.choose("restart");
    assert_eq!(kinds(&events), ["option", "info", "prompt"]);
    assert!(matches!(&events[1], Event::Info { notice, .. } if notice == "started-over"));
}

#[test]
fn the_welcome_speaks_of_name_and_number_only_where_both_are_kept() {
    let mut opening = again();
    opening.queue = None;
    opening.known.number = None;
    let story = Story::opened(opening);
    let events: Vec<_> = story
        .entries
        .iter()
        .map(|entry| entry.event.clone())
        .collect();
    assert_eq!(kinds(&events), ["started", "prompt"]);
}

#[test]
fn a_message_left_closes_the_chat_and_waits_for_a_representative() {
    for language in LANGUAGES {
        let mut story = Story::waiting_in(language);
        story.pass(story.rules.settings.waiting_ceiling);
        story
            .attempt(&Actor::System, Action::Tick(Evidence::default()))
            .unwrap();
        assert_eq!(story.chat.step, "unavailable");
        story.choose("leave-message");
        assert!(matches!(story.prompt().1, Input::Message { .. }));
        let events = story.say("টাকা পৌঁছায়নি");
        assert_eq!(kinds(&events), ["text", "info", "closed"]);
        let ticket = story
            .chat
            .message
            .clone()
            .expect("a place among the messages");
        assert_eq!(
            (ticket.lane, ticket.queue.as_str()),
            (Lane::Messages, "general")
        );
        assert_eq!(
            story.chat.closed.as_ref().unwrap().reason,
            CloseReason::Solved
        );

        let note = Action::Note {
            text: "called back".to_owned(),
            sent: Some(story.sent()),
        };
        story.by_agent("asha", note).unwrap();
        story.by_agent("asha", Action::HandleMessage).unwrap();
        assert_eq!(story.chat.message, None);
        let again = story.by_agent("badal", Action::HandleMessage);
        assert_eq!(again, Ok(Vec::new()), "to deal with it twice is no mistake");
    }
}

#[test]
fn hours_are_said_in_the_organisations_time_and_the_customers_digits() {
    for (language, from, until) in [
        (Language::Bn, "৯:০৫", "১৮:৩০"),
        (Language::En, "9:05", "18:30"),
    ] {
        let mut story = Story::new();
        let mut rules = (*story.rules).clone();
        rules.flow.hours.from_minute = 9 * 60 + 5;
        rules.flow.hours.until_minute = 18 * 60 + 30;
        story.rules = Arc::new(rules);
        story.shut = Some(Unavailable::OutOfHours);
        for option in [option_of(language), "customer-service", "yes"] {
            story.choose(option);
        }
        story.say(NAME);
        let events = story.say(NUMBER);
        assert_eq!(kinds(&events), ["text", "info", "unavailable", "prompt"]);
        let Event::Unavailable { text, .. } = &events[2] else {
            panic!("{events:?}");
        };
        assert!(text.contains(from) && text.contains(until), "{text}");
    }
}
