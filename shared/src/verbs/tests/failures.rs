//! A whole conversation on a store that fails at any one of its calls.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::memory::Operation;

const KEY: &str = "a-key-as-hard-to-guess-as-a-uuid";

/// Does `step` until it is done, as a client does: again after a failure of the store, and not otherwise.
fn persist<T>(
    world: &World,
    failures: &Cell<u32>,
    mut step: impl FnMut() -> Result<T, Refusal>,
) -> T {
    for _ in 0..10 {
        match step() {
            Ok(done) => return done,
            Err(Refusal::Store(_)) => world.pass(500),
            Err(Refusal::Busy { retry_after }) => world.pass(retry_after),
            Err(refusal) => panic!("a store that fails is no reason for {refusal:?}"),
        }
        failures.set(failures.get() + 1);
    }
    panic!("it never ends");
}

/// What a viewer reads in the end: kinds and texts in their order.
fn read(world: &World, caller: &Caller, chat: &ChatId) -> Vec<(String, serde_json::Value)> {
    let events = world.try_to_poll(caller, chat, 0).unwrap().events;
    let text = |event: &ShownEvent| serde_json::to_value(event).unwrap()["text"].clone();
    let texts: Vec<_> = events.iter().map(text).collect();
    kinds(&events).into_iter().zip(texts).collect()
}

/// The conversation, and how often somebody had to try again.
fn conversation(world: &World) -> (Customer, u32) {
    let failures = Cell::new(0);
    let (service, asha) = (&world.service, world.record("asha"));
    let overview = OverviewRequest::default();
    let desk = || persist(world, &failures, || run(service.overview(&asha, &overview)));
    desk();
    let with = Start {
        idempotency_key: Some(KEY),
        ..Start::default()
    };
    let customer = Customer::of(&persist(world, &failures, || {
        run(service.start(&start_request(), with))
    }));
    let chat = &customer.chat;
    let post = |caller: &Caller, request: PostRequest| {
        persist(world, &failures, || {
            run(service.post(caller, chat, &request))
        })
    };
    let poll = |caller: &Caller| {
        let request = PollRequest::default();
        persist(
            world,
            &failures,
            || run(service.poll(caller, chat, request)),
        )
    };
    for option in ["bn", "customer-service", "yes"] {
        post(&customer.caller, world.option(option));
    }
    post(&customer.caller, world.text(NAME));
    post(&customer.caller, world.text(NUMBER));
    poll(&customer.caller);
    desk();
    persist(world, &failures, || run(service.claim(&asha, chat)));
    let agent = world.agent("asha");
    post(&customer.caller, world.text("টাকা পৌঁছায়নি"));
    poll(&agent);
    let note = NoteRequest {
        text: Some("looks like a duplicate".to_owned()),
        client_id: Some(world.client_id()),
    };
    persist(world, &failures, || run(service.note(&asha, chat, &note)));
    let asked = FormAsked {
        fields: vec!["nid-number".to_owned()],
        client_id: Some(world.client_id()),
    };
    persist(world, &failures, || {
        run(service.ask_form(&asha, chat, &asked))
    });
    post(
        &customer.caller,
        world.form(&[("nid-number", "1234567890")]),
    );
    poll(&agent);
    post(&agent, world.text("পেয়েছি, পাঠিয়ে দিচ্ছি"));
    desk();
    let close = CloseRequest::default();
    persist(
        world,
        &failures,
        || run(service.close(&agent, chat, &close)),
    );
    post(&customer.caller, world.rating(5));
    poll(&customer.caller);
    desk();
    (customer, failures.get())
}

#[test]
fn whichever_call_fails_nothing_acknowledged_is_lost_and_nothing_doubled() {
    let calm = World::new();
    let (customer, failures) = conversation(&calm);
    assert_eq!(failures, 0);
    let expected = read(&calm, &customer.caller, &customer.chat);
    let at_the_desk = read(&calm, &calm.agent("asha"), &customer.chat);

    let mut failing = 0;
    loop {
        let world = World::new();
        let failed = std::rc::Rc::new(Cell::new(false));
        let did = failed.clone();
        world.memory.fail_when(move |call| {
            let fails = call.before == failing;
            did.set(did.get() || fails);
            fails
        });
        let (customer, _) = conversation(&world);
        world.memory.repair();
        assert_eq!(
            read(&world, &customer.caller, &customer.chat),
            expected,
            "call {failing}"
        );
        let desk = read(&world, &world.agent("asha"), &customer.chat);
        assert_eq!(desk, at_the_desk, "call {failing}");
        // What failed last has left a hole in the list, which is filled once it is old enough.
        world.stay(15_000, &["asha"], &[]);
        assert_eq!(world.desk("asha").mine.len(), 0, "call {failing}");
        assert_eq!(world.list("asha").today.ended, 1, "call {failing}");
        let forms = |key: &String| key.contains(":f:");
        assert_eq!(
            world.memory.keys().iter().filter(|key| forms(key)).count(),
            0
        );
        if !failed.get() {
            assert!(
                failing > 150,
                "{failing} calls are too few for a conversation"
            );
            return;
        }
        failing += 1;
    }
}

#[test]
fn a_conversation_goes_the_same_where_nothing_is_ever_done_after_the_answer() {
    let calm = World::new();
    let (customer, _) = conversation(&calm);
    let expected = read(&calm, &customer.caller, &customer.chat);
    let world = World::new();
    world.memory.keep_background();
    let (customer, failures) = conversation(&world);
    world.memory.lose_background();
    assert_eq!(failures, 0);
    assert_eq!(read(&world, &customer.caller, &customer.chat), expected);
}

#[test]
fn a_hand_over_during_which_the_store_fails_ends_with_one_representative() {
    for failing in 0..40 {
        for to in [Transfer::Queue("merchant"), Transfer::Agent("badal")] {
            let world = World::new();
            let customer = world.talking();
            world.desk("badal");
            world.memory.fail_when(move |call| call.before == failing);
            let handed = world.transfer("asha", &customer.chat, &to);
            world.memory.repair();
            match handed {
                Ok(_) => {}
                Err(Refusal::Store(_) | Refusal::Busy { .. }) => {
                    persist(&world, &Cell::new(0), || {
                        let badal = world.record("badal");
                        let _ = run(world.service.overview(&badal, &OverviewRequest::default()));
                        world.transfer("asha", &customer.chat, &to)
                    });
                }
                Err(refusal) => panic!("call {failing}: {refusal:?}"),
            }
            world.stay(60_000, &["asha", "badal"], &[&customer]);
            let state = world.state(&customer.chat);
            let lists = ["asha", "badal"].map(|id| world.list(id).has(&customer.chat));
            match to {
                Transfer::Queue(_) => {
                    assert_eq!(
                        (state.phase, lists),
                        (Phase::Waiting, [false, false]),
                        "call {failing}"
                    );
                }
                Transfer::Agent(_) => {
                    assert_eq!(
                        (state.phase, lists),
                        (Phase::Talking, [false, true]),
                        "call {failing}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_writer_who_died_keeps_nobody_from_reading() {
    let world = World::new();
    let customer = world.talking();
    let other = world.waiting();
    let (text, key) = (world.text("টাকা পৌঁছায়নি"), format!("c:{}:e:", customer.chat));
    world
        .memory
        .fail_when(move |call| call.operation == Operation::Write && call.key.starts_with(&key));
    world.try_to_post(&customer, &text).unwrap_err();
    world.memory.repair();
    // The customer has to be warned, which has to wait until the hole that was left is old enough.
    world.pass(120_000);
    let before = world.poll(&customer, 0).events;
    assert_eq!(before.len(), world.poll(&customer, 0).events.len());
    let desk = world.desk("asha");
    assert_eq!(desk.mine.len(), 1);
    assert_eq!(desk.queue[0].chat, other.chat);
    world.pass(11_000);
    let after = world.poll(&customer, 0).events;
    assert_eq!(
        kinds(&after).last().map(String::as_str),
        Some("idle_warning")
    );
}

#[test]
fn a_message_dealt_with_while_the_store_fails_is_dealt_with() {
    for failing in 0..20 {
        let world = World::new();
        let customer = world.customer_for("customer-service");
        world.choose(&customer, "leave-message");
        world.say(&customer, "টাকা পৌঁছায়নি");
        let (record, chat) = (world.record("badal"), &customer.chat);
        world.memory.fail_when(move |call| call.before == failing);
        let mut done = run(world.service.handle_message(&record, chat));
        world.memory.repair();
        while let Err(Refusal::Store(_) | Refusal::Busy { .. }) = done {
            world.pass(11_000);
            done = run(world.service.handle_message(&record, chat));
        }
        assert!(done.is_ok(), "call {failing}: {done:?}");
        world.pass(31_000);
        assert!(world.desk("badal").messages.is_empty(), "call {failing}");
    }
}
