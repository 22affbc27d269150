//! The store fails or is slow: 503 with Retry-After, nothing acknowledged is lost, and sending again doubles nothing.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use alap_flow::Language;
use alap_host::Operation;
use alap_tests::{
    Customer, Embedded, Fault, Faults, Representative, Said, Server, Team, Writers, eventually,
    fresh_id, patiently,
};
use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

async fn host(faults: &Faults) -> Server {
    let team = Team::of(1)
        .with_most(0, 50)
        .setting("agent_lost_seconds", 600);
    Embedded::new(team).with_faults(faults).start().await
}

async fn talking(server: &Server, representative: &mut Representative) -> Customer {
    let mut customer = server.customer().await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    assert_eq!(representative.take().await, customer.chat);
    customer.read_until_phase("talking").await;
    customer
}

fn text(text: &str) -> Value {
    json!({ "kind": "text", "text": text, "client_id": fresh_id() })
}

fn times(customer: &[alap_tests::Event], text: &str) -> usize {
    customer.iter().filter(|event| event.text() == text).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_store_is_away_every_request_is_told_to_come_back() {
    let faults = Faults::default();
    let server = host(&faults).await;
    let mut representative = server.representative(0).await;
    let customer = talking(&server, &mut representative).await;
    let before = customer.everything().await;
    server.settled().await;
    faults.inject(|_, _| Some(Fault::Refused));
    let (api, chat) = (&server.api, &customer.chat);
    let (own, desk) = (&customer.token, &representative.token);
    let path = |rest: &str| format!("/v1/chats/{chat}{rest}");
    let on_desk = |verb: &str| format!("/v1/desk/chats/{chat}/{verb}");
    let form = json!({ "fields": ["nid-number"], "client_id": fresh_id() });
    let requests = [
        api.post("/v1/chats", &json!({ "channel": "web" })),
        api.get(&path("/events")).bearer(own),
        api.get(&path("/events?wait=25")).bearer(own),
        api.get(&path("/events"))
            .bearer(own)
            .header("accept", "text/plain"),
        api.post(&path("/messages"), &text("hello")).bearer(own),
        api.post(&path("/messages"), &json!({ "kind": "typing" }))
            .bearer(own),
        api.post(&path("/messages"), &text("hello")).bearer(desk),
        api.post(&path("/close"), &json!({})).bearer(own),
        api.request(Method::DELETE, &path("")).bearer(own),
        api.get("/v1/desk").bearer(desk),
        api.get("/v1/desk?wait=25").bearer(desk),
        api.post("/v1/desk/next", &json!({})).bearer(desk),
        api.post(&on_desk("claim"), &json!({})).bearer(desk),
        api.post(&on_desk("transfer"), &json!({ "queue": "merchant" }))
            .bearer(desk),
        api.post(
            &on_desk("note"),
            &json!({ "text": "x", "client_id": fresh_id() }),
        )
        .bearer(desk),
        api.post(&on_desk("form"), &form).bearer(desk),
        api.post(&on_desk("number"), &json!({})).bearer(desk),
        api.get("/v1/health"),
    ];
    for request in requests {
        let answer = request.send().await;
        answer.expect_problem(503, "store-unavailable");
        assert!(!answer.text().contains("refused by the test"), "{answer}");
    }
    faults.heal();
    assert_eq!(customer.everything().await, before);
    server.api.get("/v1/health").send().await.expect(200);
}

/// One call of a post goes wrong.
#[derive(Clone, Copy, Debug)]
struct Wrong {
    operation: Operation,
    /// What its key ends with, after the chat's own part.
    part: &'static str,
    fault: Fault,
    /// Whether the post has to succeed all the same.
    unnoticed: bool,
}

const WRONG: [Wrong; 9] = [
    Wrong {
        operation: Operation::Get,
        part: ":s",
        fault: Fault::Refused,
        unnoticed: false,
    },
    Wrong {
        operation: Operation::Get,
        part: ":s",
        fault: Fault::Slow(Duration::from_secs(1)),
        unnoticed: true,
    },
    Wrong {
        operation: Operation::Increment,
        part: ":n",
        fault: Fault::Refused,
        unnoticed: false,
    },
    Wrong {
        operation: Operation::Increment,
        part: ":n",
        fault: Fault::AnswerLost,
        unnoticed: false,
    },
    Wrong {
        operation: Operation::Set,
        part: ":e:",
        fault: Fault::Refused,
        unnoticed: false,
    },
    Wrong {
        operation: Operation::Set,
        part: ":e:",
        fault: Fault::AnswerLost,
        unnoticed: false,
    },
    Wrong {
        operation: Operation::Set,
        part: ":e:",
        fault: Fault::Slow(Duration::from_secs(8)),
        unnoticed: false,
    },
    Wrong {
        operation: Operation::Set,
        part: ":s",
        fault: Fault::Refused,
        unnoticed: true,
    },
    Wrong {
        operation: Operation::Set,
        part: ":s",
        fault: Fault::AnswerLost,
        unnoticed: true,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn whichever_call_of_a_post_goes_wrong_the_message_is_there_once_after_a_retry() {
    let faults = Faults::default();
    let server = host(&faults).await;
    let mut representative = server.representative(0).await;
    let mut cases = Vec::new();
    for wrong in WRONG {
        cases.push((wrong, talking(&server, &mut representative).await));
    }
    server.settled().await;
    // Each chat has its own fault, once.
    let left: Vec<(String, Wrong)> = cases
        .iter()
        .map(|(wrong, customer)| (format!("c:{}{}", customer.chat, wrong.part), *wrong))
        .collect();
    let left = Arc::new(Mutex::new(left));
    let to_come = Arc::clone(&left);
    faults.inject(move |operation, key| {
        let mut left = to_come.lock().expect("a test that goes on");
        let hit = left.iter().position(|(start, wrong)| {
            wrong.operation == operation && key.starts_with(start.as_str())
        })?;
        Some(left.remove(hit).1.fault)
    });
    join_all(cases.iter().map(|(wrong, customer)| async move {
        let body = text("hold the line");
        let first = customer.post(&body).await;
        if wrong.unnoticed {
            assert_eq!(first.status, 201, "{wrong:?} {first}");
        } else {
            assert_eq!(first.status, 503, "{wrong:?} {first}");
        }
        let again = patiently(async || customer.post(&body).await).await;
        assert!(again.is_success(), "{wrong:?} {again}");
        let events = customer.everything().await;
        assert_eq!(times(&events, "hold the line"), 1, "{wrong:?}");
        if first.is_success() {
            let place = |answer: &alap_tests::Answer| answer.json::<Value>()["seq"].clone();
            assert_eq!(place(&first), place(&again), "{wrong:?}");
        }
        let more = patiently(async || customer.post(&text("and on")).await).await;
        assert!(more.is_success(), "{wrong:?} {more}");
    }))
    .await;
    server.settled().await;
    assert!(
        left.lock().expect("a test that goes on").is_empty(),
        "{left:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_held_up_after_its_reservation_writes_nothing() {
    let faults = Faults::default();
    let server = host(&faults).await;
    let mut representative = server.representative(0).await;
    let customer = talking(&server, &mut representative).await;
    server.settled().await;
    let counter = format!("c:{}:n", customer.chat);
    let slow = Fault::Slow(Duration::from_secs(3));
    faults.inject_once(slow, move |operation, key| {
        operation == Operation::Increment && key == counter
    });
    let body = text("too late");
    customer.post(&body).await.expect_problem(503, "busy");
    assert_eq!(times(&customer.everything().await, "too late"), 0);
    let again = patiently(async || customer.post(&body).await).await;
    assert_eq!(again.status, 201, "{again}");
    assert_eq!(times(&customer.everything().await, "too late"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_in_the_middle_of_posts_loses_and_doubles_nothing() {
    let faults = Faults::default();
    let server = host(&faults).await;
    let mut representative = server.representative(0).await;
    let mut customers = Vec::new();
    let mut writers = Writers::default();
    for _ in 0..3 {
        let customer = talking(&server, &mut representative).await;
        writers.customer(&customer);
        customers.push(customer);
    }
    writers.representative(&representative, &customers[0].chat);
    writers.all_get_on_by(5).await;
    // Half of the calls that fail have taken effect all the same.
    let turn = Mutex::new(false);
    faults.inject(move |_, _| {
        let mut turn = turn.lock().expect("a test that goes on");
        *turn = !*turn;
        Some(if *turn {
            Fault::Refused
        } else {
            Fault::AnswerLost
        })
    });
    let before = writers.failed();
    eventually("an outage that everybody notices", async || {
        (writers.failed() >= before + 12).then_some(())
    })
    .await;
    faults.heal();
    writers.all_get_on_by(5).await;
    let mut written = writers.finish().await;
    let by_representative = written.pop().expect("what the representative wrote");
    by_representative.check(&representative.everything(&by_representative.chat).await);
    for (customer, written) in customers.iter().zip(&written) {
        written.check(&customer.everything().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_failed_gives_the_same_chat_when_it_is_sent_again() {
    let faults = Faults::default();
    let server = host(&faults).await;
    for (number, fault) in [Fault::Refused, Fault::AnswerLost].into_iter().enumerate() {
        for part in [":n", ":e:1"] {
            let key = format!("start-{number}{}-0123456789abcdef", part.len());
            let start = async || {
                let request = server.api.post("/v1/chats", &json!({ "channel": "web" }));
                request.header("idempotency-key", &key).send().await
            };
            faults.inject_once(fault, move |_, key| key.ends_with(part));
            start().await.expect_problem(503, "store-unavailable");
            let first = Customer::from_answer(&server.api, &start().await.expect(201));
            let second = Customer::from_answer(&server.api, &start().await.expect(201));
            assert_eq!(first.chat, second.chat);
            assert_eq!(first.everything().await, second.everything().await);
            server.settled().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_failed_leaves_the_chat_in_the_queue_or_with_who_claimed_it() {
    let faults = Faults::default();
    let server = host(&faults).await;
    let mut representative = server.representative(0).await;
    for fault in [Fault::Refused, Fault::AnswerLost] {
        let mut customer = server.customer().await;
        customer.go_to_queue(&Said::new(Language::En)).await;
        server.settled().await;
        let events = format!("c:{}:e:", customer.chat);
        faults.inject_once(fault, move |operation, key| {
            operation == Operation::Set && key.starts_with(&events)
        });
        representative
            .claim(&customer.chat)
            .await
            .expect_problem(503, "store-unavailable");
        let again = patiently(async || representative.claim(&customer.chat).await).await;
        assert_eq!(representative.taken(&again), customer.chat);
        let events = customer.everything().await;
        let assigned = events.iter().filter(|event| event.kind == "assigned");
        assert_eq!(assigned.count(), 1);
        let desk = representative.overview().await;
        assert_eq!(desk.own(&customer.chat).chat, customer.chat);
    }
}
