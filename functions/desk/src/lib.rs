//! `/v1/desk` and `/v1/desk/login`: representatives log in and see how their queues and chats stand; and
//! `GET /v1/health`.

use alap_shared::{ports::Ports, service::Service, verbs::desk::OverviewRequest};
use alap_spin::{Answer, Kind, Problem, Request, answer};
use http::{Method, StatusCode};

/// Answers a request.
pub async fn respond<P: Ports>(request: &Request, service: &Service<P>) -> Answer {
    match request.path()[..] {
        ["v1", "health"] => {
            request.allow(&[Method::GET])?;
            answer::json(StatusCode::OK, &service.health().await?)
        }
        ["v1", "desk", "login"] => {
            request.allow(&[Method::POST])?;
            answer::json(StatusCode::OK, &service.login(&request.json()?)?)
        }
        ["v1", "desk"] => {
            request.allow(&[Method::GET])?;
            let agent = service.agent(Some(request.token()?))?;
            let wish = OverviewRequest {
                rev: request.parameter("rev").map(str::to_owned),
                wait: request.number("wait")?,
            };
            answer::json(StatusCode::OK, &service.overview(&agent, &wish).await?)
        }
        _ => Err(Problem::new(Kind::NotFound)),
    }
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(Agents, respond);

#[cfg(test)]
mod tests;
