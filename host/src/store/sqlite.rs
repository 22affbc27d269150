//! The store in an `SQLite` file that Spin can take over and hand back.
//!
//! One thread does all writing: it takes every write that is waiting, runs them in one transaction and answers only after the commit
//! has reached the disk, so that many writers share the price of one `fsync`. Reads go on beside it on connections of their own, as
//! the write-ahead log allows.

use super::{Store, StoreError, memory};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

#[cfg(test)]
mod tests;

/// The most writes that share one transaction: keeps the first of them from waiting long for the last.
const BATCH: usize = 256;

/// Connections that read at the same time. A read takes some microseconds, so more would only wait for the processor.
const READERS: usize = 4;

/// Spin's own table.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (store, key)
)";
const GET: &str = "SELECT value FROM spin_key_value WHERE store = ?1 AND key = ?2";
const EXISTS: &str = "SELECT 1 FROM spin_key_value WHERE store = ?1 AND key = ?2";
const KEYS: &str = "SELECT key FROM spin_key_value WHERE store = ?1";
const SET: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
    ON CONFLICT (store, key) DO UPDATE SET value = excluded.value";
const DELETE: &str = "DELETE FROM spin_key_value WHERE store = ?1 AND key = ?2";

/// An open `SQLite` file. Dropping it finishes what is waiting and closes the file.
pub struct SqliteDatabase {
    /// Gone when the file is closed.
    threads: Mutex<Option<Threads>>,
}

/// Those who work on the file, and where they take their work from: they end when that is dropped.
struct Threads {
    writes: mpsc::Sender<Write>,
    writing: JoinHandle<()>,
    reads: mpsc::Sender<Read>,
    reading: Vec<JoinHandle<()>>,
}

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// One label's part of an `SQLite` file.
pub struct SqliteStore {
    database: Arc<SqliteDatabase>,
    label: String,
}

struct Write {
    label: String,
    change: Change,
    answer: oneshot::Sender<Result<i64, StoreError>>,
}

enum Change {
    Set(Vec<(String, Vec<u8>)>),
    Delete(Vec<String>),
    Increment(String, i64),
}

impl SqliteDatabase {
    /// Opens the file at `path`, and makes it and its folder if they are not there. `timeout` is how long a write waits for another
    /// process that is writing to the same file.
    pub fn open(path: &Path, timeout: Duration) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(StoreError::new)?;
        }
        let mut connection = connect(path, timeout)?;
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .map_err(StoreError::new)?;
        connection.execute(SCHEMA, []).map_err(StoreError::new)?;
        let (writes, to_write) = mpsc::channel();
        let (reads, to_read) = mpsc::channel::<Read>();
        let to_read = Arc::new(Mutex::new(to_read));
        let writing = thread("sqlite-writer", move || {
            while let Ok(first) = to_write.recv() {
                let mut batch = vec![first];
                batch.extend(to_write.try_iter().take(BATCH - 1));
                write(&mut connection, batch);
            }
        })?;
        let mut reading = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let connection = connect(path, timeout)?;
            let to_read = Arc::clone(&to_read);
            reading.push(thread("sqlite-reader", move || {
                loop {
                    let next = lock(&to_read).recv();
                    let Ok(read) = next else { return };
                    read(&connection);
                }
            })?);
        }
        Ok(Self {
            threads: Mutex::new(Some(Threads {
                writes,
                writing,
                reads,
                reading,
            })),
        })
    }

    /// Runs `query` on one of the reading connections, off the threads that serve requests.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let read: Read = Box::new(move |connection| {
            // The caller may have given up waiting.
            let _unheard = answer.send(query(connection).map_err(StoreError::new));
        });
        match lock(&self.threads).as_ref() {
            Some(threads) => threads.reads.send(read).map_err(|_| closed())?,
            None => return Err(closed()),
        }
        answered.await.map_err(|_| closed())?
    }

    /// Finishes what is waiting and closes the file. Blocks. Calls after it fail.
    pub(super) fn close(&self) {
        let Some(threads) = lock(&self.threads).take() else {
            return;
        };
        // A thread only ends by panicking if `SQLite` itself is broken; there is nothing left to save then.
        drop(threads.reads);
        for thread in threads.reading {
            let _ended = thread.join();
        }
        // Last and alone: of connections that close at the same moment none moves the log into the file.
        drop(threads.writes);
        let _ended = threads.writing.join();
    }

    async fn write(&self, label: &str, change: Change) -> Result<i64, StoreError> {
        let (answer, answered) = oneshot::channel();
        let write = Write {
            label: label.to_owned(),
            change,
            answer,
        };
        match lock(&self.threads).as_ref() {
            Some(threads) => threads.writes.send(write).map_err(|_| closed())?,
            None => return Err(closed()),
        }
        answered.await.map_err(|_| closed())?
    }
}

impl Drop for SqliteDatabase {
    fn drop(&mut self) {
        self.close();
    }
}

fn closed() -> StoreError {
    StoreError("the store is closed".to_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(StoreError::new)
}

fn connect(path: &Path, timeout: Duration) -> Result<Connection, StoreError> {
    let connection = Connection::open(path).map_err(StoreError::new)?;
    connection.busy_timeout(timeout).map_err(StoreError::new)?;
    // FULL: what was acknowledged survives a power cut, not only the end of this process.
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(StoreError::new)?;
    Ok(connection)
}

/// Makes all changes of a batch in one transaction, then answers.
fn write(connection: &mut Connection, batch: Vec<Write>) {
    let mut outcomes = Vec::with_capacity(batch.len());
    let committed = write_all(connection, &batch, &mut outcomes);
    let mut outcomes = outcomes.into_iter();
    for write in batch {
        let outcome = outcomes.next().unwrap_or(Ok(0));
        // A change that failed by itself has its own story; the others share that of the transaction.
        let answer = outcome.and_then(|value| committed.clone().map(|()| value));
        // The caller may have given up waiting; the write stands all the same.
        let _unheard = write.answer.send(answer);
    }
}

/// Leaves the outcome of each change it came to in `outcomes`; they hold only if it returns `Ok`.
fn write_all(
    connection: &mut Connection,
    batch: &[Write],
    outcomes: &mut Vec<Result<i64, StoreError>>,
) -> Result<(), StoreError> {
    // IMMEDIATE: an increment reads before it writes, and must not find that another process wrote in between.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StoreError::new)?;
    for write in batch {
        let outcome = apply(&transaction, &write.label, &write.change);
        // A grave failure, a full disk for example, takes back the whole transaction.
        let taken_back = transaction.is_autocommit();
        let failure = outcome.clone().err();
        outcomes.push(outcome);
        if taken_back {
            return Err(failure.unwrap_or_else(closed));
        }
    }
    transaction.commit().map_err(StoreError::new)
}

fn apply(connection: &Connection, label: &str, change: &Change) -> Result<i64, StoreError> {
    match change {
        Change::Set(pairs) => {
            let mut statement = connection.prepare_cached(SET).map_err(StoreError::new)?;
            for (key, value) in pairs {
                statement
                    .execute(params![label, key, value])
                    .map_err(StoreError::new)?;
            }
            Ok(0)
        }
        Change::Delete(keys) => {
            let mut statement = connection.prepare_cached(DELETE).map_err(StoreError::new)?;
            for key in keys {
                statement
                    .execute(params![label, key])
                    .map_err(StoreError::new)?;
            }
            Ok(0)
        }
        Change::Increment(key, delta) => {
            let value = get(connection, label, key).map_err(StoreError::new)?;
            let sum = memory::add(value.as_deref(), *delta)?;
            connection
                .prepare_cached(SET)
                .and_then(|mut set| set.execute(params![label, key, sum.to_le_bytes()]))
                .map_err(StoreError::new)?;
            Ok(sum)
        }
    }
}

fn get(connection: &Connection, label: &str, key: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached(GET)?
        .query_row(params![label, key], |row| row.get(0))
        .optional()
}

impl SqliteStore {
    /// The part of `database` that belongs to `label`.
    pub fn new(database: Arc<SqliteDatabase>, label: &str) -> Self {
        Self {
            database,
            label: label.to_owned(),
        }
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let (label, key) = (self.label.clone(), key.to_owned());
        self.database
            .read(move |connection| get(connection, &label, &key))
            .await
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.set_many(vec![(key.to_owned(), value)]).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.delete_many(vec![key.to_owned()]).await
    }

    async fn exists(&self, key: &str) -> Result<bool, StoreError> {
        let (label, key) = (self.label.clone(), key.to_owned());
        self.database
            .read(move |connection| {
                connection
                    .prepare_cached(EXISTS)?
                    .exists(params![label, key])
            })
            .await
    }

    async fn get_keys(&self) -> Result<Vec<String>, StoreError> {
        let label = self.label.clone();
        self.database
            .read(move |connection| {
                connection
                    .prepare_cached(KEYS)?
                    .query_map(params![label], |row| row.get(0))?
                    .collect()
            })
            .await
    }

    async fn increment(&self, key: &str, delta: i64) -> Result<i64, StoreError> {
        let change = Change::Increment(key.to_owned(), delta);
        self.database.write(&self.label, change).await
    }

    async fn get_many(
        &self,
        keys: Vec<String>,
    ) -> Result<Vec<(String, Option<Vec<u8>>)>, StoreError> {
        let label = self.label.clone();
        self.database
            .read(move |connection| {
                keys.into_iter()
                    .map(|key| get(connection, &label, &key).map(|value| (key, value)))
                    .collect()
            })
            .await
    }

    async fn set_many(&self, pairs: Vec<(String, Vec<u8>)>) -> Result<(), StoreError> {
        let change = Change::Set(pairs);
        self.database.write(&self.label, change).await.map(drop)
    }

    async fn delete_many(&self, keys: Vec<String>) -> Result<(), StoreError> {
        let change = Change::Delete(keys);
        self.database.write(&self.label, change).await.map(drop)
    }
}
