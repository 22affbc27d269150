//! Key-value stores behind the host interfaces: one trait, three backends.

use crate::error::StartError;
use async_trait::async_trait;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod contract;
mod memory;
mod redis;
mod sqlite;

pub use memory::MemoryStore;
pub use redis::RedisStore;
pub use sqlite::{SqliteDatabase, SqliteStore};

/// What a store answers when it cannot do what was asked. The text goes to the component.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

impl StoreError {
    pub(crate) fn new(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// A key-value store. Keys are any text, values any bytes.
///
/// A call that returned `Ok` has taken effect for every later call by anyone, and for a backend with a disk it is on the disk. A call
/// that returned an error may or may not have taken effect.
///
/// Public, so that a test can put its own store, or one that delays and fails on purpose, in a component's way
/// ([`Builder::wrap_stores`](crate::Builder::wrap_stores)).
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The value of `key`.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Gives `key` a value, whether it had one or not.
    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError>;

    /// Removes `key`; nothing happens if it isn't there.
    async fn delete(&self, key: &str) -> Result<(), StoreError>;

    /// Whether `key` has a value.
    async fn exists(&self, key: &str) -> Result<bool, StoreError>;

    /// All keys, in no particular order. Walks the whole store.
    async fn get_keys(&self) -> Result<Vec<String>, StoreError>;

    /// Adds `delta` to the counter `key`, which begins at 0, and returns the sum, as one atomic step.
    ///
    /// Counters have keys of their own: how a counter is stored is the backend's affair. A value that is no counter is an error.
    async fn increment(&self, key: &str, delta: i64) -> Result<i64, StoreError>;

    /// The values of several keys, in the order asked for.
    async fn get_many(
        &self,
        keys: Vec<String>,
    ) -> Result<Vec<(String, Option<Vec<u8>>)>, StoreError> {
        let mut pairs = Vec::with_capacity(keys.len());
        for key in keys {
            let value = self.get(&key).await?;
            pairs.push((key, value));
        }
        Ok(pairs)
    }

    /// Gives several keys their values; after an error, some may have theirs.
    async fn set_many(&self, pairs: Vec<(String, Vec<u8>)>) -> Result<(), StoreError> {
        for (key, value) in pairs {
            self.set(&key, value).await?;
        }
        Ok(())
    }

    /// Removes several keys; after an error, some may be gone.
    async fn delete_many(&self, keys: Vec<String>) -> Result<(), StoreError> {
        for key in keys {
            self.delete(&key).await?;
        }
        Ok(())
    }
}

/// Where a store is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreConfig {
    /// In an `SQLite` file with Spin's schema; `None` is `sqlite_key_value.db` in the state folder.
    Sqlite {
        /// The file.
        path: Option<PathBuf>,
    },
    /// In Redis with Spin's layout: keys as they are, so that all labels of one URL share one key space.
    Redis {
        /// `redis://[user[:password]@]host[:port][/database]`.
        url: String,
    },
    /// In this process, gone when it ends. For tests.
    Memory,
}

/// How an opened `SQLite` database or Redis connection is shared between the labels that name it.
#[derive(Default)]
pub(crate) struct OpenStores {
    sqlite: Vec<(PathBuf, Arc<SqliteDatabase>)>,
    redis: Vec<(String, Arc<RedisStore>)>,
}

impl OpenStores {
    /// Opens the store `label`. `default_file` is the `SQLite` file when none is named; `timeout` is how long one call may take.
    pub(crate) async fn open(
        &mut self,
        label: &str,
        config: &StoreConfig,
        default_file: &std::path::Path,
        timeout: Duration,
    ) -> Result<Arc<dyn Store>, StartError> {
        let failed = |problem: String| StartError::Store {
            label: label.to_owned(),
            problem,
        };
        match config {
            StoreConfig::Memory => Ok(Arc::new(MemoryStore::default())),
            StoreConfig::Sqlite { path } => {
                let path = path.as_deref().unwrap_or(default_file);
                let known = self.sqlite.iter().find(|(known, _)| known == path);
                let database = if let Some((_, database)) = known {
                    Arc::clone(database)
                } else {
                    let opened = SqliteDatabase::open(path, timeout).map_err(|error| {
                        failed(format!("cannot open {}: {error}", path.display()))
                    })?;
                    let opened = Arc::new(opened);
                    self.sqlite.push((path.to_owned(), Arc::clone(&opened)));
                    opened
                };
                Ok(Arc::new(SqliteStore::new(database, label)))
            }
            StoreConfig::Redis { url } => {
                if let Some((_, store)) = self.redis.iter().find(|(known, _)| known == url) {
                    return Ok(Arc::clone(store) as Arc<dyn Store>);
                }
                let store = RedisStore::connect(url, timeout)
                    .await
                    .map_err(|error| failed(format!("cannot reach Redis: {error}")))?;
                let store = Arc::new(store);
                self.redis.push((url.clone(), Arc::clone(&store)));
                Ok(store)
            }
        }
    }

    /// Closes the `SQLite` files, after the writes that are waiting. Redis has everything it was told already.
    pub(crate) async fn close(self) {
        let close = move || {
            for (_, database) in &self.sqlite {
                database.close();
            }
        };
        // It fails only if a database's own thread panicked: then there is nothing left to close.
        let _closed = tokio::task::spawn_blocking(close).await;
    }
}
