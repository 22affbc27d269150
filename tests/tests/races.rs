//! What happens when several do something at once, on one host.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_tests::{Embedded, Server, Team, scenario};

async fn team_of(count: usize) -> Server {
    Embedded::new(Team::of(count)).start().await
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_posts_with_one_token_are_there_once_in_one_order() {
    let server = team_of(1).await;
    scenario::fifty_posts_with_one_token(&server.api, &server.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_representatives_on_ten_chats_have_one_each_or_none() {
    let server = team_of(20).await;
    scenario::twenty_representatives_on_ten_chats(&server.api, &server.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_claimed_by_several_goes_to_one() {
    let server = team_of(6).await;
    scenario::claims_of_one_chat(&server.api, &server.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_never_has_more_chats_than_allowed() {
    let team = Team::of(2).with_most(1, 1);
    let server = Embedded::new(team).start().await;
    scenario::claims_beyond_the_limit(&server.api, &server.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_before_the_end_or_not_at_all() {
    let server = team_of(1).await;
    scenario::closing_while_answering(&server.api, &server.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_id_is_stored_once() {
    let server = team_of(1).await;
    scenario::one_client_id_at_once(&server.api, &server.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_idempotency_key_is_one_chat() {
    let server = team_of(1).await;
    scenario::one_idempotency_key_at_once(&server.api).await;
}
