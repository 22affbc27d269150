//! The state of one instance of a component.

use crate::calls::{Call, Operation, RequestRecord};
use crate::output::ComponentOutput;
use crate::request::Request;
use crate::store::Store;
use crate::variables::ComponentVariables;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::component::{Access, GuestTaskId, HasData, ResourceTable};
use wasmtime::{AsContextMut as _, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    Error, RequestOptions, Result, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks,
};

/// The stores a component may open, by label.
pub(crate) type PermittedStores = Arc<BTreeMap<String, Arc<dyn Store>>>;

/// What the host keeps for one instance.
pub(crate) struct Guest {
    pub(crate) table: ResourceTable,
    pub(crate) stores: PermittedStores,
    pub(crate) store_timeout: Duration,
    pub(crate) variables: ComponentVariables,
    pub(crate) limits: StoreLimits,
    /// The requests this instance has taken, by the task that handles each.
    pub(crate) requests: BTreeMap<GuestTaskId, Arc<Request>>,
    /// Whether any of them is being recorded.
    pub(crate) recording: bool,
    /// Set by whatever shows that the component pauses now and then; taken back by the watch over endless loops.
    pub(crate) paused: bool,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    network: NoNetwork,
}

impl Guest {
    pub(crate) fn new(
        stores: PermittedStores,
        store_timeout: Duration,
        variables: ComponentVariables,
        memory: usize,
        output: impl Fn() -> ComponentOutput,
    ) -> Self {
        Self {
            table: ResourceTable::new(),
            stores,
            store_timeout,
            variables,
            limits: StoreLimitsBuilder::new().memory_size(memory).build(),
            requests: BTreeMap::new(),
            recording: false,
            paused: false,
            wasi: WasiCtx::builder()
                .stdout(output())
                .stderr(output())
                .allow_tcp(false)
                .allow_udp(false)
                .build(),
            http: WasiHttpCtx::new(),
            network: NoNetwork,
        }
    }

    /// The record of the request on whose account the component is calling right now, if it is being recorded.
    ///
    /// Only right at the beginning of a host function, before its first pause: the call stack is that of the moment.
    pub(crate) fn current_record<T: 'static, D>(
        access: &mut Access<'_, T, D>,
    ) -> wasmtime::Result<Option<Arc<RequestRecord>>>
    where
        D: for<'a> HasData<Data<'a> = &'a mut Guest>,
    {
        let guest = access.get();
        guest.paused = true;
        if !guest.recording {
            return Ok(None);
        }
        let tasks: Vec<_> = access.as_context_mut().async_call_stack()?.collect();
        let requests = &access.get().requests;
        let request = tasks.iter().rev().find_map(|task| requests.get(task));
        Ok(request.and_then(|request| request.record.clone()))
    }

    /// Records that a store was opened, if the current request is being recorded.
    pub(crate) fn record_open<T: 'static, D>(
        access: &mut Access<'_, T, D>,
        label: &str,
    ) -> wasmtime::Result<()>
    where
        D: for<'a> HasData<Data<'a> = &'a mut Guest>,
    {
        if let Some(record) = Self::current_record(access)? {
            let now = Instant::now();
            record.add(Call {
                operation: Operation::Open,
                keys: vec![label.to_owned()],
                started: now,
                ended: now,
                succeeded: access.get().stores.contains_key(label),
            });
        }
        Ok(())
    }

    pub(crate) fn http_view(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.network,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

impl WasiView for Guest {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl wasmtime_wasi_http::WasiHttpView for Guest {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.http_view()
    }
}

/// Refuses every outgoing request: the host offers components no network.
struct NoNetwork;

type Later<T> = Box<dyn Future<Output = Result<T>> + Send>;

impl WasiHttpHooks for NoNetwork {
    fn send_request(
        &mut self,
        _request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Later<()>,
    ) -> Later<(http::Response<WasiBody>, Later<()>)> {
        Box::new(std::future::ready(Err(Error::HttpRequestDenied)))
    }
}
