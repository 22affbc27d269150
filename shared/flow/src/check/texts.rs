//! Texts: there in both languages, short enough, with the right placeholders; and no notice too few or too many.

use std::collections::BTreeSet;

use super::{Fault, Findings};
use crate::limits::{LABEL_LIMIT, PROMPT_LIMIT};
use crate::model::{Flow, Language, StepKind, Text};
use crate::notices::{REQUIRED_NOTICES, required_notice};

/// A text, where it is, and what it has to keep to.
struct Wording<'a> {
    place: String,
    text: &'a Text,
    limit: usize,
    placeholders: &'static [&'static str],
}

pub(super) fn check(flow: &Flow, findings: &mut Findings) {
    for wording in fixed_wordings(flow) {
        check_wording(&wording, findings);
    }
    for (id, text) in &flow.notices {
        let place = format!("notices.{id}");
        match required_notice(id) {
            None => findings.add(place, Fault::UnknownNotice),
            Some(notice) => {
                let wording = Wording {
                    place,
                    text,
                    limit: notice.limit,
                    placeholders: notice.placeholders,
                };
                check_wording(&wording, findings);
            }
        }
    }
    for notice in REQUIRED_NOTICES {
        if !flow.notices.contains_key(notice.id) {
            let fault = Fault::MissingNotice(notice.purpose);
            findings.add(format!("notices.{}", notice.id), fault);
        }
    }
}

/// The texts in which nothing is filled in.
fn fixed_wordings(flow: &Flow) -> Vec<Wording<'_>> {
    let fixed = |place, text, limit| Wording {
        place,
        text,
        limit,
        placeholders: &[],
    };
    let mut wordings = vec![fixed(
        "organisation".to_owned(),
        &flow.organisation,
        LABEL_LIMIT,
    )];
    for (id, contact) in &flow.contacts {
        let place = format!("contacts.{id}.label");
        wordings.push(fixed(place, &contact.label, LABEL_LIMIT));
    }
    for (id, queue) in &flow.queues {
        let place = format!("queues.{id}.label");
        wordings.push(fixed(place, &queue.label, LABEL_LIMIT));
    }
    for (id, step) in &flow.steps {
        wordings.push(fixed(format!("steps.{id}.text"), &step.text, PROMPT_LIMIT));
        if let StepKind::Menu { options, .. } = &step.kind {
            for option in options {
                let place = format!("steps.{id}.options.{}.label", option.id);
                wordings.push(fixed(place, &option.label, LABEL_LIMIT));
            }
        }
    }
    wordings
}

fn check_wording(wording: &Wording<'_>, findings: &mut Findings) {
    let mut used = Vec::new();
    for (key, language) in [("bn", Language::Bn), ("en", Language::En)] {
        let place = format!("{}.{key}", wording.place);
        let text = wording.text.get(language);
        let length = text.chars().count();
        if text.trim().is_empty() {
            findings.add(place, Fault::Blank);
            continue;
        }
        if length > wording.limit {
            let limit = wording.limit;
            findings.add(&place, Fault::TooLong { length, limit });
        }
        match placeholders(text) {
            None => findings.add(place, Fault::StrayBrace),
            Some(names) => {
                for &name in &names {
                    if !wording.placeholders.contains(&name) {
                        let fault = Fault::UnknownPlaceholder {
                            name: name.to_owned(),
                            known: wording.placeholders,
                        };
                        findings.add(&place, fault);
                    }
                }
                used.push(names);
            }
        }
    }
    if let [bangla, english] = used.as_slice() {
        for &name in bangla.symmetric_difference(english) {
            // An unknown one has been reported already.
            if wording.placeholders.contains(&name) {
                let fault = Fault::PlaceholderInOneLanguage(name.to_owned());
                findings.add(&wording.place, fault);
            }
        }
    }
}

/// What stands in braces in a text; nothing if the braces do not match.
fn placeholders(text: &str) -> Option<BTreeSet<&str>> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, remainder) = after.split_once('}')?;
        if before.contains('}') || name.contains('{') {
            return None;
        }
        names.insert(name);
        rest = remainder;
    }
    (!rest.contains('}')).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_braces() {
        for (text, names) in [
            ("none", Some(vec![])),
            ("{a} and {b} and {a}", Some(vec!["a", "b"])),
            ("{}", Some(vec![""])),
            ("{a", None),
            ("a}", None),
            ("a} {b}", None),
            ("{a {b}", None),
        ] {
            let found = placeholders(text).map(|names| names.into_iter().collect::<Vec<_>>());
            assert_eq!(found, names, "{text}");
        }
    }
}
