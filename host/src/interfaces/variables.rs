//! `spin:variables@3.0.0`.

use super::Interfaces;
use super::bindings::spin::variables::variables::{Error, Host, HostWithStore};
use crate::guest::Guest;
use crate::manifest::check_variable_name;
use wasmtime::component::Accessor;

impl<T: 'static> HostWithStore<T> for Interfaces {
    async fn get(
        accessor: &Accessor<T, Self>,
        name: String,
    ) -> wasmtime::Result<Result<String, Error>> {
        let value = accessor.with(|mut access| access.get().variables.get(&name).cloned());
        Ok(match value {
            Some(value) => Ok(value),
            None => Err(match check_variable_name(&name) {
                Ok(()) => Error::Undefined(name),
                Err(_) => Error::InvalidName(name),
            }),
        })
    }
}

impl Host for &mut Guest {}
