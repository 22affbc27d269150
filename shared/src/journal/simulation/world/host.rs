//! What functions see of the world.

use std::{fmt, future::Future, pin::Pin};

use super::{
    Fresh, Role, World,
    calls::{Answer, Request},
    digest_of,
};
use crate::{
    memory::BEGINNING,
    ports::{Background, Clock, Entropy, Millis, Store, StoreError},
};

/// All ports, as one computer of the world has them.
#[derive(Clone)]
pub(crate) struct Host {
    pub(super) world: World,
    pub(super) number: usize,
}

fn failed() -> StoreError {
    StoreError("the store failed".to_owned())
}

impl Store for Host {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.world.call(Request::Get(key.to_owned())).await {
            Answer::Value(value) => Ok(value),
            _ => Err(failed()),
        }
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        match self.world.call(Request::Set(key.to_owned(), value)).await {
            Answer::Done => Ok(()),
            _ => Err(failed()),
        }
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        match self.world.call(Request::Delete(key.to_owned())).await {
            Answer::Done => Ok(()),
            _ => Err(failed()),
        }
    }

    async fn reserve(&self, key: &str, count: u32) -> Result<u64, StoreError> {
        let request = Request::Reserve(key.to_owned(), count);
        match self.world.call(request).await {
            Answer::Number(number) => Ok(number),
            _ => Err(failed()),
        }
    }
}

impl Clock for Host {
    fn now(&self) -> Millis {
        let mut inner = self.world.inner.borrow_mut();
        let now = BEGINNING + inner.now + inner.ahead[self.number];
        if let Some(task) = inner.running {
            inner.tasks[task].looked = digest_of(&(inner.tasks[task].looked, now));
        }
        now
    }

    async fn sleep(&self, duration: Millis) {
        self.world.pause(duration).await;
    }
}

impl Entropy for Host {
    fn fill(&self, bytes: &mut [u8]) {
        let mut inner = self.world.inner.borrow_mut();
        for byte in bytes {
            *byte = inner.random.draw().to_le_bytes()[0];
        }
    }
}

impl Background for Host {
    fn later(&self, work: Pin<Box<dyn Future<Output = ()>>>) {
        let label = {
            let inner = self.world.inner.borrow();
            let task = inner.running.expect("only a task leaves work");
            inner.tasks[task].label.clone()
        };
        let task = self.world.spawn(label, Role::Background, self.number, work);
        self.world.inner.borrow_mut().fresh.push(Fresh::Work(task));
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "host {}", self.number)
    }
}
