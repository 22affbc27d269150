//! CORS: which other sites' pages may read answers (the Fetch standard, "HTTP extensions").

use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
        ORIGIN, VARY,
    },
    request::Parts,
};

/// What the pages may send, and read beside the headers they always may.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, DELETE");
const HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key");
const EXPOSED: HeaderValue = HeaderValue::from_static("Retry-After");

/// How long a browser may remember that: two hours, the longest that Chromium does.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

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
                    "{origin:?} is not an origin such as https://www.example.com"
                ));
            }
        }
        Ok(origins)
    }

    /// Whether a page may send such a request, where that is what a browser asks; nothing where it doesn't.
    pub(crate) fn preflight(&self, head: &Parts) -> Option<Response<Vec<u8>>> {
        let asked = head.method == Method::OPTIONS
            && head.headers.contains_key(ORIGIN)
            && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !asked {
            return None;
        }
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        if self.allows(&head.headers).is_some() {
            let headers = response.headers_mut();
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
        Some(response)
    }

    /// Lets the page that asks read the answer, if it may. Whoever is no page reads it anyway.
    pub(crate) fn mark(&self, asked: &HeaderMap, headers: &mut HeaderMap) {
        headers.insert(VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = self.allows(asked) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    fn allows(&self, asked: &HeaderMap) -> Option<HeaderValue> {
        let origin = asked.get(ORIGIN)?;
        if self.any {
            return Some(HeaderValue::from_static("*"));
        }
        let text = origin.to_str().ok()?;
        let allowed = self.these.iter().any(|one| one == text);
        allowed.then(|| origin.clone())
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

    fn head(method: &str, origin: Option<&str>) -> Parts {
        let mut build = http::Request::builder().method(method).uri("/v1/chats");
        if let Some(origin) = origin {
            build = build.header(ORIGIN, origin);
        }
        if method == "OPTIONS" {
            build = build.header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
        }
        build.body(()).unwrap().into_parts().0
    }

    fn allowed(list: &str, origin: Option<&str>) -> Option<String> {
        let mut headers = HeaderMap::new();
        let origins = Origins::parse(list).unwrap();
        origins.mark(&head("POST", origin).headers, &mut headers);
        assert_eq!(headers[VARY], "Origin");
        let origin = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(
            origin.is_some(),
            headers.contains_key(ACCESS_CONTROL_EXPOSE_HEADERS)
        );
        origin.map(|origin| origin.to_str().unwrap().to_owned())
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
        let asked = head("OPTIONS", Some("https://www.example.com"));
        let response = origins.preflight(&asked).unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        let headers = response.headers();
        assert_eq!(headers[ACCESS_CONTROL_ALLOW_METHODS], METHODS);
        assert_eq!(headers[ACCESS_CONTROL_ALLOW_HEADERS], HEADERS);
        assert_eq!(headers[ACCESS_CONTROL_MAX_AGE], "7200");

        let foreign = head("OPTIONS", Some("https://other.example"));
        let response = origins.preflight(&foreign).unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(response.headers().is_empty());

        let no_page = head("OPTIONS", None);
        assert!(origins.preflight(&no_page).is_none());
        let no_question = head("POST", Some("https://www.example.com"));
        assert!(origins.preflight(&no_question).is_none());
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
