//! Queues: who waits where, who is passed over, and what is said when nobody can be had.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{
    chat::view::Body,
    memory::{BEGINNING, Operation},
    queue::Lane,
};

impl World {
    fn last_notice(&self, customer: &Customer) -> String {
        let events = self.poll(customer, 0).events;
        let notice = events.iter().rev().find_map(|event| match &event.body {
            Body::Info { notice, .. } => Some(notice.clone()),
            _ => None,
        });
        notice.unwrap()
    }
}

#[test]
fn where_nobody_is_online_that_is_said_with_the_other_channels_and_a_message_can_be_left() {
    let world = World::new();
    let customer = world.customer_for("customer-service");
    let state = world.state(&customer.chat);
    assert_eq!(
        (state.phase, state.step.as_str()),
        (Phase::Flow, "unavailable")
    );
    assert_eq!(world.last_notice(&customer), "nobody-online");
    let events = world.poll(&customer, 0).events;
    let Some(Body::Prompt { contacts, .. }) = events.last().map(|event| &event.body) else {
        panic!("{events:?}");
    };
    assert!(contacts.iter().any(|contact| contact.value == "16247"));

    world.choose(&customer, "leave-message");
    let posted = world.say(&customer, "টাকা পৌঁছায়নি");
    assert_eq!(kinds(&posted.answer.events), ["text", "info", "closed"]);
    let desk = world.desk("asha");
    assert_eq!(desk.messages.len(), 1);
    assert_eq!(desk.messages[0].chat, customer.chat);
    assert_eq!(desk.messages[0].name.as_deref(), Some(NAME));
    assert!(desk.queue.is_empty(), "nobody waits");
}

#[test]
fn a_message_that_was_left_is_read_called_back_and_dealt_with() {
    let world = World::new();
    let customer = world.customer_for("customer-service");
    world.choose(&customer, "leave-message");
    world.say(&customer, "টাকা পৌঁছায়নি");
    world.desk("badal");
    let (record, chat) = (world.record("badal"), &customer.chat);
    let read = world.try_to_poll(&world.agent("badal"), chat, 0).unwrap();
    assert!(kinds(&read.events).contains(&"text".to_owned()));
    let number = run(world.service.number(&record, chat)).unwrap();
    assert_eq!(number.number, "+8801712345678");
    world.note("badal", chat, "called back").unwrap();
    assert_eq!(
        world.note("chitra", chat, "not mine"),
        Err(Refusal::Forbidden)
    );
    run(world.service.handle_message(&record, chat)).unwrap();
    world.pass(2_000);
    assert!(world.desk("badal").messages.is_empty());
    assert!(
        !world
            .memory
            .keys()
            .iter()
            .any(|key| key.starts_with("q:general.messages:t:"))
    );
}

#[test]
fn out_of_hours_that_is_said_and_a_message_can_be_left() {
    let mut world = World::new();
    let mut rules = (*world.service.rules).clone();
    // It is noon in Dhaka.
    (rules.flow.hours.from_minute, rules.flow.hours.until_minute) = (9 * 60, 12 * 60);
    world.service.rules = Arc::new(rules);
    world.desk("asha");
    let customer = world.customer_for("customer-service");
    assert_eq!(world.last_notice(&customer), "out-of-hours");
    world.choose(&customer, "leave-message");

    let world = World {
        service: world.service.clone(),
        ..World::new()
    };
    let memory = &world.service.ports;
    memory.set_time(BEGINNING - 1);
    let in_time = world.waiting();
    assert_eq!(
        world.state(&in_time.chat).phase,
        Phase::Waiting,
        "one millisecond before noon"
    );
}

#[test]
fn a_queue_whose_representatives_left_says_so_after_a_minute() {
    let world = World::new();
    world.desk("asha");
    world.pass(59_999);
    let customer = world.customer_for("customer-service");
    assert_eq!(world.state(&customer.chat).phase, Phase::Waiting);
    world.pass(1);
    let customer = world.customer_for("customer-service");
    assert_eq!(world.last_notice(&customer), "nobody-online");
}

#[test]
fn a_queue_is_staffed_by_those_who_serve_it() {
    let world = World::new();
    world.desk("badal");
    let merchant = world.customer_for("merchant");
    assert_eq!(world.last_notice(&merchant), "nobody-online");
    world.desk("chitra");
    let merchant = world.customer_for("merchant");
    assert_eq!(world.state(&merchant.chat).phase, Phase::Waiting);
    assert_eq!(conflict(world.next("badal")), Conflict::QueueEmpty);
    assert_eq!(world.next("chitra").unwrap().chat, merchant.chat);
}

#[test]
fn who_waited_longest_is_next() {
    let world = World::new();
    let mut customers = Vec::new();
    for _ in 0..3 {
        customers.push(world.waiting());
        world.pass(1_000);
    }
    assert_eq!(world.next("asha").unwrap().chat, customers[0].chat);
    assert_eq!(world.next("badal").unwrap().chat, customers[1].chat);
    assert_eq!(world.next("badal").unwrap().chat, customers[2].chat);
    assert_eq!(conflict(world.next("badal")), Conflict::QueueEmpty);
}

#[test]
fn of_several_queues_who_waited_longest_is_next() {
    let world = World::new();
    world.desk("asha");
    let merchant = world.customer_for("merchant");
    world.pass(1_000);
    let general = world.customer_for("customer-service");
    assert_eq!(world.next("asha").unwrap().chat, merchant.chat);
    assert_eq!(world.next("asha").unwrap().chat, general.chat);
}

#[test]
fn who_comes_back_is_served_before_those_who_still_wait() {
    let world = World::new();
    let first = world.waiting();
    let second = world.waiting();
    world.claim("asha", &second.chat).unwrap();
    world.pass(30_000);
    world.poll(&first, 0);
    world.poll(&second, 0);
    world.pass(30_000);
    world.poll(&first, 0);
    assert_eq!(
        world.poll(&second, 0).status.phase,
        Phase::Waiting,
        "asha is gone"
    );
    assert_eq!(world.next("badal").unwrap().chat, second.chat);
    assert_eq!(world.next("badal").unwrap().chat, first.chat);
}

#[test]
fn who_is_gone_is_passed_over_and_keeps_the_place_when_back() {
    let world = World::new();
    let gone = world.waiting();
    let there = world.waiting();
    let third = world.waiting();
    world.stay(45_000, &["asha"], &[&there, &third]);
    let desk = world.desk("asha");
    let row = desk.queue.iter().find(|row| row.chat == gone.chat).unwrap();
    assert!(row.gone, "the desk sees it");
    assert_eq!(world.next("asha").unwrap().chat, there.chat);
    let back = world.poll(&gone, 0);
    assert_eq!(
        (back.status.phase, back.status.position),
        (Phase::Waiting, Some(1))
    );
    assert_eq!(world.next("asha").unwrap().chat, gone.chat);
}

#[test]
fn who_stays_away_is_closed_by_the_desks_look() {
    let world = World::new();
    let gone = world.waiting();
    world.stay(300_000, &["asha"], &[]);
    let events = world.poll(&gone, 0).events;
    assert_eq!(kinds(&events).last().map(String::as_str), Some("closed"));
    assert!(world.desk("asha").queue.is_empty());
}

#[test]
fn a_customer_taken_who_was_gone_is_a_customer_all_the_same() {
    let world = World::new();
    let gone = world.waiting();
    world.pass(50_000);
    assert_eq!(conflict(world.next("badal")), Conflict::QueueEmpty);
    world.claim("badal", &gone.chat).unwrap();
}

#[test]
fn whose_ticket_got_lost_is_put_at_the_front() {
    let world = World::new();
    let other = world.waiting();
    let unlucky = world.waiting();
    let ticket = world.state(&unlucky.chat).ticket.unwrap();
    world
        .memory
        .remove(&format!("q:general:t:{}", ticket.number));
    world.stay(75_000, &["asha"], &[&other, &unlucky]);
    let state = world.state(&unlucky.chat);
    assert_eq!(state.phase, Phase::Waiting);
    assert_eq!(state.ticket.unwrap().lane, Lane::Front);
    assert_eq!(
        state.waiting_since,
        world.state(&unlucky.chat).waiting_since
    );
    assert_eq!(world.state(&other.chat).ticket.unwrap().lane, Lane::Regular);
    assert_eq!(world.next("asha").unwrap().chat, unlucky.chat);
    assert_eq!(world.next("asha").unwrap().chat, other.chat);
}

#[test]
fn fifty_draws_that_died_on_the_way_hide_nobody() {
    let world = World::new();
    world.desk("asha");
    let died = world.start();
    for option in ["bn", "customer-service", "yes"] {
        world.choose(&died, option);
    }
    world.say(&died, NAME);
    for _ in 0..50 {
        world.memory.fail_when(|call| {
            call.operation == Operation::Write && call.key.starts_with("q:general:")
        });
        world.try_to_post(&died, &world.text(NUMBER)).unwrap_err();
        world.memory.repair();
    }
    let customer = world.customer_for("customer-service");
    assert_eq!(world.next("asha").unwrap().chat, customer.chat);
}

#[test]
fn tickets_that_mean_nothing_any_more_are_taken_out_of_the_line() {
    let world = World::new();
    let customer = world.waiting();
    world.hang_up(&customer);
    let key = format!("q:general:t:{}", 1);
    assert!(world.memory.value(&key).is_some());
    world.pass(2_000);
    let desk = world.desk("asha");
    assert!(desk.queue.is_empty());
    assert_eq!(desk.stats.waiting, 0);
    world.stay(30_000, &["asha"], &[]);
    assert_eq!(world.memory.value(&key), None);
}

#[test]
fn the_wait_is_estimated_from_what_chats_took_once_there_were_enough() {
    let world = World::with(|settings| settings.chats_per_agent = 1);
    for chats in 0..6 {
        let customer = world.waiting();
        world.claim("asha", &customer.chat).unwrap();
        world.stay(60_000, &["asha"], &[&customer]);
        world.hang_up(&customer);
        world.desk("asha");
        let board = run(crate::queue::Board::read(&world.memory, "general")).unwrap();
        assert_eq!(board.handling.is_some(), chats >= 5, "{chats}");
    }
    let talking: Vec<_> = (0..2).map(|_| world.talking()).collect();
    let waiting = world.waiting();
    world.stay(25_000, &["asha"], &[&talking[0], &talking[1], &waiting]);
    let status = world.poll(&waiting, 0).status;
    assert_eq!(
        (status.position, status.wait_s),
        (Some(1), Some(30)),
        "60 s a chat, two at once"
    );
}

#[test]
fn nobody_waits_for_ever() {
    let world = World::new();
    let customer = world.waiting();
    world.stay(1_800_000, &["badal"], &[&customer]);
    assert_eq!(world.last_notice(&customer), "waited-too-long");
    world.choose(&customer, "leave-message");
}
