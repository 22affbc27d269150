//! JSON from clients: what isn't JSON is told from what is other JSON than was asked for.

use alap_shared::json::{self, Place, Reason};
use serde::de::DeserializeOwned;

use super::field;
use crate::problem::{Kind, Problem};

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if std::str::from_utf8(body).is_err() {
        return Err(Problem::new(Kind::MalformedUtf8));
    }
    let tree = json::parse(body).map_err(|place| not_json(body, place))?;
    json::read_tree(&tree).map_err(|wrong| {
        let Reason {
            path,
            problem,
            sent,
        } = wrong.into_reason();
        let path = if path.is_empty() { "body" } else { &path };
        field(path, problem, sent.map(str::to_owned))
    })
}

fn not_json(body: &[u8], place: Place) -> Problem {
    let problem = Problem::new(Kind::MalformedJson);
    if body.trim_ascii().is_empty() {
        problem.with_detail("the body is empty; a JSON object is needed")
    } else {
        problem.with_detail(format!("the body: {place}"))
    }
}
