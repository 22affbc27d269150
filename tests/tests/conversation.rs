//! The conversation of the article, from the red button to "request again", in both languages.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{Customer, Embedded, Representative, Said, Server, Team, fresh_id, scenario};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_conversation_in_bangla() {
    let server = Server::start().await;
    scenario::whole_conversation(&server.api, &server.team, &Said::new(Language::Bn)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_conversation_in_english() {
    let server = Server::start().await;
    scenario::whole_conversation(&server.api, &server.team, &Said::new(Language::En)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_served_in_the_order_they_came() {
    let server = Server::start().await;
    let said = Said::new(Language::En);
    let mut representative = server.representative(0).await;
    let mut customers = Vec::new();
    for _ in 0..3 {
        let mut customer = server.customer().await;
        customer.go_to_queue(&said).await;
        customers.push(customer);
    }
    for customer in &mut customers {
        assert_eq!(representative.take().await, customer.chat);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_place_in_the_queue_moves_up_as_others_are_served() {
    // With each sign of life a waiting customer learns the place anew.
    let team = Team::of(1).setting("sign_of_life_seconds", 1);
    let server = Embedded::new(team).start().await;
    let said = Said::new(Language::En);
    let mut representative = server.representative(0).await;
    let mut first = server.customer().await;
    first.go_to_queue(&said).await;
    let mut second = server.customer().await;
    second.go_to_queue(&said).await;
    let place =
        |place| move |feed: &alap_tests::Feed| (feed.status.position == Some(place)).then_some(());
    // The desk's look at the queue is what a waiting customer's place comes from.
    representative
        .look_until("both on the desk", |desk| {
            (desk.queue.len() == 2).then_some(())
        })
        .await;
    second.read_until("the second place", place(2)).await;
    assert_eq!(representative.take().await, first.chat);
    representative
        .look_until("one on the desk", |desk| {
            (desk.queue.len() == 1).then_some(())
        })
        .await;
    second.read_until("the first place", place(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_is_unknown_until_enough_chats_tell_how_long_one_takes() {
    let team = Team::of(1)
        .with_most(0, 1)
        .setting("sign_of_life_seconds", 1);
    let server = Embedded::new(team).start().await;
    let said = Said::new(Language::En);
    let mut representative = server.representative(0).await;
    let serve = async |representative: &mut Representative| {
        let mut customer = server.customer().await;
        customer.go_to_queue(&said).await;
        representative.take().await;
        customer
    };
    let busy = serve(&mut representative).await;
    let mut waiting = server.customer().await;
    waiting.go_to_queue(&said).await;
    representative
        .look_until("the desk is full", |desk| {
            (desk.agents[0]["chats"] == 1 && desk.queue.len() == 1).then_some(())
        })
        .await;
    waiting
        .read_until("a place without a wait", |feed| {
            (feed.status.position == Some(1) && feed.status.wait_s.is_none()).then_some(())
        })
        .await;
    waiting.close().await.expect(200);
    representative.close(&busy.chat, None).await.expect(200);
    for _ in 0..5 {
        representative
            .look_until("room for one more", |desk| {
                desk.mine.is_empty().then_some(())
            })
            .await;
        let customer = serve(&mut representative).await;
        representative.close(&customer.chat, None).await.expect(200);
    }
    representative
        .look_until("room for one more", |desk| {
            desk.mine.is_empty().then_some(())
        })
        .await;
    serve(&mut representative).await;
    let mut waiting = server.customer().await;
    waiting.go_to_queue(&said).await;
    alap_tests::eventually("a wait that is known", async || {
        representative.overview().await;
        waiting.read().await;
        waiting.feed.status.wait_s
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_when_to_ask_again_soon_while_people_talk_and_never_after_the_end() {
    let server = Server::start().await;
    let mut representative = server.representative(0).await;
    let mut customer = server.customer().await;
    let paces = async |customer: &Customer| customer.feed.status.poll_after_ms.expect("a pace");
    let flow = paces(&customer).await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    customer
        .read_until("the place", |feed| feed.status.position)
        .await;
    let waiting = paces(&customer).await;
    let chat = representative.take().await;
    customer.read_until_phase("talking").await;
    let talking = paces(&customer).await;
    assert!(
        talking < waiting && waiting < flow,
        "{talking} {waiting} {flow}"
    );
    representative.close(&chat, None).await.expect(200);
    customer.read_until_phase("closed").await;
    assert_eq!(customer.feed.status.poll_after_ms, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_post_has_all_that_is_new_to_who_says_where_they_are() {
    let server = Server::start().await;
    let mut representative = server.representative(0).await;
    let mut customer = server.customer().await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    let chat = representative.take().await;
    representative
        .say(&chat, "Hello, what is the problem?")
        .await;
    let after = customer.feed.cursor();
    let body = |after: Option<u64>| json!({ "kind": "text", "text": "Hello", "client_id": fresh_id(), "after": after });
    let answer = customer.post(&body(None)).await.expect(201);
    let alone: Value = answer.json();
    assert_eq!(
        alone["events"].as_array().map(Vec::len),
        Some(1),
        "{answer}"
    );
    customer.feed = alap_tests::Feed::default();
    let answer = customer.post(&body(Some(after))).await.expect(201);
    customer.feed.take(&answer.json());
    assert_eq!(
        customer.feed.texts(),
        ["Hello, what is the problem?", "Hello", "Hello"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_can_be_requested_again_only_when_it_is_closed_and_only_by_its_customer() {
    let server = Server::start().await;
    let customer = server.customer().await;
    let request = json!({ "channel": "web", "again": customer.chat });
    let again = |token: String| server.api.post("/v1/chats", &request).bearer(&token).send();
    again(customer.token.clone())
        .await
        .expect_problem(409, "chat-open");
    let stranger = server.customer().await;
    again(stranger.token.clone())
        .await
        .expect_problem(403, "forbidden");
    let answer = server.api.post("/v1/chats", &request).send().await;
    assert_eq!(answer.status, 401, "{answer}");
    customer.close().await.expect(200);
    let answer = again(customer.token.clone()).await.expect(201);
    let again = Customer::from_answer(&server.api, &answer);
    // Who had not come as far as the queue begins where there is still something to ask.
    assert_eq!(again.feed.status.phase, "flow");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_twice_is_no_mistake() {
    let server = Server::start().await;
    let customer = server.customer().await;
    customer.close().await.expect(200);
    let before = customer.everything().await;
    customer.close().await.expect(200);
    assert_eq!(customer.everything().await, before);
}
