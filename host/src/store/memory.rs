//! A store in this process's memory, for tests.

use super::{Store, StoreError};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A store that is gone when the process ends. Counters are 8 bytes little-endian, as in [`SqliteStore`](super::SqliteStore).
#[derive(Default)]
pub struct MemoryStore {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl MemoryStore {
    fn values(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.values().get(key).cloned())
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.values().insert(key.to_owned(), value);
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.values().remove(key);
        Ok(())
    }

    async fn exists(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.values().contains_key(key))
    }

    async fn get_keys(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.values().keys().cloned().collect())
    }

    async fn increment(&self, key: &str, delta: i64) -> Result<i64, StoreError> {
        let mut values = self.values();
        let sum = add(values.get(key).map(Vec::as_slice), delta)?;
        values.insert(key.to_owned(), sum.to_le_bytes().to_vec());
        Ok(sum)
    }
}

/// `delta` more than the counter stored as `value`, which is 8 bytes little-endian, Spin's own form on `SQLite`.
pub(super) fn add(value: Option<&[u8]>, delta: i64) -> Result<i64, StoreError> {
    let counter = match value {
        None => 0,
        Some(bytes) => i64::from_le_bytes(bytes.try_into().map_err(|_| {
            StoreError(format!(
                "the value is not a counter: it has {} bytes instead of 8",
                bytes.len()
            ))
        })?),
    };
    counter
        .checked_add(delta)
        .ok_or_else(|| StoreError("the counter would overflow".to_owned()))
}
