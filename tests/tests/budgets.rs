//! How many calls of the store a request takes, and how many of them one after another: what ARCHITECTURE.md promises, counted by the host.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use std::time::Duration;

use alap_flow::Language;
use alap_host::{Operation, RequestCalls};
use alap_tests::{Customer, Embedded, Fault, Faults, Representative, Said, Server, Team};
use futures::future::join_all;
use serde_json::json;

/// So slow is every call while it is counted, that calls made at once are seen to be.
const CALL: Duration = Duration::from_millis(20);

/// A host that counts.
struct Counting {
    server: Server,
    faults: Faults,
}

impl Counting {
    async fn start() -> Self {
        let faults = Faults::default();
        // Signs of life only when they are asked for.
        let team = Team::of(1)
            .setting("sign_of_life_seconds", 600)
            .setting("agent_lost_seconds", 6_000)
            .setting("customer_lost_seconds", 6_000);
        let host = Embedded::new(team)
            .in_memory()
            .with_faults(&faults)
            .recording();
        let server = host.start().await;
        Self { server, faults }
    }

    /// A customer who talks to the representative.
    async fn talking(&self) -> (Customer, Representative) {
        let mut representative = self.server.representative(0).await;
        let mut customer = self.server.customer().await;
        customer.go_to_queue(&Said::new(Language::En)).await;
        assert_eq!(representative.take().await, customer.chat);
        customer.read().await;
        representative.read(&customer.chat).await;
        (customer, representative)
    }

    /// The calls that the one request `send` makes leads to.
    async fn count<T>(&self, send: impl Future<Output = T>) -> (T, RequestCalls) {
        self.server.drain_calls().await;
        self.faults.inject(|_, _| Some(Fault::Slow(CALL)));
        let outcome = send.await;
        let mut requests = self.server.drain_calls().await;
        self.faults.heal();
        assert_eq!(requests.len(), 1, "{requests:?}");
        (outcome, requests.remove(0))
    }

    /// Polls that find nothing new, polls that find something, and posts of both sides, all within their budgets.
    async fn check(&self, customer: &mut Customer, representative: &mut Representative) {
        let chat = customer.chat.clone();
        self.settle(customer, representative).await;
        let (_, calls) = self.count(customer.read()).await;
        assert_eq!(
            (calls.reads(), calls.total(), calls.longest_chain()),
            (2, 2, 1),
            "{calls:?}"
        );
        let (_, calls) = self.count(representative.read(&chat)).await;
        assert_eq!(
            (calls.reads(), calls.total(), calls.longest_chain()),
            (2, 2, 1),
            "{calls:?}"
        );

        for new in [1, 2, 5, 20] {
            for _ in 0..new {
                representative.say(&chat, "one more").await;
                // So that no snapshot overtakes a later one.
                self.server.settled().await;
            }
            let (news, calls) = self.count(customer.read()).await;
            assert_eq!(news.events.len(), new);
            assert!(calls.reads() <= 2 + new, "{new} new: {calls:?}");
            assert_eq!(calls.total(), calls.reads(), "{calls:?}");
            assert!(calls.longest_chain() <= 2, "{new} new: {calls:?}");
        }

        self.settle(customer, representative).await;
        let (_, calls) = self.count(customer.say("a question")).await;
        check_post(&calls);
        self.settle(customer, representative).await;
        let (_, calls) = self.count(representative.say(&chat, "an answer")).await;
        check_post(&calls);
    }

    /// Nothing new for anybody, and nothing on its way.
    async fn settle(&self, customer: &mut Customer, representative: &mut Representative) {
        customer.read().await;
        let chat = customer.chat.clone();
        representative.read(&chat).await;
        self.server.settled().await;
    }
}

fn check_post(calls: &RequestCalls) {
    assert_eq!(calls.status, Some(201));
    assert!(calls.reads() <= 2, "{calls:?}");
    assert_eq!(calls.count(Operation::Increment), 1, "{calls:?}");
    assert!(calls.writes() <= 2, "{calls:?}");
    assert!(calls.longest_chain_before_answer() <= 3, "{calls:?}");
    assert_eq!(
        calls.total(),
        calls.reads() + calls.writes() + 1,
        "{calls:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_and_posts_keep_to_their_budgets() {
    let counting = Counting::start().await;
    let (mut customer, mut representative) = counting.talking().await;
    counting.check(&mut customer, &mut representative).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_budget_grows_with_the_number_of_chats() {
    let counting = Counting::start().await;
    let api = &counting.server.api;
    for _ in 0..20 {
        join_all((0..25).map(|_| async {
            let mut customer = Customer::start(api).await;
            customer.choose("bn").await;
        }))
        .await;
    }
    let (mut customer, mut representative) = counting.talking().await;
    counting.check(&mut customer, &mut representative).await;
    check_start(&counting).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_budget_grows_with_the_length_of_the_chat() {
    let counting = Counting::start().await;
    let (mut customer, mut representative) = counting.talking().await;
    let chat = customer.chat.clone();
    for number in 0..500 {
        customer.say(&format!("question {number}")).await;
        representative.say(&chat, &format!("answer {number}")).await;
    }
    counting.check(&mut customer, &mut representative).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_keeps_to_its_budget() {
    let counting = Counting::start().await;
    // The first start ever also begins the record of what was swept.
    counting.server.customer().await;
    check_start(&counting).await;

    let request = counting
        .server
        .api
        .post("/v1/chats", &json!({ "channel": "web" }))
        .header("idempotency-key", "a-key-that-nobody-can-guess");
    let (_, calls) = counting.count(request.send()).await;
    assert_eq!(calls.status, Some(201));
    assert_eq!(calls.count(Operation::Increment), 1, "{calls:?}");
    assert!(calls.writes() <= 3, "{calls:?}");
    assert!(calls.reads() <= 3, "{calls:?}");
    assert!(calls.longest_chain_before_answer() <= 2, "{calls:?}");
}

async fn check_start(counting: &Counting) {
    let (_, calls) = counting.count(counting.server.customer()).await;
    assert_eq!(calls.status, Some(201));
    assert_eq!(calls.count(Operation::Increment), 1, "{calls:?}");
    assert!(calls.writes() <= 2, "{calls:?}");
    assert!(calls.longest_chain_before_answer() <= 2, "{calls:?}");
    // Beside that there is only the look, after the answer, whether something is to be swept.
    let others = calls.calls.iter().filter(|call| {
        call.operation == Operation::Get && call.keys.iter().any(|key| key != "s:swept")
    });
    assert_eq!(others.count(), 0, "{calls:?}");
    assert!(calls.reads() <= 1, "{calls:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_customer_asks_for_two_values_but_for_a_sign_of_life() {
    let counting = Counting::start().await;
    let representative = counting.server.representative(0).await;
    let mut customer = counting.server.customer().await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    customer
        .read_until("the place", |feed| feed.status.position)
        .await;
    counting.server.settled().await;
    let (_, calls) = counting.count(customer.read()).await;
    assert_eq!(
        (calls.reads(), calls.total(), calls.longest_chain()),
        (2, 2, 1),
        "{calls:?}"
    );
    drop(representative);

    let faults = Faults::default();
    let team = Team::of(1).setting("sign_of_life_seconds", 1);
    let host = Embedded::new(team)
        .in_memory()
        .with_faults(&faults)
        .recording();
    let counting = Counting {
        server: host.start().await,
        faults,
    };
    let _desk_is_open = counting.server.representative(0).await;
    let mut customer = counting.server.customer().await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    let calls = alap_tests::eventually("a sign of life", async || {
        counting.server.settled().await;
        let (_, calls) = counting.count(customer.read()).await;
        (calls.writes() > 0 && customer.feed.status.position.is_some()).then_some(calls)
    })
    .await;
    // One look at the board, and one write after the answer.
    assert!(calls.reads() <= 3, "{calls:?}");
    assert_eq!(calls.writes(), 1, "{calls:?}");
    assert!(calls.longest_chain_before_answer() <= 2, "{calls:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_walks_through_the_store() {
    let counting = Counting::start().await;
    let (mut customer, mut representative) = counting.talking().await;
    let chat = customer.chat.clone();
    representative
        .ask_form(&chat, &["nid-number"])
        .await
        .expect(200);
    customer.read().await;
    customer
        .fill_in(json!({ "nid-number": "1234567890" }))
        .await;
    representative.note(&chat, "a note").await.expect(200);
    representative.overview().await;
    representative
        .transfer(&chat, &json!({ "queue": "merchant" }))
        .await
        .expect(200);
    representative.take().await;
    representative.close(&chat, None).await.expect(200);
    customer.rate(5, "").await;
    customer.transcript().await;
    customer.erase().await.expect(204);
    let requests = counting.server.drain_calls().await;
    assert!(requests.len() > 15);
    for request in requests {
        assert_eq!(request.count(Operation::GetKeys), 0, "{request:?}");
    }
}
