//! What clients can do, on ports in memory.

mod between;
mod desk;
mod erasing;
mod failures;
mod forms;
mod overview;
mod polling;
mod posting;
mod rounds;
mod starting;
mod trust;
mod waiting;

use std::{cell::Cell, sync::Arc};

use alap_flow::Language;

use super::{
    ChatAnswer,
    close::CloseRequest,
    desk::{FormAsked, NoteRequest, Overview, OverviewRequest, Taken, TransferRequest},
    poll::PollRequest,
    post::{PostRequest, Posted},
    start::{Start, StartAnswer, StartRequest},
};
use crate::{
    agent::{AgentRecord, AgentRecords},
    chat::{Channel, Chat, Phase, view::ShownEvent},
    id::{AgentId, ChatId},
    memory::{Memory, run},
    ports::{Clock, Millis, Ports},
    refusal::{Conflict, Refusal},
    rules::Rules,
    sealing::DataKeys,
    service::{Caller, Secrets, Service},
    settings::Settings,
    token::TokenKeys,
};

pub(super) const NAME: &str = "রহিমা খাতুন";
pub(super) const NUMBER: &str = "01712-345678";
pub(super) const LANGUAGES: [&str; 2] = ["bn", "en"];

pub(super) const AGENTS: &str = r#"[
    {"id": "asha", "name": "আশা", "queues": ["general", "merchant"], "hash": "", "most": 2},
    {"id": "badal", "name": "বাদল", "queues": ["general"], "hash": "", "supervisor": true},
    {"id": "chitra", "name": "চিত্রা", "queues": ["merchant"], "hash": ""}
]"#;

pub(super) fn secrets() -> Secrets {
    Secrets {
        tokens: TokenKeys::new(["a secret for tokens"]),
        data: DataKeys::new(["a secret for personal data"]),
        identity: Some(TokenKeys::new(["a secret for identities"])),
        agents: AgentRecords::parse(AGENTS).unwrap(),
    }
}

pub(super) fn service_on<P: Ports>(ports: P) -> Service<P> {
    Service {
        ports,
        rules: Arc::new(Rules::new(Settings::default()).unwrap()),
        secrets: Arc::new(secrets()),
    }
}

/// A whole installation in memory.
pub(super) struct World {
    pub(super) memory: Memory,
    pub(super) service: Service<Memory>,
    requests: Cell<u32>,
}

/// A customer's side of a chat.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub(super) chat: ChatId,
    pub(super) token: String,
    pub(super) caller: Caller,
}

impl Customer {
    pub(super) fn of(answer: &StartAnswer) -> Self {
        Self {
            chat: answer.chat.clone(),
            token: answer.token.clone(),
            caller: Caller::Customer(answer.chat.clone()),
        }
    }
}

pub(super) fn start_request() -> StartRequest {
    StartRequest {
        channel: Channel::Web,
        locale: None,
        identity: None,
        again: None,
    }
}

impl World {
    pub(super) fn new() -> Self {
        let memory = Memory::new();
        Self {
            service: service_on(memory.clone()),
            memory,
            requests: Cell::new(0),
        }
    }

    /// An installation with other settings.
    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut world = Self::new();
        let mut rules = (*world.service.rules).clone();
        change(&mut rules.settings);
        world.service.rules = Arc::new(rules);
        world
    }

    pub(super) fn pass(&self, duration: Millis) {
        self.memory.advance(duration);
    }

    pub(super) fn client_id(&self) -> String {
        self.requests.set(self.requests.get() + 1);
        format!("request-{}", self.requests.get())
    }

    pub(super) fn record(&self, id: &str) -> AgentRecord {
        let id = AgentId::parse(id).unwrap();
        self.service.secrets.agents.by_id(&id).unwrap().clone()
    }

    pub(super) fn agent(&self, id: &str) -> Caller {
        Caller::Agent(self.record(id))
    }

    pub(super) fn start(&self) -> Customer {
        let started = run(self.service.start(&start_request(), Start::default()));
        Customer::of(&started.unwrap())
    }

    pub(super) fn option(&self, option: &str) -> PostRequest {
        PostRequest {
            kind: "option".to_owned(),
            client_id: Some(self.client_id()),
            option: Some(option.to_owned()),
            ..PostRequest::default()
        }
    }

    pub(super) fn text(&self, text: &str) -> PostRequest {
        PostRequest {
            kind: "text".to_owned(),
            client_id: Some(self.client_id()),
            text: Some(text.to_owned()),
            ..PostRequest::default()
        }
    }

    pub(super) fn rating(&self, score: u8) -> PostRequest {
        PostRequest {
            kind: "rating".to_owned(),
            client_id: Some(self.client_id()),
            score: Some(score),
            ..PostRequest::default()
        }
    }

    pub(super) fn form(&self, values: &[(&str, &str)]) -> PostRequest {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        PostRequest {
            kind: "form".to_owned(),
            client_id: Some(self.client_id()),
            values: values.collect(),
            ..PostRequest::default()
        }
    }

    pub(super) fn try_to_post(
        &self,
        customer: &Customer,
        request: &PostRequest,
    ) -> Result<Posted, Refusal> {
        run(self.service.post(&customer.caller, &customer.chat, request))
    }

    pub(super) fn post(&self, customer: &Customer, request: &PostRequest) -> Posted {
        let posted = self.try_to_post(customer, request);
        posted.unwrap_or_else(|refusal| panic!("{request:?}: {refusal:?}"))
    }

    pub(super) fn choose(&self, customer: &Customer, option: &str) -> Posted {
        self.post(customer, &self.option(option))
    }

    pub(super) fn say(&self, customer: &Customer, text: &str) -> Posted {
        self.post(customer, &self.text(text))
    }

    /// A representative says something.
    pub(super) fn answer(&self, id: &str, chat: &ChatId, text: &str) -> Result<Posted, Refusal> {
        run(self.service.post(&self.agent(id), chat, &self.text(text)))
    }

    pub(super) fn ask_form(
        &self,
        id: &str,
        chat: &ChatId,
        fields: &[&str],
    ) -> Result<Posted, Refusal> {
        let asked = FormAsked {
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            client_id: Some(self.client_id()),
        };
        run(self.service.ask_form(&self.record(id), chat, &asked))
    }

    pub(super) fn note(&self, id: &str, chat: &ChatId, text: &str) -> Result<Posted, Refusal> {
        let note = NoteRequest {
            text: Some(text.to_owned()),
            client_id: Some(self.client_id()),
        };
        run(self.service.note(&self.record(id), chat, &note))
    }

    pub(super) fn poll(&self, customer: &Customer, after: u64) -> ChatAnswer {
        self.try_to_poll(&customer.caller, &customer.chat, after)
            .unwrap()
    }

    pub(super) fn try_to_poll(
        &self,
        caller: &Caller,
        chat: &ChatId,
        after: u64,
    ) -> Result<ChatAnswer, Refusal> {
        run(self
            .service
            .poll(caller, chat, PollRequest { after, wait: 0 }))
    }

    /// A look at the desk, which makes a representative known as present.
    pub(super) fn desk(&self, id: &str) -> Overview {
        run(self
            .service
            .overview(&self.record(id), &OverviewRequest::default()))
        .unwrap()
    }

    pub(super) fn next(&self, id: &str) -> Result<Taken, Refusal> {
        run(self.service.next(&self.record(id)))
    }

    pub(super) fn claim(&self, id: &str, chat: &ChatId) -> Result<Taken, Refusal> {
        run(self.service.claim(&self.record(id), chat))
    }

    pub(super) fn transfer(
        &self,
        id: &str,
        chat: &ChatId,
        to: &Transfer<'_>,
    ) -> Result<ChatAnswer, Refusal> {
        let request = match to {
            Transfer::Queue(queue) => TransferRequest {
                queue: Some((*queue).to_owned()),
                agent: None,
            },
            Transfer::Agent(to) => TransferRequest {
                queue: None,
                agent: AgentId::parse(to),
            },
        };
        run(self.service.transfer(&self.record(id), chat, &request))
    }

    pub(super) fn close(&self, caller: &Caller, chat: &ChatId) -> Result<ChatAnswer, Refusal> {
        run(self.service.close(caller, chat, &CloseRequest::default()))
    }

    pub(super) fn hang_up(&self, customer: &Customer) {
        self.close(&customer.caller, &customer.chat).unwrap();
    }

    /// How the chat stands.
    pub(super) fn state(&self, chat: &ChatId) -> Chat {
        run(self.service.journal(chat).latest()).unwrap().state
    }

    /// A customer who has come to the end of the flow by this option of the menu.
    pub(super) fn customer_for(&self, topic: &str) -> Customer {
        let customer = self.start();
        for option in ["bn", topic, "yes"] {
            self.choose(&customer, option);
        }
        self.say(&customer, NAME);
        self.say(&customer, NUMBER);
        customer
    }

    /// A customer in the queue of a desk that is open.
    pub(super) fn waiting(&self) -> Customer {
        self.desk("asha");
        let customer = self.customer_for("customer-service");
        assert_eq!(self.state(&customer.chat).phase, Phase::Waiting);
        customer
    }

    /// A customer who talks with `asha`.
    pub(super) fn talking(&self) -> Customer {
        let customer = self.waiting();
        self.claim("asha", &customer.chat).unwrap();
        customer
    }

    /// Lets time pass while these desks are open and these customers keep their chat box open.
    pub(super) fn stay(&self, duration: Millis, desks: &[&str], customers: &[&Customer]) {
        let until = self.memory.now() + duration;
        while self.memory.now() < until {
            self.pass(5_000.min(until - self.memory.now()));
            for customer in customers {
                self.poll(customer, 0);
            }
            for desk in desks {
                self.desk(desk);
            }
        }
    }
}

/// Whom a chat is handed to.
pub(super) enum Transfer<'a> {
    Queue(&'a str),
    Agent(&'a str),
}

pub(super) fn kinds(events: &[ShownEvent]) -> Vec<String> {
    let kind = |event: &ShownEvent| {
        let json = serde_json::to_value(event).unwrap();
        json["kind"].as_str().unwrap().to_owned()
    };
    events.iter().map(kind).collect()
}

/// The rule that was broken.
pub(super) fn conflict<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> Conflict {
    match outcome {
        Err(Refusal::Conflict { conflict, .. }) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

/// The field that was refused.
pub(super) fn field<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> String {
    match outcome {
        Err(Refusal::Field(error)) => error.field,
        other => panic!("no field: {other:?}"),
    }
}
