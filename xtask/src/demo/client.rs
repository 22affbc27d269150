//! The HTTP contract as a client sees it: only what the conversation needs.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

/// A server of the chat.
pub(super) struct Server {
    agent: Agent,
    base: String,
}

/// What a server answered.
pub(super) struct Answer {
    status: u16,
    text: String,
}

/// News from a chat.
#[derive(Deserialize)]
pub(super) struct News {
    /// What happened.
    pub(super) events: Vec<Event>,
    /// How things stand.
    pub(super) status: Status,
}

/// Something that happened in a chat.
#[derive(Deserialize)]
pub(super) struct Event {
    /// Its number in the chat.
    pub(super) seq: u64,
    /// `system`, `customer` or `agent`.
    pub(super) from: String,
    /// What it is.
    pub(super) kind: String,
    /// What is said.
    #[serde(default)]
    pub(super) text: Option<String>,
    /// What an option that was chosen says.
    #[serde(default)]
    pub(super) label: Option<String>,
    /// What a prompt wants.
    #[serde(default)]
    pub(super) input: Option<Question>,
    /// Other channels.
    #[serde(default)]
    pub(super) contacts: Vec<Choice>,
    /// Whether digits were hidden.
    #[serde(default)]
    pub(super) masked: bool,
    /// The representative it is from or about.
    #[serde(default)]
    pub(super) agent: Option<Name>,
    /// The score of a rating.
    #[serde(default)]
    pub(super) score: Option<u8>,
    /// What was said with a rating.
    #[serde(default)]
    pub(super) comment: Option<String>,
    /// What a form asks for, each with a label, or which of it was given.
    #[serde(default)]
    pub(super) fields: Vec<Value>,
}

/// A representative as customers see one.
#[derive(Deserialize)]
pub(super) struct Name {
    /// The name.
    pub(super) name: String,
}

/// What a prompt wants.
#[derive(Clone, Deserialize)]
pub(super) struct Question {
    /// `options`, `name`, `number`, `message` or `text`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// What can be chosen.
    #[serde(default)]
    pub(super) options: Vec<Choice>,
}

/// Something that can be chosen, or another channel.
#[derive(Clone, Deserialize)]
pub(super) struct Choice {
    /// What a client sends to choose it; empty for a channel.
    #[serde(default)]
    pub(super) id: String,
    /// What it says.
    pub(super) label: String,
}

/// How things stand in a chat.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Status {
    /// `flow`, `waiting`, `talking` or `closed`.
    pub(super) phase: String,
    /// The place in the queue, from 1.
    #[serde(default)]
    pub(super) position: Option<u64>,
    /// How long the wait is likely to be, in seconds.
    #[serde(default)]
    pub(super) wait_s: Option<u64>,
}

impl Question {
    /// The first of these ids that is offered.
    pub(super) fn first_of(&self, wanted: &[&str]) -> Option<String> {
        wanted
            .iter()
            .find(|id| self.options.iter().any(|option| option.id == **id))
            .map(|&id| id.to_owned())
    }
}

impl Server {
    /// The server at `base`, such as `http://127.0.0.1:3000`.
    pub(super) fn new(base: &str) -> Self {
        // A proxy from the environment has no business between us and a server on this machine.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None);
        let agent = config
            .timeout_global(Some(Duration::from_secs(40)))
            .build()
            .new_agent();
        Self {
            agent,
            base: base.to_owned(),
        }
    }

    /// Whether anybody is there, and well.
    pub(super) fn check_health(&self) -> Result<()> {
        self.get("/v1/health", None)
            .and_then(Answer::expect::<Value>)
            .with_context(|| {
                format!(
                    "no chat is served at {}: start `cargo xtask up` first",
                    self.base
                )
            })?;
        Ok(())
    }

    /// Asks for something as JSON.
    pub(super) fn get(&self, path: &str, token: Option<&str>) -> Result<Answer> {
        self.send(
            self.request("GET", path, token, "application/json")
                .body(())?,
            path,
        )
    }

    /// Asks for something as text.
    pub(super) fn get_text(&self, path: &str, token: &str) -> Result<String> {
        let answer = self.send(
            self.request("GET", path, Some(token), "text/plain")
                .body(())?,
            path,
        )?;
        if answer.status != 200 {
            bail!("{}", answer.problem());
        }
        Ok(answer.text)
    }

    /// Wants something to happen.
    pub(super) fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Result<Answer> {
        let request = self
            .request("POST", path, token, "application/json")
            .header("content-type", "application/json");
        self.send(request.body(body.to_string())?, path)
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        accept: &str,
    ) -> ureq::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("accept", accept);
        match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    fn send(&self, request: Request<impl ureq::AsSendBody>, path: &str) -> Result<Answer> {
        let response: Response<ureq::Body> = self
            .agent
            .run(request)
            .with_context(|| format!("no answer from {}{path}", self.base))?;
        let status = response.status().as_u16();
        let text = response
            .into_body()
            .read_to_string()
            .with_context(|| format!("half an answer from {path}"))?;
        Ok(Answer { status, text })
    }
}

impl Answer {
    /// What was asked for, if the server agreed.
    pub(super) fn expect<T: DeserializeOwned>(self) -> Result<T> {
        if !(200..300).contains(&self.status) {
            bail!("{}", self.problem());
        }
        serde_json::from_str(&self.text)
            .with_context(|| format!("not what the contract says: {}", self.text))
    }

    /// Whether the server said no to what was asked.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.status, 409 | 422)
    }

    /// The problem the server names.
    pub(super) fn problem(&self) -> String {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Problem {
            code: String,
            title: String,
            detail: String,
            message: String,
        }
        let Ok(problem) = serde_json::from_str::<Problem>(&self.text) else {
            return format!("{} {}", self.status, self.text);
        };
        // What a person should read comes before what a developer should.
        let words = [problem.message, problem.detail, problem.title];
        let said = words.into_iter().find(|words| !words.is_empty());
        format!(
            "{} {}: {}",
            self.status,
            problem.code,
            said.unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_read_as_the_contract_says() {
        let prompt = r#"{"seq":3,"at":1790000000000,"from":"system","kind":"prompt","text":"ভাষা?",
            "input":{"type":"options","options":[{"id":"bn","label":"বাংলা"},{"id":"en","label":"English"}]}}"#;
        let event: Event = serde_json::from_str(prompt).unwrap();
        let question = event.input.unwrap();
        assert_eq!((event.seq, question.kind.as_str()), (3, "options"));
        assert_eq!(
            question.first_of(&["yes", "en", "bn"]).as_deref(),
            Some("en")
        );
        assert_eq!(question.first_of(&["yes"]), None);
    }

    #[test]
    fn a_refusal_says_why() {
        let text = r#"{"type":"about:blank","title":"Conflict","status":409,"code":"queue-empty"}"#
            .to_owned();
        let answer = Answer { status: 409, text };
        assert!(answer.is_refusal());
        assert_eq!(answer.problem(), "409 queue-empty: Conflict");
        assert!(answer.expect::<Value>().is_err());
    }
}
