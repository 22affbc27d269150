//! The store in Redis, laid out as Spin lays it out: keys as they are, counters as decimal text.

use super::{Store, StoreError};
use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// How many keys one step of a walk through the store asks for.
const SCAN_STEP: usize = 1000;

/// The longest pause between two attempts to reach a Redis that went away.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// One connection to Redis, shared by all calls and made anew when it breaks.
pub struct RedisStore {
    connection: ConnectionManager,
}

impl RedisStore {
    /// Connects to the Redis at `url`. `timeout` is how long the connecting and each command may take.
    pub async fn connect(url: &str, timeout: Duration) -> Result<Self, StoreError> {
        let client = Client::open(url).map_err(StoreError::new)?;
        let config = ConnectionManagerConfig::new()
            .set_max_delay(RECONNECT_PAUSE)
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout));
        let connecting = client.get_connection_manager_with_config(config);
        let connection = tokio::time::timeout(timeout, connecting)
            .await
            .map_err(|_| StoreError(format!("no connection within {timeout:?}")))?
            .map_err(StoreError::new)?;
        Ok(Self { connection })
    }

    async fn run<T: FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, StoreError> {
        // The manager is a handle; its clones share the connection.
        let mut connection = self.connection.clone();
        command
            .query_async(&mut connection)
            .await
            .map_err(StoreError::new)
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.run(redis::cmd("GET").arg(key)).await
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.run(redis::cmd("SET").arg(key).arg(value)).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.run(redis::cmd("DEL").arg(key)).await
    }

    async fn exists(&self, key: &str) -> Result<bool, StoreError> {
        self.run(redis::cmd("EXISTS").arg(key)).await
    }

    async fn get_keys(&self) -> Result<Vec<String>, StoreError> {
        // SCAN may name a key twice; KEYS would stop the whole server meanwhile.
        let mut keys = std::collections::BTreeSet::new();
        let mut cursor = 0_u64;
        loop {
            let mut step = redis::cmd("SCAN");
            step.arg(cursor).arg("COUNT").arg(SCAN_STEP);
            let (next, found): (u64, Vec<String>) = self.run(&step).await?;
            keys.extend(found);
            cursor = next;
            if cursor == 0 {
                return Ok(keys.into_iter().collect());
            }
        }
    }

    async fn increment(&self, key: &str, delta: i64) -> Result<i64, StoreError> {
        self.run(redis::cmd("INCRBY").arg(key).arg(delta)).await
    }

    async fn get_many(
        &self,
        keys: Vec<String>,
    ) -> Result<Vec<(String, Option<Vec<u8>>)>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let values: Vec<Option<Vec<u8>>> = self.run(redis::cmd("MGET").arg(&keys)).await?;
        Ok(keys.into_iter().zip(values).collect())
    }

    async fn set_many(&self, pairs: Vec<(String, Vec<u8>)>) -> Result<(), StoreError> {
        if pairs.is_empty() {
            return Ok(());
        }
        let mut command = redis::cmd("MSET");
        for (key, value) in pairs {
            command.arg(key).arg(value);
        }
        self.run(&command).await
    }

    async fn delete_many(&self, keys: Vec<String>) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        self.run(redis::cmd("DEL").arg(keys)).await
    }
}
