//! Everything beside the API: one page that says where things are.

use alap_spin::{Answer, Kind, Problem, Request, answer};
use http::Method;

const PAGE: &str = include_str!("page.html");

/// The page has a style of its own, and nothing else may be loaded or run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Answers a request.
#[expect(
    clippy::unused_async,
    reason = "every function is answered in the same way"
)]
pub async fn respond(request: &Request) -> Answer {
    let [""] = request.path()[..] else {
        return Err(Problem::new(Kind::NotFound));
    };
    request.allow(&[Method::GET])?;
    let mut response = answer::html(PAGE);
    response.add("content-security-policy", POLICY);
    Ok(response)
}

#[cfg(target_arch = "wasm32")]
alap_spin::component!(respond);

#[cfg(test)]
mod tests {
    use alap_spin::testing;
    use serde_json::Value;

    use super::*;

    fn ask(method: &str, uri: &str) -> testing::Answered {
        let request = testing::request(method, uri, None, &Value::Null);
        testing::ask(&request, respond)
    }

    #[test]
    fn the_page_says_where_things_are() {
        let page = ask("GET", "/");
        assert_eq!(page.status, 200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.text().contains("/v1/chats"));
        assert!(ask("HEAD", "/").response.body.is_empty());
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
