//! From a connection to a component and back.

use crate::busy::Busy;
use crate::calls::{Recording, RequestRecord};
use crate::dispatch::Instances;
use crate::headers;
use crate::limits::Limits;
use crate::output::Log;
use crate::request::Request;
use crate::routes::Routes;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use wasmtime::PoolConcurrencyLimitError;
use wasmtime_wasi_http::handler::{ExpirationError, InstantiationError, ProxyHandler};
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::{Error, WasiBody};

/// Paths under it are the host's own, as in Spin.
const WELL_KNOWN: &str = "/.well-known/spin/";

/// How long to rest when the system has no more connections to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long to wait for a free instance at first; then twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(5);

/// After a pause as long as this, half a second in all, the client is asked to come again.
const LAST_PAUSE: Duration = Duration::from_millis(320);

type Response = http::Response<WasiBody>;

/// A running application.
pub(crate) struct Application {
    pub(crate) routes: Routes,
    pub(crate) components: BTreeMap<String, ProxyHandler<Instances>>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) recording: Option<Recording>,
    /// Requests that have come and are not answered yet, and instances at work.
    pub(crate) working: Busy,
    /// Open connections.
    pub(crate) connections: Busy,
    pub(crate) log: Log,
}

impl Application {
    /// Takes connections until `stop` turns true or its sender is gone; then those it took finish what they began.
    pub(crate) async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        mut stop: watch::Receiver<bool>,
    ) {
        let stopped = stop.clone();
        tokio::select! {
            () = self.accept(listener, stopped) => {}
            () = told(&mut stop) => {}
        }
    }

    async fn accept(self: Arc<Self>, listener: TcpListener, stop: watch::Receiver<bool>) {
        loop {
            match listener.accept().await {
                Ok((stream, client)) => {
                    let connection = Arc::clone(&self).connection(stream, client, stop.clone());
                    tokio::spawn(connection);
                }
                Err(error) => {
                    (self.log)(&format!("cannot accept a connection: {error}"));
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        client: SocketAddr,
        mut stop: watch::Receiver<bool>,
    ) {
        let _open = self.connections.begin();
        // Without it, the last packet of an answer may wait for the client's delayed acknowledgement. If it fails, the connection is
        // gone anyway.
        let _set = stream.set_nodelay(true);
        let service = service_fn(|request| {
            let application = Arc::clone(&self);
            async move { Ok::<_, Infallible>(application.answer(request, client).await) }
        });
        let mut connection = std::pin::pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
        );
        // An error here is the client's hanging up or breaking the protocol: nothing to tell, nobody to tell it to.
        tokio::select! {
            _ended = connection.as_mut() => {}
            () = told(&mut stop) => {
                connection.as_mut().graceful_shutdown();
                let _ended = connection.await;
            }
        }
    }

    async fn answer(&self, mut request: http::Request<Incoming>, client: SocketAddr) -> Response {
        let path = request.uri().path();
        if let Some(name) = path.strip_prefix(WELL_KNOWN) {
            return match name {
                "health" => text("OK"),
                _ => empty(StatusCode::NOT_FOUND),
            };
        }
        let Some(matched) = self.routes.find(path) else {
            return empty(StatusCode::NOT_FOUND);
        };
        let Some(component) = self.components.get(&matched.route.component) else {
            return empty(StatusCode::NOT_FOUND);
        };
        let record = self.recording.as_ref().map(|recording| {
            let route = &matched.route;
            let method = request.method().as_str();
            let record = RequestRecord::new(method, &route.raw, path, &route.component);
            let record = Arc::new(record);
            recording.begin(Arc::clone(&record));
            record
        });
        if headers::prepare(&mut request, &matched, client).is_err() {
            return empty(StatusCode::BAD_REQUEST);
        }
        let about = Arc::new(Request {
            method: request.method().clone(),
            route: matched.route,
            record: record.clone(),
            answered: AtomicBool::new(false),
        });
        let _working = self.working.begin();
        let started = Instant::now();
        let request = request.map(|body| body.map_err(Error::from).boxed_unsync());
        let response = match self.dispatch(component, &about, request).await {
            Ok(response) => {
                about.answered.store(true, Ordering::Release);
                response
            }
            Err(error) => self.explain(&error, &about, started.elapsed()),
        };
        if let Some(record) = record {
            // Set once, here.
            let _first = record
                .answered
                .set((Instant::now(), response.status().as_u16()));
        }
        response
    }

    /// Hands the request to an instance. When all instances the host may have are there and busy, waits a little for one.
    async fn dispatch(
        &self,
        component: &ProxyHandler<Instances>,
        about: &Arc<Request>,
        mut request: http::Request<WasiBody>,
    ) -> wasmtime::Result<Response> {
        let mut pause = FIRST_PAUSE;
        loop {
            let error = match component.handle(Arc::clone(about), request).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            let refused = error.downcast::<InstantiationError<Arc<Request>>>()?;
            if pause > LAST_PAUSE || !refused.error.is::<PoolConcurrencyLimitError>() {
                return Err(refused.into());
            }
            request = refused
                .request
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner);
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// What a client hears when a component did not answer: a status and nothing else.
    fn explain(&self, error: &wasmtime::Error, about: &Request, took: Duration) -> Response {
        let id = &about.route.component;
        if let Some(error) = error.downcast_ref::<InstantiationError<Arc<Request>>>() {
            (self.log)(&format!(
                "component `{id}` could not be started for {about}: {}",
                error.error.root_cause()
            ));
            let mut response = empty(StatusCode::SERVICE_UNAVAILABLE);
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
            return response;
        }
        if error.is::<ExpirationError>() {
            (self.log)(&format!(
                "component `{id}` did not answer {about} within {:?}",
                self.limits.request
            ));
            return empty(StatusCode::GATEWAY_TIMEOUT);
        }
        if let Some(code) = error.downcast_ref::<ErrorCode>() {
            (self.log)(&format!(
                "component `{id}` answered {about} with an error: {}",
                name(code)
            ));
        }
        // Any other failure has ended the instance, which the worker has logged.
        if took >= self.limits.request {
            empty(StatusCode::GATEWAY_TIMEOUT)
        } else {
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// Returns when `stop` turns true or its sender is gone.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _told = stop.wait_for(|stop| *stop).await;
}

/// An error code without what it carries, which may be about the request.
fn name(code: &ErrorCode) -> String {
    let code = format!("{code:?}");
    let end = code.find(['(', '{']).unwrap_or(code.len());
    code.get(..end).unwrap_or_default().trim_end().to_owned()
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Empty::new().map_err(Error::from).boxed_unsync());
    *response.status_mut() = status;
    response
}

fn text(text: &'static str) -> Response {
    let body = Full::new(Bytes::from_static(text.as_bytes()));
    Response::new(body.map_err(Error::from).boxed_unsync())
}
