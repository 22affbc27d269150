//! For the tests of the functions: a chat in memory, and requests to ask it.

use std::cell::RefCell;

use alap_shared::{
    agent::{AccessKey, AgentRecord},
    chat::Channel,
    id::AgentId,
    memory::{Memory, run},
    service::Service,
    settings::{SETTINGS, Variables},
    verbs::{
        desk::LoginRequest,
        start::{Start, StartRequest},
    },
};
use serde_json::Value;

use crate::{
    answer::{Answer, Response},
    configuration::{Configuration, Extra},
    exchange::exchange,
    origins::Origins,
    request::{Body, Request},
};

/// A chat in memory with one representative.
#[derive(Clone)]
pub struct Trial {
    /// The verbs.
    pub service: Service<Memory>,
    /// The access key of the representative `rahima`, who serves the queue `general`.
    pub key: String,
}

/// What a function answered.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// What the client gets.
    pub response: Response,
    /// What the operator reads.
    pub log: Vec<String>,
}

impl Default for Trial {
    fn default() -> Self {
        Self::new()
    }
}

impl Trial {
    /// A chat in memory.
    ///
    /// # Panics
    /// When the variables it makes up are refused.
    #[expect(
        clippy::expect_used,
        reason = "a test that can't begin had better fail"
    )]
    pub fn new() -> Self {
        let memory = Memory::new();
        let key = AccessKey::new(&memory);
        let record = AgentRecord {
            id: AgentId::parse("rahima").expect("it is an id"),
            name: "Rahima".to_owned(),
            queues: vec!["general".to_owned()],
            hash: key.hash(),
            supervisor: false,
            most: None,
        };
        let mut variables = variables();
        let records = serde_json::to_string(&[record]).expect("records are JSON");
        variables.insert("agents".to_owned(), records);
        let configuration =
            Configuration::new(&variables, Extra::Agents).expect("the variables are right");
        Self {
            service: configuration.service(memory),
            key: key.reveal().to_owned(),
        }
    }

    /// A chat in Bangla that has just begun: its id and its customer's token.
    ///
    /// # Panics
    /// When it can't begin.
    #[expect(
        clippy::expect_used,
        reason = "a test that can't begin had better fail"
    )]
    pub fn chat(&self) -> (String, String) {
        let wish = StartRequest {
            channel: Channel::Web,
            locale: None,
            identity: None,
            again: None,
        };
        let started = run(self.service.start(&wish, Start::default())).expect("a chat begins");
        (started.chat.to_string(), started.token)
    }

    /// The token of the representative `rahima`.
    ///
    /// # Panics
    /// When the key is refused.
    #[expect(
        clippy::expect_used,
        reason = "a test that can't begin had better fail"
    )]
    pub fn desk_token(&self) -> String {
        let key = self.key.clone();
        let login = self.service.login(&LoginRequest { key });
        login.expect("the key is right").token
    }

    /// Answers `request` as a component would.
    pub fn ask(
        &self,
        request: &Request,
        respond: impl AsyncFnOnce(&Request, &Service<Memory>) -> Answer,
    ) -> Answered {
        ask(request, async |request: &Request| {
            respond(request, &self.service).await
        })
    }
}

/// Variables of a function that are right, in all of which nothing is set that has a default.
pub fn variables() -> Variables {
    let secrets = [
        ("token_keys", "tY6dCZxq0Jm3Rv8WnBk5LpHs2GfTuAeX"),
        ("data_keys", "Qh9wVb4NzKj7XcMr1DyPg6TsLfE0uAoU"),
        ("agents", "[]"),
    ];
    let settings = SETTINGS.iter().map(|setting| (setting.name, ""));
    let pairs = secrets.into_iter().chain(settings);
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A request with a bearer token and a JSON body; `Value::Null` is none.
///
/// # Panics
/// When there is no such method.
pub fn request(method: &str, target: &str, token: Option<&str>, body: &Value) -> Request {
    let bearer = token.map(|token| ("authorization", format!("Bearer {token}")));
    request_with(method, target, bearer, body)
}

/// A request with a header and a JSON body; `Value::Null` is none.
///
/// # Panics
/// When there is no such method.
#[expect(clippy::expect_used, reason = "a test that can't ask had better fail")]
pub fn request_with(
    method: &str,
    target: &str,
    headers: impl IntoIterator<Item = (&'static str, String)>,
    body: &Value,
) -> Request {
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into_bytes()));
    let body = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    let method = method.parse().expect("it is a method");
    Request::new(method, target, headers.collect(), Body::Whole(body))
}

/// Answers `request` as a component would that stands alone.
pub fn ask(request: &Request, respond: impl AsyncFnOnce(&Request) -> Answer) -> Answered {
    let log = RefCell::new(Vec::new());
    let response = run(exchange(request, &Origins::default(), respond, |line| {
        log.borrow_mut().push(line.to_owned());
    }));
    Answered {
        status: response.status.as_u16(),
        response,
        log: log.into_inner(),
    }
}

impl Answered {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.response.body).unwrap_or_default()
    }

    /// The value of a header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.response.header(name).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.response.body).into_owned()
    }

    /// The status and the problem's code; an empty code where it is no problem.
    pub fn problem(&self) -> (u16, String) {
        let document = self.json();
        let code = document.get("code").and_then(Value::as_str);
        (self.status, code.unwrap_or_default().to_owned())
    }
}
