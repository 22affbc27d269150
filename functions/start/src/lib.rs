//! `POST /v1/chats`: a customer asks for a chat.

use alap_shared::{
    ports::Ports,
    service::Service,
    verbs::start::{Start, StartRequest},
};
use alap_spin::{Answer, Kind, Problem, Request, answer};
use http::{Method, StatusCode};

/// Answers a request.
pub async fn respond<P: Ports>(request: &Request, service: &Service<P>) -> Answer {
    let ["v1", "chats"] = request.path()[..] else {
        return Err(Problem::new(Kind::NotFound));
    };
    request.allow(&[Method::POST])?;
    let body: StartRequest = request.json()?;
    if body.again.is_some() {
        request.token()?;
    }
    let address = request.client_address();
    let with = Start {
        token: request.bearer(),
        idempotency_key: request.header("idempotency-key"),
        address: &address,
    };
    let started = service.start(&body, with).await?;
    answer::json(StatusCode::CREATED, &started)
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(Identities, respond);

#[cfg(test)]
mod tests;
