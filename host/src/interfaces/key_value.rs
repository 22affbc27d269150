//! `spin:key-value@3.0.0`: calls that run beside each other.

use super::bindings::spin::key_value::key_value::{Error, Host, HostStore, HostStoreWithStore};
use super::{Interfaces, OpenError, OpenStore};
use crate::calls::{Operation, RequestRecord};
use crate::guest::Guest;
use crate::store::StoreError;
use std::sync::Arc;
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::AccessDenied => Self::AccessDenied,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Other(error.0)
    }
}

/// The store behind a handle, and the request that is being recorded, if any.
fn opened<T: 'static>(
    accessor: &Accessor<T, Interfaces>,
    handle: &Resource<OpenStore>,
) -> wasmtime::Result<(OpenStore, Option<Arc<RequestRecord>>)> {
    accessor.with(|mut access| {
        let record = Guest::current_record(&mut access)?;
        let store = access.get().table.get(handle)?.clone();
        Ok((store, record))
    })
}

impl<T: 'static> HostStoreWithStore<T> for Interfaces {
    async fn open(
        accessor: &Accessor<T, Self>,
        label: String,
    ) -> wasmtime::Result<Result<Resource<OpenStore>, Error>> {
        accessor.with(|mut access| {
            Guest::record_open(&mut access, &label)?;
            let guest = access.get();
            let store = match guest.open_store(&label) {
                Ok(store) => store,
                Err(error) => return Ok(Err(error.into())),
            };
            Ok(guest.table.push(store).map_err(|_| Error::StoreTableFull))
        })
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        handle: Resource<OpenStore>,
        key: String,
    ) -> wasmtime::Result<Result<Option<Vec<u8>>, Error>> {
        let (open, record) = opened(accessor, &handle)?;
        let keys = || vec![key.clone()];
        let call = open.store.get(&key);
        let answer = open.call(record, Operation::Get, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        handle: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Error>> {
        let (open, record) = opened(accessor, &handle)?;
        let keys = || vec![key.clone()];
        let call = open.store.set(&key, value);
        let answer = open.call(record, Operation::Set, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn delete(
        accessor: &Accessor<T, Self>,
        handle: Resource<OpenStore>,
        key: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        let (open, record) = opened(accessor, &handle)?;
        let keys = || vec![key.clone()];
        let call = open.store.delete(&key);
        let answer = open.call(record, Operation::Delete, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn exists(
        accessor: &Accessor<T, Self>,
        handle: Resource<OpenStore>,
        key: String,
    ) -> wasmtime::Result<Result<bool, Error>> {
        let (open, record) = opened(accessor, &handle)?;
        let keys = || vec![key.clone()];
        let call = open.store.exists(&key);
        let answer = open.call(record, Operation::Exists, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn get_keys(
        accessor: &Accessor<T, Self>,
        handle: Resource<OpenStore>,
    ) -> wasmtime::Result<(StreamReader<String>, FutureReader<Result<(), Error>>)> {
        let (open, record) = opened(accessor, &handle)?;
        let call = open.store.get_keys();
        let answer = open.call(record, Operation::GetKeys, Vec::new, call).await;
        let (keys, outcome) = match answer {
            Ok(keys) => (keys, Ok(())),
            Err(error) => (Vec::new(), Err(Error::from(error))),
        };
        accessor.with(|mut access| {
            let keys = StreamReader::new(&mut access, keys)?;
            let outcome = async { wasmtime::error::Ok(outcome) };
            Ok((keys, FutureReader::new(&mut access, outcome)?))
        })
    }
}

impl HostStore for &mut Guest {
    fn drop(&mut self, handle: Resource<OpenStore>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}

impl Host for &mut Guest {}
