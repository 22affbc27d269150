//! Reading `flow.toml`.

use std::fmt;

use crate::check::Problem;
use crate::model::Flow;
use crate::written::WrittenFlow;

/// Why a flow could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// The file is not TOML, or has a key or value that no flow has.
    #[error("line {line}: {message}")]
    Unreadable {
        /// The line where it was noticed, counted from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// The file is a flow, but not one that can be served.
    #[error("{}", Listed(.0))]
    Broken(Vec<Problem>),
}

/// All the problems, a line each.
struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the flow is not fit to be served:")?;
        self.0
            .iter()
            .try_for_each(|problem| write!(f, "\n- {problem}"))
    }
}

impl Flow {
    /// Reads a flow from TOML, without judging it.
    pub fn parse(toml: &str) -> Result<Self, FlowError> {
        toml::from_str::<WrittenFlow>(toml)
            .map(Self::from)
            .map_err(|error| {
                let before = error.span().and_then(|span| toml.get(..span.start));
                FlowError::Unreadable {
                    line: before.unwrap_or_default().matches('\n').count() + 1,
                    message: error.message().to_owned(),
                }
            })
    }

    /// Reads a flow from TOML and refuses it if the checker finds anything wrong.
    pub fn load(toml: &str) -> Result<Self, FlowError> {
        let flow = Self::parse(toml)?;
        let problems = flow.check();
        if problems.is_empty() {
            Ok(flow)
        } else {
            Err(FlowError::Broken(problems))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StepKind;

    const SHIPPED: &str = include_str!("../flow.toml");

    /// The shipped file with its first `old` replaced, and the line where that stands.
    fn shipped_with(old: &str, new: &str) -> (String, usize) {
        let at = SHIPPED.find(old).unwrap();
        let line = SHIPPED[..at].matches('\n').count() + 1;
        (SHIPPED.replacen(old, new, 1), line)
    }

    #[test]
    fn the_shipped_flow_comes_back_from_a_component_as_it_was() {
        let flow = Flow::load(SHIPPED).unwrap();
        let bytes = postcard::to_stdvec(&flow).unwrap();
        assert_eq!(postcard::from_bytes::<Flow>(&bytes).unwrap(), flow);
    }

    #[test]
    fn each_language_of_the_shipped_flow_has_its_own_digits() {
        let flow = Flow::load(SHIPPED).unwrap();
        let mut texts: Vec<_> = flow.notices.values().chain([&flow.organisation]).collect();
        texts.extend(flow.contacts.values().map(|contact| &contact.label));
        for step in flow.steps.values() {
            texts.push(&step.text);
            if let StepKind::Menu { options, .. } = &step.kind {
                texts.extend(options.iter().map(|option| &option.label));
            }
        }
        for text in texts {
            assert!(
                !text.bn.contains(|c: char| c.is_ascii_digit()),
                "{}",
                text.bn
            );
            assert!(
                !text.en.contains(|c| ('০'..='৯').contains(&c)),
                "{}",
                text.en
            );
        }
    }

    #[test]
    fn an_unreadable_file_is_refused_with_its_line() {
        for (old, new, complaint) in [
            ("start = \"", "start = ", "missing opening quote"),
            ("start = ", "begin = ", "unknown field `begin`"),
            ("utc_offset_minutes", "offset", "unknown field `offset`"),
            (
                "kind = \"phone\"",
                "kind = \"fax\"",
                "unknown variant `fax`",
            ),
            ("queued.en", "queued.eng", "unknown field `eng`"),
            ("topic = true\n", "topik = true\n", "unknown field `topik`"),
            (
                "topic = true\n",
                "next = \"name\"\n",
                "misplaced key `next`",
            ),
            ("topic = true\n", "kind = \"menu\"\n", "duplicate key"),
        ] {
            let (toml, expected) = shipped_with(old, new);
            let Err(FlowError::Unreadable { line, message }) = Flow::load(&toml) else {
                panic!("accepted: {new}");
            };
            assert!(message.contains(complaint), "{new}: {message}");
            assert!(
                line.abs_diff(expected) <= 3,
                "{new}: line {line}, not {expected}"
            );
        }
    }

    #[test]
    fn a_broken_flow_is_refused_with_all_its_problems() {
        let (toml, _) = shipped_with("start = \"", "start = \"x");
        let toml = toml.replacen("unavailable = \"", "unavailable = \"x", 1);
        let error = Flow::load(&toml).unwrap_err();
        let FlowError::Broken(problems) = &error else {
            panic!("{error}");
        };
        assert_eq!(problems.len(), 2);
        assert_eq!(error.to_string().lines().count(), 3, "{error}");
    }
}
