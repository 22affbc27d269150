//! What happens when several do something at once. The order in a chat's journal settles it, and nobody is told otherwise.

use std::collections::{BTreeMap, BTreeSet};

use alap_flow::Language;
use futures::future::{join, join_all};
use serde_json::{Value, json};

use crate::{Answer, Api, Customer, Event, Representative, Said, Team, fresh_id, patiently};

/// A customer in the queue; somebody of the team has to be at the desk.
async fn waiting(api: &Api) -> Customer {
    let mut customer = Customer::start(api).await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    customer
}

/// A customer who talks to the first of the team.
async fn talking(api: &Api, team: &Team) -> (Customer, Representative) {
    let mut representative = Representative::log_in(api, &team.members[0]).await;
    let mut customer = waiting(api).await;
    assert_eq!(representative.take().await, customer.chat);
    customer.read_until_phase("talking").await;
    (customer, representative)
}

/// Fifty requests with one token at once: all are there exactly once, and both sides read them in one order.
///
/// # Panics
/// When they aren't.
pub async fn fifty_posts_with_one_token(api: &Api, team: &Team) {
    let (customer, representative) = talking(api, team).await;
    let texts: Vec<(String, String)> = (1..=50)
        .map(|number| (fresh_id(), format!("message {number}")))
        .collect();
    let post = async |(id, text): &(String, String)| {
        let body = json!({ "kind": "text", "text": text, "client_id": id });
        let answer = patiently(async || customer.post(&body).await).await;
        assert!(answer.is_success(), "{answer}");
        let news: Value = answer.json();
        (id.clone(), news["seq"].as_u64().expect("a place"))
    };
    let acknowledged: BTreeMap<String, u64> =
        join_all(texts.iter().map(post)).await.into_iter().collect();

    let read = customer.everything().await;
    let stored: BTreeMap<String, u64> = read
        .iter()
        .filter(|event| event.kind == "text")
        .filter_map(|event| Some((event.client_id.clone()?, event.seq)))
        .filter(|(id, _)| acknowledged.contains_key(id))
        .collect();
    assert_eq!(stored, acknowledged);
    let said = |events: &[Event]| -> Vec<(u64, String)> {
        let texts = events.iter().filter(|event| event.kind == "text");
        texts
            .map(|event| (event.seq, event.text().to_owned()))
            .filter(|(_, text)| text.starts_with("message "))
            .collect()
    };
    let by_customer = said(&read);
    assert_eq!(by_customer.len(), texts.len());
    let by_representative = said(&representative.everything(&customer.chat).await);
    assert_eq!(by_customer, by_representative);
}

/// Twenty representatives ask for the next of ten chats at once: each chat goes to exactly one of them, and ten are told that nobody
/// waits.
///
/// # Panics
/// When something else happens.
pub async fn twenty_representatives_on_ten_chats(api: &Api, team: &Team) {
    let log_ins = team.members[..20].iter();
    let representatives = join_all(log_ins.map(|member| Representative::log_in(api, member))).await;
    let customers = join_all((0..10).map(|_| waiting(api))).await;

    let answers = join_all(
        representatives
            .iter()
            .map(|one| patiently(async || one.next().await)),
    )
    .await;
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for (representative, answer) in representatives.iter().zip(&answers) {
        if answer.is_success() {
            let answer: Value = answer.json();
            let chat = answer["chat"].as_str().expect("a chat").to_owned();
            let other = taken.insert(chat, representative.name.clone());
            assert_eq!(other, None, "a chat was handed to two");
        } else {
            answer.expect_problem(409, "queue-empty");
        }
    }
    let chats: BTreeSet<&String> = customers.iter().map(|customer| &customer.chat).collect();
    assert_eq!(taken.keys().collect::<BTreeSet<_>>(), chats);
    for customer in &customers {
        let events = customer.everything().await;
        let assigned: Vec<&Value> = events
            .iter()
            .filter(|event| event.kind == "assigned")
            .map(|event| &event.field("agent")["name"])
            .collect();
        assert_eq!(assigned, [&json!(taken[&customer.chat])]);
    }
}

/// Several representatives claim one chat at once: one has it, and the others are told so. Who asks again for what they have, has it.
///
/// # Panics
/// When something else happens.
pub async fn claims_of_one_chat(api: &Api, team: &Team) {
    let log_ins = team.members[..6].iter();
    let representatives = join_all(log_ins.map(|member| Representative::log_in(api, member))).await;
    let customer = waiting(api).await;
    let claims = representatives
        .iter()
        .map(|one| patiently(async || one.claim(&customer.chat).await));
    let answers = join_all(claims).await;
    let (won, lost): (Vec<_>, Vec<_>) = representatives
        .iter()
        .zip(answers)
        .partition(|(_, answer)| answer.is_success());
    assert_eq!(won.len(), 1);
    for (representative, answer) in lost {
        answer.expect_problem(409, "already-assigned");
        let desk = representative.overview().await;
        assert!(desk.mine.is_empty(), "{desk:?}");
    }
    let (winner, _) = &won[0];
    winner.claim(&customer.chat).await.expect(200);
    let events = customer.everything().await;
    let assigned = events.iter().filter(|event| event.kind == "assigned");
    assert_eq!(assigned.count(), 1);
}

/// A representative who may have one chat and claims five at once has one.
///
/// # Panics
/// When something else happens. The team's second member has to have that limit.
pub async fn claims_beyond_the_limit(api: &Api, team: &Team) {
    let representative = Representative::log_in(api, &team.members[1]).await;
    let customers = join_all((0..5).map(|_| waiting(api))).await;
    let claims = customers
        .iter()
        .map(|customer| patiently(async || representative.claim(&customer.chat).await));
    let answers = join_all(claims).await;
    let won = answers.iter().filter(|answer| answer.is_success()).count();
    assert_eq!(won, 1);
    for answer in answers.iter().filter(|answer| !answer.is_success()) {
        answer.expect_problem(409, "agent-full");
    }
    assert_eq!(representative.overview().await.mine.len(), 1);
    for customer in customers {
        customer.close().await.expect(200);
    }
}

/// The customer closes while the representative answers: the answer is in the chat before its end, or it is refused and not there.
///
/// # Panics
/// When something else happens.
pub async fn closing_while_answering(api: &Api, team: &Team) {
    for _ in 0..10 {
        let (customer, representative) = talking(api, team).await;
        let body = json!({ "kind": "text", "text": "the answer", "client_id": fresh_id() });
        let (closed, answered) = join(
            patiently(async || customer.close().await),
            patiently(async || representative.post(&customer.chat, &body).await),
        )
        .await;
        closed.expect(200);
        if !answered.is_success() {
            answered.expect_problem(409, "chat-closed");
        }
        let events = customer.everything().await;
        assert_eq!(
            events.last().map(|event| event.kind.as_str()),
            Some("closed")
        );
        let there = events.iter().any(|event| event.text() == "the answer");
        assert_eq!(there, answered.is_success());
    }
}

/// The same `client_id` ten times at once: one of them is new, all of them are told the same place, and one is stored.
///
/// # Panics
/// When something else happens.
pub async fn one_client_id_at_once(api: &Api, team: &Team) {
    let (customer, _) = talking(api, team).await;
    let body = json!({ "kind": "text", "text": "only once", "client_id": fresh_id() });
    let posts = (0..10).map(|_| patiently(async || customer.post(&body).await));
    let answers: Vec<Answer> = join_all(posts).await;
    let new = answers.iter().filter(|answer| answer.status == 201).count();
    let known = answers.iter().filter(|answer| answer.status == 200).count();
    // A retry after 503 may meet what the first try had stored.
    assert!(new <= 1 && new + known == 10, "{answers:?}");
    let places: BTreeSet<Option<u64>> = answers
        .iter()
        .map(|answer| answer.json::<Value>()["seq"].as_u64())
        .collect();
    assert_eq!(places.len(), 1);
    let events = customer.everything().await;
    let there = events.iter().filter(|event| event.text() == "only once");
    assert_eq!(there.count(), 1);
}

/// The same idempotency key ten times at once: one chat.
///
/// # Panics
/// When something else happens.
pub async fn one_idempotency_key_at_once(api: &Api) {
    let key = format!("{}-{}", fresh_id(), "0123456789abcdef");
    let request = json!({ "channel": "app", "locale": "en" });
    let start = async || {
        let request = api.post("/v1/chats", &request);
        request.header("idempotency-key", &key).send().await
    };
    let answers = join_all((0..10).map(|_| patiently(start))).await;
    let mut chats = BTreeSet::new();
    for answer in answers {
        let mut customer = Customer::from_answer(api, &answer.expect(201));
        customer.read().await;
        chats.insert(customer.chat);
    }
    assert_eq!(chats.len(), 1);
}
