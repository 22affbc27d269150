//! A step as it is written in `flow.toml` and in the compact JSON made of it: all keys side by side.

use serde::Deserialize;

use crate::model::{MenuOption, Step, StepKind, Text};

/// The keys of every kind of step together; which of them go with which kind is settled on conversion.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenStep {
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

impl TryFrom<WrittenStep> for Step {
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
        Ok(Self {
            text: written.text,
            contacts: written.contacts,
            security: written.security,
            kind: step_kind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(step: &str) -> Result<Step, String> {
        toml::from_str(step).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn every_kind_comes_back_from_json_as_it_was() {
        let text = "text = { bn = 'ক', en = 'a' }";
        for step in [
            "kind = 'language'\nnext = 'menu'",
            "kind = 'menu'\ntopic = true\noptions = [{ id = 'a', label = { bn = 'ক', en = 'a' }, next = 'b' }]",
            "kind = 'menu'\nsecurity = true\ncontacts = ['phone']\noptions = []",
            "kind = 'name'\nnext = 'number'",
            "kind = 'number'\nnext = 'queue'",
            "kind = 'message'\nnext = 'end'",
            "kind = 'queue'\nqueue = 'general'",
            "kind = 'end'",
        ] {
            let step = read(&format!("{text}\n{step}")).unwrap();
            let json = serde_json::to_string(&step).unwrap();
            assert_eq!(serde_json::from_str::<Step>(&json).unwrap(), step, "{json}");
        }
    }

    #[test]
    fn json_leaves_out_what_is_not_set() {
        let step = read("kind = 'menu'\ntext = { bn = 'ক', en = 'a' }\noptions = []").unwrap();
        assert_eq!(
            serde_json::to_string(&step).unwrap(),
            r#"{"text":{"bn":"ক","en":"a"},"kind":"menu","options":[]}"#
        );
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
