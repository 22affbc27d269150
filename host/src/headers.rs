//! The headers by which Spin tells a component about a request.

use crate::routes::RouteMatch;
use http::header::HOST;
use http::uri::{Authority, Scheme, Uri};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use std::net::SocketAddr;

/// A request that says nothing, or two different things, about the host it is meant for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoAuthority;

/// Completes the request's URI with scheme and host, and replaces all `spin-*` headers with the host's own.
///
/// Spin leaves what a client sent under these names in its place; here it is gone, so that no component can be fooled.
pub(crate) fn prepare<B>(
    request: &mut Request<B>,
    matched: &RouteMatch,
    client: SocketAddr,
) -> Result<(), NoAuthority> {
    let authority = authority(request)?;
    let mut parts = request.uri().clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    let uri = Uri::from_parts(parts).map_err(|_| NoAuthority)?;
    let headers = request.headers_mut();
    remove_forged(headers);
    let route = &matched.route;
    let prefix = route.raw.strip_suffix("/...").unwrap_or(&route.raw);
    set(
        headers,
        HeaderName::from_static("spin-full-url"),
        &uri.to_string(),
    );
    set(
        headers,
        HeaderName::from_static("spin-path-info"),
        &matched.rest,
    );
    set(
        headers,
        HeaderName::from_static("spin-matched-route"),
        &route.raw,
    );
    set(
        headers,
        HeaderName::from_static("spin-raw-component-route"),
        &route.raw,
    );
    set(
        headers,
        HeaderName::from_static("spin-component-route"),
        prefix,
    );
    headers.insert(
        HeaderName::from_static("spin-base-path"),
        HeaderValue::from_static("/"),
    );
    set(
        headers,
        HeaderName::from_static("spin-client-addr"),
        &client.to_string(),
    );
    for (name, value) in &matched.segments {
        if let Ok(name) = segment_header(name) {
            set(headers, name, value);
        }
    }
    *request.uri_mut() = uri;
    Ok(())
}

/// The header that carries the value of the segment `:name`.
pub(crate) fn segment_header(name: &str) -> Result<HeaderName, http::header::InvalidHeaderName> {
    let name = name.replace('_', "-").to_ascii_lowercase();
    HeaderName::from_bytes(format!("spin-path-match-{name}").as_bytes())
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // What comes from a path has no control characters; anything else a header cannot hold is left out.
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        headers.insert(name, value);
    }
}

fn remove_forged(headers: &mut HeaderMap) {
    let forged: Vec<HeaderName> = headers
        .keys()
        .filter(|name| name.as_str().starts_with("spin-"))
        .cloned()
        .collect();
    for name in forged {
        headers.remove(name);
    }
}

fn authority<B>(request: &Request<B>) -> Result<Authority, NoAuthority> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let named = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(Authority::try_from(host.as_bytes()).map_err(|_| NoAuthority)?),
        (None, _) => None,
        (Some(_), Some(_)) => return Err(NoAuthority),
    };
    match (named, request.uri().authority().cloned()) {
        (Some(named), None) => Ok(named),
        (None, Some(in_uri)) => Ok(in_uri),
        (Some(named), Some(in_uri)) if named == in_uri => Ok(named),
        _ => Err(NoAuthority),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::Route;
    use std::sync::Arc;

    fn matched() -> RouteMatch {
        RouteMatch {
            route: Arc::new(Route {
                raw: "/v1/chats/:chat_id/...".to_owned(),
                component: "poll".to_owned(),
            }),
            segments: vec![("chat_id".to_owned(), "c1".to_owned())],
            rest: "/events".to_owned(),
        }
    }

    #[test]
    fn tells_what_spin_tells_and_nothing_a_client_forged() {
        let mut request = Request::get("/v1/chats/c1/events?after=3")
            .header("host", "chat.example:8080")
            .header("spin-client-addr", "6.6.6.6:6")
            .header("spin-path-match-other", "forged")
            .body(())
            .unwrap();
        let client = "127.0.0.1:555".parse().unwrap();
        prepare(&mut request, &matched(), client).unwrap();
        for (name, expected) in [
            (
                "spin-full-url",
                "http://chat.example:8080/v1/chats/c1/events?after=3",
            ),
            ("spin-path-info", "/events"),
            ("spin-matched-route", "/v1/chats/:chat_id/..."),
            ("spin-raw-component-route", "/v1/chats/:chat_id/..."),
            ("spin-component-route", "/v1/chats/:chat_id"),
            ("spin-base-path", "/"),
            ("spin-client-addr", "127.0.0.1:555"),
            ("spin-path-match-chat-id", "c1"),
        ] {
            let values: Vec<_> = request.headers().get_all(name).iter().collect();
            assert_eq!(values, [expected], "{name}");
        }
        assert!(!request.headers().contains_key("spin-path-match-other"));
        assert_eq!(
            request.uri(),
            "http://chat.example:8080/v1/chats/c1/events?after=3"
        );
    }

    #[test]
    fn refuses_an_unclear_host() {
        let client = "127.0.0.1:555".parse().unwrap();
        let requests = [
            Request::get("/"),
            Request::get("/").header("host", "a b"),
            Request::get("/").header("host", "a").header("host", "b"),
            Request::get("http://a/").header("host", "b"),
        ];
        for request in requests {
            let mut request = request.body(()).unwrap();
            assert_eq!(prepare(&mut request, &matched(), client), Err(NoAuthority));
        }
        let mut request = Request::get("http://a/")
            .header("host", "a")
            .body(())
            .unwrap();
        assert_eq!(prepare(&mut request, &matched(), client), Ok(()));
    }
}
