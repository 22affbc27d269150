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
        let said = said(&event.body).replace('\n', "\n    ");
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

fn said(body: &Body) -> String {
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
            let comment = comment.as_deref().unwrap_or_default();
            format!("{score}/5 {comment}\n{text}")
        }
        Body::Handled { .. } => "✓".to_owned(),
        Body::Prompt { text, contacts, .. } | Body::Info { text, contacts, .. } => {
            let contacts = contacts
                .iter()
                .map(|contact| format!("\n{}: {}", contact.label, contact.value));
            text.clone() + &contacts.collect::<String>()
        }
        Body::Text { text, .. }
        | Body::Queued { text }
        | Body::Requeued { text, .. }
        | Body::Assigned { text, .. }
        | Body::Transferred { text, .. }
        | Body::IdleWarning { text, .. }
        | Body::FormAnswer { text, .. }
        | Body::Note { text, .. }
        | Body::Closed { text, .. } => text.clone(),
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
