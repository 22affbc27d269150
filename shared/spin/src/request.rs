//! Reading a request. What it is about is taken from its URI and nothing else: any client can send any header.

mod json;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use alap_shared::{
    id::ChatId,
    refusal::{FieldError, Refusal},
};
use http::Method;
use serde::de::DeserializeOwned;

use crate::problem::{Kind, Problem};

/// The most bytes of a body: 16 KiB hold the longest text, 2,000 code points, even where a client escapes each of
/// them as `\uXXXX`.
pub const BODY_LIMIT: usize = 16 * 1024;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    method: Method,
    path: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Body,
}

/// As much of a body as was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// It has more than [`BODY_LIMIT`] bytes.
    TooLarge,
    /// The client stopped in the middle.
    Incomplete,
}

impl Request {
    /// A request for `target`, which is a path and perhaps a query, with its headers in the order they came.
    pub fn new(method: Method, target: &str, headers: Vec<(String, Vec<u8>)>, body: Body) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body,
        }
    }

    /// The parts of the path: `["v1", "chats"]` for `/v1/chats`. They are not decoded, since no id needs it.
    pub fn path(&self) -> Vec<&str> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').collect()
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Refuses methods other than `allowed`. Where GET is allowed, HEAD is.
    pub fn allow(&self, allowed: &[Method]) -> Result<(), Problem> {
        let asked = match self.method {
            Method::HEAD => &Method::GET,
            ref other => other,
        };
        if allowed.contains(asked) {
            return Ok(());
        }
        let with_head = allowed
            .contains(&Method::GET)
            .then_some(Method::HEAD)
            .into_iter();
        let allowed: Vec<Method> = allowed.iter().cloned().chain(with_head).collect();
        Err(Problem::method_not_allowed(&allowed))
    }

    /// The value of a header, the first where there are several; empty where it is no UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.0.eq_ignore_ascii_case(name))
            .map(text)
    }

    /// The bearer token, if there is one (RFC 6750 section 2.1).
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The bearer token, which has to be there.
    pub fn token(&self) -> Result<&str, Problem> {
        self.bearer()
            .ok_or_else(|| Problem::new(Kind::TokenMissing))
    }

    /// A parameter of the query, as it stands there.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .find_map(|(found, value)| (found == name).then_some(value))
    }

    /// A parameter that is a whole number; 0 where it is not there.
    pub fn number(&self, name: &str) -> Result<u64, Problem> {
        match self.parameter(name) {
            None => Ok(0),
            Some(digits) => digits
                .parse()
                .map_err(|_| Refusal::field(name, "a whole number from 0 is needed").into()),
        }
    }

    /// Whether the client would rather have text than JSON.
    pub fn wants_text(&self) -> bool {
        let accepted = self.header("accept").unwrap_or_default();
        let mut types = accepted
            .split(',')
            .map(|range| range.split(';').next().unwrap_or_default().trim());
        types
            .find(|media| matches!(*media, "text/plain" | "application/json" | "*/*"))
            .is_some_and(|first| first == "text/plain")
    }

    /// The client's address without its port. A client can send this header too, but the host adds its own after it.
    pub fn client_address(&self) -> String {
        let mut latest_first = self.headers.iter().rev();
        let last = latest_first
            .find(|header| header.0.eq_ignore_ascii_case("spin-client-addr"))
            .map_or("", text);
        match last.parse::<SocketAddr>() {
            Ok(address) => address.ip().to_string(),
            Err(_) => last.to_owned(),
        }
    }

    /// The body, which has to be a JSON object.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        json::read(self.body()?)
    }

    /// The same, where a missing body is as good as one that says nothing.
    pub fn json_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, Problem> {
        match self.body()? {
            [] => Ok(T::default()),
            body => json::read(body),
        }
    }

    fn body(&self) -> Result<&[u8], Problem> {
        match &self.body {
            Body::Whole(bytes) if bytes.len() <= BODY_LIMIT => Ok(bytes),
            Body::Whole(_) | Body::TooLarge => Err(Problem::too_large(BODY_LIMIT)),
            Body::Incomplete => Err(Problem::new(Kind::BodyIncomplete)),
        }
    }
}

/// The id of a chat in a path. What can't be one gets the same answer as a chat that is somebody else's.
pub fn chat_id(part: &str) -> Result<ChatId, Problem> {
    ChatId::parse(part).ok_or_else(|| Refusal::Forbidden.into())
}

fn text((_, value): &(String, Vec<u8>)) -> &str {
    std::str::from_utf8(value).unwrap_or_default()
}

/// What is wrong with a field, and what stood there instead, by its kind.
fn field(name: &str, problem: String, sent: Option<String>) -> Problem {
    Refusal::Field(FieldError {
        field: name.to_owned(),
        problem,
        limit: None,
        sent,
        message: None,
    })
    .into()
}
