#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::memory::Calls;

#[test]
fn a_poll_without_news_takes_two_reads_and_writes_nothing() {
    let world = World::new();
    let customer = world.start();
    for phase in ["flow", "talking", "closed"] {
        if phase == "talking" {
            world.desk("asha");
            for option in ["bn", "customer-service", "yes"] {
                world.choose(&customer, option);
            }
            world.say(&customer, NAME);
            world.say(&customer, NUMBER);
            world.claim("asha", &customer.chat).unwrap();
        }
        if phase == "closed" {
            world.hang_up(&customer);
        }
        let after = world.poll(&customer, 0).cursor.unwrap();
        world.memory.take_calls();
        assert!(world.poll(&customer, after).events.is_empty());
        let counted = Calls {
            reads: 2,
            ..Calls::default()
        };
        assert_eq!(world.memory.take_calls(), counted, "{phase}");
    }
}

#[test]
fn a_poll_with_news_takes_a_read_more_for_each_record() {
    let world = World::new();
    let customer = world.talking();
    let after = world.poll(&customer, 0).cursor.unwrap();
    for more in 1..=20 {
        world.answer("asha", &customer.chat, "দেখছি").unwrap();
        world.memory.take_calls();
        assert_eq!(world.poll(&customer, after).events.len(), more);
        let calls = world.memory.take_calls();
        assert_eq!(calls.writes, 0);
        assert!(calls.reads as usize <= 2 + more, "{calls:?} for {more}");
    }
}

#[test]
fn a_waiting_customer_leaves_one_sign_of_life_every_15_seconds() {
    let world = World::new();
    let customer = world.waiting();
    let after = world.poll(&customer, 0).cursor.unwrap();
    let mut writes = 0;
    for _ in 0..60 {
        world.pass(1_000);
        world.memory.take_calls();
        world.poll(&customer, after);
        let calls = world.memory.take_calls();
        assert!(calls.writes <= 1 && calls.reads <= 3, "{calls:?}");
        assert_eq!(
            calls.reads,
            2 + calls.writes,
            "the board is read when one is due"
        );
        writes += calls.writes;
    }
    assert_eq!(writes, 4);
}

#[test]
fn place_and_wait_are_known_with_the_first_poll_after_the_desk_has_looked() {
    let world = World::new();
    let first = world.waiting();
    let second = world.waiting();
    world.pass(2_000);
    world.desk("asha");
    for (customer, place) in [(&first, 1), (&second, 2)] {
        let status = world.poll(customer, 0).status;
        assert_eq!((status.position, status.wait_s), (Some(place), Some(0)));
    }
    world.hang_up(&first);
    world.pass(15_000);
    world.desk("asha");
    assert_eq!(
        world.poll(&second, 0).status.position,
        Some(1),
        "and never more than 15 s old"
    );
}

#[test]
fn place_and_wait_are_unknown_once_nobody_has_looked_for_long() {
    let world = World::new();
    let customer = world.waiting();
    world.pass(2_000);
    world.desk("asha");
    world.poll(&customer, 0);
    world.stay(59_000, &[], &[&customer]);
    world.pass(16_000);
    let status = world.poll(&customer, 0).status;
    assert_eq!((status.position, status.wait_s), (None, None));
}

#[test]
fn a_held_poll_comes_back_with_the_first_news() {
    let world = World::new();
    let customer = world.talking();
    let after = world.poll(&customer, 0).cursor.unwrap();
    let (service, chat) = (world.service.clone(), customer.chat.clone());
    let (asha, text) = (world.agent("asha"), world.text("দেখছি"));
    let (begun, memory) = (world.memory.now(), world.memory.clone());
    let later = move |_, _: &str| memory.now() >= begun + 5_000;
    let held = world.interrupted(later, move || {
        run(service.post(&asha, &chat, &text)).unwrap();
    });
    let request = PollRequest { after, wait: 25 };
    let polled = run(held.poll(&customer.caller, &customer.chat, request)).unwrap();
    assert_eq!(kinds(&polled.events), ["text"]);
    let held = world.memory.now() - begun;
    assert!((5_000..8_000).contains(&held), "{held}");
}

#[test]
fn a_held_poll_without_news_ends_after_the_time_asked_for_and_25_seconds_at_most() {
    let world = World::new();
    let customer = world.talking();
    let after = world.poll(&customer, 0).cursor.unwrap();
    for (wait, held) in [(0, 0), (3, 3_000), (25, 25_000), (600, 25_000)] {
        world.answer("asha", &customer.chat, "দেখছি").unwrap();
        let after = world.poll(&customer, after).cursor.unwrap();
        let begun = world.memory.now();
        let request = PollRequest { after, wait };
        let polled = run(world
            .service
            .poll(&customer.caller, &customer.chat, request));
        assert!(polled.unwrap().events.is_empty());
        assert_eq!(world.memory.now() - begun, held);
    }
}

#[test]
fn a_held_poll_of_a_closed_chat_comes_back_at_once() {
    let world = World::new();
    let customer = world.talking();
    world.hang_up(&customer);
    let after = world.poll(&customer, 0).cursor.unwrap();
    let begun = world.memory.now();
    let request = PollRequest { after, wait: 25 };
    let polled = run(world
        .service
        .poll(&customer.caller, &customer.chat, request))
    .unwrap();
    assert_eq!(polled.status.poll_after_ms, None);
    assert_eq!(world.memory.now(), begun);
}

#[test]
fn a_held_poll_brings_what_time_brings() {
    let world = World::new();
    let customer = world.start();
    world.pass(580_000);
    let after = world.poll(&customer, 0).cursor.unwrap();
    let request = PollRequest { after, wait: 25 };
    let polled = run(world
        .service
        .poll(&customer.caller, &customer.chat, request))
    .unwrap();
    assert_eq!(kinds(&polled.events), ["idle_warning"]);
    world.pass(300_000);
    let polled = world.poll(&customer, polled.cursor.unwrap());
    assert_eq!(kinds(&polled.events), ["closed"]);
}

#[test]
fn a_long_chat_comes_in_pages_without_gap_or_double() {
    let world = World::new();
    let customer = world.talking();
    for number in 0..250 {
        if number % 100 == 99 {
            world.pass(60_000);
            world.desk("asha");
        }
        world.say(&customer, &format!("কথা {number}"));
    }
    let (mut after, mut texts) = (0, Vec::new());
    loop {
        let page = world.poll(&customer, after);
        if page.events.is_empty() {
            break;
        }
        assert!(page.events.len() <= 108, "{}", page.events.len());
        texts.extend(page.events.iter().filter_map(|event| match &event.body {
            crate::chat::view::Body::Text { text, .. } => Some(text.clone()),
            _ => None,
        }));
        after = page.cursor.unwrap();
    }
    let said: Vec<_> = (0..250).map(|number| format!("কথা {number}")).collect();
    assert_eq!(texts[2..], said);
}

#[test]
fn who_polls_is_there_whatever_was_seen_before() {
    let world = World::new();
    let customer = world.waiting();
    world.pass(299_999 + 1_000);
    let polled = world.poll(&customer, 0);
    assert_eq!(polled.status.phase, Phase::Waiting, "back just in time");

    let world = World::new();
    let customer = world.talking();
    world.pass(61_000);
    let polled = world
        .try_to_poll(&world.agent("asha"), &customer.chat, 0)
        .unwrap();
    assert_eq!(polled.status.phase, Phase::Talking);
    world.pass(59_000);
    assert_eq!(world.poll(&customer, 0).status.phase, Phase::Talking);
    world.pass(1_000);
    assert_eq!(world.poll(&customer, 0).status.phase, Phase::Waiting);
}

#[test]
fn a_lost_representatives_chat_is_back_in_the_queue_with_the_customers_poll() {
    let world = World::new();
    let customer = world.talking();
    world.pass(60_000);
    let events = world.poll(&customer, 0).events;
    assert_eq!(kinds(&events).last().map(String::as_str), Some("requeued"));
    let ticket = world.state(&customer.chat).ticket.unwrap();
    assert_eq!(ticket.lane, crate::queue::Lane::Front);
}

#[test]
fn the_transcript_has_everything_in_the_chats_language_and_nothing_of_the_desks() {
    for (language, you, helpline) in [("bn", "আপনি", "16247"), ("en", "You", "16247")] {
        let world = World::new();
        world.desk("asha");
        let customer = world.start();
        for option in [language, "customer-service", "yes"] {
            world.choose(&customer, option);
        }
        world.say(&customer, NAME);
        world.say(&customer, NUMBER);
        world.claim("asha", &customer.chat).unwrap();
        for number in 0..110 {
            world.say(&customer, &format!("কথা {number}।"));
        }
        world
            .note("asha", &customer.chat, "an internal note")
            .unwrap();
        world.answer("asha", &customer.chat, "এক\nদুই").unwrap();
        let text = run(world.service.transcript(&customer.caller, &customer.chat)).unwrap();
        for said in [NAME, you, "কথা 0।", "কথা 109।", "আশা: এক\n    দুই"]
        {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(!text.contains("internal note"));
        assert!(!text.contains(helpline), "no contact was shown");
        let desk = run(world
            .service
            .transcript(&world.agent("asha"), &customer.chat))
        .unwrap();
        assert!(desk.contains("internal note"));
        let digit = if language == "bn" { '২' } else { '2' };
        assert!(text.contains(&format!("[{digit}")), "{text}");
    }
}
