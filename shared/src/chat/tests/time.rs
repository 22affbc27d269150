//! What time brings about, to the millisecond.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

impl Story {
    /// Everybody is there: only what is said or not said counts.
    fn all_seen(&self) -> Evidence {
        Evidence {
            customer_seen: self.now,
            agent_seen: self.now,
        }
    }

    /// What is due `after` the turn began.
    fn due_after(&self, after: Millis) -> Option<Due> {
        let now = self.chat.turn.since + after;
        let seen = Evidence {
            customer_seen: now,
            agent_seen: now,
        };
        self.chat.due(seen, now, &self.rules.settings)
    }

    pub(super) fn tick(&mut self) -> Vec<Event> {
        let seen = self.all_seen();
        self.attempt(&Actor::System, Action::Tick(seen)).unwrap()
    }

    fn requeue(&mut self, why: QueuedAgain, seen: Evidence) -> Vec<Event> {
        let ticket = self.ticket("general", Lane::Front);
        let action = Action::Requeue { ticket, why, seen };
        self.attempt(&Actor::System, action).unwrap()
    }
}

#[test]
fn a_silent_customer_is_warned_then_the_chat_is_closed() {
    for (mut story, warning, close) in [
        (Story::new(), 600_000, 900_000),
        (Story::talking(), 120_000, 180_000),
    ] {
        let closes_at = story.chat.turn.since + close;
        assert_eq!(story.chat.closes_at(&story.rules.settings), Some(closes_at));
        assert_eq!(story.due_after(warning - 1), None);
        assert_eq!(story.due_after(warning), Some(Due::WarnCustomer(closes_at)));
        assert_eq!(
            story.due_after(close - 1),
            Some(Due::WarnCustomer(closes_at))
        );
        assert_eq!(
            story.due_after(close),
            Some(Due::CloseIdle),
            "warned or not"
        );

        story.now = story.chat.turn.since + warning;
        assert_eq!(kinds(&story.tick()), ["idle_warning"]);
        assert_eq!(story.tick(), [], "one warning is enough");
        assert_eq!(story.due_after(close - 1), None);
        assert_eq!(story.due_after(close), Some(Due::CloseIdle));

        story.now = closes_at;
        let closed = story.tick();
        let Some(Event::Closed { by, reason, .. }) = closed.first() else {
            panic!("{closed:?}");
        };
        assert_eq!((*by, *reason), (Closer::System, CloseReason::Idle));
        assert_eq!(story.tick(), [], "an end is the end");
    }
}

#[test]
fn the_warning_says_how_many_seconds_are_left() {
    for (language, seconds) in [(Language::Bn, "৫৮"), (Language::En, "58")] {
        let mut story = Story::waiting_in(language);
        story.by_agent("asha", Action::Claim).unwrap();
        story.pass(122_000);
        let events = story.tick();
        let [Event::IdleWarning { whom, text, until }] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(*whom, Author::Customer);
        assert_eq!(*until, story.now + 58_000);
        assert!(text.contains(seconds), "{text}");
    }
}

#[test]
fn whoever_answers_after_a_warning_has_all_the_time_again() {
    let mut story = Story::talking();
    story.pass(120_000);
    story.tick();
    story.say("আছি");
    story.answer("asha", "বলুন").unwrap();
    assert_eq!(story.due_after(119_999), None);
    assert!(matches!(
        story.due_after(120_000),
        Some(Due::WarnCustomer(_))
    ));
}

#[test]
fn a_silent_representative_is_warned_then_the_chat_goes_to_the_front() {
    let mut story = Story::talking();
    story.say("টাকা পৌঁছায়নি");
    let until = story.chat.turn.since + 300_000;
    assert_eq!(story.due_after(89_999), None);
    assert_eq!(story.due_after(90_000), Some(Due::WarnAgent(until)));
    assert_eq!(
        story.chat.closes_at(&story.rules.settings),
        None,
        "it isn't the customer's turn"
    );

    story.pass(95_000);
    let events = story.tick();
    let [Event::IdleWarning { whom, text, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(*whom, Author::Agent(agent("asha")));
    assert!(
        text.contains("৯৫"),
        "how long the customer has waited: {text}"
    );

    assert_eq!(story.due_after(299_999), None);
    assert_eq!(
        story.due_after(300_000),
        Some(Due::Requeue(QueuedAgain::AgentIdle))
    );
    story.now = until;
    assert_eq!(story.tick(), [], "that needs a ticket");
    let seen = story.all_seen();
    let events = story.requeue(QueuedAgain::AgentLost, seen);
    let [Event::Queued { ticket, again, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(ticket.lane, Lane::Front);
    assert_eq!(
        *again,
        Some(QueuedAgain::AgentIdle),
        "as it is, not as it looked"
    );
    assert_eq!(story.chat.phase, Phase::Waiting);
    assert_eq!(story.chat.waiting_since, story.now);
}

#[test]
fn a_representative_who_is_gone_loses_the_chat_to_the_front() {
    let mut story = Story::talking();
    let taken = story.now;
    let due = |story: &Story, agent_seen, now| {
        let seen = Evidence {
            customer_seen: now,
            agent_seen,
        };
        story.chat.due(seen, now, &story.rules.settings)
    };
    let lost = Some(Due::Requeue(QueuedAgain::AgentLost));
    assert_eq!(due(&story, 0, taken + 59_999), None);
    assert_eq!(due(&story, 0, taken + 60_000), lost);
    assert_eq!(due(&story, taken + 50_000, taken + 109_999), None);
    assert_eq!(due(&story, taken + 50_000, taken + 110_000), lost);
    story.say("কেউ আছেন?");
    assert_eq!(
        due(&story, taken, taken + 60_000),
        lost,
        "whosever turn it is"
    );

    story.now = taken + 60_000;
    let seen = story.all_seen();
    assert_eq!(
        story.requeue(QueuedAgain::AgentLost, seen),
        [],
        "who is there has lost nothing"
    );
    let events = story.requeue(QueuedAgain::AgentLost, Evidence::default());
    assert_eq!(kinds(&events), ["queued"]);
    let again = story.requeue(QueuedAgain::AgentLost, Evidence::default());
    assert_eq!(again, [], "somebody else has seen to it");
}

#[test]
fn a_customer_who_left_the_queue_is_waited_for_five_minutes() {
    let story = Story::waiting();
    let since = story.chat.waiting_since;
    let due = |customer_seen, now| {
        let seen = Evidence {
            customer_seen,
            agent_seen: 0,
        };
        story.chat.due(seen, now, &story.rules.settings)
    };
    assert_eq!(due(0, since + 299_999), None);
    assert_eq!(due(0, since + 300_000), Some(Due::CloseGone));
    assert_eq!(due(since + 100_000, since + 399_999), None);
    assert_eq!(due(since + 100_000, since + 400_000), Some(Due::CloseGone));

    let mut gone = story.clone();
    gone.now = since + 300_000;
    let left = Action::Tick(Evidence::default());
    let events = gone.attempt(&Actor::System, left).unwrap();
    assert!(
        matches!(
            events[..],
            [Event::Closed {
                reason: CloseReason::Gone,
                ..
            }]
        ),
        "{events:?}"
    );
    assert_eq!(gone.chat.ticket, None);
}

#[test]
fn nobody_waits_for_ever() {
    for language in LANGUAGES {
        let mut story = Story::waiting_in(language);
        let since = story.chat.waiting_since;
        story.now = since + 1_799_999;
        assert_eq!(story.tick(), []);
        story.now = since + 1_800_000;
        let events = story.tick();
        assert_eq!(kinds(&events), ["unavailable", "prompt"]);
        assert_eq!(story.chat.phase, Phase::Flow);
        assert_eq!(story.chat.ticket, None);
        assert_eq!(story.chat.step, "unavailable");
        assert!(
            story
                .prompt()
                .2
                .iter()
                .any(|contact| contact.value == "16247")
        );
        assert_eq!(story.offered().0, ["leave-message", "no-thanks"]);
        assert_eq!(story.offered().1, ["back", "restart", "language"]);
        assert_eq!(
            story.due_after(599_999),
            None,
            "the customer's time begins anew"
        );
        assert_eq!(story.tick(), []);
    }
}

#[test]
fn who_waits_again_has_the_whole_time_again() {
    let mut story = Story::talking();
    story.pass(1_790_000);
    story.requeue(QueuedAgain::AgentLost, Evidence::default());
    story.pass(1_799_999);
    assert_eq!(story.tick(), []);
}

#[test]
fn whoever_answers_too_late_is_refused_even_if_nobody_has_closed_the_chat_yet() {
    for (mut story, close) in [(Story::new(), 900_000), (Story::talking(), 180_000)] {
        let mut in_time = story.clone();
        in_time.now = in_time.chat.turn.since + close - 1;
        in_time.late().unwrap();

        story.now = story.chat.turn.since + close;
        assert_eq!(story.late(), Err(Reject::Overdue));
        story.tick();
        assert_eq!(story.late(), Err(Reject::Closed));
    }
}

impl Story {
    fn late(&mut self) -> Result<Vec<Event>, Reject> {
        if self.chat.phase == Phase::Flow {
            self.try_to_choose("bn")
        } else {
            self.try_to_say("এসেছি")
        }
    }
}

#[test]
fn a_customer_who_ends_a_chat_too_late_has_ended_it_all_the_same() {
    let mut story = Story::talking();
    story.pass(180_000);
    let closed = story.by_customer(Action::Close { reason: None }).unwrap();
    assert_eq!(kinds(&closed), ["closed"]);
}

#[test]
fn a_message_left_for_later_makes_nothing_due() {
    let mut story = Story::waiting();
    story.pass(1_800_000);
    story.tick();
    story.choose("leave-message");
    story.say("টাকা পৌঁছায়নি");
    assert_eq!(story.due_after(1_000_000_000), None);
}
