//! `POST /v1/chats/{chat}/close` ends a chat; `DELETE /v1/chats/{chat}` erases it.

use alap_shared::{ports::Ports, service::Service};
use alap_spin::{Answer, Kind, Problem, Request, answer, request::chat_id};
use http::{Method, StatusCode};

/// Answers a request.
pub async fn respond<P: Ports>(request: &Request, service: &Service<P>) -> Answer {
    match request.path()[..] {
        ["v1", "chats", chat, "close"] => close(request, service, chat).await,
        ["v1", "chats", chat] => erase(request, service, chat).await,
        _ => Err(Problem::new(Kind::NotFound)),
    }
}

async fn close<P: Ports>(request: &Request, service: &Service<P>, chat: &str) -> Answer {
    request.allow(&[Method::POST])?;
    let caller = service.caller(Some(request.token()?))?;
    let wish = request.json_or_default()?;
    let closed = service.close(&caller, &chat_id(chat)?, &wish).await?;
    answer::json(StatusCode::OK, &closed)
}

async fn erase<P: Ports>(request: &Request, service: &Service<P>, chat: &str) -> Answer {
    request.allow(&[Method::DELETE])?;
    let caller = service.caller(Some(request.token()?))?;
    service.erase(&caller, &chat_id(chat)?).await?;
    Ok(answer::no_content())
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(Agents, respond);

#[cfg(test)]
mod tests;
