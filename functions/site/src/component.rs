//! The site as a Spin component: from the host's request to the host's answer.

use alap_spin::{
    Kind, Problem, Request,
    answer::Response,
    component::{Outcome, host},
    request::Body,
};
use host::{
    exports::http::handler::Guest,
    http::types::{self, ErrorCode, Fields},
    wit_bindgen, wit_future, wit_stream,
};
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

/// Hands an answer to the host, which takes the body after this.
fn write(response: Response) -> Outcome {
    let headers = response.headers.iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
        .collect();
    let headers = Fields::from_list(&headers)
        .map_err(|_| ErrorCode::InternalError(Some("a header is none".to_owned())))?;
    let (mut writer, contents) = wit_stream::new();
    let (end, trailers) = wit_future::new(|| Ok(None));
    let (answer, _sent) = types::Response::new(headers, Some(contents), trailers);
    // Refused is only what is no status at all.
    let _ = answer.set_status_code(response.status.as_u16());
    wit_bindgen::spawn(async move {
        // What is left over is what the client didn't wait for; nobody is there to be told.
        let _ = writer.write_all(response.body).await;
        drop(writer);
        let _ = end.write(Ok(None)).await;
    });
    Ok(answer)
}
