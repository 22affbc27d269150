//! Everything beside the API: the pages, and the script that puts the chat on other sites. All of it is in the
//! component, compressed when that was built.

mod asset;
mod encoding;
mod policy;

#[cfg(test)]
#[path = "../build/links.rs"]
mod links;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use alap_spin::{Kind, Problem};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode,
    header::{
        ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING,
        CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
        REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
    },
    request::Parts,
};

use asset::{Asset, Freshness};
use encoding::Encoding;
pub use policy::Frames;

/// A response whose body mostly lies in the component.
pub type Answer = Response<Cow<'static, [u8]>>;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// What neither the chat nor the desk needs, nor anything that might get into them.
const NO_PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
);

/// Answers a request.
pub fn respond(request: &Parts, frames: &Frames) -> Result<Answer, Problem> {
    let found = asset::find(request.uri.path());
    let (asset, freshness) = found.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let methods = [Method::GET, Method::HEAD];
    if !methods.contains(&request.method) {
        return Err(Problem::method_not_allowed(&methods));
    }
    let asked = |name| {
        let values = request.headers.get_all(name).iter();
        let values = values.filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(",")
    };
    let encoding = Encoding::choose(&asked(ACCEPT_ENCODING));
    let tag = format!("\"{}-{}\"", asset.hash, encoding.name());

    let mut response = Response::new(Cow::Borrowed(&[][..]));
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, cache_control(freshness));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(tag) = HeaderValue::try_from(&tag) {
        headers.insert(ETAG, tag);
    }
    if asset.is_for_other_sites() {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if is_one_of(&tag, &asked(IF_NONE_MATCH)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    describe(asset, frames, headers);
    let content = asset.content(encoding);
    if encoding != Encoding::Identity {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    // Without it hosts send chunks, the last of which waits for the client's delayed acknowledgement.
    headers.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
    if request.method == Method::GET {
        *response.body_mut() = content;
    }
    Ok(response)
}

fn cache_control(freshness: Freshness) -> HeaderValue {
    HeaderValue::from_static(match freshness {
        Freshness::Immutable => "public, max-age=31536000, immutable",
        Freshness::Checked => "no-cache",
        Freshness::Minutes => "public, max-age=600, stale-while-revalidate=86400",
    })
}

/// What a file is, and what it may do.
fn describe(asset: &Asset, frames: &Frames, headers: &mut HeaderMap) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let readers = if asset.is_for_other_sites() {
        "cross-origin"
    } else {
        "same-origin"
    };
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static(readers));
    if !asset.is_page() {
        return;
    }
    if let Ok(policy) = HeaderValue::try_from(policy::policy(asset, frames)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(PERMISSIONS_POLICY, NO_PERMISSIONS);
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
}

/// Whether `tag` is in `tags`, the value of the header `If-None-Match` (RFC 9110 section 13.1.2). A proxy that has
/// looked into the content may have made it weak.
fn is_one_of(tag: &str, tags: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(target_arch = "wasm32")]
#[spin_sdk::http_service]
async fn handle(request: spin_sdk::http::Request) -> alap_spin::component::Response {
    use alap_spin::component::serve_alone;
    use spin_sdk::{http::FullBody, variables};

    // Whatever keeps the list from being read, nobody is in it then.
    let list = variables::get("allowed_origins").await.unwrap_or_default();
    let frames = Frames::parse(&list).map_err(|reason| {
        let reason = format!("the variable allowed_origins: {reason}");
        Problem::of_ours(Kind::Misconfigured, reason)
    });
    let (head, body) = request.into_parts();
    match frames.and_then(|frames| respond(&head, &frames)) {
        Ok(answer) => answer.map(|body| {
            FullBody::new(match body {
                Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes),
                Cow::Owned(bytes) => bytes::Bytes::from(bytes),
            })
        }),
        Err(problem) => {
            let request = spin_sdk::http::Request::from_parts(head, body);
            serve_alone(request, async |_| Err(problem)).await
        }
    }
}
