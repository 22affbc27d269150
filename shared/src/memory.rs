//! All ports in memory, for tests: a store that is a map, a clock that is set by hand, repeatable randomness.
//!
//! ```
//! use alap_shared::{memory::{Memory, run}, ports::Store};
//!
//! let memory = Memory::new();
//! run(async {
//!     memory.set("greeting", b"nomoshkar".to_vec()).await.unwrap();
//!     assert_eq!(memory.reserve("counter", 1).await, Ok(1));
//! });
//! assert_eq!(memory.calls().writes, 1);
//! ```

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, VecDeque},
    fmt,
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use crate::ports::{Background, Clock, Entropy, Millis, Store, StoreError};

/// When a [`Memory`] begins: a Sunday noon in Dhaka, 1 March 2026.
pub const BEGINNING: Millis = 1_772_344_800_000;

/// The polls after which [`run`] says that a future waits for something that no memory will ever give.
const MOST_POLLS: usize = 1_000_000;

/// A store, a clock, randomness and background work, all in memory. Clones share everything.
///
/// Every call answers at once, so that nothing ever happens between two of its calls.
#[derive(Clone, Default)]
pub struct Memory {
    shared: Rc<Shared>,
}

/// What kind of store call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// [`Store::get`].
    Read,
    /// [`Store::set`].
    Write,
    /// [`Store::delete`].
    Delete,
    /// [`Store::reserve`].
    Reserve,
}

/// A call that the store is about to serve: see [`Memory::fail_when`].
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// What is asked.
    pub operation: Operation,
    /// Of which key.
    pub key: &'a str,
    /// How many calls there were before it since [`Memory::fail_when`].
    pub before: u32,
}

/// How many calls the store was asked, failed ones among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// Of [`Store::get`].
    pub reads: u32,
    /// Of [`Store::set`].
    pub writes: u32,
    /// Of [`Store::delete`].
    pub deletes: u32,
    /// Of [`Store::reserve`].
    pub reservations: u32,
}

type Fails = Box<dyn FnMut(Call<'_>) -> bool>;
type Work = Pin<Box<dyn Future<Output = ()>>>;

struct Shared {
    values: RefCell<BTreeMap<String, Vec<u8>>>,
    counters: RefCell<BTreeMap<String, u64>>,
    now: Cell<Millis>,
    random: Cell<Random>,
    work: RefCell<VecDeque<Work>>,
    work_waits: Cell<bool>,
    calls: Cell<Calls>,
    fails: RefCell<Option<(Fails, u32)>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            values: RefCell::default(),
            counters: RefCell::default(),
            now: Cell::new(BEGINNING),
            random: Cell::new(Random::new(0)),
            work: RefCell::default(),
            work_waits: Cell::new(false),
            calls: Cell::default(),
            fails: RefCell::default(),
        }
    }
}

impl Memory {
    /// An empty store at the time [`BEGINNING`].
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with other randomness.
    pub fn seeded(seed: u64) -> Self {
        let memory = Self::new();
        memory.shared.random.set(Random::new(seed));
        memory
    }

    /// Lets `duration` milliseconds pass.
    pub fn advance(&self, duration: Millis) {
        let now = self.shared.now.get();
        self.shared.now.set(now.saturating_add(duration));
    }

    /// Sets the clock, backwards too.
    pub fn set_time(&self, now: Millis) {
        self.shared.now.set(now);
    }

    /// Keeps work that is to follow the answer until [`Memory::run_background`]; otherwise it runs at once.
    pub fn keep_background(&self) {
        self.shared.work_waits.set(true);
    }

    /// Runs the work that waits, and the work that this leads to.
    pub fn run_background(&self) {
        loop {
            // The borrow ends before the work begins, which may lead to more.
            let next = self.shared.work.borrow_mut().pop_front();
            let Some(work) = next else { return };
            run(work);
        }
    }

    /// Loses the work that waits, as a crash does.
    pub fn lose_background(&self) {
        self.shared.work.borrow_mut().clear();
    }

    /// The calls so far.
    pub fn calls(&self) -> Calls {
        self.shared.calls.get()
    }

    /// The calls since this was last asked.
    pub fn take_calls(&self) -> Calls {
        self.shared.calls.take()
    }

    /// From now on the store fails the calls for which `fails` is true, and does nothing then.
    pub fn fail_when(&self, fails: impl FnMut(Call<'_>) -> bool + 'static) {
        *self.shared.fails.borrow_mut() = Some((Box::new(fails), 0));
    }

    /// The store works again.
    pub fn repair(&self) {
        *self.shared.fails.borrow_mut() = None;
    }

    /// The value at `key`, without a call of the store.
    pub fn value(&self, key: &str) -> Option<Vec<u8>> {
        self.shared.values.borrow().get(key).cloned()
    }

    /// Makes `value` the value at `key`, without a call of the store.
    pub fn put(&self, key: &str, value: Vec<u8>) {
        self.shared
            .values
            .borrow_mut()
            .insert(key.to_owned(), value);
    }

    /// Removes the value or the counter at `key`, without a call of the store.
    pub fn remove(&self, key: &str) {
        self.shared.values.borrow_mut().remove(key);
        self.shared.counters.borrow_mut().remove(key);
    }

    /// Every key there is, of values and of counters, in order.
    pub fn keys(&self) -> Vec<String> {
        let (values, counters) = (self.shared.values.borrow(), self.shared.counters.borrow());
        let mut keys: Vec<String> = values.keys().chain(counters.keys()).cloned().collect();
        keys.sort();
        keys
    }

    fn begin(&self, operation: Operation, key: &str) -> Result<(), StoreError> {
        let mut calls = self.shared.calls.get();
        *match operation {
            Operation::Read => &mut calls.reads,
            Operation::Write => &mut calls.writes,
            Operation::Delete => &mut calls.deletes,
            Operation::Reserve => &mut calls.reservations,
        } += 1;
        self.shared.calls.set(calls);
        if let Some((fails, before)) = &mut *self.shared.fails.borrow_mut() {
            let call = Call {
                operation,
                key,
                before: *before,
            };
            *before += 1;
            if fails(call) {
                return Err(StoreError(format!(
                    "{operation:?} of {key} was told to fail"
                )));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Memory")
            .field("now", &self.shared.now)
            .field("keys", &self.keys())
            .finish_non_exhaustive()
    }
}

impl Store for Memory {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.begin(Operation::Read, key)?;
        Ok(self.value(key))
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.begin(Operation::Write, key)?;
        self.put(key, value);
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.begin(Operation::Delete, key)?;
        self.remove(key);
        Ok(())
    }

    async fn reserve(&self, key: &str, count: u32) -> Result<u64, StoreError> {
        self.begin(Operation::Reserve, key)?;
        let mut counters = self.shared.counters.borrow_mut();
        let counter = counters.entry(key.to_owned()).or_default();
        *counter += u64::from(count);
        Ok(*counter)
    }
}

impl Clock for Memory {
    fn now(&self) -> Millis {
        self.shared.now.get()
    }

    /// Returns at once, and the time has passed.
    async fn sleep(&self, duration: Millis) {
        self.advance(duration);
    }
}

impl Entropy for Memory {
    /// Repeatable, and so nothing to build a secret on.
    fn fill(&self, bytes: &mut [u8]) {
        let mut random = self.shared.random.get();
        for chunk in bytes.chunks_mut(8) {
            for (byte, drawn) in chunk.iter_mut().zip(random.draw().to_le_bytes()) {
                *byte = drawn;
            }
        }
        self.shared.random.set(random);
    }
}

impl Background for Memory {
    /// Runs `work` at once, unless [`Memory::keep_background`] says otherwise.
    fn later(&self, work: Work) {
        self.shared.work.borrow_mut().push_back(work);
        if !self.shared.work_waits.get() {
            self.run_background();
        }
    }
}

/// Runs a future that waits for nothing but a [`Memory`], natively and as Wasm.
///
/// # Panics
/// When the future waits for something else.
#[expect(clippy::panic, reason = "a test that waits for ever had better fail")]
pub fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..MOST_POLLS {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("the future waits for something that a Memory does not give")
}

/// `SplitMix64` (Steele, Lea and Flood, 2014): repeatable, evenly spread, and easily guessed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::port_contract::port_contract;

    #[test]
    fn it_keeps_what_a_store_promises() {
        let memory = Memory::new();
        assert_eq!(run(port_contract(&memory)), Ok(()));
        assert_eq!(
            memory.keys(),
            Vec::<String>::new(),
            "the contract cleans up"
        );
    }

    #[test]
    fn calls_are_counted_by_kind() {
        let memory = Memory::new();
        run(async {
            memory.set("a", vec![1]).await.unwrap();
            memory.get("a").await.unwrap();
            memory.get("b").await.unwrap();
            memory.delete("a").await.unwrap();
            memory.reserve("n", 3).await.unwrap();
        });
        let counted = Calls {
            reads: 2,
            writes: 1,
            deletes: 1,
            reservations: 1,
        };
        assert_eq!(memory.calls(), counted);
        assert_eq!(memory.take_calls(), counted);
        assert_eq!(memory.calls(), Calls::default());
    }

    #[test]
    fn a_call_fails_when_it_is_told_to() {
        let memory = Memory::new();
        memory.fail_when(|call| call.operation == Operation::Write && call.before == 1);
        run(async {
            memory.set("a", vec![1]).await.unwrap();
            memory.set("b", vec![2]).await.unwrap_err();
            memory.set("c", vec![3]).await.unwrap();
            memory.fail_when(|call| call.key == "c");
            memory.get("c").await.unwrap_err();
            memory.repair();
            assert_eq!(memory.get("c").await, Ok(Some(vec![3])));
        });
        assert_eq!(memory.keys(), ["a", "c"], "what failed did nothing");
    }

    #[test]
    fn background_work_runs_at_once_or_when_asked_or_never() {
        let memory = Memory::new();
        let write = |key: &'static str| {
            let other = memory.clone();
            memory.later(Box::pin(async move {
                other.set(key, Vec::new()).await.unwrap();
            }));
        };
        write("at once");
        assert_eq!(memory.keys(), ["at once"]);
        memory.keep_background();
        write("lost");
        memory.lose_background();
        write("when asked");
        assert_eq!(memory.keys(), ["at once"]);
        memory.run_background();
        assert_eq!(memory.keys(), ["at once", "when asked"]);
    }

    #[test]
    fn time_passes_only_by_hand_and_by_sleeping() {
        let memory = Memory::new();
        assert_eq!(memory.now(), BEGINNING);
        memory.advance(250);
        run(memory.sleep(50));
        assert_eq!(memory.now(), BEGINNING + 300);
        memory.set_time(7);
        assert_eq!(memory.now(), 7);
    }

    #[test]
    fn randomness_repeats_with_its_seed() {
        let drawn = |seed| {
            let mut bytes = [0; 20];
            Memory::seeded(seed).fill(&mut bytes);
            bytes
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }
}
