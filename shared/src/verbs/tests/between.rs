//! Ports where something else happens between two calls of the store.

use std::{cell::RefCell, pin::Pin, rc::Rc};

use super::*;
use crate::{
    memory::Operation,
    ports::{Background, Entropy, Store, StoreError},
};

/// A memory where something happens once, right before the first call for which it is time. Background work is done
/// at once, whatever the memory does with other work.
#[derive(Clone)]
pub(super) struct Between {
    memory: Memory,
    due: Rc<RefCell<Option<Due>>>,
}

type When = Box<dyn Fn(Operation, &str) -> bool>;

struct Due {
    when: When,
    act: Box<dyn FnOnce()>,
}

impl World {
    /// The service for somebody who is interrupted by `act` right before the first call for which `when` is true.
    pub(super) fn interrupted(
        &self,
        when: impl Fn(Operation, &str) -> bool + 'static,
        act: impl FnOnce() + 'static,
    ) -> Service<Between> {
        let due = Due {
            when: Box::new(when),
            act: Box::new(act),
        };
        Service {
            ports: Between {
                memory: self.memory.clone(),
                due: Rc::new(RefCell::new(Some(due))),
            },
            rules: self.service.rules.clone(),
            secrets: self.service.secrets.clone(),
        }
    }
}

impl Between {
    fn before(&self, operation: Operation, key: &str) {
        let due = self
            .due
            .borrow_mut()
            .take_if(|due| (due.when)(operation, key));
        if let Some(due) = due {
            (due.act)();
        }
    }
}

impl Store for Between {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.before(Operation::Read, key);
        self.memory.get(key).await
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.before(Operation::Write, key);
        self.memory.set(key, value).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.before(Operation::Delete, key);
        self.memory.delete(key).await
    }

    async fn reserve(&self, key: &str, count: u32) -> Result<u64, StoreError> {
        self.before(Operation::Reserve, key);
        self.memory.reserve(key, count).await
    }
}

impl Clock for Between {
    fn now(&self) -> Millis {
        self.memory.now()
    }

    async fn sleep(&self, duration: Millis) {
        self.memory.sleep(duration).await;
    }
}

impl Entropy for Between {
    fn fill(&self, bytes: &mut [u8]) {
        self.memory.fill(bytes);
    }
}

impl Background for Between {
    fn later(&self, work: Pin<Box<dyn Future<Output = ()>>>) {
        run(work);
    }
}
