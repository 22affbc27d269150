use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use alap_host::{Operation, Store, StoreError};
use async_trait::async_trait;

/// What goes wrong with one call of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails, and nothing has happened.
    Refused,
    /// It happens, but the caller is told that it failed.
    AnswerLost,
    /// It takes this long.
    Slow(Duration),
}

type Rule = dyn Fn(Operation, &str) -> Option<Fault> + Send + Sync;

/// Says which calls of a store go wrong; a test keeps a handle and changes its mind.
#[derive(Clone, Default)]
pub struct Faults {
    rule: Arc<Mutex<Option<Arc<Rule>>>>,
}

impl Faults {
    /// From now on calls go wrong as `rule` says of their operation and key.
    pub fn inject(&self, rule: impl Fn(Operation, &str) -> Option<Fault> + Send + Sync + 'static) {
        *self.rule() = Some(Arc::new(rule));
    }

    /// The next call that `matching` is about goes wrong, and no other.
    pub fn inject_once(
        &self,
        fault: Fault,
        matching: impl Fn(Operation, &str) -> bool + Send + Sync + 'static,
    ) {
        let left = Mutex::new(true);
        self.inject(move |operation, key| {
            let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
            let hit = *left && matching(operation, key);
            *left &= !hit;
            hit.then_some(fault)
        });
    }

    /// From now on all is well.
    pub fn heal(&self) {
        *self.rule() = None;
    }

    /// `store` with these faults.
    pub(crate) fn wrap(&self, store: Arc<dyn Store>) -> Arc<dyn Store> {
        Arc::new(Faulty {
            faults: self.clone(),
            store,
        })
    }

    fn of(&self, operation: Operation, key: &str) -> Option<Fault> {
        let rule = self.rule().clone();
        rule.and_then(|rule| rule(operation, key))
    }

    fn rule(&self) -> MutexGuard<'_, Option<Arc<Rule>>> {
        self.rule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").finish_non_exhaustive()
    }
}

struct Faulty {
    faults: Faults,
    store: Arc<dyn Store>,
}

impl Faulty {
    async fn call<T>(
        &self,
        operation: Operation,
        key: &str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match self.faults.of(operation, key) {
            None => call.await,
            Some(Fault::Slow(time)) => {
                tokio::time::sleep(time).await;
                call.await
            }
            Some(Fault::Refused) => Err(StoreError("refused by the test".to_owned())),
            Some(Fault::AnswerLost) => {
                call.await?;
                Err(StoreError("answer lost by the test".to_owned()))
            }
        }
    }
}

#[async_trait]
impl Store for Faulty {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.call(Operation::Get, key, self.store.get(key)).await
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.call(Operation::Set, key, self.store.set(key, value))
            .await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.call(Operation::Delete, key, self.store.delete(key))
            .await
    }

    async fn exists(&self, key: &str) -> Result<bool, StoreError> {
        self.call(Operation::Exists, key, self.store.exists(key))
            .await
    }

    async fn get_keys(&self) -> Result<Vec<String>, StoreError> {
        self.call(Operation::GetKeys, "", self.store.get_keys())
            .await
    }

    async fn increment(&self, key: &str, delta: i64) -> Result<i64, StoreError> {
        self.call(Operation::Increment, key, self.store.increment(key, delta))
            .await
    }
}
