//! The interfaces the host lends to components besides WASI: key-value stores and variables.

use crate::calls::{Call, Operation, RequestRecord};
use crate::guest::Guest;
use crate::store::{Store, StoreError};
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::component::{HasData, Linker};

mod key_value;
mod variables;
mod wasi_keyvalue;

/// Generated from `wit/`.
mod bindings {
    wasmtime::component::bindgen!({
        path: "wit",
        world: "host:embedded/imports",
        imports: {
            "spin:key-value/key-value.[drop]store": trappable,
            "wasi:keyvalue/store.[drop]bucket": trappable,
            "wasi:keyvalue/atomics.[drop]cas": trappable,
            "spin:key-value": trappable,
            "spin:variables": trappable,
            "wasi:keyvalue": async | store | trappable,
        },
        with: {
            "spin:key-value/key-value.store": super::OpenStore,
            "wasi:keyvalue/store.bucket": super::OpenStore,
        },
    });
}

/// Adds the interfaces to a linker.
pub(crate) fn add_to_linker(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    use bindings::{spin, wasi};
    let guest: fn(&mut Guest) -> &mut Guest = |guest| guest;
    spin::key_value::key_value::add_to_linker::<_, Interfaces>(linker, guest)?;
    spin::variables::variables::add_to_linker::<_, Interfaces>(linker, guest)?;
    wasi::keyvalue::store::add_to_linker::<_, Interfaces>(linker, guest)?;
    wasi::keyvalue::atomics::add_to_linker::<_, Interfaces>(linker, guest)?;
    wasi::keyvalue::batch::add_to_linker::<_, Interfaces>(linker, guest)
}

/// Ties the generated traits to the state of an instance.
struct Interfaces;

impl HasData for Interfaces {
    type Data<'a> = &'a mut Guest;
}

/// A store a component holds open, through either of the two key-value interfaces.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct OpenStore {
    store: Arc<dyn Store>,
    timeout: Duration,
}

/// Why a store was not opened.
enum OpenError {
    /// The component's manifest entry doesn't list the label.
    AccessDenied,
}

impl Guest {
    fn open_store(&self, label: &str) -> Result<OpenStore, OpenError> {
        let store = self.stores.get(label).ok_or(OpenError::AccessDenied)?;
        Ok(OpenStore {
            store: Arc::clone(store),
            timeout: self.store_timeout,
        })
    }
}

impl OpenStore {
    /// Runs one call within the time a store has, and records it if the request is being recorded.
    async fn call<T>(
        &self,
        record: Option<Arc<RequestRecord>>,
        operation: Operation,
        keys: impl FnOnce() -> Vec<String>,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let recorded = record.map(|record| (record, keys(), Instant::now()));
        let answer = match tokio::time::timeout(self.timeout, call).await {
            Ok(answer) => answer,
            Err(_) => Err(StoreError(format!(
                "the store did not answer within {:?}",
                self.timeout
            ))),
        };
        if let Some((record, keys, started)) = recorded {
            record.add(Call {
                operation,
                keys,
                started,
                ended: Instant::now(),
                succeeded: answer.is_ok(),
            });
        }
        answer
    }
}
