//! What a function answers.

use std::borrow::Cow;

use http::StatusCode;
use serde::Serialize;

use crate::problem::{Kind, Problem};

/// What a function answers.
pub type Answer = Result<Response, Problem>;

/// An answer as a client gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers: names in small letters, values of visible ASCII characters and blanks.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer with a body of this media type.
    pub fn new(status: StatusCode, media: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("content-type", media.into())],
            body,
        }
    }

    /// Adds a header.
    pub fn add(&mut self, name: &'static str, value: impl Into<Cow<'static, str>>) {
        self.headers.push((name, value.into()));
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|header| header.0 == name);
        found.map(|(_, value)| value.as_ref())
    }
}

/// `body` as JSON.
pub fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    written(status, serde_json::to_vec(body).ok())
}

/// The same for every type of body, and in a component once.
#[inline(never)]
fn written(status: StatusCode, body: Option<Vec<u8>>) -> Answer {
    let unwritable = || Problem::of_ours(Kind::Internal, "an answer can't be written".to_owned());
    let body = body.ok_or_else(unwritable)?;
    Ok(Response::new(status, "application/json", body))
}

/// `body` as text.
pub fn text(body: String) -> Response {
    let media = "text/plain; charset=utf-8";
    Response::new(StatusCode::OK, media, body.into_bytes())
}

/// A page.
pub fn html(body: &str) -> Response {
    Response::new(StatusCode::OK, "text/html; charset=utf-8", body.into())
}

/// Nothing to say.
pub fn no_content() -> Response {
    Response {
        status: StatusCode::NO_CONTENT,
        headers: Vec::new(),
        body: Vec::new(),
    }
}
