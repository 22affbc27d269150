//! The site as a Spin component: from the host's request to the host's answer.

use alap_spin::{
    Kind, Problem, Request,
    answer::Response,
    component::{Outcome, host, write},
    request::Body,
};
use host::{exports::http::handler::Guest, http::types};
use http::Method;

use crate::{Frames, respond};

struct Component;
host::http::service::export!(Component);

impl Guest for Component {
    async fn handle(request: types::Request) -> Outcome {
        let method = match request.get_method() {
            types::Method::Get => Method::GET,
            types::Method::Head => Method::HEAD,
            // Nothing here takes it, whatever it is.
            _ => Method::POST,
        };
        let target = request.get_path_with_query().unwrap_or_default();
        let headers = request.get_headers().copy_all();
        let request = Request::new(method, &target, headers, Body::Whole(Vec::new()));
        let answer = frames().await.and_then(|frames| respond(&request, &frames));
        write(answer.unwrap_or_else(refuse))
    }
}

/// The sites that may show the chat. Whatever keeps the list from being read, nobody is in it then.
async fn frames() -> Result<Frames, Problem> {
    let list = spin_sdk::variables::get("allowed_origins").await;
    Frames::parse(&list.unwrap_or_default()).map_err(|reason| {
        let reason = format!("the variable allowed_origins: {reason}");
        Problem::of_ours(Kind::Misconfigured, reason)
    })
}

fn refuse(problem: Problem) -> Response {
    if let Some(reason) = problem.for_the_operator() {
        // Hosts keep what a component writes to standard error as its log.
        eprintln!("{}: {reason}", problem.kind().code());
    }
    let mut response = problem.into_response();
    response.add("content-length", response.body.len().to_string());
    response.add("cache-control", "no-store");
    response.add("x-content-type-options", "nosniff");
    response
}
