//! JSON from clients: what isn't JSON is told from what is other JSON than was asked for.

use alap_shared::json::{self, Json, Place, Reason, Wrong};
use serde::de::DeserializeOwned;

use super::field;
use crate::problem::{Kind, Problem};

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    json::read_tree(&tree(body)?).map_err(other_json)
}

/// This and [`other_json`] are the same for every type, and in a component once.
#[inline(never)]
fn tree(body: &[u8]) -> Result<Json, Problem> {
    if std::str::from_utf8(body).is_err() {
        return Err(Problem::new(Kind::MalformedUtf8));
    }
    json::parse(body).map_err(|place| not_json(body, place))
}

#[inline(never)]
fn other_json(wrong: Wrong) -> Problem {
    let Reason {
        path,
        problem,
        sent,
    } = wrong.into_reason();
    let path = if path.is_empty() { "body" } else { &path };
    field(path, problem, sent.map(str::to_owned))
}

fn not_json(body: &[u8], place: Place) -> Problem {
    let problem = Problem::new(Kind::MalformedJson);
    if body.trim_ascii().is_empty() {
        problem.with_detail("the body is empty; a JSON object is needed")
    } else {
        problem.with_detail(format!("the body: {place}"))
    }
}
