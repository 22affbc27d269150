//! Taking chats, handing them on, and talking.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{agent, chat::view::Body, memory::Operation};

impl World {
    pub(super) fn list(&self, id: &str) -> agent::Agent {
        let id = AgentId::parse(id).unwrap();
        run(agent::journal(&self.memory, &id).latest())
            .unwrap()
            .state
    }
}

#[test]
fn a_conversation_from_the_queue_to_the_rating() {
    for language in LANGUAGES {
        let world = World::new();
        world.desk("asha");
        let customer = world.start();
        for option in [language, "customer-service", "yes"] {
            world.choose(&customer, option);
        }
        world.say(&customer, NAME);
        world.say(&customer, NUMBER);
        let taken = world.next("asha").unwrap();
        assert_eq!(taken.chat, customer.chat);
        assert_eq!(kinds(&taken.answer.events), ["assigned", "prompt"]);
        world.say(&customer, "টাকা পৌঁছায়নি");
        world.answer("asha", &customer.chat, "দেখছি").unwrap();
        let closed = world.close(&world.agent("asha"), &customer.chat).unwrap();
        assert_eq!(kinds(&closed.events), ["closed"]);
        world.post(&customer, &world.rating(5));
        let events = world.poll(&customer, 0).events;
        let talk = [
            "queued", "assigned", "prompt", "text", "text", "closed", "rated",
        ];
        assert_eq!(kinds(&events)[events.len() - talk.len()..], talk);
        assert!(!world.poll(&customer, 0).status.can_rate);
    }
}

#[test]
fn of_two_who_claim_one_chat_one_gets_it() {
    let world = World::new();
    let customer = world.waiting();
    let (asha, badal) = (world.record("asha"), world.record("badal"));
    let claims = futures::future::join(
        world.service.claim(&asha, &customer.chat),
        world.service.claim(&badal, &customer.chat),
    );
    let (one, other) = run(claims);
    one.unwrap();
    assert_eq!(conflict(other), Conflict::AlreadyAssigned);
}

/// Once a chat is on the list, and before it is assigned.
fn is_taking(operation: Operation, key: &str) -> bool {
    operation == Operation::Reserve && key.starts_with("c:")
}

#[test]
fn who_loses_a_race_for_a_chat_has_nothing_on_the_list() {
    let world = World::new();
    let customer = world.waiting();
    let (service, badal, chat) = (
        world.service.clone(),
        world.record("badal"),
        customer.chat.clone(),
    );
    let slower = world.interrupted(is_taking, move || {
        run(service.claim(&badal, &chat)).unwrap();
    });
    let lost = run(slower.claim(&world.record("asha"), &customer.chat));
    assert_eq!(conflict(lost), Conflict::AlreadyAssigned);
    assert!(world.list("asha").chats.is_empty());
    assert!(world.list("badal").has(&customer.chat));
}

#[test]
fn two_who_take_the_next_at_once_get_two_chats() {
    let world = World::new();
    let customers = [world.waiting(), world.waiting()];
    let (service, badal) = (world.service.clone(), world.record("badal"));
    let first = customers[0].chat.clone();
    let slower = world.interrupted(is_taking, move || {
        assert_eq!(run(service.next(&badal)).unwrap().chat, first);
    });
    let taken = run(slower.next(&world.record("asha"))).unwrap();
    assert_eq!(taken.chat, customers[1].chat);
}

#[test]
fn to_claim_twice_is_to_claim_once() {
    let world = World::new();
    let customer = world.talking();
    let again = world.claim("asha", &customer.chat).unwrap();
    assert!(again.answer.events.is_empty());
    assert_eq!(world.list("asha").chats.len(), 1);
    assert_eq!(world.list("asha").today.taken, 1);
}

#[test]
fn nobody_has_more_chats_than_one_may() {
    let world = World::new();
    let customers: Vec<_> = (0..3).map(|_| world.waiting()).collect();
    world.next("asha").unwrap();
    world.next("asha").unwrap();
    assert_eq!(conflict(world.next("asha")), Conflict::AgentFull);
    assert_eq!(
        conflict(world.claim("asha", &customers[2].chat)),
        Conflict::AgentFull
    );
    assert_eq!(world.state(&customers[2].chat).phase, Phase::Waiting);
    let to = Transfer::Agent("asha");
    world.claim("badal", &customers[2].chat).unwrap();
    assert_eq!(
        conflict(world.transfer("badal", &customers[2].chat, &to)),
        Conflict::AgentFull
    );
    assert_eq!(world.list("asha").chats.len(), 2);
}

#[test]
fn whoever_ends_a_chat_has_room_for_the_next_at_once() {
    let world = World::new();
    let customers: Vec<_> = (0..4).map(|_| world.waiting()).collect();
    world.next("asha").unwrap();
    world.next("asha").unwrap();
    world
        .close(&world.agent("asha"), &customers[0].chat)
        .unwrap();
    assert_eq!(world.next("asha").unwrap().chat, customers[2].chat);
    world.hang_up(&customers[1]);
    assert_eq!(
        world.claim("asha", &customers[3].chat).unwrap().chat,
        customers[3].chat
    );
}

#[test]
fn only_who_waits_can_be_claimed() {
    let world = World::new();
    world.desk("asha");
    let in_flow = world.start();
    assert_eq!(world.claim("asha", &in_flow.chat), Err(Refusal::Forbidden));
    let customer = world.talking();
    world.close(&world.agent("asha"), &customer.chat).unwrap();
    assert_eq!(
        conflict(world.claim("asha", &customer.chat)),
        Conflict::ChatClosed
    );
}

#[test]
fn what_asks_for_a_secret_is_refused_in_words_for_the_representative() {
    let world = World::new();
    let customer = world.talking();
    let before = world.poll(&customer, 0).events;
    let Conflict::AsksForSecret(words) =
        conflict(world.answer("asha", &customer.chat, "আপনার পিন নম্বরটা দিন"))
    else {
        panic!("it asks for a secret");
    };
    assert!(words.contains("পিন"), "{words}");
    assert_eq!(world.poll(&customer, 0).events, before);
}

#[test]
fn what_a_customer_should_not_have_written_is_masked_before_it_is_stored() {
    let world = World::new();
    let customer = world.talking();
    let posted = world.say(&customer, "আমার পিন ১২৩৪৫");
    assert_eq!(kinds(&posted.answer.events), ["text", "info"]);
    for key in world.memory.keys() {
        let value = world.memory.value(&key).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&value).contains("১২৩৪৫"), "{key}");
    }
}

#[test]
fn a_chat_handed_to_a_colleague_is_on_one_list() {
    let world = World::new();
    let customer = world.talking();
    let offline = world.transfer("asha", &customer.chat, &Transfer::Agent("badal"));
    assert_eq!(field(offline), "agent", "not to somebody who isn't there");
    world.desk("badal");
    let handed = world
        .transfer("asha", &customer.chat, &Transfer::Agent("badal"))
        .unwrap();
    assert_eq!(kinds(&handed.events), ["transferred"]);
    assert!(world.list("asha").chats.is_empty());
    assert!(world.list("badal").has(&customer.chat));
    assert_eq!(
        world.try_to_poll(&world.agent("asha"), &customer.chat, 0),
        Err(Refusal::Forbidden)
    );
    let status = world.poll(&customer, 0).status;
    assert_eq!(status.agent.unwrap().name, "বাদল");
    assert_eq!(world.desk("badal").mine[0].chat, customer.chat);
}

#[test]
fn a_chat_on_its_way_to_a_colleague_stays_on_the_list_whoever_looks() {
    let world = World::new();
    let customer = world.talking();
    world.desk("badal");
    let (service, badal) = (world.service.clone(), world.record("badal"));
    let handing = world.interrupted(is_taking, move || {
        run(service.overview(&badal, &OverviewRequest::default())).unwrap();
    });
    let to = TransferRequest {
        queue: None,
        agent: AgentId::parse("badal"),
    };
    run(handing.transfer(&world.record("asha"), &customer.chat, &to)).unwrap();
    assert!(world.list("badal").has(&customer.chat));
    assert_eq!(world.desk("badal").mine.len(), 1);
}

#[test]
fn a_chat_handed_to_a_queue_waits_at_its_front() {
    let world = World::new();
    world.desk("chitra");
    let merchant = world.customer_for("merchant");
    let customer = world.talking();
    let handed = world
        .transfer("asha", &customer.chat, &Transfer::Queue("merchant"))
        .unwrap();
    assert_eq!(kinds(&handed.events), ["transferred"]);
    assert_eq!(handed.status.phase, Phase::Waiting);
    assert!(world.list("asha").chats.is_empty());
    assert_eq!(world.next("chitra").unwrap().chat, customer.chat);
    assert_eq!(world.next("chitra").unwrap().chat, merchant.chat);
}

#[test]
fn a_chat_can_be_handed_only_where_there_is_somebody_or_something() {
    let world = World::new();
    let customer = world.talking();
    let chat = &customer.chat;
    world.desk("badal");
    for (to, name) in [
        (Transfer::Queue("nowhere"), "queue"),
        (Transfer::Agent("nobody"), "agent"),
        (Transfer::Agent("asha"), "agent"),
        (Transfer::Agent("chitra"), "agent"),
    ] {
        assert_eq!(field(world.transfer("asha", chat, &to)), name);
    }
    let record = world.record("asha");
    for request in [
        TransferRequest::default(),
        TransferRequest {
            queue: Some("general".to_owned()),
            agent: Some(AgentId::parse("badal").unwrap()),
        },
    ] {
        let outcome = run(world.service.transfer(&record, chat, &request));
        assert_eq!(field(outcome), "queue", "exactly one of the two");
    }
    assert_eq!(world.state(chat).phase, Phase::Talking);
}

#[test]
fn notes_are_for_representatives() {
    let world = World::new();
    let customer = world.talking();
    world
        .note("asha", &customer.chat, "looks like a duplicate")
        .unwrap();
    assert!(!kinds(&world.poll(&customer, 0).events).contains(&"note".to_owned()));
    let polled = world
        .try_to_poll(&world.agent("asha"), &customer.chat, 0)
        .unwrap();
    let Some(Body::Note { text, .. }) = polled.events.last().map(|event| &event.body) else {
        panic!("{polled:?}");
    };
    assert_eq!(text, "looks like a duplicate");
    assert_eq!(field(world.note("asha", &customer.chat, " ")), "text");
}

#[test]
fn whoever_looks_at_the_whole_number_leaves_a_note() {
    let world = World::new();
    let customer = world.talking();
    let number = run(world.service.number(&world.record("asha"), &customer.chat)).unwrap();
    assert_eq!(number.number, "+8801712345678");
    let polled = world
        .try_to_poll(&world.agent("asha"), &customer.chat, 0)
        .unwrap();
    assert_eq!(
        kinds(&polled.events).last().map(String::as_str),
        Some("note")
    );
    assert_eq!(
        run(world.service.number(&world.record("badal"), &customer.chat)),
        Err(Refusal::Forbidden)
    );
}

#[test]
fn a_rating_counts_for_the_representative() {
    let world = World::new();
    let customer = world.talking();
    world.close(&world.agent("asha"), &customer.chat).unwrap();
    world.post(&customer, &world.rating(4));
    let today = world.list("asha").today;
    assert_eq!((today.ratings, today.scores), (1, 4));
    let again = world.try_to_post(&customer, &world.rating(1));
    assert_eq!(conflict(again), Conflict::AlreadyRated);
    assert_eq!(world.list("asha").today.ratings, 1);
}

#[test]
fn a_reason_for_the_end_is_one_of_those_there_are() {
    use crate::chat::CloseReason;
    let world = World::new();
    let customer = world.talking();
    let asha = world.agent("asha");
    let close = |reason| {
        let request = CloseRequest {
            reason: Some(reason),
        };
        run(world.service.close(&asha, &customer.chat, &request))
    };
    for reason in [CloseReason::Idle, CloseReason::Gone, CloseReason::Customer] {
        assert_eq!(field(close(reason)), "reason");
    }
    close(CloseReason::Solved).unwrap();
    assert_eq!(
        world.state(&customer.chat).closed.unwrap().reason,
        CloseReason::Solved
    );
    let again = close(CloseReason::Agent).unwrap();
    assert!(again.events.is_empty(), "to end it twice is no mistake");
}
