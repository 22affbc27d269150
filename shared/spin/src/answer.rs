//! Answers that are no problem.

use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use serde::Serialize;

use crate::problem::{Kind, Problem};

/// What a function answers.
pub type Answer = Result<Response<Vec<u8>>, Problem>;

/// `body` as JSON.
pub fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(body)
        .map_err(|error| Problem::of_ours(Kind::Internal, format!("an answer: {error}")))?;
    Ok(with(status, "application/json", body))
}

/// `body` as text.
pub fn text(body: String) -> Response<Vec<u8>> {
    with(
        StatusCode::OK,
        "text/plain; charset=utf-8",
        body.into_bytes(),
    )
}

/// A page.
pub fn html(body: &str) -> Response<Vec<u8>> {
    with(StatusCode::OK, "text/html; charset=utf-8", body.into())
}

/// Nothing to say.
pub fn no_content() -> Response<Vec<u8>> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn with(status: StatusCode, media: &'static str, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let media = HeaderValue::from_static(media);
    response.headers_mut().insert(CONTENT_TYPE, media);
    response
}
