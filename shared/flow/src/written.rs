//! A flow as it is written in `flow.toml`: the keys of a step stand side by side, whatever kind of step it is.

use litemap::LiteMap;
use serde::Deserialize;

use crate::model::{Contact, Flow, Hours, MenuOption, Queue, Step, StepKind, Text};

/// See [`Flow`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenFlow {
    organisation: Text,
    start: String,
    unavailable: String,
    hours: Hours,
    #[serde(with = "crate::map")]
    contacts: LiteMap<String, Contact>,
    #[serde(with = "crate::map")]
    queues: LiteMap<String, Queue>,
    #[serde(with = "crate::map")]
    notices: LiteMap<String, Text>,
    #[serde(with = "crate::map")]
    steps: LiteMap<String, ConsistentStep>,
}

impl From<WrittenFlow> for Flow {
    fn from(written: WrittenFlow) -> Self {
        let steps = written.steps.into_iter();
        Self {
            organisation: written.organisation,
            start: written.start,
            unavailable: written.unavailable,
            hours: written.hours,
            contacts: written.contacts,
            queues: written.queues,
            notices: written.notices,
            steps: steps.map(|(id, step)| (id, step.0)).collect(),
        }
    }
}

/// A step that has the keys of its kind and no others. It is converted while it is read, so that an error has a line.
#[derive(Deserialize)]
#[serde(try_from = "WrittenStep")]
struct ConsistentStep(Step);

/// The keys of every kind of step together; which of them go with which kind is settled on conversion.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    kind: WrittenKind,
    text: Text,
    #[serde(default)]
    contacts: Vec<String>,
    #[serde(default)]
    security: bool,
    topic: Option<bool>,
    options: Option<Vec<MenuOption>>,
    next: Option<String>,
    queue: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WrittenKind {
    Language,
    Menu,
    Name,
    Number,
    Message,
    Queue,
    End,
}

impl WrittenKind {
    fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Menu => "menu",
            Self::Name => "name",
            Self::Number => "number",
            Self::Message => "message",
            Self::Queue => "queue",
            Self::End => "end",
        }
    }

    /// Takes the value of a key that this kind of step cannot do without.
    fn take<T>(self, key: &str, value: &mut Option<T>) -> Result<T, String> {
        value.take().ok_or_else(|| {
            format!(
                "missing key `{key}`: a step of the kind `{}` needs it",
                self.name()
            )
        })
    }

    /// Refuses a key that this kind of step has no use for.
    fn refuse<T>(self, key: &str, value: Option<&T>) -> Result<(), String> {
        match value {
            None => Ok(()),
            Some(_) => Err(format!(
                "misplaced key `{key}`: a step of the kind `{}` has none",
                self.name()
            )),
        }
    }
}

impl TryFrom<WrittenStep> for ConsistentStep {
    type Error = String;

    fn try_from(mut written: WrittenStep) -> Result<Self, String> {
        let kind = written.kind;
        let step_kind = match kind {
            WrittenKind::Language => StepKind::Language {
                next: kind.take("next", &mut written.next)?,
            },
            WrittenKind::Menu => StepKind::Menu {
                topic: written.topic.take().unwrap_or_default(),
                options: kind.take("options", &mut written.options)?,
            },
            WrittenKind::Name => StepKind::Name {
                next: kind.take("next", &mut written.next)?,
            },
            WrittenKind::Number => StepKind::Number {
                next: kind.take("next", &mut written.next)?,
            },
            WrittenKind::Message => StepKind::Message {
                next: kind.take("next", &mut written.next)?,
            },
            WrittenKind::Queue => StepKind::Queue {
                queue: kind.take("queue", &mut written.queue)?,
            },
            WrittenKind::End => StepKind::End,
        };
        kind.refuse("topic", written.topic.as_ref())?;
        kind.refuse("options", written.options.as_ref())?;
        kind.refuse("next", written.next.as_ref())?;
        kind.refuse("queue", written.queue.as_ref())?;
        Ok(Self(Step {
            text: written.text,
            contacts: written.contacts,
            security: written.security,
            kind: step_kind,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(step: &str) -> Result<Step, String> {
        let step = toml::from_str(step).map(|ConsistentStep(step)| step);
        step.map_err(|error| error.message().to_owned())
    }

    #[test]
    fn what_is_not_written_is_not_so() {
        let text = "text = { bn = 'ক', en = 'a' }";
        let step = read(&format!("kind = 'menu'\n{text}\noptions = []")).unwrap();
        assert!(step.contacts.is_empty() && !step.security);
        let StepKind::Menu { topic, options } = step.kind else {
            panic!("another kind");
        };
        assert!(!topic && options.is_empty());
    }

    #[test]
    fn a_misspelt_missing_or_misplaced_key_is_refused() {
        let text = "text = { bn = 'ক', en = 'a' }";
        for (step, complaint) in [
            ("kind = 'end'\nsecurty = true", "unknown field `securty`"),
            ("kind = 'menu'\noption = []", "unknown field `option`"),
            (
                "kind = 'menu'\noptions = [{ id = 'a', lable = {}, next = 'b' }]",
                "unknown field `lable`",
            ),
            ("kind = 'manu'", "unknown variant `manu`"),
            ("next = 'a'", "missing field `kind`"),
            ("kind = 'menu'", "missing key `options`"),
            ("kind = 'name'", "missing key `next`"),
            ("kind = 'queue'", "missing key `queue`"),
            ("kind = 'end'\nnext = 'a'", "misplaced key `next`"),
            (
                "kind = 'name'\nnext = 'a'\ntopic = true",
                "misplaced key `topic`",
            ),
            (
                "kind = 'queue'\nqueue = 'a'\noptions = []",
                "misplaced key `options`",
            ),
            (
                "kind = 'menu'\noptions = []\nqueue = 'a'",
                "misplaced key `queue`",
            ),
        ] {
            let message = read(&format!("{text}\n{step}")).unwrap_err();
            assert!(message.contains(complaint), "{step}: {message}");
        }
    }
}
