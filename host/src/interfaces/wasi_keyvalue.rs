//! `wasi:keyvalue@0.2.0-draft2`: calls that stop the whole instance until they are answered, as the interface is written.

use super::bindings::wasi::keyvalue::atomics::{self, Cas, CasError};
use super::bindings::wasi::keyvalue::batch;
use super::bindings::wasi::keyvalue::store::{self, Error, KeyResponse};
use super::{Interfaces, OpenError, OpenStore};
use crate::calls::{Operation, RequestRecord};
use crate::guest::Guest;
use crate::store::StoreError;
use std::sync::Arc;
use wasmtime::component::{Access, Resource};

type Answer<T> = wasmtime::Result<Result<T, Error>>;

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
    access: &mut Access<'_, T, Interfaces>,
    handle: &Resource<OpenStore>,
) -> wasmtime::Result<(OpenStore, Option<Arc<RequestRecord>>)> {
    let record = Guest::current_record(access)?;
    let store = access.get().table.get(handle)?.clone();
    Ok((store, record))
}

impl<T: Send + 'static> store::HostWithStore<T> for Interfaces {
    async fn open(mut access: Access<'_, T, Self>, label: String) -> Answer<Resource<OpenStore>> {
        Guest::record_open(&mut access, &label)?;
        let guest = access.get();
        let store = match guest.open_store(&label) {
            Ok(store) => store,
            Err(error) => return Ok(Err(error.into())),
        };
        Ok(guest
            .table
            .push(store)
            .map_err(|error| Error::Other(error.to_string())))
    }
}

impl<T: Send + 'static> store::HostBucketWithStore<T> for Interfaces {
    async fn get(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        key: String,
    ) -> Answer<Option<Vec<u8>>> {
        let (open, record) = opened(&mut access, &bucket)?;
        let keys = || vec![key.clone()];
        let call = open.store.get(&key);
        let answer = open.call(record, Operation::Get, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn set(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        key: String,
        value: Vec<u8>,
    ) -> Answer<()> {
        let (open, record) = opened(&mut access, &bucket)?;
        let keys = || vec![key.clone()];
        let call = open.store.set(&key, value);
        let answer = open.call(record, Operation::Set, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn delete(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        key: String,
    ) -> Answer<()> {
        let (open, record) = opened(&mut access, &bucket)?;
        let keys = || vec![key.clone()];
        let call = open.store.delete(&key);
        let answer = open.call(record, Operation::Delete, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn exists(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        key: String,
    ) -> Answer<bool> {
        let (open, record) = opened(&mut access, &bucket)?;
        let keys = || vec![key.clone()];
        let call = open.store.exists(&key);
        let answer = open.call(record, Operation::Exists, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn list_keys(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        cursor: Option<String>,
    ) -> Answer<KeyResponse> {
        if cursor.is_some() {
            return Ok(Err(Error::Other(
                "all keys come at once: there is no cursor to go on from".to_owned(),
            )));
        }
        let (open, record) = opened(&mut access, &bucket)?;
        let call = open.store.get_keys();
        let answer = open.call(record, Operation::GetKeys, Vec::new, call).await;
        let response = |keys| KeyResponse { keys, cursor: None };
        Ok(answer.map(response).map_err(Error::from))
    }
}

impl<T: Send + 'static> atomics::HostWithStore<T> for Interfaces {
    async fn increment(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        key: String,
        delta: i64,
    ) -> Answer<i64> {
        let (open, record) = opened(&mut access, &bucket)?;
        let keys = || vec![key.clone()];
        let call = open.store.increment(&key, delta);
        let answer = open.call(record, Operation::Increment, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn swap(
        _access: Access<'_, T, Self>,
        _cas: Resource<Cas>,
        _value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), CasError>> {
        Ok(Err(CasError::StoreError(no_compare_and_swap())))
    }
}

impl<T: Send + 'static> atomics::HostCasWithStore<T> for Interfaces {
    async fn new(
        _access: Access<'_, T, Self>,
        _bucket: Resource<OpenStore>,
        _key: String,
    ) -> Answer<Resource<Cas>> {
        Ok(Err(no_compare_and_swap()))
    }

    async fn current(_access: Access<'_, T, Self>, _cas: Resource<Cas>) -> Answer<Option<Vec<u8>>> {
        Ok(Err(no_compare_and_swap()))
    }
}

/// Spin's own backends don't keep what compare-and-swap promises, so offering it here would only hide that from developers.
fn no_compare_and_swap() -> Error {
    Error::Other("this host has no compare-and-swap; use increment".to_owned())
}

impl<T: Send + 'static> batch::HostWithStore<T> for Interfaces {
    async fn get_many(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        keys: Vec<String>,
    ) -> Answer<Vec<(String, Option<Vec<u8>>)>> {
        let (open, record) = opened(&mut access, &bucket)?;
        let asked = record.as_ref().map(|_| keys.clone());
        let call = open.store.get_many(keys);
        let keys = || asked.unwrap_or_default();
        let answer = open.call(record, Operation::GetMany, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn set_many(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        pairs: Vec<(String, Vec<u8>)>,
    ) -> Answer<()> {
        let (open, record) = opened(&mut access, &bucket)?;
        let keys = |pairs: &[(String, Vec<u8>)]| pairs.iter().map(|(key, _)| key.clone()).collect();
        let asked = record.as_ref().map(|_| keys(&pairs));
        let call = open.store.set_many(pairs);
        let keys = || asked.unwrap_or_default();
        let answer = open.call(record, Operation::SetMany, keys, call).await;
        Ok(answer.map_err(Error::from))
    }

    async fn delete_many(
        mut access: Access<'_, T, Self>,
        bucket: Resource<OpenStore>,
        keys: Vec<String>,
    ) -> Answer<()> {
        let (open, record) = opened(&mut access, &bucket)?;
        let asked = record.as_ref().map(|_| keys.clone());
        let call = open.store.delete_many(keys);
        let keys = || asked.unwrap_or_default();
        let answer = open.call(record, Operation::DeleteMany, keys, call).await;
        Ok(answer.map_err(Error::from))
    }
}

impl store::HostBucket for &mut Guest {
    fn drop(&mut self, bucket: Resource<OpenStore>) -> wasmtime::Result<()> {
        self.table.delete(bucket)?;
        Ok(())
    }
}

impl atomics::HostCas for &mut Guest {
    fn drop(&mut self, cas: Resource<Cas>) -> wasmtime::Result<()> {
        self.table.delete(cas)?;
        Ok(())
    }
}

impl store::Host for &mut Guest {}
impl atomics::Host for &mut Guest {}
impl batch::Host for &mut Guest {}
