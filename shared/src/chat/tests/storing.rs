//! What stands in the store: it outlives the version that wrote it.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use alap_flow::ContactKind;

use super::*;
use crate::{journal::Snapshot, port_contract::LONGEST_VALUE};

/// Every kind of event with everything that it can have, and its name in the store.
#[expect(clippy::too_many_lines, reason = "one table: every event there is")]
fn events() -> Vec<(Event, &'static str)> {
    let text = || "কিছু কথা".to_owned();
    let sent = Sent {
        client_id: "a-client-id".to_owned(),
        digest: "0123456789abcdef".to_owned(),
    };
    let ticket = |lane| Ticket {
        queue: "general".to_owned(),
        lane,
        number: 7,
    };
    let choices = || {
        vec![Choice {
            id: "yes".to_owned(),
            label: "হ্যাঁ".to_owned(),
        }]
    };
    let contacts = || {
        vec![ShownContact {
            kind: ContactKind::Phone,
            value: "16247".to_owned(),
            label: "হেল্পলাইন ১৬২৪৭".to_owned(),
        }]
    };
    let prompt = |input| Event::Prompt {
        position: Some(Position {
            step: "name".to_owned(),
            depth: 3,
        }),
        text: text(),
        input,
        contacts: contacts(),
    };
    let said = |by, fact| Event::Text {
        by,
        text: text(),
        masked: true,
        secret: true,
        fact: Some(fact),
        sent: sent.clone(),
    };
    let chosen = |fact| Event::Option {
        option: "yes".to_owned(),
        label: "হ্যাঁ".to_owned(),
        fact,
        sent: sent.clone(),
    };
    let queued = |lane, again| Event::Queued {
        ticket: ticket(lane),
        again,
        text: text(),
    };
    let unavailable = |why| Event::Unavailable {
        queue: "general".to_owned(),
        why,
        text: text(),
    };
    let warning = |whom| Event::IdleWarning {
        whom,
        until: BEGINNING,
        text: text(),
    };
    let fields = || crate::form::FIELDS.to_vec();
    let closed = |by, reason| Event::Closed {
        by,
        reason,
        text: text(),
    };
    let known = Known {
        name: Some(NAME.to_owned()),
        number: Some(known_number()),
        verified: true,
        topic: Some("money".to_owned()),
        again: Some(chat_id()),
    };
    let navigation = choices;
    let options = choices();
    vec![
        (
            Event::Started {
                channel: Channel::App,
                language: Some(Language::En),
                known,
                digest: "0123456789abcdef".to_owned(),
            },
            "started",
        ),
        (
            prompt(Input::Options {
                options,
                navigation: navigation(),
            }),
            "prompt",
        ),
        (
            prompt(Input::Name {
                navigation: navigation(),
            }),
            "prompt",
        ),
        (
            prompt(Input::Number {
                navigation: navigation(),
            }),
            "prompt",
        ),
        (
            prompt(Input::Message {
                navigation: navigation(),
            }),
            "prompt",
        ),
        (prompt(Input::Text), "prompt"),
        (
            Event::Info {
                notice: "secret-masked".to_owned(),
                text: text(),
                contacts: contacts(),
            },
            "info",
        ),
        (chosen(None), "option"),
        (chosen(Some(Fact::Language(Language::Bn))), "option"),
        (chosen(Some(Fact::Topic("money".to_owned()))), "option"),
        (chosen(Some(Fact::StartedOver)), "option"),
        (said(Author::Customer, Fact::Name(NAME.to_owned())), "text"),
        (said(Author::Customer, Fact::Number(known_number())), "text"),
        (
            said(Author::Customer, Fact::Message(ticket(Lane::Messages))),
            "text",
        ),
        (
            said(Author::Agent(agent("asha")), Fact::StartedOver),
            "text",
        ),
        (queued(Lane::Regular, None), "queued"),
        (
            queued(Lane::Front, Some(QueuedAgain::Transferred)),
            "queued",
        ),
        (queued(Lane::Front, Some(QueuedAgain::AgentLost)), "queued"),
        (queued(Lane::Front, Some(QueuedAgain::AgentIdle)), "queued"),
        (queued(Lane::Front, Some(QueuedAgain::TicketLost)), "queued"),
        (unavailable(Unavailable::OutOfHours), "unavailable"),
        (unavailable(Unavailable::NobodyOnline), "unavailable"),
        (unavailable(Unavailable::WaitedTooLong), "unavailable"),
        (
            Event::Assigned {
                agent: agent("asha"),
                transferred: true,
                text: text(),
            },
            "assigned",
        ),
        (warning(Author::Customer), "idle_warning"),
        (warning(Author::Agent(agent("asha"))), "idle_warning"),
        (
            Event::FormRequest {
                fields: fields(),
                agent: agent("asha"),
                text: text(),
                sent: sent.clone(),
            },
            "form_request",
        ),
        (
            Event::FormAnswer {
                request: 12,
                fields: fields(),
                text: text(),
                sent: sent.clone(),
            },
            "form_answer",
        ),
        (
            Event::Note {
                agent: agent("asha"),
                text: text(),
                sent: Some(sent.clone()),
            },
            "note",
        ),
        (
            Event::MessageHandled {
                agent: agent("asha"),
            },
            "message_handled",
        ),
        (
            Event::Rated {
                score: 5,
                comment: Some(text()),
                text: text(),
                sent: sent.clone(),
            },
            "rated",
        ),
        (closed(Closer::System, CloseReason::Idle), "closed"),
        (closed(Closer::System, CloseReason::Gone), "closed"),
        (closed(Closer::Customer, CloseReason::Customer), "closed"),
        (closed(Closer::Agent, CloseReason::Agent), "closed"),
        (closed(Closer::Agent, CloseReason::Solved), "closed"),
    ]
}

#[test]
fn every_event_is_read_back_as_it_was_written() {
    for (event, name) in events() {
        assert_eq!(kind(&event), name);
        assert_eq!(stored::decode(&stored::encode(&event)), Ok(event));
    }
}

#[test]
fn a_state_made_of_every_event_is_read_back_as_it_was_written() {
    let mut chat = Chat::default();
    for (seq, (event, _)) in (1..).zip(events()) {
        chat.fold(&Entry {
            seq,
            at: BEGINNING + seq,
            event,
        });
        assert_eq!(stored::decode(&stored::encode(&chat)).as_ref(), Ok(&chat));
    }
}

#[test]
fn a_chat_as_long_as_it_may_get_fits_into_one_value() {
    let mut story = Story::new();
    for option in ["bn", "money", "wrong-number", "representative", "yes"] {
        story.choose(option);
    }
    story.say(&"ক্ষ".repeat(20));
    story.say(NUMBER);
    story.by_agent("asha", Action::Claim).unwrap();
    story.ask_form(&crate::form::FIELDS).unwrap();
    let (mut number, mut seq) = (0, 1_000_000);
    while story.chat.client_ids.len() < MAX_MESSAGES {
        story
            .chat
            .client_ids
            .insert(&format!("client id {number}"), seq);
        story.chat.unread.push(seq);
        (number, seq) = (number + 1, seq + 1);
    }
    story.chat.unread.truncate(MAX_UNREAD);
    story
        .chat
        .forms
        .extend((0..500).map(|form| 1_000_000 + form));
    let snapshot: Snapshot<Chat> = Snapshot {
        seq,
        state: story.chat,
        presence: Presence::default(),
    };
    let stored = stored::encode(&snapshot);
    assert!(stored.len() < LONGEST_VALUE, "{}", stored.len());
}

#[test]
fn client_ids_are_told_apart_and_kept_apart_from_what_was_never_sent() {
    let mut ids = ClientIds::default();
    assert!(ids.is_empty());
    for number in 1..=1_000 {
        ids.insert(&format!("request-{number}"), number);
    }
    let ids: ClientIds = stored::decode(&stored::encode(&ids)).unwrap();
    assert_eq!(ids.len(), 1_000);
    for number in 1..=1_000 {
        assert_eq!(ids.get(&format!("request-{number}")), Some(number));
    }
    assert_eq!(ids.get("request-0"), None);
    assert_eq!(ids.get(""), None);
}
