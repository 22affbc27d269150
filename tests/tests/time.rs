//! What time brings about. Nothing runs when nobody calls, so that every rule here is seen by whoever asks next.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use std::time::{Duration, Instant};

use alap_flow::Language;
use alap_tests::{Customer, Embedded, News, Representative, Said, Server, Team, eventually};
use serde_json::json;

async fn with(settings: &[(&str, u64)]) -> Server {
    let mut team = Team::of(2);
    for (name, value) in settings {
        team = team.setting(name, value);
    }
    Embedded::new(team).start().await
}

async fn waiting(server: &Server) -> Customer {
    let mut customer = server.customer().await;
    customer.go_to_queue(&said()).await;
    customer
}

/// A customer who talks to the first of the team.
async fn talking(server: &Server) -> (Customer, Representative) {
    let mut representative = server.representative(0).await;
    let mut customer = waiting(server).await;
    assert_eq!(representative.take().await, customer.chat);
    customer.read_until_phase("talking").await;
    (customer, representative)
}

fn said() -> Said {
    Said::new(Language::En)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_answers_late_is_warned_and_then_has_to_request_the_chat_again() {
    let server = with(&[("idle_warning_seconds", 1), ("idle_close_seconds", 5)]).await;
    let (mut customer, mut representative) = talking(&server).await;
    let chat = customer.chat.clone();
    representative.say(&chat, "What happened?").await;
    customer.read().await;
    let closes_at = customer.feed.status.closes_at.expect("an end in sight");

    // A held request brings the warning by itself.
    let news = customer.wait_for_news().await;
    let warning = news.events.first().expect("a warning");
    assert_eq!(
        (warning.kind.as_str(), warning.field("whom")),
        ("idle_warning", &json!("customer"))
    );
    assert_eq!(warning.field("closes_at"), closes_at);
    assert!(warning.text().starts_with("Are you still there?"));
    customer.read_until_phase("closed").await;
    let end = customer.feed.last("closed").expect("an end");
    assert_eq!(
        (end.field("by"), end.field("reason")),
        (&json!("system"), &json!("idle"))
    );
    assert_eq!(end.text(), said().notice("closed-idle"));
    assert!(end.at >= closes_at, "closed before it was due");

    // One call brings the customer back into the queue.
    let request = json!({ "channel": "web", "again": chat });
    let again = server
        .api
        .post("/v1/chats", &request)
        .bearer(&customer.token);
    let again: News = again.send().await.expect(201).json();
    assert_eq!(again.status.phase, "waiting");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_answers_the_warning_goes_on() {
    let server = with(&[("idle_warning_seconds", 1), ("idle_close_seconds", 4)]).await;
    let (mut customer, mut representative) = talking(&server).await;
    let chat = customer.chat.clone();
    customer
        .read_until("a warning", |feed| feed.last("idle_warning").cloned())
        .await;
    customer.say("Here I am.").await;
    representative.say(&chat, "Good.").await;
    customer.read().await;
    // The next silence is warned of anew instead of being the end.
    customer
        .read_until("another warning", |feed| {
            let warnings = feed.events().filter(|event| event.kind == "idle_warning");
            (warnings.count() == 2).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_in_the_flow_is_warned_of_and_then_the_end() {
    let server = with(&[
        ("flow_idle_warning_seconds", 1),
        ("flow_idle_close_seconds", 4),
    ])
    .await;
    let mut customer = server.customer().await;
    customer.choose("bn").await;
    let news = customer.wait_for_news().await;
    assert_eq!(news.events[0].kind, "idle_warning");
    customer.read_until_phase("closed").await;
    let end = customer.feed.last("closed").expect("an end");
    assert_eq!(end.text(), Said::new(Language::Bn).notice("closed-idle"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_over_by_time_can_be_requested_again_without_another_look_at_it() {
    let server = with(&[
        ("flow_idle_warning_seconds", 1),
        ("flow_idle_close_seconds", 1),
    ])
    .await;
    let customer = server.customer().await;
    let request = json!({ "channel": "web", "again": customer.chat });
    eventually("a chat that is over", async || {
        let again = server
            .api
            .post("/v1/chats", &request)
            .bearer(&customer.token);
        let answer = again.send().await;
        if !answer.is_success() {
            answer.expect_problem(409, "chat-open");
        }
        answer.is_success().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_who_keeps_a_customer_waiting_is_warned_and_then_loses_the_chat() {
    let server = with(&[
        ("agent_idle_warning_seconds", 1),
        ("agent_idle_requeue_seconds", 5),
    ])
    .await;
    let (mut customer, mut representative) = talking(&server).await;
    let chat = customer.chat.clone();
    customer.say("It did not arrive.").await;
    let warning = representative
        .read_until(&chat, "a warning", |feed| {
            feed.last("idle_warning").cloned()
        })
        .await;
    assert_eq!(warning.field("whom"), "agent");
    assert!(warning.text().contains("waiting for your answer"));
    customer
        .read_until("the front of the queue", |feed| {
            feed.last("requeued").cloned()
        })
        .await;
    let requeued = customer.feed.last("requeued").expect("the news");
    assert_eq!(requeued.field("reason"), "agent-idle");
    assert_eq!(requeued.text(), said().notice("agent-lost"));
    assert_eq!(customer.feed.status.phase, "waiting");
    // What the desk is warned of is none of the customer's business.
    assert!(
        customer
            .everything()
            .await
            .iter()
            .all(|event| event.kind != "idle_warning")
    );
    let mut colleague = server.representative(1).await;
    assert_eq!(colleague.take().await, chat);
    let desk = colleague.overview().await;
    assert_eq!(
        desk.own(&chat).field("turn"),
        "agent",
        "the customer has said already what it is about"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_of_a_lost_representative_comes_back_to_the_front_of_the_queue() {
    let server = with(&[("agent_lost_seconds", 3), ("sign_of_life_seconds", 1)]).await;
    let (mut customer, lost) = talking(&server).await;
    let mut colleague = server.representative(1).await;
    let other = waiting(&server).await;
    let requeued = eventually("the lost chat back in the queue", async || {
        colleague.overview().await;
        customer.read().await;
        customer.feed.last("requeued").cloned()
    })
    .await;
    assert_eq!(requeued.field("reason"), "agent-lost");
    let row = colleague
        .look_until("both on the desk", |desk| {
            (desk.queue.len() == 2).then(|| desk.queue[0].clone())
        })
        .await;
    assert_eq!(
        (&row.chat, row.field("front")),
        (&customer.chat, &json!(true))
    );
    assert_eq!(colleague.take().await, customer.chat);
    assert_eq!(colleague.take().await, other.chat);
    // Who comes back finds the chat gone from the own list.
    let back = lost.overview().await;
    assert!(back.mine.is_empty(), "{back:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_whose_desk_is_open_is_not_lost_however_long_nobody_writes() {
    let server = with(&[("agent_lost_seconds", 3), ("sign_of_life_seconds", 1)]).await;
    let (mut customer, representative) = talking(&server).await;
    let begun = customer.feed.status.now;
    eventually("longer than it takes to be lost", async || {
        representative.overview().await;
        customer.read().await;
        assert_eq!(customer.feed.status.phase, "talking");
        (customer.feed.status.now > begun + 5_000).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_left_the_queue_is_passed_over_until_they_are_back() {
    let server = with(&[("customer_lost_seconds", 2), ("sign_of_life_seconds", 1)]).await;
    let mut representative = server.representative(0).await;
    let mut gone = waiting(&server).await;
    let mut there = waiting(&server).await;
    eventually("the desk shows who has gone", async || {
        there.read().await;
        let desk = representative.overview().await;
        let row = desk.queue.iter().find(|row| row.chat == gone.chat)?;
        (row.field("gone") == true).then_some(())
    })
    .await;
    there.read().await;
    assert_eq!(representative.take().await, there.chat);
    representative
        .next()
        .await
        .expect_problem(409, "queue-empty");
    let back = eventually("the customer is back", async || {
        gone.read().await;
        Some(representative.next().await).filter(alap_tests::Answer::is_success)
    })
    .await;
    assert_eq!(representative.taken(&back), gone.chat);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_of_a_customer_who_is_gone_for_good_is_closed() {
    let server = with(&[("customer_gone_seconds", 2)]).await;
    let representative = server.representative(0).await;
    let mut customer = waiting(&server).await;
    // A desk that shows no chat yet is not one that shows none any more; nor may a slow look come too late.
    let begun = Instant::now();
    representative
        .look_until("the chat on the desk", |desk| {
            (desk.queue.len() == 1 || begun.elapsed() > Duration::from_secs(3)).then_some(())
        })
        .await;
    representative
        .look_until("an empty queue", |desk| desk.queue.is_empty().then_some(()))
        .await;
    customer.read().await;
    let end = customer.feed.last("closed").expect("an end");
    assert_eq!(end.field("reason"), "gone");
    assert_eq!(end.text(), said().notice("closed-gone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_ever() {
    let server = with(&[("waiting_ceiling_seconds", 2)]).await;
    let _desk_is_open = server.representative(0).await;
    let mut customer = waiting(&server).await;
    customer.read_until_phase("flow").await;
    let said = said();
    let texts: Vec<&str> = customer
        .feed
        .events()
        .map(alap_tests::Event::text)
        .collect();
    assert!(
        texts.contains(&said.notice("waited-too-long").as_str()),
        "{texts:?}"
    );
    let prompt = customer.feed.last("prompt").expect("a prompt");
    assert_eq!(prompt.text(), said.step("unavailable"));
    assert!(prompt.contacts().contains(&"16247"));
    assert!(prompt.options().contains(&"leave-message"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_is_logged_out_in_the_end() {
    let server = with(&[("desk_token_seconds", 1)]).await;
    let representative = Representative::log_in_only(&server.api, &server.team.members[0]).await;
    let expired = eventually("the token's end", async || {
        let answer = representative.next().await;
        (answer.status == 401).then_some(answer)
    })
    .await;
    expired.expect_problem(401, "token-expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_request_comes_back_empty_when_its_time_is_over() {
    let server = with(&[]).await;
    let customer = server.customer().await;
    let before: News = customer
        .events_after(customer.feed.cursor(), 0)
        .await
        .json();
    let after: News = customer
        .events_after(customer.feed.cursor(), 1)
        .await
        .json();
    assert!(after.events.is_empty());
    assert!(
        after.status.now >= before.status.now + 1_000,
        "it wasn't held"
    );
}
