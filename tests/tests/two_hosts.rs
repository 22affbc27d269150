//! Two hosts on one Redis, requests spread over both: whichever host a request comes to, it is one chat.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{Api, HostProcess, Redis, Said, Team, scenario};

/// Two hosts on one store. They end with the test, and their store after them.
struct Pair {
    api: Api,
    team: Team,
    _hosts: [HostProcess; 2],
    _redis: Redis,
}

impl Pair {
    fn start(team: Team) -> Self {
        let redis = Redis::start();
        let hosts = [(); 2].map(|()| HostProcess::on_redis(&team, &redis));
        Self {
            api: Api::new(hosts.iter().map(HostProcess::url)),
            team,
            _hosts: hosts,
            _redis: redis,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_conversation_in_both_languages() {
    // The second customer comes while the board may still show the first: the next sign of life tells the place.
    let pair = Pair::start(Team::of(1).setting("sign_of_life_seconds", 1));
    for language in [Language::Bn, Language::En] {
        scenario::whole_conversation(&pair.api, &pair.team, &Said::new(language)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_posts_with_one_token_are_there_once_in_one_order() {
    let pair = Pair::start(Team::of(1));
    scenario::fifty_posts_with_one_token(&pair.api, &pair.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_representatives_on_ten_chats_have_one_each_or_none() {
    let pair = Pair::start(Team::of(20));
    scenario::twenty_representatives_on_ten_chats(&pair.api, &pair.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_claimed_by_several_goes_to_one() {
    let pair = Pair::start(Team::of(6));
    scenario::claims_of_one_chat(&pair.api, &pair.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_never_has_more_chats_than_allowed() {
    let pair = Pair::start(Team::of(2).with_most(1, 1));
    scenario::claims_beyond_the_limit(&pair.api, &pair.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_before_the_end_or_not_at_all() {
    let pair = Pair::start(Team::of(1));
    scenario::closing_while_answering(&pair.api, &pair.team).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_id_and_one_idempotency_key_count_once() {
    let pair = Pair::start(Team::of(1));
    scenario::one_client_id_at_once(&pair.api, &pair.team).await;
    scenario::one_idempotency_key_at_once(&pair.api).await;
}
