//! Everything beside the API: the pages, and the script that puts the chat on other sites. All of it is in the
//! component, compressed when that was built.

mod asset;
#[cfg(target_arch = "wasm32")]
mod component;
mod encoding;
mod policy;

#[cfg(test)]
#[path = "../build/links.rs"]
mod links;
#[cfg(test)]
mod tests;

use alap_spin::{Answer, Kind, Problem, Request, answer::Response};
use http::{Method, StatusCode};

use asset::{Asset, Freshness};
use encoding::Encoding;
pub use policy::Frames;

/// What neither the chat nor the desk needs, nor anything that might get into them.
const NO_PERMISSIONS: &str =
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// Answers a request.
pub fn respond(request: &Request, frames: &Frames) -> Answer {
    let found = asset::find(&format!("/{}", request.path().join("/")));
    let (asset, freshness) = found.ok_or_else(|| Problem::new(Kind::NotFound))?;
    request.allow(&[Method::GET])?;
    let encoding = Encoding::choose(request.header("accept-encoding").unwrap_or_default());
    let tag = format!("\"{}-{}\"", asset.hash, encoding.name());

    let mut response = Response::new(StatusCode::OK, asset.media, Vec::new());
    response.add("cache-control", cache_control(freshness));
    response.add("vary", "Accept-Encoding");
    describe(asset, frames, &mut response);
    let known = request.header("if-none-match").unwrap_or_default();
    let changed = !is_one_of(&tag, known);
    response.add("etag", tag);
    if !changed {
        response.status = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    let content = asset.content(encoding);
    if encoding != Encoding::Identity {
        response.add("content-encoding", encoding.name());
    }
    // Without it hosts send chunks, the last of which waits for the client's delayed acknowledgement.
    response.add("content-length", content.len().to_string());
    if *request.method() != Method::HEAD {
        response.body = content.into_owned();
    }
    Ok(response)
}

fn cache_control(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Immutable => "public, max-age=31536000, immutable",
        Freshness::Checked => "no-cache",
        Freshness::Minutes => "public, max-age=600, stale-while-revalidate=86400",
    }
}

/// What a file may do, and who may read it.
fn describe(asset: &Asset, frames: &Frames, response: &mut Response) {
    response.add("x-content-type-options", "nosniff");
    if asset.is_for_other_sites() {
        response.add("access-control-allow-origin", "*");
        response.add("cross-origin-resource-policy", "cross-origin");
    } else {
        response.add("cross-origin-resource-policy", "same-origin");
    }
    if asset.is_page() {
        response.add("content-security-policy", policy::policy(asset, frames));
        response.add("cross-origin-opener-policy", "same-origin");
        response.add("permissions-policy", NO_PERMISSIONS);
        response.add("referrer-policy", "no-referrer");
    }
}

/// Whether `tag` is in `tags`, the value of the header `If-None-Match` (RFC 9110 section 13.1.2). A proxy that has
/// looked into the content may have made it weak.
fn is_one_of(tag: &str, tags: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
