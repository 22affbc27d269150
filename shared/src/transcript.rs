//! A chat as plain text, to take along.

use std::fmt::Write;

use time::{Duration, OffsetDateTime};

use crate::{
    chat::{
        Chat,
        view::{Body, From, ShownEvent},
    },
    digits,
    ports::Millis,
    rules::Rules,
};

/// The text of `events`: a title, then a line for what everybody said, with the organisation's local time.
pub fn write(events: &[ShownEvent], chat: &Chat, rules: &Rules) -> String {
    let language = chat.language();
    let organisation = rules.flow.organisation.get(language);
    let mut text = rules.notice(
        "transcript-title",
        language,
        &[("organisation", organisation)],
    );
    text.push_str("\n\n");
    for event in events {
        let who = match (event.from, agent_of(&event.body)) {
            (_, Some(name)) => name.to_owned(),
            (From::Customer, _) => rules.notice("you", language, &[]),
            (From::Agent, _) => rules.notice("representative", language, &[]),
            (From::System, _) => rules.notice("system", language, &[]),
        };
        let time = digits::localise(&local_time(event.at, rules), language);
        // A line for each event, whatever line breaks its text has.
        let said = said(&event.body, language).replace('\n', "\n    ");
        let _ = writeln!(text, "[{time}] {who}: {said}");
    }
    text
}

fn agent_of(body: &Body) -> Option<&str> {
    match body {
        Body::Text { agent, .. } => agent.as_ref().map(|agent| agent.name.as_str()),
        Body::FormRequest { agent, .. } | Body::Note { agent, .. } | Body::Handled { agent } => {
            Some(&agent.name)
        }
        _ => None,
    }
}

fn said(body: &Body, language: alap_flow::Language) -> String {
    match body {
        Body::Option { label, .. } => label.clone(),
        Body::FormRequest { text, fields, .. } => {
            let labels: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
            format!("{text} ({})", labels.join(", "))
        }
        Body::Rated {
            text,
            score,
            comment,
        } => {
            let score = digits::localise(&format!("{score}/5"), language);
            let comment = comment.as_deref().unwrap_or_default();
            format!("{score} {comment}\n{text}")
        }
        Body::Handled { .. } => "✓".to_owned(),
        Body::Prompt { text, contacts, .. } | Body::Info { text, contacts, .. } => {
            let contacts = contacts
                .iter()
                .map(|contact| format!("\n{}: {}", contact.label, contact.value));
            text.clone() + &contacts.collect::<String>()
        }
        other => other.text().unwrap_or_default().to_owned(),
    }
}

/// `at` in the organisation's time, as 2026-11-22 09:30.
fn local_time(at: Millis, rules: &Rules) -> String {
    let offset = Duration::minutes(rules.flow.hours.utc_offset_minutes.into());
    let seconds = i64::try_from(at / 1_000).unwrap_or_default();
    let Ok(time) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return String::new();
    };
    let time = time.checked_add(offset).unwrap_or(time);
    let (year, month, day) = time.to_calendar_date();
    format!(
        "{year:04}-{:02}-{day:02} {:02}:{:02}",
        u8::from(month),
        time.hour(),
        time.minute()
    )
}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use alap_flow::{ContactKind, Language};

    use super::*;
    use crate::{
        chat::{ShownContact, view::AgentShown},
        settings::Settings,
    };

    /// Sunday, 1 March 2026, 23:59:59 in Dhaka.
    const LATE: Millis = 1_772_387_999_000;

    fn transcript(language: Language, events: &[(Millis, From, Body)]) -> String {
        let rules = Rules::new(Settings::default()).unwrap();
        let chat = Chat {
            language: Some(language),
            ..Chat::default()
        };
        let events: Vec<_> = (1..)
            .zip(events)
            .map(|(seq, (at, from, body))| ShownEvent {
                seq,
                at: *at,
                from: *from,
                body: body.clone(),
                client_id: None,
            })
            .collect();
        write(&events, &chat, &rules)
    }

    fn text(text: &str, agent: Option<&str>) -> Body {
        Body::Text {
            text: text.to_owned(),
            masked: false,
            agent: agent.map(|name| AgentShown {
                name: name.to_owned(),
            }),
        }
    }

    #[test]
    fn everybody_has_a_name_and_every_event_a_line() {
        let contact = ShownContact {
            kind: ContactKind::Phone,
            value: "16247".to_owned(),
            label: "Helpline".to_owned(),
        };
        let info = Body::Info {
            notice: "queued".to_owned(),
            text: "You are in the queue.".to_owned(),
            contacts: vec![contact],
        };
        let rated = Body::Rated {
            text: "Thank you.".to_owned(),
            score: 5,
            comment: Some("Quick".to_owned()),
        };
        let written = transcript(
            Language::En,
            &[
                (LATE, From::System, info),
                (LATE, From::Customer, text("one\ntwo", None)),
                (LATE + 1_000, From::Agent, text("three", Some("Asha"))),
                (LATE + 1_000, From::Customer, rated),
            ],
        );
        let expected = "bKash live chat transcript\n\n\
            [2026-03-01 23:59] System: You are in the queue.\n    Helpline: 16247\n\
            [2026-03-01 23:59] You: one\n    two\n\
            [2026-03-02 00:00] Asha: three\n\
            [2026-03-02 00:00] You: 5/5 Quick\n    Thank you.\n";
        assert_eq!(written, expected);
    }

    #[test]
    fn in_bangla_names_and_digits_are_bangla() {
        let rated = Body::Rated {
            text: "ধন্যবাদ।".to_owned(),
            score: 5,
            comment: None,
        };
        let written = transcript(
            Language::Bn,
            &[
                (LATE, From::Customer, text("নমস্কার", None)),
                (LATE, From::Customer, rated),
            ],
        );
        assert_eq!(
            written,
            "বিকাশ লাইভ চ্যাটের কথোপকথন\n\n[২০২৬-০৩-০১ ২৩:৫৯] আপনি: নমস্কার\n\
             [২০২৬-০৩-০১ ২৩:৫৯] আপনি: ৫/৫ \n    ধন্যবাদ।\n"
        );
    }
}
