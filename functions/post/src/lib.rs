//! `POST /v1/chats/{chat}/messages`: either side says something.

use alap_shared::{ports::Ports, service::Service};
use alap_spin::{Answer, Kind, Problem, Request, answer, request::chat_id};
use http::{Method, StatusCode};

/// Answers a request.
pub async fn respond<P: Ports>(request: &Request, service: &Service<P>) -> Answer {
    let ["v1", "chats", chat, "messages"] = request.path()[..] else {
        return Err(Problem::new(Kind::NotFound));
    };
    request.allow(&[Method::POST])?;
    let caller = service.caller(Some(request.token()?))?;
    let posted = service
        .post(&caller, &chat_id(chat)?, &request.json()?)
        .await?;
    let status = if posted.new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    answer::json(status, &posted.answer)
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(Agents, respond);

#[cfg(test)]
mod tests;
