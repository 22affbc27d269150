//! A small flow that can be served, and ways to change it.

use crate::model::{Flow, MenuOption, Step, StepKind, Text};
use crate::notices::REQUIRED_NOTICES;

const SMALL: &str = r#"
organisation = { bn = "দোকান", en = "Shop" }
start = "language"
unavailable = "unavailable"
notices = {}

[hours]
utc_offset_minutes = 360
days = [1, 2, 3, 4, 7]
from_minute = 540
until_minute = 1020

[contacts]
phone = { kind = "phone", value = "02-55663001", label = { bn = "ফোন", en = "Phone" } }
email = { kind = "email", value = "shop@example.com", label = { bn = "ইমেইল", en = "E-mail" } }
shop = { kind = "place", value = "https://example.com/", label = { bn = "দোকান", en = "Shop" } }

[queues]
general = { label = { bn = "সেবা", en = "Service" } }

[steps]
language = { kind = "language", text = { bn = "ভাষা", en = "Language" }, next = "menu" }
stolen = { kind = "menu", text = { bn = "কল করুন", en = "Call" }, security = true, contacts = ["phone"], options = [] }
name = { kind = "name", text = { bn = "নাম", en = "Name" }, next = "number" }
number = { kind = "number", text = { bn = "নম্বর", en = "Number" }, next = "queue" }
queue = { kind = "queue", text = { bn = "অপেক্ষা", en = "Wait" }, queue = "general" }
message = { kind = "message", text = { bn = "বার্তা", en = "Message" }, next = "end" }
end = { kind = "end", text = { bn = "শেষ", en = "End" } }

[steps.menu]
kind = "menu"
topic = true
text = { bn = "কী চান", en = "What" }
options = [
  { id = "talk", label = { bn = "কথা", en = "Talk" }, next = "confirm" },
  { id = "stolen", label = { bn = "চুরি", en = "Stolen" }, next = "stolen" },
]

[steps.confirm]
kind = "menu"
text = { bn = "কথা বলবেন", en = "Talk" }
options = [
  { id = "yes", label = { bn = "হ্যাঁ", en = "Yes" }, next = "name" },
  { id = "no", label = { bn = "না", en = "No" }, next = "menu" },
]

[steps.unavailable]
kind = "menu"
text = { bn = "কেউ নেই", en = "Nobody" }
contacts = ["phone", "email", "shop"]
options = [{ id = "leave-message", label = { bn = "বার্তা", en = "Message" }, next = "message" }]
"#;

pub(super) fn text(text: &str) -> Text {
    Text {
        bn: text.to_owned(),
        en: text.to_owned(),
    }
}

pub(super) fn small() -> Flow {
    let mut flow = Flow::parse(SMALL).unwrap();
    flow.notices = REQUIRED_NOTICES
        .iter()
        .map(|notice| (notice.id.to_owned(), text("কথা")))
        .collect();
    flow
}

pub(super) fn step<'a>(flow: &'a mut Flow, id: &str) -> &'a mut Step {
    flow.steps.get_mut(id).unwrap()
}

pub(super) fn set_next(flow: &mut Flow, id: &str, to: &str) {
    match &mut step(flow, id).kind {
        StepKind::Language { next }
        | StepKind::Name { next }
        | StepKind::Number { next }
        | StepKind::Message { next } => to.clone_into(next),
        kind => panic!("{kind:?} has no next"),
    }
}

pub(super) fn options<'a>(flow: &'a mut Flow, id: &str) -> &'a mut Vec<MenuOption> {
    match &mut step(flow, id).kind {
        StepKind::Menu { options, .. } => options,
        kind => panic!("{kind:?} has no options"),
    }
}

pub(super) fn add_option(flow: &mut Flow, step: &str, id: &str, next: &str) {
    options(flow, step).push(MenuOption {
        id: id.to_owned(),
        label: text("ক"),
        next: next.to_owned(),
    });
}

pub(super) fn add_end(flow: &mut Flow, id: &str) {
    let end = flow.steps.get("end").unwrap().clone();
    flow.steps.insert(id.to_owned(), end);
}

pub(super) fn set_contact(flow: &mut Flow, id: &str, value: &str) {
    value.clone_into(&mut flow.contacts.get_mut(id).unwrap().value);
}

pub(super) fn set_notice(flow: &mut Flow, id: &str, bn: &str, en: &str) {
    let text = Text {
        bn: bn.to_owned(),
        en: en.to_owned(),
    };
    flow.notices.insert(id.to_owned(), text);
}
