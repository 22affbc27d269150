//! What a desk shows.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{chat::view::From, memory::Operation};

impl World {
    fn hold(&self, id: &str, rev: &str, wait: u64) -> Overview {
        let request = OverviewRequest {
            rev: Some(rev.to_owned()),
            wait,
        };
        run(self.service.overview(&self.record(id), &request)).unwrap()
    }
}

#[test]
fn a_desk_shows_who_waits_and_its_own_chats() {
    let world = World::new();
    let talking = world.talking();
    let waiting = world.waiting();
    world.pass(2_000);
    world.say(&talking, "টাকা পৌঁছায়নি");
    world.say(&talking, "শুনছেন?");
    let desk = world.desk("asha");
    let [row] = &desk.queue[..] else {
        panic!("{:?}", desk.queue);
    };
    assert_eq!(
        (&row.chat, row.queue.as_str(), row.front, row.gone),
        (&waiting.chat, "general", false, false)
    );
    assert_eq!(row.topic_label.as_deref(), Some("গ্রাহক সেবা প্রতিনিধি"));
    let [mine] = &desk.mine[..] else {
        panic!("{:?}", desk.mine);
    };
    assert_eq!(
        (&mine.chat, mine.unread, mine.turn),
        (&talking.chat, 2, From::Agent)
    );
    assert_eq!(mine.number.as_deref(), Some("০১•••-•••৬৭৮"), "masked");
    assert_eq!(mine.name.as_deref(), Some(NAME));
    assert_eq!((desk.stats.waiting, desk.stats.online), (1, 1));

    world
        .try_to_poll(&world.agent("asha"), &talking.chat, 0)
        .unwrap();
    assert_eq!(world.desk("asha").mine[0].unread, 0, "read");
}

#[test]
fn a_text_is_read_once_its_reader_asks_for_what_follows_it() {
    let world = World::new();
    let customer = world.talking();
    world.say(&customer, "টাকা পৌঁছায়নি");
    let snapshot = format!("c:{}:s", customer.chat);
    let unread = world.memory.value(&snapshot).unwrap();
    let agent = world.agent("asha");
    let read = world.try_to_poll(&agent, &customer.chat, 0).unwrap();
    assert_eq!(world.desk("asha").mine[0].unread, 0);

    // As if the post's snapshot, which knows nothing of the reader, had been written last.
    world.memory.put(&snapshot, unread);
    assert_eq!(world.desk("asha").mine[0].unread, 1);
    let after = read.cursor.unwrap();
    world.try_to_poll(&agent, &customer.chat, after).unwrap();
    assert_eq!(world.desk("asha").mine[0].unread, 0);
}

#[test]
fn a_desk_shows_the_queues_it_serves() {
    let world = World::new();
    world.desk("asha");
    world.customer_for("merchant");
    world.pass(1);
    world.customer_for("customer-service");
    world.pass(2_000);
    let queues = |id| -> Vec<String> {
        world
            .desk(id)
            .queue
            .into_iter()
            .map(|row| row.queue)
            .collect()
    };
    assert_eq!(queues("asha"), ["merchant", "general"]);
    assert_eq!(queues("badal"), ["general"]);
    assert_eq!(queues("chitra"), ["merchant"]);
}

#[test]
fn a_desk_knows_what_all_queues_are_called() {
    let desk = World::new().desk("chitra");
    let names: Vec<_> = desk
        .queues
        .iter()
        .map(|queue| (queue.id.as_str(), queue.label.get(Language::En)))
        .collect();
    assert_eq!(names[0].0, "general");
    assert!(names.iter().any(|(id, _)| *id == "merchant"));
    assert!(names.iter().all(|(_, name)| !name.is_empty()), "{names:?}");
}

#[test]
fn while_nothing_happens_the_revision_stays() {
    let world = World::new();
    let talking = world.talking();
    let waiting = world.waiting();
    world.stay(20_000, &["asha", "badal"], &[&talking, &waiting]);
    let first = world.desk("asha");
    for _ in 0..20 {
        world.pass(1_000);
        world.poll(&waiting, 0);
        assert_eq!(world.desk("asha").rev, first.rev);
    }
    world.say(&talking, "টাকা পৌঁছায়নি");
    assert_ne!(world.desk("asha").rev, first.rev);
}

#[test]
fn a_held_look_ends_with_its_time_or_with_news() {
    let world = World::new();
    let customer = world.talking();
    world.stay(5_000, &["asha"], &[&customer]);
    let rev = world.desk("asha").rev;
    let begun = world.memory.now();
    assert_eq!(world.hold("asha", &rev, 20).rev, rev);
    assert_eq!(world.memory.now() - begun, 20_000);

    let begun = world.memory.now();
    let (service, text) = (world.service.clone(), world.text("টাকা পৌঁছায়নি"));
    let (chat, caller) = (customer.chat.clone(), customer.caller.clone());
    let memory = world.memory.clone();
    let later = move |_, _: &str| memory.now() >= begun + 7_000;
    let held = world.interrupted(later, move || {
        run(service.post(&caller, &chat, &text)).unwrap();
    });
    let request = OverviewRequest {
        rev: Some(rev.clone()),
        wait: 20,
    };
    let news = run(held.overview(&world.record("asha"), &request)).unwrap();
    assert_eq!(news.mine[0].unread, 1);
    assert!(world.memory.now() - begun <= 8_000);

    let begun = world.memory.now();
    assert_ne!(
        world.hold("asha", "something else", 20).rev,
        "something else"
    );
    assert_eq!(
        world.memory.now(),
        begun,
        "who knows nothing is told at once"
    );
}

#[test]
fn a_look_at_the_desk_writes_a_sign_of_life_now_and_then_and_else_little() {
    let world = World::new();
    let customer = world.talking();
    world.stay(16_000, &["asha"], &[&customer]);
    world.memory.take_calls();
    let mut writes = 0;
    for _ in 0..30 {
        world.pass(1_000);
        world.desk("asha");
        let calls = world.memory.take_calls();
        assert_eq!(calls.reservations, 0);
        writes += calls.writes;
    }
    // The team and two boards every two seconds, and now and then signs of life of the desk and in the chat.
    assert!(writes <= 3 * 15 + 6, "{writes}");
}

#[test]
fn a_chat_that_ended_leaves_the_list_and_counts() {
    let world = World::new();
    let customer = world.talking();
    world.stay(60_000, &["asha"], &[&customer]);
    world.hang_up(&customer);
    assert!(world.list("asha").has(&customer.chat));
    assert!(world.desk("asha").mine.is_empty());
    let list = world.list("asha");
    assert!(list.chats.is_empty());
    assert_eq!((list.today.ended, list.today.handling), (1, 60_000));
    assert_eq!((list.handled, list.handling), (1, 60_000));
    world.desk("asha");
    assert_eq!(world.list("asha").today.ended, 1, "once");
}

#[test]
fn a_chat_that_was_lost_leaves_the_list_and_counts_for_who_ends_it() {
    let world = World::new();
    let customer = world.talking();
    world.pass(60_000);
    world.poll(&customer, 0);
    world.claim("badal", &customer.chat).unwrap();
    assert!(world.desk("asha").mine.is_empty());
    assert!(world.list("asha").chats.is_empty());
    assert_eq!(world.list("asha").today.ended, 0);
    world.stay(30_000, &["badal"], &[&customer]);
    world.hang_up(&customer);
    world.desk("badal");
    assert_eq!(world.list("badal").today.ended, 1);
}

#[test]
fn a_chat_put_on_the_list_by_who_died_before_it_was_assigned_leaves_it_after_a_while() {
    let world = World::new();
    let customer = world.waiting();
    world
        .memory
        .fail_when(|call| call.operation == Operation::Reserve && call.key.starts_with("c:"));
    world.claim("asha", &customer.chat).unwrap_err();
    world.memory.repair();
    assert!(world.list("asha").has(&customer.chat));
    world.stay(29_000, &["asha"], &[&customer]);
    assert!(
        world.list("asha").has(&customer.chat),
        "it may be on its way"
    );
    world.stay(2_000, &["asha"], &[&customer]);
    assert!(!world.list("asha").has(&customer.chat));
    assert_eq!(world.next("asha").unwrap().chat, customer.chat);
}

#[test]
fn time_passes_at_the_desk_too() {
    let world = World::new();
    let customer = world.talking();
    world.stay(120_000, &["asha"], &[]);
    let polled = world
        .try_to_poll(&world.agent("asha"), &customer.chat, 0)
        .unwrap();
    assert_eq!(
        kinds(&polled.events).last().map(String::as_str),
        Some("idle_warning")
    );
    world.stay(60_000, &["asha"], &[]);
    assert_eq!(world.state(&customer.chat).phase, Phase::Closed);
    assert!(world.list("asha").chats.is_empty());
}

#[test]
fn a_representative_who_does_not_answer_is_warned_and_loses_the_chat() {
    let world = World::new();
    let customer = world.talking();
    world.say(&customer, "টাকা পৌঁছায়নি");
    world.stay(90_000, &["asha"], &[&customer]);
    let events = world
        .try_to_poll(&world.agent("asha"), &customer.chat, 0)
        .unwrap()
        .events;
    assert_eq!(
        kinds(&events).last().map(String::as_str),
        Some("idle_warning")
    );
    assert!(!kinds(&world.poll(&customer, 0).events).contains(&"idle_warning".to_owned()));
    world.stay(210_000, &["asha"], &[&customer]);
    assert_eq!(world.state(&customer.chat).phase, Phase::Waiting);
    assert!(world.list("asha").chats.is_empty());
    assert!(world.desk("asha").queue[0].front);
}

#[test]
fn figures_are_for_supervisors() {
    let world = World::new();
    for score in [4, 5] {
        let customer = world.waiting();
        world.stay(10_000, &["asha"], &[&customer]);
        world.claim("asha", &customer.chat).unwrap();
        world.stay(60_000, &["asha"], &[&customer]);
        world.hang_up(&customer);
        world.post(&customer, &world.rating(score));
        world.desk("asha");
    }
    world.pass(2_000);
    assert_eq!(world.desk("asha").stats.today, None);
    let today = world.desk("badal").stats.today.unwrap();
    assert_eq!((today.chats, today.in_target, today.target_s), (2, 2, 60));
    assert_eq!(
        (today.average_wait_s, today.average_handling_s),
        (Some(10), Some(60))
    );
    assert_eq!((today.ratings, today.average_rating), (2, Some(450)));

    world.pass(12 * 3_600_000);
    let tomorrow = world.desk("badal").stats.today.unwrap();
    assert_eq!(
        (tomorrow.chats, tomorrow.average_wait_s),
        (0, None),
        "it is past midnight in Dhaka"
    );
}

#[test]
fn the_team_is_shown_with_who_is_there() {
    let world = World::new();
    world.talking();
    world.pass(2_000);
    let desk = world.desk("badal");
    let rows: Vec<_> = desk
        .agents
        .iter()
        .map(|row| (row.id.as_str(), row.online, row.chats, row.most))
        .collect();
    assert_eq!(
        rows,
        [
            ("asha", true, 1, 2),
            ("badal", true, 0, 5),
            ("chitra", false, 0, 5)
        ]
    );
    world.stay(60_000, &["badal"], &[]);
    assert!(!world.desk("badal").agents[0].online);
}
