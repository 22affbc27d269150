//! Everything beside the API: one page that says where things are.

use alap_spin::{Answer, Kind, Problem, Request, answer};
use http::{HeaderValue, Method, header::CONTENT_SECURITY_POLICY};

const PAGE: &str = include_str!("page.html");

/// The page has a style of its own, and nothing else may be loaded or run.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
);

/// Answers a request.
pub fn respond(request: &Request) -> Answer {
    let [""] = request.path()[..] else {
        return Err(Problem::new(Kind::NotFound));
    };
    request.allow(&[Method::GET])?;
    let mut response = answer::html(PAGE);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, POLICY);
    Ok(response)
}

#[cfg(target_arch = "wasm32")]
#[spin_sdk::http_service]
async fn handle(request: spin_sdk::http::Request) -> alap_spin::component::Response {
    alap_spin::component::serve_alone(request, async |request| respond(request)).await
}

#[cfg(test)]
mod tests {
    use alap_spin::testing;
    use serde_json::Value;

    use super::*;

    fn ask(method: &str, uri: &str) -> testing::Answered {
        let request = testing::request(method, uri, None, &Value::Null);
        testing::ask(request, async |request| respond(request))
    }

    #[test]
    fn the_page_says_where_things_are() {
        let page = ask("GET", "/");
        assert_eq!(page.status, 200);
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        assert!(page.text().contains("/v1/chats"));
        assert!(ask("HEAD", "/").body.is_empty());
        assert_eq!(ask("POST", "/").problem().0, 405);
    }

    #[test]
    fn there_is_nothing_else() {
        for uri in [
            "/nowhere",
            "/v1",
            "/v1/chats/",
            "/v2/chats",
            "//",
            "/v1/chats/a/b/c",
        ] {
            let problem = ask("GET", uri).problem();
            assert_eq!(problem, (404, "not-found".to_owned()), "{uri}");
        }
    }
}
