use super::*;
use crate::store::contract::store_contract;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

const TIMEOUT: Duration = Duration::from_secs(5);

/// A Redis of the test's own, gone with it.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(port: u16) -> Self {
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is missing; on Debian: apt-get install redis-server");
        let server = Self { process, port };
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < TIMEOUT, "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }

    fn on_a_free_port() -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        Self::start(port)
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[tokio::test]
async fn keeps_the_contract() {
    let server = Server::on_a_free_port();
    let store = RedisStore::connect(&server.url(), TIMEOUT).await.unwrap();
    store_contract(Arc::new(store)).await;
}

#[tokio::test]
async fn lays_values_out_as_spin_does() {
    let server = Server::on_a_free_port();
    let store = RedisStore::connect(&server.url(), TIMEOUT).await.unwrap();
    store.set("c:1:s", b"\0state".to_vec()).await.unwrap();
    store.increment("c:1:n", 41).await.unwrap();
    let raw = |key: &'static str| {
        let mut get = redis::cmd("GET");
        get.arg(key);
        let store = &store;
        async move { store.run::<Vec<u8>>(&get).await.unwrap() }
    };
    assert_eq!(raw("c:1:s").await, b"\0state");
    assert_eq!(raw("c:1:n").await, b"41");
}

#[tokio::test]
async fn walks_through_many_keys() {
    let server = Server::on_a_free_port();
    let store = RedisStore::connect(&server.url(), TIMEOUT).await.unwrap();
    let pairs = (0..5000).map(|n| (format!("k{n}"), vec![1])).collect();
    store.set_many(pairs).await.unwrap();
    assert_eq!(store.get_keys().await.unwrap().len(), 5000);
}

#[tokio::test]
async fn a_slow_redis_makes_an_error_not_a_hang() {
    let server = Server::on_a_free_port();
    let timeout = Duration::from_millis(200);
    let store = RedisStore::connect(&server.url(), timeout).await.unwrap();
    store.set("k", b"1".to_vec()).await.unwrap();
    let mut pause = redis::cmd("CLIENT");
    pause.arg("PAUSE").arg(600).arg("ALL");
    let () = store.run(&pause).await.unwrap();
    let start = Instant::now();
    assert!(store.get("k").await.is_err());
    assert!(store.increment("n", 1).await.is_err());
    assert!(start.elapsed() < Duration::from_millis(600));
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(store.get("k").await, Ok(Some(b"1".to_vec())));
}

#[tokio::test]
async fn a_redis_that_comes_back_is_used_again() {
    let server = Server::on_a_free_port();
    let port = server.port;
    let timeout = Duration::from_millis(500);
    let store = RedisStore::connect(&server.url(), timeout).await.unwrap();
    store.set("k", b"1".to_vec()).await.unwrap();
    drop(server);
    assert!(store.get("k").await.is_err());
    let _server = Server::start(port);
    let start = Instant::now();
    while store.set("k", b"2".to_vec()).await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(store.get("k").await, Ok(Some(b"2".to_vec())));
}

#[tokio::test]
async fn nobody_there_is_an_error_at_the_start() {
    let timeout = Duration::from_millis(300);
    assert!(
        RedisStore::connect("redis://127.0.0.1:1", timeout)
            .await
            .is_err()
    );
    assert!(
        RedisStore::connect("http://127.0.0.1", timeout)
            .await
            .is_err()
    );
}
