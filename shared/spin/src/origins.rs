//! CORS: which other sites' pages may read answers (the Fetch standard, "HTTP extensions").

use http::Method;

use crate::{
    answer::{self, Response},
    request::Request,
};

/// What the pages may send, and read beside the headers they always may.
const METHODS: &str = "GET, HEAD, POST, DELETE";
const HEADERS: &str = "Authorization, Content-Type, Idempotency-Key";
const EXPOSED: &str = "Retry-After";

/// How long a browser may remember that: two hours, the longest that Chromium does.
const MAX_AGE: &str = "7200";

/// The sites whose pages may use the API, beside the one it is served from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    any: bool,
    these: Vec<String>,
}

impl Origins {
    /// The sites in the variable `allowed_origins`: `https://www.example.com, https://example.com`, or `*` for any.
    /// The error says what is wrong with one of them.
    pub fn parse(list: &str) -> Result<Self, String> {
        let mut origins = Self::default();
        for origin in list.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            if origin == "*" {
                origins.any = true;
            } else if is_origin(origin) {
                origins.these.push(origin.to_ascii_lowercase());
            } else {
                return Err(format!(
                    "\"{origin}\" is not an origin such as https://www.example.com"
                ));
            }
        }
        Ok(origins)
    }

    /// Whether a page may send such a request, where that is what a browser asks; nothing where it doesn't.
    pub(crate) fn preflight(&self, request: &Request) -> Option<Response> {
        let asked = *request.method() == Method::OPTIONS
            && request.header("origin").is_some()
            && request.header("access-control-request-method").is_some();
        if !asked {
            return None;
        }
        let mut response = answer::no_content();
        if self.allows(request).is_some() {
            response.add("access-control-allow-methods", METHODS);
            response.add("access-control-allow-headers", HEADERS);
            response.add("access-control-max-age", MAX_AGE);
        }
        Some(response)
    }

    /// Lets the page that asks read the answer, if it may. Whoever is no page reads it anyway.
    pub(crate) fn mark(&self, request: &Request, response: &mut Response) {
        response.add("vary", "Origin");
        if let Some(origin) = self.allows(request) {
            response.add("access-control-allow-origin", origin.to_owned());
            response.add("access-control-expose-headers", EXPOSED);
        }
    }

    fn allows<'a>(&self, request: &'a Request) -> Option<&'a str> {
        let origin = request.header("origin")?;
        if self.any {
            return Some("*");
        }
        self.these.iter().any(|one| one == origin).then_some(origin)
    }
}

/// A scheme and a host, perhaps with a port, and nothing after it (RFC 6454 section 6.2).
fn is_origin(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Body;

    fn asked(method: Method, origin: Option<&str>) -> Request {
        let mut headers = vec![("access-control-request-method".to_owned(), b"POST".to_vec())];
        if let Some(origin) = origin {
            headers.push(("origin".to_owned(), origin.into()));
        }
        Request::new(method, "/v1/chats", headers, Body::Whole(Vec::new()))
    }

    fn allowed(list: &str, origin: Option<&str>) -> Option<String> {
        let mut response = answer::no_content();
        let origins = Origins::parse(list).unwrap();
        origins.mark(&asked(Method::POST, origin), &mut response);
        assert_eq!(response.header("vary"), Some("Origin"));
        let exposed = response.header("access-control-expose-headers");
        let origin = response.header("access-control-allow-origin");
        assert_eq!(origin.is_some(), exposed.is_some());
        origin.map(str::to_owned)
    }

    #[test]
    fn only_configured_pages_may_read() {
        let list = "https://www.example.com, http://localhost:8000";
        let table = [
            (Some("https://www.example.com"), true),
            (Some("http://localhost:8000"), true),
            (Some("http://localhost:8001"), false),
            (Some("http://www.example.com"), false),
            (Some("https://www.example.com.evil.example"), false),
            (Some("null"), false),
            (None, false),
        ];
        for (origin, may) in table {
            let expected = origin.filter(|_| may).map(str::to_owned);
            assert_eq!(allowed(list, origin), expected, "{origin:?}");
        }
        assert_eq!(allowed("", Some("https://www.example.com")), None);
        assert_eq!(allowed("*", Some("https://a.example")).unwrap(), "*");
    }

    #[test]
    fn a_browser_that_asks_first_is_told_what_pages_may_send() {
        let origins = Origins::parse("https://www.example.com").unwrap();
        let page = Some("https://www.example.com");
        let response = origins.preflight(&asked(Method::OPTIONS, page)).unwrap();
        assert_eq!(response.status, 204);
        for (name, value) in [
            ("access-control-allow-methods", METHODS),
            ("access-control-allow-headers", HEADERS),
            ("access-control-max-age", "7200"),
        ] {
            assert_eq!(response.header(name), Some(value));
        }
        let foreign = asked(Method::OPTIONS, Some("https://other.example"));
        let response = origins.preflight(&foreign).unwrap();
        assert_eq!(
            (response.status.as_u16(), response.headers),
            (204, Vec::new())
        );
        assert!(origins.preflight(&asked(Method::OPTIONS, None)).is_none());
        assert!(origins.preflight(&asked(Method::POST, page)).is_none());
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for wrong in [
            "www.example.com",
            "https://",
            "https://example.com/",
            "https://example.com/path",
            "ftp://example.com",
            "https://a b",
        ] {
            Origins::parse(wrong).expect_err(wrong);
        }
        Origins::parse(" https://A.example , https://[::1]:8000 ,").unwrap();
    }
}
