//! What is over is gone: at the customer's request, and when its time is over.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::memory::Operation;

const HOUR: Millis = 3_600_000;
const RETENTION: Millis = 720 * HOUR;

impl World {
    fn erase(&self, customer: &Customer) -> Result<(), Refusal> {
        run(self.service.erase(&customer.caller, &customer.chat))
    }

    /// The keys that are the chat's, or whose values have to do with it. A representative's list says by its id that
    /// there was a chat, and nothing of it.
    fn traces(&self, chat: &ChatId) -> Vec<String> {
        let mentions = |key: &String| {
            let value = self.memory.value(key).unwrap_or_default();
            let value = String::from_utf8_lossy(&value).into_owned();
            key.contains(chat.as_str()) || value.contains(chat.as_str()) || value.contains(NAME)
        };
        let keys = self.memory.keys().into_iter();
        keys.filter(|key| !key.starts_with("a:"))
            .filter(mentions)
            .collect()
    }

    fn chats_keys(&self, chat: &ChatId) -> Vec<String> {
        let keys = self.memory.keys().into_iter();
        keys.filter(|key| key.contains(chat.as_str())).collect()
    }

    fn filed(&self) -> Vec<String> {
        let keys = self.memory.keys().into_iter();
        keys.filter(|key| key.starts_with("s:") && key.contains(":t:"))
            .collect()
    }

    fn start_keyed(&self, key: &str) -> Result<Customer, Refusal> {
        let with = Start {
            idempotency_key: Some(key),
            ..Start::default()
        };
        run(self.service.start(&start_request(), with)).map(|answer| Customer::of(&answer))
    }
}

type ComeTo = fn(&World) -> Customer;

#[test]
fn at_the_customers_request_nothing_of_a_chat_is_left_whatever_its_phase() {
    let flow = |world: &World| world.start();
    let waiting = |world: &World| world.waiting();
    let talking = |world: &World| {
        let customer = world.talking();
        world
            .ask_form("asha", &customer.chat, &["nid-number"])
            .unwrap();
        world.post(&customer, &world.form(&[("nid-number", "1234567890")]));
        world
            .ask_form("asha", &customer.chat, &["date-of-birth"])
            .unwrap();
        customer
    };
    let closed = |world: &World| {
        let customer = world.talking();
        world.hang_up(&customer);
        customer
    };
    let left_a_message = |world: &World| {
        let customer = world.customer_for("customer-service");
        world.choose(&customer, "leave-message");
        world.say(&customer, "টাকা পৌঁছায়নি");
        customer
    };
    let stages: [(&str, ComeTo); 5] = [
        ("flow", flow),
        ("waiting", waiting),
        ("talking", talking),
        ("closed", closed),
        ("message", left_a_message),
    ];
    for (stage, come_to) in stages {
        for background_waits in [false, true] {
            let world = World::new();
            let customer = come_to(&world);
            world.pass(2_000);
            if stage == "message" || stage == "waiting" {
                world.desk("badal");
            }
            if background_waits {
                world.memory.keep_background();
            }
            world.erase(&customer).unwrap();
            world.memory.run_background();
            assert_eq!(
                world.traces(&customer.chat),
                Vec::<String>::new(),
                "{stage}"
            );
            assert_eq!(
                world.try_to_poll(&customer.caller, &customer.chat, 0),
                Err(Refusal::Forbidden)
            );
            world.erase(&customer).unwrap();
            world.pass(2_000);
            assert!(world.desk("asha").mine.is_empty());
            assert!(world.desk("asha").queue.is_empty());
            assert_eq!(
                world.traces(&customer.chat),
                Vec::<String>::new(),
                "{stage}, later"
            );
        }
    }
}

#[test]
fn whoever_dies_right_after_an_erasure_leaves_nothing() {
    let world = World::new();
    let customer = world.talking();
    world.memory.keep_background();
    world.erase(&customer).unwrap();
    world.memory.lose_background();
    assert_eq!(world.chats_keys(&customer.chat), Vec::<String>::new());

    let world = World::new();
    let customer = world.talking();
    world.memory.keep_background();
    world.erase(&customer).unwrap();
    world.memory.take_calls();
    world.memory.run_background();
    assert_eq!(
        world.memory.take_calls().writes,
        0,
        "what follows only deletes"
    );
}

#[test]
fn what_a_straggler_writes_after_the_erasure_does_not_stay() {
    let world = World::new();
    let customer = world.talking();
    world.hang_up(&customer);
    let (service, rating) = (world.service.clone(), world.rating(1));
    let (caller, chat) = (customer.caller.clone(), customer.chat.clone());
    world.memory.keep_background();
    let writing = |operation, key: &str| operation == Operation::Write && key.contains(":e:");
    let slower = world.interrupted(writing, move || {
        run(service.erase(&caller, &chat)).unwrap();
    });
    run(slower.post(&customer.caller, &customer.chat, &rating)).unwrap();
    assert_ne!(
        world.traces(&customer.chat),
        Vec::<String>::new(),
        "the straggler's"
    );
    world.memory.run_background();
    assert_eq!(world.traces(&customer.chat), Vec::<String>::new());
}

#[test]
fn an_erasure_during_which_the_store_fails_can_be_asked_for_again() {
    let mut failing = 0;
    loop {
        let world = World::new();
        let customer = world.talking();
        world
            .ask_form("asha", &customer.chat, &["nid-number"])
            .unwrap();
        world.post(&customer, &world.form(&[("nid-number", "1234567890")]));
        world.memory.fail_when(move |call| call.before == failing);
        let outcome = world.erase(&customer);
        world.memory.repair();
        world.pass(20_000);
        if outcome.is_err() {
            let again = world.erase(&customer);
            again
                .or_else(|_| {
                    world.pass(20_000);
                    world.erase(&customer)
                })
                .unwrap();
        }
        assert_eq!(
            world.traces(&customer.chat),
            Vec::<String>::new(),
            "call {failing} failed"
        );
        if outcome.is_ok() && failing > 60 {
            return;
        }
        failing += 1;
    }
}

#[test]
fn a_chat_is_kept_for_its_time_and_not_for_long_after() {
    let world = World::new();
    let customer = world.talking();
    world.hang_up(&customer);
    let started = world.state(&customer.chat).started_at;
    let whole_hour = (started + 1).next_multiple_of(HOUR);
    world.start();
    world.memory.set_time(whole_hour + RETENTION - 1);
    for _ in 0..10 {
        world.start();
    }
    assert_eq!(
        world.state(&customer.chat).phase,
        Phase::Closed,
        "not before its time"
    );
    world.pass(1);
    world.start();
    assert_eq!(world.state(&customer.chat).phase, Phase::None);
    let name_left = world.traces(&customer.chat);
    let boards = |key: &String| key.contains(":board");
    assert!(name_left.iter().all(boards), "{name_left:?}");
}

#[test]
fn each_start_sweeps_more_than_it_adds() {
    let world = World::new();
    world.start();
    let old: Vec<_> = (0..40).map(|_| world.start()).collect();
    for customer in &old {
        world.hang_up(customer);
    }
    world.pass(RETENTION + HOUR);
    for _ in 0..10 {
        world.start();
    }
    assert!(
        old.iter()
            .all(|customer| world.state(&customer.chat).phase == Phase::None)
    );
}

#[test]
fn a_sweep_catches_up_with_months_in_which_nobody_came() {
    let world = World::new();
    let customer = world.start();
    world.hang_up(&customer);
    world.pass(RETENTION + 90 * 24 * HOUR);
    let starts = (1..=200).find(|_| {
        world.memory.take_calls();
        world.start();
        let calls = world.memory.take_calls();
        let all = calls.reads + calls.writes + calls.deletes + calls.reservations;
        assert!(all < 600, "{calls:?}");
        world.state(&customer.chat).phase == Phase::None
    });
    assert!(starts.is_some());
    let later = world.start();
    world.hang_up(&later);
    world.pass(RETENTION + HOUR);
    for _ in 0..200 {
        world.start();
    }
    assert_eq!(world.state(&later.chat).phase, Phase::None);
}

#[test]
fn a_chat_that_is_still_open_is_kept_until_everybody_has_left_it() {
    let world = World::with(|settings| {
        settings.retention = HOUR;
        settings.flow_idle_close = 1_000 * HOUR;
    });
    let customer = world.start();
    world.pass(3 * HOUR);
    world.choose(&customer, "bn");
    world.pass(24 * HOUR - 1);
    world.start();
    assert_eq!(world.state(&customer.chat).phase, Phase::Flow);
    world.pass(1);
    world.start();
    assert_eq!(world.state(&customer.chat).phase, Phase::None);
}

#[test]
fn chats_with_a_key_are_swept_too() {
    let world = World::new();
    world.start();
    let keyed = world
        .start_keyed("a-key-as-hard-to-guess-as-a-uuid")
        .unwrap();
    let erased = world.start_keyed("another-key-of-16-or-more").unwrap();
    world.hang_up(&keyed);
    world.erase(&erased).unwrap();
    assert_eq!(world.filed().len(), 2);
    world.pass(RETENTION + HOUR);
    world.start();
    assert_eq!(world.state(&keyed.chat).phase, Phase::None);
    assert_eq!(world.traces(&keyed.chat), Vec::<String>::new());
    assert_eq!(
        world.filed(),
        Vec::<String>::new(),
        "nor is it remembered where they were"
    );
}

#[test]
fn a_chat_with_a_key_is_filed_before_it_is_acknowledged() {
    let key = "a-key-as-hard-to-guess-as-a-uuid";
    let world = World::new();
    world.memory.keep_background();
    world.start_keyed(key).unwrap();
    world.memory.lose_background();
    assert_eq!(
        world.filed().len(),
        1,
        "even if its writer died right after the answer"
    );

    let world = World::new();
    world
        .memory
        .fail_when(|call| call.operation == Operation::Write && call.key.starts_with("s:"));
    world.start_keyed(key).unwrap_err();
    world.memory.repair();
    world.start_keyed(key).unwrap();
    assert_eq!(
        world.filed().len(),
        1,
        "even if the first try failed half-way"
    );
}

#[test]
fn a_sweep_during_which_the_store_fails_is_done_by_a_later_start() {
    for failing in 0..30 {
        let world = World::new();
        world.start();
        let customer = world.talking();
        world.hang_up(&customer);
        world.pass(RETENTION + HOUR);
        world.memory.fail_when(move |call| call.before == failing);
        let _ = run(world.service.start(&start_request(), Start::default()));
        world.memory.repair();
        for _ in 0..2 {
            world.start();
        }
        assert_eq!(
            world.state(&customer.chat).phase,
            Phase::None,
            "call {failing} failed"
        );
    }
}

#[test]
fn chats_are_found_after_the_key_for_personal_data_was_rotated() {
    let mut world = World::new();
    world.start();
    let customer = world.talking();
    world.hang_up(&customer);
    world.pass(RETENTION + HOUR);
    world.service.secrets = Arc::new(Secrets {
        data: DataKeys::new(["new data", "a secret for personal data"]),
        ..secrets()
    });
    world.start();
    assert_eq!(world.state(&customer.chat).phase, Phase::None);
}
