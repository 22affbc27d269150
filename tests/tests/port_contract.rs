//! The contract of the ports, kept by the host with each of its stores, as seen from inside a component.

use alap_tests::{Embedded, Redis, Server};

async fn is_kept(server: &Server) {
    // Twice: the second time on a store that is not empty.
    for _ in 0..2 {
        let answer = server.api.get("/contract").send().await.expect(200);
        assert_eq!(answer.text(), "ok");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_is_kept_on_sqlite() {
    is_kept(&Embedded::of_the_contract().start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_is_kept_on_redis() {
    let redis = Redis::start();
    let host = Embedded::of_the_contract().on_redis(&redis);
    is_kept(&host.start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_is_kept_in_memory() {
    is_kept(&Embedded::of_the_contract().in_memory().start().await).await;
}
