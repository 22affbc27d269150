use super::*;
use crate::manifest::Trigger;
use std::path::PathBuf;

fn routes(routes: &[&str]) -> Result<Routes, String> {
    Routes::new(&Manifest {
        path: PathBuf::new(),
        directory: PathBuf::new(),
        variables: BTreeMap::new(),
        triggers: routes
            .iter()
            .map(|route| Trigger {
                route: (*route).to_owned(),
                component: "one".to_owned(),
            })
            .collect(),
        components: BTreeMap::new(),
    })
}

/// A chat service's routes, each path, the route it takes, its segments, and its rest.
#[test]
fn the_best_route_answers() {
    let routes = routes(&[
        "/...",
        "/v1/chats",
        "/v1/chats/:chat",
        "/v1/chats/:chat/messages",
        "/v1/chats/:chat/events",
        "/v1/chats/new/events",
        "/v1/desk/...",
        "/v1/desk/login",
        "/v1/desk/chats/:chat/:verb",
        "/widget.js",
        "/:page",
        "/",
    ])
    .unwrap();
    for (path, route, segments, rest) in [
        ("/", "/", "", ""),
        ("/v1/chats", "/v1/chats", "", ""),
        ("/v1/chats/", "/v1/chats", "", ""),
        ("/v1/chats/c1", "/v1/chats/:chat", "chat=c1", ""),
        (
            "/v1/chats/c1/messages",
            "/v1/chats/:chat/messages",
            "chat=c1",
            "",
        ),
        (
            "/v1/chats/c%2F1/events",
            "/v1/chats/:chat/events",
            "chat=c%2F1",
            "",
        ),
        ("/v1/chats/new/events", "/v1/chats/new/events", "", ""),
        (
            "/v1/chats/c1/messages/m1",
            "/...",
            "",
            "/v1/chats/c1/messages/m1",
        ),
        ("/v1/desk", "/v1/desk/...", "", ""),
        ("/v1/desk/", "/v1/desk/...", "", "/"),
        ("/v1/desk/next", "/v1/desk/...", "", "/next"),
        ("/v1/desk/a/b/", "/v1/desk/...", "", "/a/b/"),
        ("/v1/desk/login", "/v1/desk/login", "", ""),
        (
            "/v1/desk/chats/c1/claim",
            "/v1/desk/chats/:chat/:verb",
            "chat=c1 verb=claim",
            "",
        ),
        ("/v1/desks", "/...", "", "/v1/desks"),
        ("/widget.js", "/widget.js", "", ""),
        ("/desk", "/:page", "page=desk", ""),
        ("/চ্যাট/১", "/...", "", "/চ্যাট/১"),
    ] {
        let found = routes.find(path).unwrap();
        let named: Vec<_> = found
            .segments
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            (
                found.route.raw.as_str(),
                named.join(" ").as_str(),
                found.rest.as_str()
            ),
            (route, segments, rest),
            "{path}"
        );
    }
}

#[test]
fn the_longest_wildcard_wins_in_any_order() {
    for given in [
        ["/one/...", "/one/two/...", "/one/two/three/..."],
        ["/one/two/three/...", "/one/...", "/one/two/..."],
    ] {
        let routes = routes(&given).unwrap();
        let found = |path| routes.find(path).map(|found| found.route.raw.clone());
        assert_eq!(
            found("/one/two/three/four").as_deref(),
            Some("/one/two/three/...")
        );
        assert_eq!(found("/one/two/four").as_deref(), Some("/one/two/..."));
        assert_eq!(found("/one").as_deref(), Some("/one/..."));
        assert_eq!(found("/two"), None);
        assert_eq!(found("/oneself"), None);
    }
}

#[test]
fn a_route_that_cannot_be_is_named() {
    for (given, expected) in [
        ("v1", "begins with a slash"),
        ("/a/.../b", "whole last segment"),
        ("/a...", "whole last segment"),
        ("/a/*", "whole last segment"),
        ("/a/:", "params must be named"),
        ("/a/:naïve", "small letters"),
        ("/a/:b.json", "small letters"),
    ] {
        let error = routes(&[given]).err().unwrap();
        assert!(error.contains(expected) && error.contains(given), "{error}");
    }
    for pair in [["/a", "/a/"], ["/a/:b/...", "/a/:c/..."], ["/:a", "/:b"]] {
        assert!(routes(&pair).is_err(), "{pair:?}");
    }
}
