//! Requests and answers, and what holds for every answer of the contract.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Longer than any answer may take.
const LIMIT: Duration = Duration::from_mins(1);

/// The chat's API at one or several hosts; with several, each request goes to the next of them.
#[derive(Clone)]
pub struct Api {
    client: Client<HttpConnector, Full<Bytes>>,
    hosts: Arc<[String]>,
    turn: Arc<AtomicUsize>,
}

/// A request in the making.
pub struct Request {
    api: Api,
    url: String,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request, in words.
    pub request: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Api {
    /// The API at `hosts`, base URLs without a slash at the end.
    pub fn new(hosts: impl IntoIterator<Item = String>) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            hosts: hosts.into_iter().collect(),
            turn: Arc::default(),
        }
    }

    /// A request for `path`, which begins with a slash.
    pub fn request(&self, method: Method, path: &str) -> Request {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let host = &self.hosts[turn % self.hosts.len()];
        Request {
            api: self.clone(),
            url: format!("{host}{path}"),
            method,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// A POST of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Request {
        self.request(Method::POST, path).json(body)
    }
}

impl Request {
    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a header.
    ///
    /// # Panics
    /// When the value is none for a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        self.headers.insert(name, value);
        self
    }

    /// With a body of JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it; the answer has to keep to what the contract says of all answers.
    ///
    /// # Panics
    /// When there is no answer or it breaks the contract.
    pub async fn send(self) -> Answer {
        let answer = match self.try_send().await {
            Ok(answer) => answer,
            Err(problem) => panic!("{problem}"),
        };
        answer.check_contract();
        answer
    }

    /// Sends it, for tests in which a host may be gone: says in words why there is no answer.
    pub async fn try_send(self) -> Result<Answer, String> {
        let described = format!("{} {}", self.method, self.url);
        let failed = |problem: &dyn fmt::Display| format!("{described}: {problem}");
        let mut request = ::http::Request::new(Full::new(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.url.parse().map_err(|error| failed(&error))?;
        *request.headers_mut() = self.headers;
        let exchange = async {
            let response = self
                .api
                .client
                .request(request)
                .await
                .map_err(|error| failed(&error))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| failed(&error))?;
            Ok(Answer {
                request: described.clone(),
                status: head.status,
                headers: head.headers,
                body: body.to_bytes(),
            })
        };
        match tokio::time::timeout(LIMIT, exchange).await {
            Ok(exchanged) => exchanged,
            Err(_) => Err(failed(&format!("no answer within {LIMIT:?}"))),
        }
    }
}

impl Answer {
    /// The body's JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self}"))
    }

    /// The body's text.
    ///
    /// # Panics
    /// When it is none.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap_or_else(|error| panic!("{error} in {self}"))
    }

    /// A header's value; empty where it isn't there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The answer, which has to have this status.
    ///
    /// # Panics
    /// When it has another.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "often the status is all that matters"
    )]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self}");
        self
    }

    /// The problem, which has to have this status and code.
    ///
    /// # Panics
    /// When it is another, or none.
    pub fn expect_problem(&self, status: u16, code: &str) -> Value {
        let problem: Value = self.json();
        let got = (self.status.as_u16(), problem["code"].as_str());
        assert_eq!(got, (status, Some(code)), "{self}");
        problem
    }

    /// Whether the request was accepted.
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// The stable code of a refusal; empty where there is none.
    pub fn code(&self) -> String {
        let problem: Option<Value> = serde_json::from_slice(&self.body).ok();
        let code = problem.and_then(|problem| problem["code"].as_str().map(str::to_owned));
        code.unwrap_or_default()
    }

    /// What holds for every answer under `/v1/`: nothing is cached, the length is said, and a refusal is a problem
    /// document (RFC 9457) with a stable code; where a later try can help it says when.
    fn check_contract(&self) {
        if !self.request.contains("/v1/") {
            return;
        }
        assert_eq!(
            self.header(header::CACHE_CONTROL.as_str()),
            "no-store",
            "{self}"
        );
        let has_body = self.status != StatusCode::NO_CONTENT;
        assert!(
            !has_body || self.headers.contains_key(header::CONTENT_LENGTH),
            "no Content-Length: {self}"
        );
        if self.status.is_client_error() || self.status.is_server_error() {
            assert_eq!(
                self.header("content-type"),
                "application/problem+json",
                "{self}"
            );
            let problem: Value = self.json();
            assert!(problem["code"].is_string(), "no code: {self}");
            assert!(problem["title"].is_string(), "no title: {self}");
            assert_eq!(problem["status"], self.status.as_u16(), "{self}");
        }
        if matches!(self.status.as_u16(), 429 | 503) {
            let seconds: Option<u64> = self.header("retry-after").parse().ok();
            assert!(
                seconds.is_some_and(|seconds| seconds >= 1),
                "no Retry-After: {self}"
            );
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} answered {}, {:?}, {}",
            self.request,
            self.status,
            self.headers,
            String::from_utf8_lossy(&self.body)
        )
    }
}
