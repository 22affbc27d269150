//! What every store must do, whatever keeps its values: one suite for all backends.

use super::{MemoryStore, Store};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Runs the suite on an empty store.
pub(crate) async fn store_contract(store: Arc<dyn Store>) {
    values(&*store).await;
    keys(&*store).await;
    several(&*store).await;
    counters(&*store).await;
    not_a_counter(&*store).await;
    concurrent_counting(&store).await;
    concurrent_writing(&store).await;
}

async fn values(store: &dyn Store) {
    assert_eq!(store.get("v:none").await, Ok(None));
    assert_eq!(store.exists("v:none").await, Ok(false));
    assert_eq!(store.delete("v:none").await, Ok(()));
    let long = vec![7; 64 << 10];
    let values: [&[u8]; 5] = [b"", b"one", b"\0\xff\r\n", "কথা".as_bytes(), &long];
    for value in values {
        store.set("v:one", value.to_vec()).await.unwrap();
        assert_eq!(store.get("v:one").await, Ok(Some(value.to_vec())));
        assert_eq!(store.exists("v:one").await, Ok(true));
    }
    store.delete("v:one").await.unwrap();
    assert_eq!(store.get("v:one").await, Ok(None));
    assert_eq!(store.exists("v:one").await, Ok(false));
}

async fn keys(store: &dyn Store) {
    let before: BTreeSet<_> = store.get_keys().await.unwrap().into_iter().collect();
    let long = "k:".repeat(128);
    let keys = [
        "k:a",
        "k:A",
        "k:a:b",
        "k: ",
        "k:*",
        "k:সারি",
        "k:'\"%",
        long.as_str(),
    ];
    for key in keys {
        store.set(key, key.as_bytes().to_vec()).await.unwrap();
    }
    for key in keys {
        assert_eq!(store.get(key).await, Ok(Some(key.as_bytes().to_vec())));
    }
    let found: BTreeSet<_> = store.get_keys().await.unwrap().into_iter().collect();
    let added: BTreeSet<_> = found.difference(&before).map(String::as_str).collect();
    assert_eq!(added, BTreeSet::from(keys));
    for key in keys {
        store.delete(key).await.unwrap();
    }
    let left: BTreeSet<_> = store.get_keys().await.unwrap().into_iter().collect();
    assert_eq!(left, before);
}

async fn several(store: &dyn Store) {
    let key = |n: u8| format!("m:{n}");
    let pairs = [(key(1), b"1".to_vec()), (key(2), b"2".to_vec())];
    store.set_many(pairs.to_vec()).await.unwrap();
    let asked = vec![key(2), key(9), key(1)];
    let found = store.get_many(asked).await.unwrap();
    let expected = [
        (key(2), Some(b"2".to_vec())),
        (key(9), None),
        (key(1), Some(b"1".to_vec())),
    ];
    assert_eq!(found, expected);
    store.delete_many(vec![key(1), key(9)]).await.unwrap();
    assert_eq!(store.get(&key(1)).await, Ok(None));
    assert_eq!(store.get(&key(2)).await, Ok(Some(b"2".to_vec())));
    assert_eq!(store.get_many(Vec::new()).await, Ok(Vec::new()));
    assert_eq!(store.set_many(Vec::new()).await, Ok(()));
    assert_eq!(store.delete_many(Vec::new()).await, Ok(()));
}

async fn counters(store: &dyn Store) {
    assert_eq!(store.increment("n:one", 1).await, Ok(1));
    assert_eq!(store.increment("n:one", 41).await, Ok(42));
    assert_eq!(store.increment("n:one", -50).await, Ok(-8));
    assert_eq!(store.increment("n:one", 0).await, Ok(-8));
    assert_eq!(store.exists("n:one").await, Ok(true));
    assert_eq!(store.increment("n:two", i64::MAX).await, Ok(i64::MAX));
    assert!(store.increment("n:two", 1).await.is_err());
    assert_eq!(store.increment("n:two", 0).await, Ok(i64::MAX));
    store.delete("n:one").await.unwrap();
    assert_eq!(store.increment("n:one", 1).await, Ok(1));
}

async fn not_a_counter(store: &dyn Store) {
    for value in ["", "text", "longer than eight bytes"] {
        store.set("n:text", value.into()).await.unwrap();
        assert!(store.increment("n:text", 1).await.is_err(), "{value:?}");
        assert_eq!(store.get("n:text").await, Ok(Some(value.into())));
    }
    assert_eq!(store.increment("n:after", 1).await, Ok(1));
}

async fn concurrent_counting(store: &Arc<dyn Store>) {
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let store = Arc::clone(store);
            tokio::spawn(async move { store.increment("n:many", 1).await.unwrap() })
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for task in tasks {
        numbers.insert(task.await.unwrap());
    }
    assert_eq!(numbers, (1..=100).collect());
}

/// Whoever was told that a value is written finds it, however many write at once.
async fn concurrent_writing(store: &Arc<dyn Store>) {
    let tasks: Vec<_> = (0..100)
        .map(|n| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let key = format!("w:{n}");
                store.set(&key, key.clone().into_bytes()).await.unwrap();
                assert_eq!(store.get(&key).await, Ok(Some(key.into_bytes())));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    store_contract(Arc::new(MemoryStore::default())).await;
}
