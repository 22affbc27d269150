//! Every step a customer can come to, by every way there is.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::OnceLock,
};

use alap_flow::StepKind;

use super::{flow::vouched, *};

/// Everything a customer can do at a step.
#[derive(Clone, Debug)]
enum Move {
    Choose(String),
    Say(&'static str),
    /// Answers a step while nobody can be waited for.
    SayInVain(&'static str),
}

impl Story {
    fn moves(&self, navigating: bool) -> Vec<Move> {
        let (options, navigation) = self.offered();
        let navigation = navigation.into_iter().filter(|_| navigating);
        let chosen = options.into_iter().chain(navigation).map(Move::Choose);
        let said = match self.prompt().1 {
            Input::Name { .. } => vec![Move::Say(NAME)],
            Input::Number { .. } => vec![Move::Say(NUMBER), Move::SayInVain(NUMBER)],
            Input::Message { .. } => vec![Move::Say("টাকা পৌঁছায়নি")],
            Input::Options { .. } | Input::Text => Vec::new(),
        };
        chosen.chain(said).collect()
    }

    fn go(&self, step: &Move) -> Self {
        let mut story = self.clone();
        story.shut = None;
        match step {
            Move::Choose(option) => {
                story.choose(option);
            }
            Move::Say(text) => {
                story.say(text);
            }
            Move::SayInVain(text) => {
                story.shut = Some(Unavailable::NobodyOnline);
                story.say(text);
            }
        }
        story
    }

    /// What tells apart places in the flow.
    fn place(&self) -> String {
        let Chat {
            phase,
            step,
            path,
            language,
            known,
            queue,
            ..
        } = &self.chat;
        let known = (known.name.is_some(), known.number.is_some());
        format!("{phase:?} {language:?} {path:?} {step} {known:?} {queue:?}")
    }
}

/// Calls `visit` at every place that can be come to from `story`, each once.
fn walk(story: Story, navigating: bool, mut visit: impl FnMut(&Story)) {
    let mut seen = BTreeSet::from([story.place()]);
    let mut open = VecDeque::from([story]);
    while let Some(story) = open.pop_front() {
        visit(&story);
        if story.chat.phase != Phase::Flow {
            continue;
        }
        for step in story.moves(navigating) {
            let next = story.go(&step);
            if seen.insert(next.place()) {
                open.push_back(next);
            }
        }
    }
}

/// Chats as they can begin.
fn beginnings() -> Vec<Story> {
    let vouched = Opening {
        language: Some(Language::En),
        known: vouched(),
        ..opening()
    };
    let again = Opening {
        queue: Some("general".to_owned()),
        ..vouched.clone()
    };
    vec![
        Story::new(),
        Story::opened(vouched),
        Story::opened_when(again, Some(Unavailable::NobodyOnline)),
    ]
}

/// Calls `visit` at every place where the flow asks something.
fn everywhere(visit: impl FnMut(&Story)) {
    static PLACES: OnceLock<Vec<Story>> = OnceLock::new();
    let places = PLACES.get_or_init(|| {
        let mut places = Vec::new();
        for beginning in beginnings() {
            walk(beginning, true, |story| places.push(story.clone()));
        }
        places.retain(|story| story.chat.phase == Phase::Flow);
        places
    });
    assert!(places.len() > 100, "{}", places.len());
    places.iter().for_each(visit);
}

fn is_asking_for_the_language(story: &Story) -> bool {
    let kind = &story.rules.flow.steps[&story.chat.step].kind;
    matches!(kind, StepKind::Language { .. })
}

#[test]
fn every_step_of_the_flow_is_come_to() {
    let mut steps = BTreeSet::new();
    everywhere(|story| {
        steps.insert(story.chat.step.clone());
    });
    let rules = rules();
    for (id, step) in &rules.flow.steps {
        let asks = !matches!(step.kind, StepKind::Queue { .. } | StepKind::End);
        assert_eq!(steps.contains(id), asks, "{id}");
    }
}

#[test]
fn another_language_can_be_chosen_at_every_step_and_nothing_else_changes() {
    everywhere(|story| {
        let offers = story.offered().1.contains(&"language".to_owned());
        assert_eq!(
            offers,
            !is_asking_for_the_language(story),
            "{}",
            story.place()
        );
        if !offers {
            return;
        }
        for language in LANGUAGES {
            let mut changed = story.clone();
            changed.choose("language");
            assert!(is_asking_for_the_language(&changed));
            changed.choose(option_of(language));
            assert_eq!(changed.chat.language, Some(language));
            assert_eq!(changed.prompt().0, changed.step_text(&story.chat.step));
            assert_eq!(changed.chat.step, story.chat.step);
            assert_eq!(changed.chat.path, story.chat.path);
            assert_eq!(changed.chat.known, story.chat.known);
        }
    });
}

#[test]
fn who_only_looked_at_the_languages_can_go_back() {
    everywhere(|story| {
        if is_asking_for_the_language(story) {
            return;
        }
        let mut back = story.clone();
        back.choose("language");
        back.choose("back");
        assert_eq!(back.place(), story.place());
    });
}

#[test]
fn back_is_offered_wherever_there_is_a_step_before_and_leads_there() {
    everywhere(|story| {
        let offers = story.offered().1.contains(&"back".to_owned());
        assert_eq!(offers, !story.chat.path.is_empty(), "{}", story.place());
        let mut back = story.clone();
        if let Some((previous, before)) = story.chat.path.split_last() {
            back.choose("back");
            assert_eq!(back.chat.step, *previous);
            assert_eq!(back.chat.path, before);
            let known = &story.chat.known;
            assert_eq!(back.chat.known, *known, "to go back forgets nothing");
        } else {
            let refused = back.try_to_choose("back");
            assert_eq!(refused, Err(Reject::OptionNotOffered("back".to_owned())));
        }
    });
}

#[test]
fn back_and_back_again_leads_to_the_beginning() {
    everywhere(|story| {
        let mut back = story.clone();
        for _ in 0..story.chat.path.len() {
            back.choose("back");
        }
        assert_eq!(back.chat.path, Vec::<String>::new());
    });
}

#[test]
fn starting_over_is_offered_at_every_step_but_the_first_and_keeps_the_language_alone() {
    everywhere(|story| {
        let first = story.chat.path.is_empty()
            && (story.chat.step == story.rules.flow.start || story.chat.step == "main-menu");
        let offers = story.offered().1.contains(&"restart".to_owned());
        assert_eq!(offers, !first, "{}", story.place());
        let mut over = story.clone();
        if first {
            let refused = over.try_to_choose("restart");
            assert_eq!(refused, Err(Reject::OptionNotOffered("restart".to_owned())));
            return;
        }
        over.choose("restart");
        let begins_at = match story.chat.language {
            Some(_) => "main-menu",
            None => "language",
        };
        assert_eq!(over.chat.step, begins_at);
        assert_eq!(over.chat.path, Vec::<String>::new());
        assert_eq!(over.chat.language, story.chat.language);
        assert_eq!(over.chat.known.topic, None);
        assert_eq!(over.chat.queue, None);
        if !story.chat.known.verified {
            assert_eq!(over.chat.known, Known::default());
        }
    });
}

#[test]
fn what_a_step_does_not_offer_is_refused_and_changes_nothing() {
    let rules = rules();
    let menus = rules
        .flow
        .steps
        .values()
        .filter_map(|step| match &step.kind {
            StepKind::Menu { options, .. } => Some(options),
            _ => None,
        });
    let mut all: BTreeSet<String> = menus.flatten().map(|option| option.id.clone()).collect();
    all.extend(
        [
            "bn",
            "en",
            "back",
            "restart",
            "language",
            "",
            "no such option",
        ]
        .map(str::to_owned),
    );
    everywhere(|story| {
        let (options, navigation) = story.offered();
        for option in &all {
            if options.contains(option) || navigation.contains(option) {
                continue;
            }
            let mut refused = story.clone();
            let outcome = refused.try_to_choose(option);
            assert_eq!(outcome, Err(Reject::OptionNotOffered(option.clone())));
            assert_eq!(refused.chat, story.chat);
        }
    });
}

#[test]
fn a_text_where_an_option_is_asked_for_is_refused_and_changes_nothing() {
    everywhere(|story| {
        if matches!(story.prompt().1, Input::Options { .. }) {
            let mut refused = story.clone();
            assert_eq!(refused.try_to_say("কিছু একটা"), Err(Reject::OptionExpected));
            assert_eq!(refused.chat, story.chat);
        }
    });
}

#[test]
fn a_form_or_a_rating_is_not_asked_for_in_the_flow() {
    everywhere(|story| {
        let mut refused = story.clone();
        let (fields, sent) = (vec![FormField::NidNumber], refused.sent());
        let outcome = refused.by_customer(Action::Form { fields, sent });
        assert_eq!(outcome, Err(Reject::NotAsked));
        let sent = refused.sent();
        let outcome = refused.by_customer(Action::Rating {
            score: 5,
            comment: None,
            sent,
        });
        assert_eq!(outcome, Err(Reject::NothingToRate));
    });
}

#[test]
fn a_double_click_is_one_click() {
    everywhere(|story| {
        for option in story.offered().0 {
            let mut clicked = story.clone();
            let sent = clicked.sent();
            clicked.choose_with(&option, sent.clone()).unwrap();
            let events = clicked.entries.iter();
            let chosen = events.rev().find(|entry| entry.event.sent() == Some(&sent));
            let seen = Reject::Seen(chosen.unwrap().seq);
            assert_eq!(
                clicked.choose_with(&option, sent),
                Err(seen),
                "with the same id"
            );
            let expected = match clicked.chat.phase {
                Phase::Closed => Reject::Closed,
                Phase::Flow if clicked.offered().0.contains(&option) => continue,
                _ => Reject::OptionNotOffered(option.clone()),
            };
            assert_eq!(
                clicked.try_to_choose(&option),
                Err(expected),
                "with another"
            );
        }
    });
}

#[test]
fn the_way_back_never_has_a_step_twice() {
    everywhere(|story| {
        let mut steps: BTreeSet<_> = story.chat.path.iter().collect();
        let looks = is_asking_for_the_language(story);
        let twice = !steps.insert(&story.chat.step);
        assert!(looks || !twice, "{}", story.place());
        assert_eq!(steps.len() + usize::from(twice), story.chat.path.len() + 1);
    });
}

#[test]
fn a_circle_through_the_flow_leaves_the_way_back_short() {
    let mut story = Story::new();
    story.choose("bn");
    for _ in 0..50 {
        for option in ["customer-service", "no"] {
            story.choose(option);
            story.pass(1_000);
        }
    }
    assert_eq!(story.chat.path, ["language"]);
}

#[test]
fn from_a_security_topic_no_option_leads_to_a_representative() {
    let mut topics = 0;
    everywhere(|story| {
        if !story.rules.flow.steps[&story.chat.step].security {
            return;
        }
        topics += 1;
        walk(story.clone(), false, |after| {
            assert_ne!(after.chat.phase, Phase::Waiting, "{}", after.place());
            assert_ne!(after.chat.step, "message", "{}", after.place());
            assert_eq!(after.chat.queue, None, "nor does the chat requested again");
        });
    });
    assert!(topics > 0);
}

#[test]
fn back_from_the_number_lets_the_customer_change_the_name() {
    let mut story = Story::new();
    for option in ["bn", "customer-service", "yes"] {
        story.choose(option);
    }
    story.say("ভুল নাম");
    story.choose("back");
    assert!(matches!(story.prompt().1, Input::Name { .. }));
    story.say(NAME);
    assert!(matches!(story.prompt().1, Input::Number { .. }));
    story.say(NUMBER);
    assert_eq!(story.chat.known.name.as_deref(), Some(NAME));
    assert_eq!(story.chat.phase, Phase::Waiting);
}

#[test]
fn back_from_where_nobody_is_there_lets_the_customer_try_once_more() {
    let mut story = Story::new();
    story.shut = Some(Unavailable::NobodyOnline);
    for option in ["bn", "customer-service", "yes"] {
        story.choose(option);
    }
    story.say(NAME);
    story.say(NUMBER);
    assert_eq!(story.chat.step, "unavailable");
    story.shut = None;
    story.choose("back");
    assert!(matches!(story.prompt().1, Input::Number { .. }));
    story.say(NUMBER);
    assert_eq!(story.chat.phase, Phase::Waiting);
}
