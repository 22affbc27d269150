use std::collections::BTreeSet;

use alap_spin::request::Body;

use super::*;

fn ask(method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let frames = Frames::parse("https://www.example.com, https://example.com").unwrap();
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    let request = Request::new(method, path, headers.collect(), Body::Whole(Vec::new()));
    respond(&request, &frames)
}

fn get(path: &str) -> Response {
    ask(Method::GET, path, &[]).unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.header(name).unwrap_or_default()
}

fn path_of(name: &str) -> &'static str {
    let found = asset::all().iter().find(|asset| asset.name == name);
    found.unwrap().path
}

#[test]
fn the_pages_are_where_people_look_for_them() {
    for path in ["/", "/en", "/chat", "/desk"] {
        let page = get(path);
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&page, "cache-control"), "no-cache");
        assert!(page.body.starts_with(b"<!doctype html>"), "{path}");
    }
}

#[test]
fn what_a_file_names_is_there_under_a_name_of_its_own() {
    let mut linked = BTreeSet::new();
    for asset in asset::all() {
        let content = asset.content(Encoding::Identity);
        assert_eq!(content.len(), asset.length, "{}", asset.name);
        let text = String::from_utf8(content.into_owned()).unwrap();
        for other in asset::all().iter().filter(|other| other.name != asset.name) {
            let plain = links::link(asset.name, other.name);
            assert!(
                other.path == "/widget.js" || !text.contains(&plain),
                "{}: {plain}",
                asset.name
            );
            if text.contains(&links::link(asset.name, other.path)) {
                linked.insert(other.name);
            }
        }
    }
    let served = asset::all().iter().map(|asset| asset.name);
    let unlinked: Vec<_> = served
        .filter(|name| !linked.contains(name) && !links::is_page(name))
        .collect();
    assert_eq!(unlinked, Vec::<&str>::new(), "files that nothing needs");
}

#[test]
fn what_has_a_hash_in_its_name_is_kept_for_ever() {
    let path = path_of("/chat/box.js");
    assert_ne!(path, "/chat/box.js");
    let file = get(path);
    assert_eq!(
        header(&file, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        header(&file, "content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(header(&file, "x-content-type-options"), "nosniff");
}

#[test]
fn a_page_from_before_an_update_finds_todays_files() {
    let file = get("/chat/box.0123456789.js");
    assert_eq!(file.body, get(path_of("/chat/box.js")).body);
    assert_eq!(header(&file, "cache-control"), "no-cache");
}

#[test]
fn other_sites_may_load_the_chat_and_nothing_else() {
    for asset in asset::all() {
        let file = get(asset.path);
        let open = header(&file, "access-control-allow-origin") == "*";
        let chat = asset.name.starts_with("/chat/") || asset.name == "/widget.js";
        assert_eq!(open, chat, "{}", asset.name);
        let readers = if chat { "cross-origin" } else { "same-origin" };
        assert_eq!(header(&file, "cross-origin-resource-policy"), readers);
    }
}

#[test]
fn the_encoding_is_the_clients_and_the_tag_tells_which() {
    let mut tags = BTreeSet::new();
    for encoding in ["br", "gzip", ""] {
        let path = path_of("/chat/box.js");
        let file = ask(Method::GET, path, &[("accept-encoding", encoding)]).unwrap();
        assert_eq!(header(&file, "content-encoding"), encoding);
        assert_eq!(header(&file, "vary"), "Accept-Encoding");
        assert_eq!(header(&file, "content-length"), file.body.len().to_string());
        let tag = header(&file, "etag").to_owned();
        for known in [tag.clone(), format!("\"a\", W/{tag}"), "*".to_owned()] {
            let headers = [("accept-encoding", encoding), ("if-none-match", &known)];
            let again = ask(Method::GET, path, &headers).unwrap();
            assert_eq!(again.status, StatusCode::NOT_MODIFIED);
            assert_eq!(header(&again, "etag"), tag);
            assert!(again.body.is_empty());
        }
        tags.insert(tag);
    }
    assert_eq!(tags.len(), 3);
}

#[test]
fn a_page_runs_nothing_but_what_is_ours() {
    for path in ["/", "/en", "/chat", "/desk"] {
        let page = get(path);
        let policy = header(&page, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(&page, "referrer-policy"), "no-referrer");
        assert!(header(&page, "permissions-policy").contains("camera=()"));
    }
}

#[test]
fn only_the_chat_may_be_shown_by_sites_that_may_use_it() {
    let ends = |path, end: &str| {
        let page = get(path);
        let policy = header(&page, "content-security-policy").to_owned();
        assert!(policy.ends_with(end), "{path}: {policy}");
    };
    ends(
        "/chat",
        "frame-ancestors 'self' https://www.example.com https://example.com",
    );
    ends("/desk", "frame-ancestors 'none'");
    ends("/", "frame-ancestors 'none'");
    assert_eq!(Frames::parse("").unwrap(), Frames::parse(" , ").unwrap());
    Frames::parse("https://example.com; script-src *").unwrap_err();
}

#[test]
fn the_button_is_asked_for_again_after_some_minutes() {
    let script = get("/widget.js");
    assert_eq!(
        header(&script, "cache-control"),
        "public, max-age=600, stale-while-revalidate=86400"
    );
    assert_eq!(header(&script, "access-control-allow-origin"), "*");
}

#[test]
fn nothing_is_sent_to_who_asks_for_the_head() {
    let head = ask(Method::HEAD, "/chat", &[]).unwrap();
    assert_eq!(
        header(&head, "content-length"),
        get("/chat").body.len().to_string()
    );
    assert!(head.body.is_empty());
}

#[test]
fn everything_else_is_a_problem() {
    for path in [
        "/nowhere",
        "/v1",
        "/v1/chats/",
        "//",
        "/chat/",
        "/chat.html",
        "/chat/chat.d.ts",
        "/chat/box.ab.cd",
        "/.",
        "/chat/box.x.js",
    ] {
        let problem = ask(Method::GET, path, &[]).unwrap_err();
        assert_eq!(problem.kind(), Kind::NotFound, "{path}");
    }
    let problem = ask(Method::POST, "/chat", &[]).unwrap_err();
    assert_eq!(problem.kind(), Kind::MethodNotAllowed);
}
