//! The host is killed in the middle of its work and started again: what was acknowledged is there, and nothing is there twice.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use std::{collections::BTreeSet, time::Duration};

use alap_flow::Language;
use alap_tests::{
    Api, Customer, Event, HostProcess, Redis, Representative, Said, Team, Writers, eventually,
    fresh_id, patiently,
};
use futures::future::{join, join_all};
use serde_json::{Value, json};

/// How often the host is killed in a test.
const KILLS: usize = 2;

fn team() -> Team {
    // The clients here write more than they read, which must not count as being gone.
    Team::of(1).setting("agent_lost_seconds", 600)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_on_sqlite() {
    let team = team();
    acknowledged_survives(HostProcess::on_sqlite(&team), &team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_on_redis() {
    let redis = Redis::start();
    let team = team();
    acknowledged_survives(HostProcess::on_redis(&team, &redis), &team).await;
}

/// Three chats, one of them with both sides writing, and a host that is killed while they write.
async fn acknowledged_survives(mut host: HostProcess, team: &Team) {
    let api = host.api();
    let mut representative = Representative::log_in(&api, &team.members[0]).await;
    let mut customers = Vec::new();
    for _ in 0..3 {
        let mut customer = Customer::start(&api).await;
        customer.go_to_queue(&Said::new(Language::En)).await;
        assert_eq!(representative.take().await, customer.chat);
        customers.push(customer);
    }
    let mut writers = Writers::default();
    for customer in &customers {
        writers.customer(customer);
    }
    writers.representative(&representative, &customers[0].chat);

    for _ in 0..KILLS {
        writers.all_get_on_by(5).await;
        for customer in &mut customers {
            customer.read().await;
        }
        let failed = writers.failed();
        host.kill();
        writers.one_fails_after(failed).await;
        tokio::task::block_in_place(|| host.restart());
        // Also in a chat where somebody died on the way: after the journal's grace it goes on.
        writers.all_get_on_by(5).await;
    }

    let mut written = writers.finish().await;
    let by_representative = written.pop().expect("what the representative wrote");
    for (customer, written) in customers.iter().zip(&written) {
        let events = customer.everything().await;
        written.check(&events);
        // What was read before the end is what is read now.
        let before: BTreeSet<u64> = customer.feed.events().map(|event| event.seq).collect();
        let now: Vec<&Event> = events
            .iter()
            .filter(|event| before.contains(&event.seq))
            .collect();
        assert_eq!(now, customer.feed.events().collect::<Vec<_>>());
        let other_side = representative.everything(&customer.chat).await;
        assert_eq!(texts(&other_side), texts(&events));
        if written.chat == by_representative.chat {
            by_representative.check(&other_side);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_on_their_way_into_the_queue_arrive_there_once() {
    let team = team();
    let mut host = HostProcess::on_sqlite(&team);
    let api = host.api();
    let mut representative = Representative::log_in(&api, &team.members[0]).await;
    let walking = join_all((0..12).map(|number| walk(api.clone(), number)));
    let interruption = async {
        eventually("somebody in the queue", async || {
            // The last of them have only just begun.
            let desk = representative.overview().await;
            (!desk.queue.is_empty()).then_some(())
        })
        .await;
        restart(&mut host);
    };
    let (walked, ()) = join(walking, interruption).await;
    let chats: BTreeSet<String> = walked.into_iter().collect();
    assert_eq!(chats.len(), 12);
    let mut taken = BTreeSet::new();
    while taken.len() < chats.len() {
        let chat = eventually("a chat to take", async || {
            let answer = representative.next().await;
            answer.is_success().then(|| representative.taken(&answer))
        })
        .await;
        patiently(async || representative.close(&chat, None).await)
            .await
            .expect(200);
        representative
            .look_until("room for one more", |desk| {
                desk.mine.is_empty().then_some(())
            })
            .await;
        assert!(taken.insert(chat), "handed out twice");
    }
    assert_eq!(taken, chats);
    representative
        .next()
        .await
        .expect_problem(409, "queue-empty");
}

/// Goes through the flow into the queue, sending again what was not answered. The chat is opened with a key, so that this can be
/// sent again as well.
async fn walk(api: Api, number: usize) -> String {
    let key = format!("walk-{number}-0123456789abcdef");
    let start = async || {
        let request = api.post("/v1/chats", &json!({ "channel": "web", "locale": "en" }));
        request.header("idempotency-key", &key).try_send().await
    };
    let started: Value = until_answered(start).await;
    let (chat, token) = (started["chat"].as_str().expect("a chat"), &started["token"]);
    let path = format!("/v1/chats/{chat}/messages");
    let mut phase = String::new();
    for (kind, value) in [
        ("option", "customer-service"),
        ("option", "yes"),
        ("text", "Karim"),
        ("text", "01712345678"),
    ] {
        let body = json!({ "kind": kind, kind: value, "client_id": fresh_id() });
        let send = async || {
            let request = api.post(&path, &body);
            request
                .bearer(token.as_str().expect("a token"))
                .try_send()
                .await
        };
        let answer: Value = until_answered(send).await;
        answer["status"]["phase"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut phase);
    }
    assert_eq!(phase, "waiting");
    chat.to_owned()
}

async fn until_answered(send: impl AsyncFn() -> Result<alap_tests::Answer, String>) -> Value {
    eventually("an answer", async || match send().await {
        Ok(answer) if answer.is_success() => Some(answer.json()),
        Ok(answer) => {
            assert!(answer.status.is_server_error(), "{answer}");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
        Err(_) => None,
    })
    .await
}

fn restart(host: &mut HostProcess) {
    host.kill();
    tokio::task::block_in_place(|| host.restart());
}

fn texts(events: &[Event]) -> Vec<(u64, &str)> {
    let texts = events.iter().filter(|event| event.kind == "text");
    texts
        .map(|event| (event.seq, event.text()))
        .filter(|(_, text)| text.starts_with("this is "))
        .collect()
}
