//! What happens around every function: questions of browsers, methods without a body, problems, and the headers that
//! every answer has.

use http::{Method, StatusCode};

use crate::{
    answer::{Answer, Response},
    origins::Origins,
    problem::Problem,
    request::Request,
};

/// Answers `request` by what `respond` says. Nothing of it fails: a host would make an empty answer of an error.
///
/// `log` gets what the operator should know.
pub async fn exchange(
    request: &Request,
    origins: &Origins,
    respond: impl AsyncFnOnce(&Request) -> Answer,
    log: impl FnOnce(&str),
) -> Response {
    let mut response = match origins.preflight(request) {
        Some(response) => response,
        None => respond(request)
            .await
            .unwrap_or_else(|problem| refuse(request, problem, log)),
    };
    finish(request, origins, &mut response);
    response
}

fn refuse(request: &Request, problem: Problem, log: impl FnOnce(&str)) -> Response {
    if let Some(reason) = problem.for_the_operator() {
        let code = problem.kind().code();
        log(&format!("{} {code}: {reason}", request.method()));
    }
    problem.into_response()
}

fn finish(request: &Request, origins: &Origins, response: &mut Response) {
    if response.status != StatusCode::NO_CONTENT {
        // Without it hosts send chunks, the last of which waits for the client's delayed acknowledgement.
        response.add("content-length", response.body.len().to_string());
    }
    if *request.method() == Method::HEAD {
        response.body.clear();
    }
    response.add("cache-control", "no-store");
    response.add("x-content-type-options", "nosniff");
    origins.mark(request, response);
}

#[cfg(test)]
mod tests {
    use alap_shared::{memory::run, ports::StoreError, refusal::Refusal};

    use super::*;
    use crate::{answer, request::Body};

    const PAGE: &str = "https://www.example.com";

    fn asked(method: &str) -> Request {
        let headers = [("origin", PAGE), ("access-control-request-method", "POST")]
            .map(|(name, value)| (name.to_owned(), value.into()));
        let method = method.parse().unwrap();
        Request::new(method, "/v1/chats", headers.into(), Body::Whole(Vec::new()))
    }

    fn ask(method: &str, respond: impl AsyncFnOnce(&Request) -> Answer) -> Response {
        let origins = Origins::parse(PAGE).unwrap();
        run(exchange(&asked(method), &origins, respond, |_| {}))
    }

    fn has_what_all_have(response: &Response) {
        let length = (response.status != 204).then(|| response.body.len().to_string());
        for (name, value) in [
            ("cache-control", Some("no-store")),
            ("x-content-type-options", Some("nosniff")),
            ("access-control-allow-origin", Some(PAGE)),
            ("content-length", length.as_deref()),
        ] {
            assert_eq!(response.header(name), value);
        }
    }

    #[test]
    fn every_answer_has_the_headers_that_all_have() {
        has_what_all_have(&ask("GET", async |_| Ok(answer::text("text".to_owned()))));
        has_what_all_have(&ask("DELETE", async |_| Ok(answer::no_content())));
        has_what_all_have(&ask("POST", async |_| Err(Refusal::Forbidden.into())));
    }

    #[test]
    fn a_browsers_question_is_answered_without_the_function() {
        let response = ask("OPTIONS", async |_| panic!("nobody asked for that"));
        assert_eq!(response.status, 204);
        has_what_all_have(&response);
    }

    #[test]
    fn head_is_get_without_the_body() {
        let respond = async |request: &Request| {
            request.allow(&[Method::GET])?;
            Ok(answer::text("text".to_owned()))
        };
        let response = ask("HEAD", respond);
        assert_eq!(response.status, 200);
        assert_eq!(response.header("content-length"), Some("4"));
        assert!(response.body.is_empty());
        assert_eq!(ask("PUT", respond).header("allow"), Some("GET, HEAD"));
    }

    #[test]
    fn the_operator_reads_why_and_the_client_does_not() {
        let mut lines = Vec::new();
        let error = StoreError("get c:1: refused".to_owned());
        run(exchange(
            &asked("GET"),
            &Origins::default(),
            async |_| Err(Refusal::Store(error).into()),
            |line| lines.push(line.to_owned()),
        ));
        let line = "GET store-unavailable: key-value store: get c:1: refused";
        assert_eq!(lines, [line]);
    }
}
