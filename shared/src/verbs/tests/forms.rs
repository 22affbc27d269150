//! Proof of ownership: for one representative, and gone with the chat.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{chat::view::Body, form::FormValues, memory::Operation};

const NID: &str = "1234567890";

impl World {
    fn forms(&self) -> Vec<String> {
        self.memory
            .keys()
            .into_iter()
            .filter(|key| key.contains(":f:"))
            .collect()
    }

    /// What a representative reads of the answers.
    fn read_by(&self, id: &str, customer: &Customer) -> Option<FormValues> {
        let polled = self.try_to_poll(&self.agent(id), &customer.chat, 0).ok()?;
        values(&polled.events)
    }

    fn with_answer() -> (Self, Customer) {
        let world = Self::new();
        let customer = world.talking();
        world
            .ask_form("asha", &customer.chat, &["nid-number"])
            .unwrap();
        world.post(&customer, &world.form(&[("nid-number", NID)]));
        (world, customer)
    }
}

fn values(events: &[ShownEvent]) -> Option<FormValues> {
    events.iter().find_map(|event| match &event.body {
        Body::FormAnswer { values, .. } => values.clone(),
        _ => None,
    })
}

#[test]
fn the_answers_are_for_the_representative_of_the_chat_alone() {
    let (world, customer) = World::with_answer();
    let read = world.read_by("asha", &customer).unwrap();
    assert_eq!(read.nid_number.as_deref(), Some(NID));
    assert_eq!(read.fields().count(), 1);
    assert_eq!(
        values(&world.poll(&customer, 0).events),
        None,
        "not even for the customer"
    );
    assert_eq!(world.read_by("badal", &customer), None);

    world.desk("badal");
    world
        .transfer("asha", &customer.chat, &Transfer::Queue("general"))
        .unwrap();
    for id in ["asha", "badal"] {
        assert_eq!(
            world.read_by(id, &customer),
            None,
            "{id}, while nobody has the chat"
        );
    }
    world.claim("badal", &customer.chat).unwrap();
    assert!(world.read_by("badal", &customer).is_some());
    assert_eq!(world.read_by("asha", &customer), None);
}

#[test]
fn the_answers_come_with_a_post_that_brings_the_news() {
    let world = World::new();
    let customer = world.talking();
    let asked = world
        .ask_form("asha", &customer.chat, &["nid-number"])
        .unwrap();
    world.post(&customer, &world.form(&[("nid-number", NID)]));
    let request = PostRequest {
        after: asked.answer.seq,
        ..world.text("ধন্যবাদ")
    };
    let posted = run(world
        .service
        .post(&world.agent("asha"), &customer.chat, &request))
    .unwrap();
    assert_eq!(kinds(&posted.answer.events), ["form_answer", "text"]);
    assert!(values(&posted.answer.events).is_some());
}

#[test]
fn the_answers_stand_in_the_store_encrypted_and_apart() {
    let (world, customer) = World::with_answer();
    assert_eq!(world.forms().len(), 1);
    for key in world.memory.keys() {
        let value = world.memory.value(&key).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&value).contains(NID), "{key}");
    }
    let transcript = run(world
        .service
        .transcript(&world.agent("asha"), &customer.chat))
    .unwrap();
    assert!(!transcript.contains(NID));
}

#[test]
fn the_answers_are_gone_with_the_end_of_the_chat_whoever_ends_it() {
    type End = fn(&World, &Customer);
    let ends: [(&str, End); 4] = [
        ("customer", |world, customer| world.hang_up(customer)),
        ("representative", |world, customer| {
            world.close(&world.agent("asha"), &customer.chat).unwrap();
        }),
        ("customer's poll", |world, customer| {
            world.answer("asha", &customer.chat, "আছেন?").unwrap();
            for _ in 0..4 {
                world.pass(45_000);
                world
                    .try_to_poll(&world.agent("asha"), &customer.chat, 0)
                    .unwrap();
            }
        }),
        ("desk", |world, customer| {
            world.answer("asha", &customer.chat, "আছেন?").unwrap();
            world.stay(180_000, &["asha"], &[]);
        }),
    ];
    for (who, end) in ends {
        let (world, customer) = World::with_answer();
        end(&world, &customer);
        assert_eq!(world.state(&customer.chat).phase, Phase::Closed, "{who}");
        assert_eq!(world.forms(), Vec::<String>::new(), "{who}");
        assert_eq!(world.read_by("asha", &customer), None, "{who}");
    }
}

#[test]
fn what_is_refused_is_not_stored() {
    let world = World::new();
    let customer = world.talking();
    let not_asked = world.try_to_post(&customer, &world.form(&[("nid-number", NID)]));
    assert_eq!(conflict(not_asked), Conflict::NotAsked);
    world
        .ask_form("asha", &customer.chat, &["nid-number", "date-of-birth"])
        .unwrap();
    let missing = world.try_to_post(&customer, &world.form(&[("nid-number", NID)]));
    assert_eq!(field(missing), "values");
    assert_eq!(world.forms(), Vec::<String>::new());
}

#[test]
fn what_was_not_asked_for_is_not_stored() {
    let world = World::new();
    let customer = world.talking();
    world
        .ask_form("asha", &customer.chat, &["nid-number"])
        .unwrap();
    let more = [("nid-number", NID), ("last-transaction-amount", "500")];
    world.post(&customer, &world.form(&more));
    assert_eq!(
        world.read_by("asha", &customer).unwrap().fields().count(),
        1
    );
}

#[test]
fn answers_that_cross_with_the_end_of_the_chat_do_not_stay() {
    let world = World::new();
    let customer = world.talking();
    world
        .ask_form("asha", &customer.chat, &["nid-number"])
        .unwrap();
    let (service, asha, chat) = (
        world.service.clone(),
        world.agent("asha"),
        customer.chat.clone(),
    );
    let storing = |operation, key: &str| operation == Operation::Write && key.contains(":f:");
    let answering = world.interrupted(storing, move || {
        run(service.close(&asha, &chat, &CloseRequest::default())).unwrap();
    });
    let request = world.form(&[("nid-number", NID)]);
    let crossed = run(answering.post(&customer.caller, &customer.chat, &request));
    assert_eq!(conflict(crossed), Conflict::ChatClosed);
    assert_eq!(world.forms(), Vec::<String>::new());
}

#[test]
fn answers_left_by_who_died_while_closing_go_with_the_desks_next_look() {
    let (world, customer) = World::with_answer();
    world
        .memory
        .fail_when(|call| call.operation == Operation::Delete);
    world.close(&customer.caller, &customer.chat).unwrap_err();
    world.memory.repair();
    assert_eq!(world.forms().len(), 1);
    world.desk("asha");
    assert_eq!(world.forms(), Vec::<String>::new());
}

#[test]
fn only_the_fields_there_are_can_be_asked_for() {
    let world = World::new();
    let customer = world.talking();
    for fields in [&[][..], &["pin"], &["nid-number", "otp"]] {
        let outcome = world.ask_form("asha", &customer.chat, fields);
        assert_eq!(field(outcome), "fields", "{fields:?}");
    }
    let twice = world
        .ask_form("asha", &customer.chat, &["nid-number", "nid-number"])
        .unwrap();
    let Body::FormRequest { fields, .. } = &twice.answer.events[0].body else {
        panic!("{twice:?}");
    };
    assert_eq!(fields.len(), 1);
    let open = world.ask_form("asha", &customer.chat, &["date-of-birth"]);
    assert_eq!(conflict(open), Conflict::FormOpen);
    assert!(world.desk("asha").mine[0].form_open);
}

#[test]
fn a_representative_cannot_answer_a_form() {
    let world = World::new();
    let customer = world.talking();
    world
        .ask_form("asha", &customer.chat, &["nid-number"])
        .unwrap();
    let request = world.form(&[("nid-number", NID)]);
    let outcome = run(world
        .service
        .post(&world.agent("asha"), &customer.chat, &request));
    assert_eq!(outcome, Err(Refusal::Forbidden));
}
