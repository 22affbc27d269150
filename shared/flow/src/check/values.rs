//! Ids, hours and contacts.

use std::collections::BTreeSet;

use super::{Fault, Findings};
use crate::limits::{ID_LIMIT, NAVIGATION};
use crate::model::{Contact, ContactKind, Flow, Hours, StepKind};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

pub(super) fn check(flow: &Flow, findings: &mut Findings) {
    check_hours(&flow.hours, findings);
    if flow.queues.is_empty() {
        findings.add("queues", Fault::NoQueues);
    }
    for (id, contact) in &flow.contacts {
        check_contact(id, contact, findings);
    }
    check_ids(flow, findings);
}

fn check_hours(hours: &Hours, findings: &mut Findings) {
    if !(-720..=840).contains(&hours.utc_offset_minutes) {
        let fault = Fault::BadOffset(hours.utc_offset_minutes);
        findings.add("hours.utc_offset_minutes", fault);
    }
    if hours.days.is_empty() {
        findings.add("hours.days", Fault::NoDays);
    }
    let mut seen = BTreeSet::new();
    for &day in &hours.days {
        if !(1..=7).contains(&day) {
            findings.add("hours.days", Fault::BadDay(day));
        } else if !seen.insert(day) {
            findings.add("hours.days", Fault::DuplicateDay(day));
        }
    }
    let (from, until) = (hours.from_minute, hours.until_minute);
    if from >= until || until > DAY {
        findings.add("hours", Fault::BadHours { from, until });
    }
}

fn check_contact(id: &str, contact: &Contact, findings: &mut Findings) {
    let value = &contact.value;
    let fault = match contact.kind {
        ContactKind::Phone if !is_phone(value) => Fault::BadPhone(value.clone()),
        ContactKind::Email if !is_email(value) => Fault::BadEmail(value.clone()),
        ContactKind::Place if !is_link(value) => Fault::BadPlace(value.clone()),
        _ => return,
    };
    findings.add(format!("contacts.{id}.value"), fault);
}

fn is_phone(value: &str) -> bool {
    let number = value.strip_prefix('+').unwrap_or(value);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    number.split('-').all(digits) && number.bytes().filter(u8::is_ascii_digit).count() >= 3
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && is_printable(value)
            && !domain.contains('@')
            && domain.contains('.')
            && domain.split('.').all(|part| !part.is_empty())
    })
}

fn is_link(value: &str) -> bool {
    value
        .strip_prefix("https://")
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .is_some_and(|host| {
            is_printable(value)
                && host.contains('.')
                && host.split('.').all(|part| !part.is_empty())
        })
}

/// Whether an address has only characters that need no escaping in a link.
fn is_printable(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

fn check_ids(flow: &Flow, findings: &mut Findings) {
    let sections = [
        ("contacts", flow.contacts.keys().collect::<Vec<_>>()),
        ("queues", flow.queues.keys().collect()),
        ("steps", flow.steps.keys().collect()),
    ];
    for (section, ids) in sections {
        for id in ids {
            check_id(section, id, findings);
        }
    }
    for (step_id, step) in &flow.steps {
        let StepKind::Menu { options, .. } = &step.kind else {
            continue;
        };
        let place = format!("steps.{step_id}.options");
        let mut seen = BTreeSet::new();
        for option in options {
            check_id(&place, &option.id, findings);
            if NAVIGATION.contains(&option.id.as_str()) {
                findings.add(&place, Fault::ReservedOption(option.id.clone()));
            }
            if !seen.insert(&option.id) {
                findings.add(&place, Fault::DuplicateOption(option.id.clone()));
            }
        }
    }
}

fn check_id(place: &str, id: &str, findings: &mut Findings) {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if id.len() > ID_LIMIT || !id.split('-').all(is_word) {
        findings.add(place, Fault::BadId(id.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers() {
        for good in ["16247", "02-55663001", "+880-2-55663001", "999"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in [
            "",
            "12",
            "16 247",
            "১৬২৪৭",
            "02--55663001",
            "-16247",
            "16247-",
            "++880",
            "1+624",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn email_addresses() {
        for good in ["support@bkash.com", "a.b+c@d-e.co.uk"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "support",
            "@bkash.com",
            "a@b",
            "a@b.",
            "a@.com",
            "a b@c.com",
            "a@b@c.com",
            "<a@b.com>",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn links() {
        for good in ["https://www.bkash.com", "https://bkash.com/a?b=c#d"] {
            assert!(is_link(good), "{good}");
        }
        for bad in [
            "",
            "www.bkash.com",
            "http://bkash.com",
            "https://",
            "https:///a.b",
            "https://a b.com",
            "javascript:0",
        ] {
            assert!(!is_link(bad), "{bad}");
        }
    }
}
