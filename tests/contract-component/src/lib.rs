//! `GET /contract` holds the host's ports to their contract, on the host's real store: 200 `ok`, or 500 with the
//! promise that is not kept.

use alap_shared::{port_contract::port_contract, ports::Ports};
use alap_spin::{Answer, Kind, Problem, Request, answer};
use http::Method;

/// Answers a request by trying out `ports`.
pub async fn respond(request: &Request, ports: &impl Ports) -> Answer {
    let ["contract"] = request.path()[..] else {
        return Err(Problem::new(Kind::NotFound));
    };
    request.allow(&[Method::GET])?;
    match port_contract(ports).await {
        Ok(()) => Ok(answer::text("ok".to_owned())),
        Err(promise) => Err(Problem::new(Kind::Internal).with_detail(promise)),
    }
}

#[cfg(target_arch = "wasm32")]
async fn on_the_host(request: &Request) -> Answer {
    respond(request, &alap_spin::ports::SpinPorts).await
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(on_the_host);

#[cfg(test)]
mod tests {
    use alap_shared::memory::{Memory, Operation};
    use alap_spin::testing::{Answered, ask, request};
    use serde_json::Value;

    use super::*;

    fn contract(memory: &Memory) -> Answered {
        let request = request("GET", "/contract", None, &Value::Null);
        ask(&request, async |request: &Request| {
            respond(request, memory).await
        })
    }

    #[test]
    fn it_says_ok_or_which_promise_is_not_kept() {
        let memory = Memory::new();
        let kept = contract(&memory);
        assert_eq!((kept.status, kept.text()), (200, "ok".to_owned()));
        memory.fail_when(|call| call.operation == Operation::Reserve);
        let broken = contract(&memory);
        assert_eq!(broken.status, 500);
        assert!(broken.text().contains("not kept"), "{}", broken.text());
    }
}
