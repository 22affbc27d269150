//! What happens around every function: questions of browsers, methods without a body, problems, and the headers that
//! every answer has.

use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LENGTH, X_CONTENT_TYPE_OPTIONS},
};

use crate::{answer::Answer, origins::Origins, problem::Problem, request::Request};

/// Answers `request` by what `respond` says. Nothing of it fails: a host would make an empty answer of an error.
///
/// `log` gets what the operator should know.
pub async fn exchange(
    request: &Request,
    origins: &Origins,
    respond: impl AsyncFnOnce(&Request) -> Answer,
    log: impl FnOnce(&str),
) -> Response<Vec<u8>> {
    let response = match origins.preflight(request.head()) {
        Some(response) => response,
        None => respond(request)
            .await
            .unwrap_or_else(|problem| refuse(request, problem, log)),
    };
    finish(request, origins, response)
}

fn refuse(request: &Request, problem: Problem, log: impl FnOnce(&str)) -> Response<Vec<u8>> {
    if let Some(reason) = problem.for_the_operator() {
        let code = problem.kind().code();
        log(&format!("{} {code}: {reason}", request.method()));
    }
    problem.into_response()
}

fn finish(
    request: &Request,
    origins: &Origins,
    mut response: Response<Vec<u8>>,
) -> Response<Vec<u8>> {
    let length = response.body().len();
    if *request.method() == Method::HEAD {
        response.body_mut().clear();
    }
    let silent = response.status() == StatusCode::NO_CONTENT;
    let headers: &mut HeaderMap = response.headers_mut();
    if !silent {
        // Without it hosts send chunks, the last of which waits for the client's delayed acknowledgement.
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    origins.mark(&request.head().headers, headers);
    response
}

#[cfg(test)]
mod tests {
    use alap_shared::{memory::run, ports::StoreError, refusal::Refusal};
    use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW};

    use super::*;
    use crate::{answer, request::Body};

    const PAGE: &str = "https://www.example.com";

    fn ask(method: &str, respond: impl AsyncFnOnce(&Request) -> Answer) -> Response<Vec<u8>> {
        let build = http::Request::builder()
            .method(method)
            .header("origin", PAGE)
            .header("access-control-request-method", "POST");
        let (head, ()) = build.body(()).unwrap().into_parts();
        let request = Request::new(head, Body::Whole(Vec::new()));
        run(exchange(
            &request,
            &Origins::parse(PAGE).unwrap(),
            respond,
            |_| {},
        ))
    }

    fn has_what_all_have(response: &Response<Vec<u8>>) {
        let headers = response.headers();
        assert_eq!(headers[CACHE_CONTROL], "no-store");
        assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], PAGE);
        let length = (response.status() != 204).then(|| response.body().len().to_string());
        let said = headers.get(CONTENT_LENGTH);
        assert_eq!(said.map(|said| said.to_str().unwrap().to_owned()), length);
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
        assert_eq!(response.status(), 204);
        has_what_all_have(&response);
    }

    #[test]
    fn head_is_get_without_the_body() {
        let respond = async |request: &Request| {
            request.allow(&[Method::GET])?;
            Ok(answer::text("text".to_owned()))
        };
        let response = ask("HEAD", respond);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[CONTENT_LENGTH], "4");
        assert!(response.body().is_empty());
        assert_eq!(ask("PUT", respond).headers()[ALLOW], "GET, HEAD");
    }

    #[test]
    fn the_operator_reads_why_and_the_client_does_not() {
        let build = http::Request::get("/v1/chats/of-somebody");
        let (head, ()) = build.body(()).unwrap().into_parts();
        let request = Request::new(head, Body::Whole(Vec::new()));
        let mut lines = Vec::new();
        let error = StoreError("get c:1: refused".to_owned());
        run(exchange(
            &request,
            &Origins::default(),
            async |_| Err(Refusal::Store(error).into()),
            |line| lines.push(line.to_owned()),
        ));
        let line = "GET store-unavailable: key-value store: get c:1: refused";
        assert_eq!(lines, [line]);
    }
}
