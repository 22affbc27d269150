//! Which component answers which path: Spin's rules, by the crate Spin uses.
//!
//! A route is a path of exact segments, `:name` segments that match any one segment, and possibly a last segment `...` that matches any
//! rest. Exact goes before `:name`, `:name` before `...`, segment by segment from the left. A slash at the end makes no difference.

use crate::manifest::Manifest;
use routefinder::Router;
use std::sync::Arc;

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
        for trigger in &manifest.triggers {
            check(&trigger.route)
                .and_then(|()| {
                    let pattern = match trigger.route.strip_suffix("/...") {
                        Some(start) => format!("{start}/*"),
                        None => trigger.route.clone(),
                    };
                    let route = Route {
                        raw: trigger.route.clone(),
                        component: trigger.component.clone(),
                    };
                    let others = router.len();
                    router.add(pattern, Arc::new(route))?;
                    if router.len() == others {
                        return Err("another route matches the same paths".to_owned());
                    }
                    Ok(())
                })
                .map_err(|problem| format!("trigger.http.route `{}`: {problem}", trigger.route))?;
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

fn check(route: &str) -> Result<(), String> {
    if !route.starts_with('/') {
        return Err("a route begins with a slash".to_owned());
    }
    let mut segments = route.split('/').rev();
    let last = segments.next().unwrap_or_default();
    let rest: Vec<_> = segments.collect();
    if rest.contains(&"...") || route.contains('*') || (last.contains("...") && last != "...") {
        return Err("`...` stands for the rest of a path: it is the whole last segment, and `*` is not used".to_owned());
    }
    Ok(())
}
