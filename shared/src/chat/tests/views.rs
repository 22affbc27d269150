//! What each viewer gets of a chat.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};

use super::{
    view::{Status, Viewer, show, status},
    *,
};
use crate::memory::Memory;

impl Story {
    fn shown_to(&self, viewer: &Viewer) -> Vec<Value> {
        let show = |entry| show(entry, viewer, &chat_id(), &self.chat, &self.rules, &keys());
        let shown = self.entries.iter().filter_map(show);
        shown
            .map(|event| serde_json::to_value(event).unwrap())
            .collect()
    }

    fn status_for(&self, viewer: &Viewer, presence: &Presence) -> Status {
        status(&self.chat, presence, viewer, &self.rules, self.now)
    }
}

fn asha() -> Viewer {
    Viewer::Agent(agent("asha").id)
}

fn kinds_of(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}

/// A chat in which everything happened that is not for everybody.
fn eventful() -> Story {
    let mut story = Story::talking();
    story.say("টাকা পৌঁছায়নি");
    story.pass(90_000);
    story.tick();
    story.answer("asha", "দেখছি").unwrap();
    story.note("asha", "looks like a duplicate").unwrap();
    story.ask_form(&[FormField::NidNumber]).unwrap();
    let (fields, sent) = (vec![FormField::NidNumber], story.sent());
    story.by_customer(Action::Form { fields, sent }).unwrap();
    story
        .by_agent("asha", Action::TransferToAgent { to: agent("badal") })
        .unwrap();
    story.pass(60_000);
    let ticket = story.ticket("general", Lane::Front);
    let lost = Action::Requeue {
        ticket,
        why: QueuedAgain::AgentLost,
        seen: Evidence::default(),
    };
    story.attempt(&Actor::System, lost).unwrap();
    story.by_agent("asha", Action::Claim).unwrap();
    let ticket = story.ticket("merchant", Lane::Front);
    let handed = Action::Requeue {
        ticket,
        why: QueuedAgain::Transferred,
        seen: Evidence::default(),
    };
    story.by_agent("asha", handed).unwrap();
    story.by_agent("asha", Action::Claim).unwrap();
    story.pass(120_000);
    story.tick();
    story.by_customer(Action::Close { reason: None }).unwrap();
    story.rate(4).unwrap();
    story
}

#[test]
fn a_customer_sees_neither_notes_nor_warnings_of_representatives() {
    let story = eventful();
    let talk = [
        "assigned",
        "prompt",
        "text",
        "text",
        "form_request",
        "form_answer",
        "transferred",
        "requeued",
        "assigned",
        "prompt",
        "transferred",
        "assigned",
        "prompt",
        "idle_warning",
        "closed",
        "rated",
    ];
    let customers = story.shown_to(&Viewer::Customer);
    let from = kinds_of(&customers)
        .iter()
        .position(|kind| *kind == "assigned")
        .unwrap();
    assert_eq!(kinds_of(&customers)[from..], talk);
    let seen: Vec<_> = customers
        .iter()
        .map(|event| event["seq"].as_u64().unwrap())
        .collect();
    let agents: Vec<_> = story.shown_to(&asha());
    let hidden = agents
        .iter()
        .filter(|event| !seen.contains(&event["seq"].as_u64().unwrap()));
    let hidden: Vec<_> = hidden
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(hidden, ["idle_warning", "note"]);
    let everything = customers.iter().map(Value::to_string).collect::<String>();
    assert!(!everything.contains("duplicate"), "{everything}");
}

#[test]
fn events_say_who_they_are_from() {
    for event in eventful().shown_to(&asha()) {
        let kind = event["kind"].as_str().unwrap();
        let from = match kind {
            "form_request" | "note" => "agent",
            "text" if event.get("agent").is_some() => "agent",
            "option" | "form_answer" | "rated" | "text" => "customer",
            _ => "system",
        };
        assert_eq!(event["from"], from, "{event}");
    }
}

#[test]
fn client_ids_are_for_who_made_them() {
    let story = eventful();
    for (viewer, own) in [(Viewer::Customer, "customer"), (asha(), "agent")] {
        for event in story.shown_to(&viewer) {
            let has = event.get("client_id").is_some();
            assert_eq!(has, event["from"] == own, "{event}");
        }
    }
}

#[test]
fn the_contact_number_is_the_customers_to_see() {
    for (language, whole, masked) in [
        (Language::Bn, "০১৭১২-৩৪৫৬৭৮", "০১•••-•••৬৭৮"),
        (Language::En, "01712-345678", "01•••-•••678"),
    ] {
        let mut story = Story::new();
        for option in [option_of(language), "customer-service", "yes"] {
            story.choose(option);
        }
        story.say(NAME);
        let number = keys().seal(&chat_id(), "+8801712345678", &Memory::new());
        let action = Action::Text {
            text: Screened::new(NUMBER.to_owned()),
            number,
            sent: story.sent(),
            door: None,
        };
        story.by_customer(action).unwrap();
        for (viewer, expected) in [(Viewer::Customer, whole), (asha(), masked)] {
            let shown = story.shown_to(&viewer);
            let said: Vec<_> = shown
                .iter()
                .filter(|event| event["kind"] == "text")
                .collect();
            assert_eq!(said[1]["text"], expected);
        }
    }
}

#[test]
fn a_number_sealed_with_a_lost_key_stays_masked() {
    let story = Story::waiting();
    let shown = story.shown_to(&Viewer::Customer);
    let said: Vec<_> = shown
        .iter()
        .filter(|event| event["kind"] == "text")
        .collect();
    assert_eq!(said[1]["text"], "০১•••-•••৬৭৮");
}

#[test]
fn fields_are_named_in_the_chats_language() {
    for (language, label) in [(Language::Bn, "এনআইডি নম্বর"), (Language::En, "NID number")]
    {
        let mut story = Story::waiting_in(language);
        story.by_agent("asha", Action::Claim).unwrap();
        story.ask_form(&[FormField::NidNumber]).unwrap();
        let shown = story.shown_to(&Viewer::Customer);
        let fields = &shown.last().unwrap()["fields"];
        assert_eq!(*fields, json!([{ "name": "nid-number", "label": label }]));
    }
}

#[test]
fn the_status_says_what_fits_the_phase() {
    let mut story = Story::new();
    let presence = Presence {
        position: Some(3),
        wait: Some(125_999),
        customer_seen: BEGINNING,
        agent_typing: BEGINNING + 1_000_000,
        customer_typing: BEGINNING + 1_000_000,
        ..Presence::default()
    };
    let flow = story.status_for(&Viewer::Customer, &presence);
    assert_eq!(
        (flow.phase, flow.position, flow.wait_s),
        (Phase::Flow, None, None)
    );
    assert_eq!((flow.agent, flow.typing), (None, false));
    assert_eq!(flow.closes_at, Some(story.now + 900_000));

    story = Story::waiting();
    let waiting = story.status_for(&Viewer::Customer, &presence);
    assert_eq!((waiting.position, waiting.wait_s), (Some(3), Some(125)));
    assert_eq!((waiting.typing, waiting.closes_at), (false, None));
    story.chat.queued_at += 1;
    let queued_since = story.status_for(&Viewer::Customer, &presence);
    assert_eq!(
        (queued_since.position, queued_since.wait_s),
        (None, None),
        "of another ticket"
    );

    story.by_agent("asha", Action::Claim).unwrap();
    for viewer in [Viewer::Customer, asha()] {
        let talking = story.status_for(&viewer, &presence);
        assert_eq!((talking.position, talking.wait_s), (None, None));
        assert_eq!(talking.agent.unwrap().name, agent("asha").name);
        assert!(talking.typing);
        assert_eq!(talking.closes_at, Some(story.now + 180_000));
    }

    assert!(!story.status_for(&Viewer::Customer, &presence).can_rate);
    story.by_customer(Action::Close { reason: None }).unwrap();
    let closed = story.status_for(&Viewer::Customer, &presence);
    assert!(closed.can_rate);
    assert_eq!(
        (closed.agent, closed.typing, closed.closes_at),
        (None, false, None)
    );
    assert_eq!(closed.poll_after_ms, None);
    story.rate(5).unwrap();
    assert!(!story.status_for(&Viewer::Customer, &presence).can_rate);
}

#[test]
fn each_side_sees_the_other_one_type() {
    let story = Story::talking();
    let only_agent = Presence {
        agent_typing: story.now + 1,
        ..Presence::default()
    };
    assert!(story.status_for(&Viewer::Customer, &only_agent).typing);
    assert!(!story.status_for(&asha(), &only_agent).typing);
    let only_customer = Presence {
        customer_typing: story.now + 1,
        ..Presence::default()
    };
    assert!(!story.status_for(&Viewer::Customer, &only_customer).typing);
    assert!(story.status_for(&asha(), &only_customer).typing);
    let over = Presence {
        agent_typing: story.now,
        ..Presence::default()
    };
    assert!(!story.status_for(&Viewer::Customer, &over).typing);
}

#[test]
fn a_draft_is_seen_until_something_happens_or_nothing_is_typed_for_a_while() {
    let mut presence = Presence {
        customer_typing: BEGINNING + 1,
        customer_draft: "I sent".to_owned(),
        customer_draft_after: 7,
        ..Presence::default()
    };
    assert_eq!(presence.draft(7, BEGINNING), Some("I sent"));
    assert_eq!(presence.draft(8, BEGINNING), None);
    assert_eq!(presence.draft(7, BEGINNING + 1), None);
    Chat::outdate(&mut presence);
    assert_eq!(presence.draft(7, BEGINNING), None);
}

#[test]
fn only_a_customer_in_conversation_is_asked_for_drafts() {
    let mut story = Story::talking();
    let presence = Presence::default();
    assert!(!story.status_for(&Viewer::Customer, &presence).preview);
    let settings = Settings {
        typing_preview: true,
        ..Settings::default()
    };
    story.rules = Arc::new(Rules::new(settings).unwrap());
    assert!(story.status_for(&Viewer::Customer, &presence).preview);
    assert!(!story.status_for(&asha(), &presence).preview);
    story.by_customer(Action::Close { reason: None }).unwrap();
    assert!(!story.status_for(&Viewer::Customer, &presence).preview);
}

#[test]
fn clients_ask_quickly_while_people_talk_and_slowly_while_nothing_happens() {
    let flow = Story::new();
    let (waiting, talking) = (Story::waiting(), Story::talking());
    let placed = |position| Presence {
        customer_seen: BEGINNING,
        position: Some(position),
        ..Presence::default()
    };
    let (second, third) = (placed(2), placed(3));
    let typing = Presence {
        agent_typing: Millis::MAX,
        ..Presence::default()
    };
    let nobody = Presence::default();
    for (story, presence, after, expected) in [
        (&flow, &nobody, 0, 30_000),
        (&waiting, &nobody, 600_000, 500),
        (&waiting, &third, 0, 3_000),
        (&waiting, &third, 40_000, 10_000),
        (&waiting, &third, 600_000, 15_000),
        (&waiting, &second, 600_000, 3_000),
        (&talking, &nobody, 0, 1_000),
        (&talking, &nobody, 12_000, 4_000),
        (&talking, &nobody, 600_000, 8_000),
        (&talking, &typing, 600_000, 1_000),
    ] {
        let mut story = story.clone();
        story.pass(after);
        let status = story.status_for(&Viewer::Customer, presence);
        assert_eq!(
            status.poll_after_ms,
            Some(expected),
            "{:?} {after}",
            status.phase
        );
    }
}
