//! `/v1/desk/next` and `/v1/desk/chats/…`: what representatives do to chats beside talking and closing.

use alap_shared::{agent::AgentRecord, id::ChatId, ports::Ports, service::Service};
use alap_spin::{Answer, Kind, Problem, Request, answer, request::chat_id};
use http::{Method, StatusCode};

/// Answers a request.
pub async fn respond<P: Ports>(request: &Request, service: &Service<P>) -> Answer {
    match request.path()[..] {
        ["v1", "desk", "next"] => {
            request.allow(&[Method::POST])?;
            let agent = service.agent(Some(request.token()?))?;
            answer::json(StatusCode::OK, &service.next(&agent).await?)
        }
        ["v1", "desk", "chats", chat, verb] => on_chat(request, service, chat, verb).await,
        _ => Err(Problem::new(Kind::NotFound)),
    }
}

/// What is done to one chat.
#[derive(Clone, Copy)]
enum Verb {
    Claim,
    Transfer,
    Note,
    Form,
    Number,
    Handled,
}

impl Verb {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "claim" => Self::Claim,
            "transfer" => Self::Transfer,
            "note" => Self::Note,
            "form" => Self::Form,
            "number" => Self::Number,
            "handled" => Self::Handled,
            _ => return None,
        })
    }
}

async fn on_chat<P: Ports>(
    request: &Request,
    service: &Service<P>,
    chat: &str,
    verb: &str,
) -> Answer {
    let verb = Verb::parse(verb).ok_or_else(|| Problem::new(Kind::NotFound))?;
    request.allow(&[Method::POST])?;
    let agent: &AgentRecord = &service.agent(Some(request.token()?))?;
    let chat: &ChatId = &chat_id(chat)?;
    let ok = StatusCode::OK;
    match verb {
        Verb::Claim => answer::json(ok, &service.claim(agent, chat).await?),
        Verb::Transfer => {
            let done = service.transfer(agent, chat, &request.json()?).await?;
            answer::json(ok, &done)
        }
        Verb::Note => {
            let noted = service.note(agent, chat, &request.json()?).await?;
            answer::json(ok, &noted.answer)
        }
        Verb::Form => {
            let asked = service.ask_form(agent, chat, &request.json()?).await?;
            answer::json(ok, &asked.answer)
        }
        Verb::Number => answer::json(ok, &service.number(agent, chat).await?),
        Verb::Handled => answer::json(ok, &service.handle_message(agent, chat).await?),
    }
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(Agents, respond);

#[cfg(test)]
mod tests;
