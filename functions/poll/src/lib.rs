//! `GET /v1/chats/{chat}/events`: either side asks what is new, or for the whole chat as text.

use alap_shared::{ports::Ports, service::Service, verbs::poll::PollRequest};
use alap_spin::{Answer, Kind, Problem, Request, answer, request::chat_id};
use http::{Method, StatusCode};

/// Answers a request.
pub async fn respond<P: Ports>(request: &Request, service: &Service<P>) -> Answer {
    let ["v1", "chats", chat, "events"] = request.path()[..] else {
        return Err(Problem::new(Kind::NotFound));
    };
    request.allow(&[Method::GET])?;
    let caller = service.caller(Some(request.token()?))?;
    let chat = chat_id(chat)?;
    if request.wants_text() {
        let transcript = service.transcript(&caller, &chat).await?;
        let mut response = answer::text(transcript);
        response.add("content-disposition", "attachment; filename=\"chat.txt\"");
        return Ok(response);
    }
    let wish = PollRequest {
        after: request.number("after")?,
        wait: request.number("wait")?,
    };
    let news = service.poll(&caller, &chat, wish).await?;
    answer::json(StatusCode::OK, &news)
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(Agents, respond);

#[cfg(test)]
mod tests;
