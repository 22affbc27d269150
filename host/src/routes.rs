//! Which component answers which path: Spin's rules, by the crate Spin uses.
//!
//! A route is a path of exact segments, `:name` segments that match any one segment, and possibly a last segment `...` that matches any
//! rest. Exact goes before `:name`, `:name` before `...`, segment by segment from the left. A slash at the end makes no difference.

use crate::manifest::Manifest;
use routefinder::Router;
use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// All routes of an application.
pub(crate) struct Routes {
    router: Router<Arc<Route>>,
}

/// One route.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// As the manifest writes it.
    pub(crate) raw: String,
    /// The component that answers.
    pub(crate) component: String,
}

/// A path's route and what its variable segments are.
pub(crate) struct RouteMatch {
    pub(crate) route: Arc<Route>,
    /// `:name` segments and their values, undecoded.
    pub(crate) segments: Vec<(String, String)>,
    /// What `...` stands for, with its slashes; empty without.
    pub(crate) rest: String,
}

impl Routes {
    /// The routes of the manifest's triggers; the error names the route that cannot be.
    pub(crate) fn new(manifest: &Manifest) -> Result<Self, String> {
        let mut router = Router::new();
        let mut patterns = BTreeMap::new();
        for trigger in &manifest.triggers {
            let raw = &trigger.route;
            let failed = |problem| format!("trigger.http.route `{raw}`: {problem}");
            check(raw).map_err(failed)?;
            if let Some(other) = patterns.insert(without_names(raw), raw) {
                return Err(failed(format!("it matches the same paths as `{other}`")));
            }
            let pattern = match raw.strip_suffix("/...") {
                Some(start) => format!("{start}/*"),
                None => raw.clone(),
            };
            let route = Route {
                raw: raw.clone(),
                component: trigger.component.clone(),
            };
            router.add(pattern, Arc::new(route)).map_err(failed)?;
        }
        Ok(Self { router })
    }

    /// The best route for a path.
    pub(crate) fn find(&self, path: &str) -> Option<RouteMatch> {
        let best = self.router.best_match(path)?;
        let captures = best.captures();
        let rest = captures.wildcard().map(|rest| {
            // The crate trims slashes from the ends of a path, Spin's headers show them.
            let start = if rest.is_empty() { "" } else { "/" };
            let end = if path.ends_with('/') { "/" } else { "" };
            format!("{start}{rest}{end}")
        });
        let segments = captures
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(RouteMatch {
            route: Arc::clone(best.handler()),
            segments: segments.collect(),
            rest: rest.unwrap_or_default(),
        })
    }
}

/// What two routes have in common that match the same paths.
fn without_names(route: &str) -> String {
    let nameless = |segment: &str| match segment.strip_prefix(':') {
        Some(_) => ":".to_owned(),
        None => segment.to_owned(),
    };
    let segments: Vec<_> = route.trim_matches('/').split('/').map(nameless).collect();
    segments.join("/")
}

fn check(route: &str) -> Result<(), String> {
    if !route.starts_with('/') {
        return Err("a route begins with a slash".to_owned());
    }
    let before_the_rest = route.strip_suffix("/...").unwrap_or(route);
    if before_the_rest.contains("...") || route.contains('*') {
        return Err(
            "`...` stands for the rest of a path: it is the whole last segment, and `*` is not used"
                .to_owned(),
        );
    }
    // The name becomes a part of a header's.
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    let mut names = route
        .split('/')
        .filter_map(|segment| segment.strip_prefix(':'));
    match names.find(|name| !name.chars().all(good)) {
        Some(name) => Err(format!(
            "`:{name}`: a segment's name is made of small letters, digits, `-` and `_`"
        )),
        None => Ok(()),
    }
}
