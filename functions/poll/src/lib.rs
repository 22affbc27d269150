//! `GET /v1/chats/{chat}/events`: either side asks what is new, or for the whole chat as text.

use alap_shared::{ports::Ports, service::Service, verbs::poll::PollRequest};
use alap_spin::{Answer, Kind, Problem, Request, answer, request::chat_id};
use http::{HeaderValue, Method, StatusCode, header::CONTENT_DISPOSITION};

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
        let file = HeaderValue::from_static("attachment; filename=\"chat.txt\"");
        response.headers_mut().insert(CONTENT_DISPOSITION, file);
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
#[spin_sdk::http_service]
async fn handle(request: spin_sdk::http::Request) -> alap_spin::component::Response {
    alap_spin::component::serve(request, alap_spin::Extra::Agents, respond).await
}

#[cfg(test)]
mod tests;
