#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::{
    chat::view::Body,
    memory::{Calls, Operation},
};

#[test]
fn a_post_keeps_to_its_budget_however_long_the_chat_is() {
    let world = World::new();
    let customer = world.talking();
    for number in 0..60 {
        world.memory.take_calls();
        world.say(&customer, "টাকা পৌঁছায়নি");
        let counted = Calls {
            reads: 1,
            reservations: 1,
            writes: 2,
            deletes: 0,
        };
        assert_eq!(world.memory.take_calls(), counted, "message {number}");
    }
    world.answer("asha", &customer.chat, "দেখছি").unwrap();
    assert_eq!(world.memory.take_calls().reads, 1);
}

#[test]
fn the_flow_answers_at_once() {
    let world = World::new();
    let customer = world.start();
    let posted = world.choose(&customer, "bn");
    assert!(posted.new);
    assert_eq!(kinds(&posted.answer.events), ["option", "prompt"]);
    assert_eq!(posted.answer.seq, Some(posted.answer.events[0].seq));
    assert_eq!(posted.answer.status.language, Some(Language::Bn));
}

#[test]
fn a_retry_gets_the_first_answer_again() {
    let world = World::new();
    let customer = world.talking();
    let request = world.text("টাকা পৌঁছায়নি");
    let first = world.post(&customer, &request);
    world.answer("asha", &customer.chat, "দেখছি").unwrap();
    for _ in 0..2 {
        let again = world.post(&customer, &request);
        assert!(!again.new);
        assert_eq!(again.answer.seq, first.answer.seq);
        assert_eq!(again.answer.events, first.answer.events);
    }
    world.hang_up(&customer);
    let again = world.post(&customer, &request);
    assert_eq!(
        again.answer.events, first.answer.events,
        "also after the end"
    );
    assert_eq!(
        again.answer.status.phase,
        Phase::Closed,
        "the status is today's"
    );
}

#[test]
fn every_kind_of_request_can_be_sent_again() {
    let world = World::new();
    let customer = world.talking();
    world
        .ask_form("asha", &customer.chat, &["nid-number"])
        .unwrap();
    for request in [
        world.text("টাকা পৌঁছায়নি"),
        world.form(&[("nid-number", "1234567890")]),
        world.rating(5),
    ] {
        let first = world.post(&customer, &request);
        let again = world.post(&customer, &request);
        assert_eq!((first.new, again.new), (true, false), "{request:?}");
        assert_eq!(again.answer.events, first.answer.events);
    }
    let fresh = world.start();
    let request = world.option("bn");
    let first = world.post(&fresh, &request);
    assert_eq!(
        world.post(&fresh, &request).answer.events,
        first.answer.events
    );
}

#[test]
fn the_same_client_id_with_another_body_is_a_conflict() {
    let world = World::new();
    let customer = world.talking();
    let request = world.text("টাকা পৌঁছায়নি");
    world.post(&customer, &request);
    let id = request.client_id.clone();
    for mut other in [world.text("অন্য কথা"), world.option("bn"), world.rating(5)] {
        other.client_id.clone_from(&id);
        let outcome = world.try_to_post(&customer, &other);
        assert_eq!(conflict(outcome), Conflict::ClientIdReused, "{other:?}");
    }
}

#[test]
fn what_was_sent_cannot_be_found_out_by_trial() {
    let sent_to = |world: &World| {
        let customer = world.talking();
        world.say(&customer, "আমার পিন ১২৩৪৫");
        let reading = run(world.service.journal(&customer.chat).read(0)).unwrap();
        let sent = reading
            .entries
            .iter()
            .rev()
            .find_map(|entry| entry.event.sent().cloned());
        sent.unwrap()
    };
    let mut other = World::new();
    other.service.secrets = Arc::new(Secrets {
        data: DataKeys::new(["another installation's secret"]),
        ..secrets()
    });
    let (one, other) = (sent_to(&World::new()), sent_to(&other));
    assert_eq!(one.client_id, other.client_id);
    assert_ne!(
        one.digest, other.digest,
        "the digest of the same text depends on the key"
    );
}

#[test]
fn with_a_cursor_the_answer_has_everything_after_it() {
    let world = World::new();
    let customer = world.talking();
    let cursor = world.poll(&customer, 0).cursor.unwrap();
    world.answer("asha", &customer.chat, "কী হয়েছে?").unwrap();
    let request = PostRequest {
        after: Some(cursor),
        ..world.text("টাকা পৌঁছায়নি")
    };
    let posted = world.post(&customer, &request);
    assert_eq!(kinds(&posted.answer.events), ["text", "text"]);
    let own = posted.answer.events[1].clone();
    assert_eq!(Some(own.seq), posted.answer.seq);

    world.answer("asha", &customer.chat, "দেখছি").unwrap();
    let again = world.post(&customer, &request);
    assert_eq!(
        kinds(&again.answer.events),
        ["text", "text", "text"],
        "so has a retry"
    );

    let after = Some(again.answer.events[2].seq);
    let request = PostRequest {
        after,
        ..world.text("ধন্যবাদ")
    };
    world.memory.take_calls();
    assert_eq!(
        kinds(&world.post(&customer, &request).answer.events),
        ["text"]
    );
    assert_eq!(world.memory.take_calls().reads, 1, "nothing lies between");
}

#[test]
fn what_is_wrong_with_a_request_is_named() {
    let world = World::new();
    let customer = world.talking();
    let long = "ক".repeat(2_001);
    let mut without_id = world.text("কথা");
    without_id.client_id = None;
    let mut bad_id = world.text("কথা");
    bad_id.client_id = Some("not a plain id".to_owned());
    let mut no_option = world.option("bn");
    no_option.option = None;
    let mut no_text = world.text("কথা");
    no_text.text = None;
    let mut no_values = world.form(&[]);
    no_values.values.clear();
    let mut no_score = world.rating(1);
    no_score.score = None;
    let mut long_comment = world.rating(1);
    long_comment.comment = Some("ক".repeat(501));
    let kind = PostRequest {
        kind: "song".to_owned(),
        ..world.text("কথা")
    };
    for (request, name) in [
        (kind, "kind"),
        (without_id, "client_id"),
        (bad_id, "client_id"),
        (no_option, "option"),
        (no_text, "text"),
        (world.text(""), "text"),
        (world.text(" \n\t "), "text"),
        (world.text("\u{7}\u{0}"), "text"),
        (world.text(&long), "text"),
        (no_values, "values"),
        (world.form(&[("pin", "1234")]), "values.pin"),
        (world.form(&[("nid-number", "12")]), "values.nid-number"),
        (no_score, "score"),
        (world.rating(0), "score"),
        (world.rating(6), "score"),
        (long_comment, "comment"),
    ] {
        let outcome = world.try_to_post(&customer, &request);
        assert_eq!(field(outcome), name, "{request:?}");
    }
    world.say(&customer, &"ক".repeat(2_000));
}

#[test]
fn a_text_is_kept_without_what_nobody_sees() {
    let world = World::new();
    let customer = world.talking();
    let posted = world.say(&customer, "  এক\u{0}\nদুই\tতিন\u{7}  ");
    let Body::Text { text, .. } = &posted.answer.events[0].body else {
        panic!("{posted:?}");
    };
    assert_eq!(text, "এক\nদুই\tতিন");
}

#[test]
fn what_the_chat_refuses_comes_with_how_it_stands() {
    let world = World::new();
    let customer = world.start();
    let status_of = |outcome: Result<Posted, Refusal>| match outcome {
        Err(Refusal::Conflict { conflict, status }) => (conflict, status.unwrap().phase),
        other => panic!("{other:?}"),
    };
    let unknown = world.try_to_post(&customer, &world.option("no-such-option"));
    assert_eq!(
        status_of(unknown),
        (Conflict::OptionNotOffered, Phase::Flow)
    );
    let text = world.try_to_post(&customer, &world.text("কথা"));
    assert_eq!(status_of(text), (Conflict::OptionExpected, Phase::Flow));
    world.hang_up(&customer);
    let closed = world.try_to_post(&customer, &world.option("bn"));
    assert_eq!(status_of(closed), (Conflict::ChatClosed, Phase::Closed));
}

#[test]
fn a_name_or_number_that_is_none_is_refused_in_the_customers_language() {
    for (language, part) in [("bn", "নাম"), ("en", "name")] {
        let world = World::new();
        let customer = world.start();
        for option in [language, "customer-service", "yes"] {
            world.choose(&customer, option);
        }
        let Err(Refusal::Field(error)) = world.try_to_post(&customer, &world.text("12345")) else {
            panic!("not a name");
        };
        assert_eq!(error.field, "text");
        assert!(error.message.unwrap().contains(part));
        assert!(
            !error.problem.contains("12345"),
            "what was sent is not said again"
        );
        world.say(&customer, NAME);
        let Err(Refusal::Field(error)) = world.try_to_post(&customer, &world.text("12345")) else {
            panic!("not a number");
        };
        assert!(error.message.is_some());
        assert!(!error.problem.contains("12345"), "{}", error.problem);
    }
}

#[test]
fn whoever_comes_too_late_finds_the_chat_closed() {
    let world = World::new();
    let customer = world.talking();
    world.stay(179_999, &["asha"], &[]);
    world.say(&customer, "এসেছি");
    world.answer("asha", &customer.chat, "বলুন").unwrap();
    world.stay(179_999, &["asha"], &[]);
    world.pass(1);
    let late = world.try_to_post(&customer, &world.text("এসেছি"));
    let Err(Refusal::Conflict { conflict, status }) = late else {
        panic!("{late:?}");
    };
    assert_eq!(conflict, Conflict::ChatClosed);
    assert_eq!(status.unwrap().phase, Phase::Closed);
    let events = world.poll(&customer, 0).events;
    assert_eq!(kinds(&events).last().map(String::as_str), Some("closed"));
}

#[test]
fn typing_is_shown_to_the_other_side_for_a_moment_and_stored_nowhere() {
    let world = World::new();
    let customer = world.talking();
    let typing = PostRequest {
        kind: "typing".to_owned(),
        ..PostRequest::default()
    };
    let shown = |caller: &Caller| {
        world
            .try_to_poll(caller, &customer.chat, 99)
            .unwrap()
            .status
            .typing
    };
    let last = world.poll(&customer, 0).cursor;
    world.memory.take_calls();
    assert!(!world.post(&customer, &typing).new);
    let calls = world.memory.take_calls();
    assert_eq!((calls.reads, calls.writes, calls.reservations), (1, 1, 0));
    assert!(shown(&world.agent("asha")));
    assert!(!shown(&customer.caller));
    assert_eq!(world.poll(&customer, 0).cursor, last);
    world.pass(6_000);
    assert!(!shown(&world.agent("asha")));

    run(world
        .service
        .post(&world.agent("asha"), &customer.chat, &typing))
    .unwrap();
    assert!(shown(&customer.caller));
}

#[test]
fn typing_works_where_the_snapshot_got_lost() {
    let world = World::new();
    let customer = world.talking();
    world.memory.remove(&format!("c:{}:s", customer.chat));
    let typing = PostRequest {
        kind: "typing".to_owned(),
        ..PostRequest::default()
    };
    assert_eq!(
        world.post(&customer, &typing).answer.status.phase,
        Phase::Talking
    );
}

#[test]
fn a_flood_of_messages_is_held_back() {
    let world = World::with(|settings| settings.messages_per_minute = 3);
    let customer = world.start();
    for option in ["bn", "money", "back"] {
        world.choose(&customer, option);
    }
    let held_back = world.try_to_post(&customer, &world.option("money"));
    let Err(Refusal::TooMany { retry_after }) = held_back else {
        panic!("{held_back:?}");
    };
    world.pass(retry_after);
    world.choose(&customer, "money");
}

#[test]
fn a_post_is_acknowledged_even_if_its_snapshot_gets_lost() {
    let world = World::new();
    let customer = world.talking();
    world
        .memory
        .fail_when(|call| call.operation == Operation::Write && call.key.ends_with(":s"));
    let posted = world.say(&customer, "টাকা পৌঁছায়নি");
    world.memory.repair();
    let events = world.poll(&customer, 0).events;
    assert_eq!(events.last().unwrap(), &posted.answer.events[0]);
}
