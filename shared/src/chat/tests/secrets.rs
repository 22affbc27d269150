//! PIN and OTP: never asked for, never stored.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

/// A secret as customers write it, and as it is kept.
const SECRETS: [(&str, &str); 3] = [
    ("আমার পিন ১২৩৪৫", "আমার পিন •••••"),
    ("my PIN is 12345", "my PIN is •••••"),
    ("amar otp 482913", "amar otp ••••••"),
];

/// Whether anything of this chat that is stored has one of the secrets in it.
fn holds_secret(story: &Story) -> bool {
    let holds = |stored: &[u8]| {
        ["12345", "১২৩৪৫", "482913"].iter().any(|secret| {
            stored
                .windows(secret.len())
                .any(|part| part == secret.as_bytes())
        })
    };
    let events = story.entries.iter().map(|entry| &entry.event);
    let mut events = events.map(stored::encode);
    events.any(|event| holds(&event)) || holds(&stored::encode(&story.chat))
}

fn is_told(events: &[Event], language: Language, story: &Story) -> bool {
    let told = story.rules.notice("secret-masked", language, &[]);
    let is_it = |event: &Event| matches!(event, Event::Info { text, .. } if *text == told);
    events.iter().filter(|event| is_it(event)).count() == 1
}

#[test]
fn what_asks_for_a_secret_is_refused_and_leaves_no_trace() {
    let mut story = Story::talking();
    let before = story.chat.clone();
    for text in [
        "আপনার পিন নম্বরটা দিন",
        "Please tell me your PIN",
        "otp ta bolun",
    ] {
        assert_eq!(
            story.answer("asha", text),
            Err(Reject::AsksForSecret),
            "{text}"
        );
    }
    assert_eq!(story.chat, before);
    story.answer("asha", "পিন বা ওটিপি কাউকে দেবেন না").unwrap();
    story
        .note("asha", "Customer was asked for a PIN by somebody")
        .unwrap();
}

#[test]
fn a_secret_is_masked_and_the_customer_told_wherever_it_is_written() {
    for language in LANGUAGES {
        let waiting = Story::waiting_in(language);
        let mut talking = waiting.clone();
        talking.by_agent("asha", Action::Claim).unwrap();
        let mut leaving_a_message = waiting.clone();
        leaving_a_message.pass(1_800_000);
        leaving_a_message.tick();
        leaving_a_message.choose("leave-message");
        for story in [waiting, talking, leaving_a_message] {
            for (text, kept) in SECRETS {
                let mut story = story.clone();
                let events = story.say(text);
                let Event::Text {
                    text, masked: true, ..
                } = &events[0]
                else {
                    panic!("{events:?}");
                };
                assert_eq!(text, kept);
                assert!(is_told(&events, language, &story), "{events:?}");
                assert!(!holds_secret(&story));
            }
        }
    }
}

#[test]
fn a_secret_in_place_of_a_name_is_masked_too() {
    let mut asked = Story::new();
    for option in ["bn", "customer-service", "yes"] {
        asked.choose(option);
    }
    for (text, kept) in SECRETS {
        let mut story = asked.clone();
        let events = story.say(text);
        assert_eq!(kinds(&events), ["text", "info", "prompt"]);
        assert!(is_told(&events, Language::Bn, &story));
        assert_eq!(story.chat.known.name.as_deref(), Some(kept));
        assert!(!holds_secret(&story));
    }
}

#[test]
fn a_secret_in_a_ratings_comment_is_masked_too() {
    for (text, kept) in SECRETS {
        let mut story = Story::talking();
        let action = Action::Rating {
            score: 2,
            comment: Some(Screened::new(text.to_owned())),
            sent: story.sent(),
        };
        let events = story.by_customer(action).unwrap();
        let Event::Rated { comment, .. } = &events[0] else {
            panic!("{events:?}");
        };
        assert_eq!(comment.as_deref(), Some(kept));
        assert!(is_told(&events, Language::Bn, &story));
        assert!(!holds_secret(&story));
    }
}

#[test]
fn bare_digits_are_masked_right_after_a_secret_was_spoken_of() {
    let said_by = |story: &mut Story, agent: bool, text: &str| {
        if agent {
            story.answer("asha", text).unwrap();
        } else {
            story.say(text);
        }
    };
    for (before, by_agent, masked) in [
        ("আমার পিন বলছি", false, true),
        ("পিন বা ওটিপি কাউকে দেবেন না", true, true),
        ("আমার টাকা আসেনি", false, false),
        ("কত টাকা?", true, false),
    ] {
        let mut story = Story::talking();
        said_by(&mut story, by_agent, before);
        let events = story.say("12345");
        assert_eq!(events.len() == 2, masked, "after {before:?}: {events:?}");
        assert_eq!(holds_secret(&story), !masked);
    }
}

#[test]
fn ordinary_texts_stay_as_they_are() {
    for text in [
        "৫,০০০ টাকা পাঠিয়েছি",
        "TrxID 8N7A6D5C4B",
        "01712-345678 নম্বরে",
        "15/01/2026",
    ] {
        let mut story = Story::talking();
        let events = story.say(text);
        let [
            Event::Text {
                text: kept,
                masked: false,
                ..
            },
        ] = &events[..]
        else {
            panic!("{events:?}");
        };
        assert_eq!(kept, text);
    }
}
