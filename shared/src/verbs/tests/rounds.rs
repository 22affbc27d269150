//! How many calls of the store follow one another, where each takes one round and those at once share it.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::{
    cell::RefCell,
    future::poll_fn,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use super::*;
use crate::ports::{Background, Entropy, Store, StoreError};

/// A store whose calls answer in the next round.
#[derive(Clone)]
struct Rounds {
    memory: Memory,
    round: Rc<Cell<u32>>,
    later: Rc<RefCell<Vec<Work>>>,
}

type Work = Pin<Box<dyn Future<Output = ()>>>;

impl Rounds {
    fn on(memory: &Memory) -> Self {
        Self {
            memory: memory.clone(),
            round: Rc::default(),
            later: Rc::default(),
        }
    }

    async fn next_round(&self) {
        let begun = self.round.get();
        poll_fn(|_| {
            if self.round.get() > begun {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// The output of `future` and after how many rounds it was there.
    fn count<T>(&self, future: impl Future<Output = T>) -> (T, u32) {
        let begun = self.round.get();
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return (output, self.round.get() - begun);
            }
            self.round.set(self.round.get() + 1);
        }
    }

    fn work_off(&self) {
        loop {
            let Some(work) = self.later.borrow_mut().pop() else {
                return;
            };
            self.count(work);
        }
    }
}

impl Store for Rounds {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.next_round().await;
        self.memory.get(key).await
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.next_round().await;
        self.memory.set(key, value).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.next_round().await;
        self.memory.delete(key).await
    }

    async fn reserve(&self, key: &str, count: u32) -> Result<u64, StoreError> {
        self.next_round().await;
        self.memory.reserve(key, count).await
    }
}

impl Clock for Rounds {
    fn now(&self) -> Millis {
        self.memory.now()
    }

    async fn sleep(&self, duration: Millis) {
        self.memory.sleep(duration).await;
    }
}

impl Entropy for Rounds {
    fn fill(&self, bytes: &mut [u8]) {
        self.memory.fill(bytes);
    }
}

impl Background for Rounds {
    fn later(&self, work: Work) {
        self.later.borrow_mut().push(work);
    }
}

#[test]
fn a_start_takes_two_rounds_before_the_answer() {
    let rounds = Rounds::on(&Memory::new());
    let service = service_on(rounds.clone());
    for key in [None, Some("0123456789abcdef")] {
        let with = Start {
            idempotency_key: key,
            ..Start::default()
        };
        let request = start_request();
        let (started, count) = rounds.count(service.start(&request, with));
        started.unwrap();
        assert_eq!(count, 2, "{key:?}");
    }
}

#[test]
fn a_post_takes_three_rounds_before_the_answer() {
    let world = World::new();
    let customer = world.talking();
    let rounds = Rounds::on(&world.memory);
    let service = service_on(rounds.clone());
    for _ in 0..3 {
        let request = world.text("টাকা পৌঁছায়নি");
        let posted = service.post(&customer.caller, &customer.chat, &request);
        let (posted, count) = rounds.count(posted);
        posted.unwrap();
        assert_eq!(count, 3);
        rounds.work_off();
    }
}

#[test]
fn a_poll_takes_one_round_without_news_and_two_with() {
    let world = World::new();
    let customer = world.talking();
    let last = world.poll(&customer, 0).cursor.unwrap();
    let rounds = Rounds::on(&world.memory);
    let service = service_on(rounds.clone());
    for (after, expected) in [(last, 1), (last - 2, 2), (0, 2)] {
        let request = PollRequest { after, wait: 0 };
        let polled = service.poll(&customer.caller, &customer.chat, request);
        let (polled, count) = rounds.count(polled);
        assert_eq!(polled.unwrap().events.is_empty(), expected == 1);
        assert_eq!(count, expected, "after {after}");
    }
}
