//! Instances of a component: made when needed, reused for many requests, dropped when idle, stopped when they go too far.

use crate::busy::{Busy, BusyGuard};
use crate::engine::TICK;
use crate::guest::{Guest, PermittedStores};
use crate::limits::Limits;
use crate::output::{ComponentOutput, Log};
use crate::request::Request;
use crate::variables::ComponentVariables;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::time::Sleep;
use wasmtime::component::GuestTaskId;
use wasmtime::{Result, Store, StoreContextMut, UpdateDeadline};
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, Proxy, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;

/// What is needed to make instances of one component.
pub(crate) struct Instances {
    pub(crate) id: String,
    pub(crate) component: ServicePre<Guest>,
    pub(crate) stores: PermittedStores,
    pub(crate) variables: ComponentVariables,
    pub(crate) limits: Arc<Limits>,
    /// Instances at work, also after their answers.
    pub(crate) working: Busy,
    pub(crate) log: Log,
}

impl HandlerState for Instances {
    type StoreData = Guest;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> Result<Instance<Guest, Expiration, Worker>> {
        let limits = &self.limits;
        let guest = Guest::new(
            Arc::clone(&self.stores),
            limits.store,
            Arc::clone(&self.variables),
            limits.memory,
            || ComponentOutput::new(&self.id, Arc::clone(&self.log)),
        );
        let mut store = Store::new(self.component.engine(), guest);
        store.limiter(|guest| &mut guest.limits);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(stop_endless_loops(limits.computing));
        let service = self.component.instantiate_async(&mut store).await?;
        let working = Arc::default();
        Ok(Instance {
            store,
            proxy: Proxy::P3(service),
            view: Guest::http_view,
            expiration: Expiration {
                limits: Arc::clone(limits),
                working: Arc::clone(&working),
                sleep: Box::pin(tokio::time::sleep(limits.idle)),
            },
            state: Worker {
                id: self.id.clone(),
                limits: Arc::clone(limits),
                all_working: self.working.clone(),
                working,
                log: Arc::clone(&self.log),
            },
        })
    }
}

/// Lets others have a turn at every tick, and stops a component that has not paused for `limit`.
fn stop_endless_loops(
    limit: Duration,
) -> impl FnMut(StoreContextMut<'_, Guest>) -> Result<UpdateDeadline> + Send + Sync + 'static {
    let mut last = Instant::now();
    let mut computing_since = last;
    move |mut context| {
        let now = Instant::now();
        let paused = std::mem::take(&mut context.data_mut().paused);
        if paused || now - last > 3 * TICK {
            computing_since = now;
        }
        last = now;
        if now - computing_since > limit {
            wasmtime::bail!("it computed for more than {limit:?} without a pause");
        }
        Ok(UpdateDeadline::Yield(1))
    }
}

/// Held while an instance has work, shared between the two halves of a worker.
type Working = Arc<Mutex<Option<BusyGuard>>>;

fn set_working(working: &Working, guard: Option<BusyGuard>) {
    *working.lock().unwrap_or_else(PoisonError::into_inner) = guard;
}

/// Decides which requests an instance takes, and hears of its end.
pub(crate) struct Worker {
    id: String,
    limits: Arc<Limits>,
    all_working: Busy,
    working: Working,
    log: Log,
}

impl WorkerState for Worker {
    type StoreData = Guest;
    type RequestData = Arc<Request>;

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        if total >= self.limits.requests_per_instance {
            ShouldAccept::Never
        } else if concurrent >= self.limits.concurrent_requests_per_instance {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        mut store: StoreContextMut<'_, Guest>,
        request: Arc<Request>,
        task: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        set_working(&self.working, Some(self.all_working.begin()));
        let guest = store.data_mut();
        guest.paused = true;
        guest.recording |= request.record.is_some();
        guest.requests.insert(task, request);
        Box::pin(tokio::time::sleep(self.limits.request))
    }

    fn drop(&self, store: Store<Guest>, result: Result<()>) {
        if let Err(error) = result {
            let unanswered: Vec<_> = store
                .data()
                .requests
                .values()
                .filter(|request| !request.is_answered())
                .map(ToString::to_string)
                .collect();
            let moment = if unanswered.is_empty() {
                "after answering".to_owned()
            } else {
                format!("while answering {}", unanswered.join(", "))
            };
            let id = &self.id;
            (self.log)(&format!(
                "component `{id}` failed {moment}: {}",
                error.root_cause()
            ));
        }
        drop(store);
        set_working(&self.working, None);
    }
}

/// Ends instances that are idle for too long or whose work takes too long.
pub(crate) struct Expiration {
    limits: Arc<Limits>,
    working: Working,
    sleep: Pin<Box<Sleep>>,
}

impl WorkerExpiration for Expiration {
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        start: Instant,
    ) -> Poll<()> {
        let limit = match status {
            WorkerStatus::Idle => {
                set_working(&self.working, None);
                self.limits.idle
            }
            WorkerStatus::Requests | WorkerStatus::PostReturn => self.limits.request,
        };
        let Some(deadline) = start.checked_add(limit) else {
            return Poll::Pending;
        };
        let deadline = deadline.into();
        if self.sleep.deadline() != deadline {
            self.sleep.as_mut().reset(deadline);
        }
        self.sleep.as_mut().poll(context)
    }
}
