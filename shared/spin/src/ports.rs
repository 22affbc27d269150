//! The domain's ports on a Spin host.

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use alap_shared::ports::{Background, Clock, Entropy, Millis, Store, StoreError};
use spin_sdk::{
    experimental::wasi::keyvalue::{atomics, store},
    key_value, time,
    wasip3::random::random::get_random_bytes,
    wit_bindgen,
};

/// The store's label: the one that every host has.
const LABEL: &str = "default";

/// The domain's ports on a Spin host.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpinPorts;

thread_local! {
    /// The store as the host gives it out, once for each instance of a component.
    static STORE: RefCell<Option<Rc<key_value::Store>>> = const { RefCell::new(None) };
    /// The same store for the one operation that only the other interface has.
    static BUCKET: RefCell<Option<Rc<store::Bucket>>> = const { RefCell::new(None) };
}

async fn store() -> Result<Rc<key_value::Store>, StoreError> {
    if let Some(open) = STORE.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let opened = key_value::Store::open(LABEL).await;
    let opened = Rc::new(opened.map_err(|error| failed("open", LABEL, &reason(&error)))?);
    STORE.set(Some(opened.clone()));
    Ok(opened)
}

fn bucket() -> Result<Rc<store::Bucket>, StoreError> {
    if let Some(open) = BUCKET.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let opened = store::open(LABEL).map_err(|error| failed("open", LABEL, &text(&error)))?;
    let opened = Rc::new(opened);
    BUCKET.set(Some(opened.clone()));
    Ok(opened)
}

fn failed(operation: &str, key: &str, reason: &str) -> StoreError {
    StoreError([operation, " ", key, ": ", reason].concat())
}

// The errors' own texts are made with `Debug`, and that is kilobytes of code.
fn reason(error: &key_value::Error) -> String {
    match error {
        key_value::Error::StoreTableFull => "too many stores are open".to_owned(),
        key_value::Error::NoSuchStore => "no such store".to_owned(),
        key_value::Error::AccessDenied => "access denied".to_owned(),
        key_value::Error::Other(text) => text.clone(),
    }
}

fn text(error: &store::Error) -> String {
    match error {
        store::Error::NoSuchStore => "no such store".to_owned(),
        store::Error::AccessDenied => "access denied".to_owned(),
        store::Error::Other(text) => text.clone(),
    }
}

impl Store for SpinPorts {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = store().await?.get(key).await;
        found.map_err(|error| failed("get", key, &reason(&error)))
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), StoreError> {
        let written = store().await?.set(key, value).await;
        written.map_err(|error| failed("set", key, &reason(&error)))
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        let deleted = store().await?.delete(key).await;
        deleted.map_err(|error| failed("delete", key, &reason(&error)))
    }

    /// The one call that holds up all requests of the instance while it runs: hosts have no other form of it.
    async fn reserve(&self, key: &str, count: u32) -> Result<u64, StoreError> {
        let failed = |reason: &str| failed("increment", key, reason);
        match atomics::increment(&*bucket()?, key, count.into()) {
            Ok(last) => u64::try_from(last).map_err(|_| failed("it is below zero")),
            Err(error) => Err(failed(&text(&error))),
        }
    }
}

impl Clock for SpinPorts {
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| {
            Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
        })
    }

    async fn sleep(&self, duration: Millis) {
        time::sleep(Duration::from_millis(duration)).await;
    }
}

impl Entropy for SpinPorts {
    fn fill(&self, bytes: &mut [u8]) {
        let mut left = bytes;
        // A host may give less than was asked for.
        while !left.is_empty() {
            let given = get_random_bytes(left.len() as u64);
            let length = given.len().min(left.len());
            let (filled, rest) = left.split_at_mut(length);
            filled
                .iter_mut()
                .zip(given)
                .for_each(|(to, from)| *to = from);
            left = rest;
        }
    }
}

impl Background for SpinPorts {
    fn later(&self, work: Pin<Box<dyn Future<Output = ()>>>) {
        // Runs beside the answer and, where it is not done by then, after it.
        wit_bindgen::spawn(work);
    }
}
