//! What every flow promises, whatever it says: the language first, security topics never served by chat, and no
//! representative without topic, confirmation, name and number.

use super::fault::Need;
use super::graph::{Exit, Walk, exits};
use super::{Fault, Findings};
use crate::limits::CONFIRMATION;
use crate::model::{ContactKind, Flow, Step, StepKind};

pub(super) fn check(flow: &Flow, findings: &mut Findings) {
    check_beginning(flow, findings);
    check_security(flow, findings);
    check_unavailable(flow, findings);
    check_preparation(flow, findings);
}

fn check_beginning(flow: &Flow, findings: &mut Findings) {
    let Some(start) = flow.steps.get(&flow.start) else {
        return;
    };
    let StepKind::Language { next } = &start.kind else {
        findings.add("start", Fault::StartWithoutLanguage);
        return;
    };
    let Some(first) = flow.steps.get(next) else {
        return;
    };
    let leads_to_security = |exit: Exit<'_>| {
        let target = flow.steps.get(exit.next);
        exit.option.is_some() && target.is_some_and(|step| step.security)
    };
    if !exits(first).into_iter().any(leads_to_security) {
        findings.add(format!("steps.{next}"), Fault::NoSecurityTopic);
    }
}

fn check_security(flow: &Flow, findings: &mut Findings) {
    for (id, _) in flow.steps.iter().filter(|(_, step)| step.security) {
        let walk = Walk::new(flow, id, |_, _| true);
        for target in flow.steps.keys().filter(|target| walk.reaches(target)) {
            if leaves_the_flow(flow, target) {
                let fault = Fault::SecurityServedByChat(walk.path_to(target));
                findings.add(format!("steps.{id}"), fault);
            }
        }
    }
    for (id, step) in flow.steps.iter().filter(|(_, step)| step.security) {
        let mut kinds = step.contacts.iter().filter_map(|id| flow.contacts.get(id));
        if !kinds.any(|contact| contact.kind == ContactKind::Phone) {
            findings.add(format!("steps.{id}"), Fault::SecurityWithoutPhone);
        }
    }
}

fn check_unavailable(flow: &Flow, findings: &mut Findings) {
    if let Some(step) = flow.steps.get(&flow.unavailable)
        && step.contacts.is_empty()
    {
        let place = format!("steps.{}", flow.unavailable);
        findings.add(place, Fault::UnavailableWithoutContacts);
    }
}

/// A chat only comes to `unavailable` from a queue, so what is needed has been settled on the way there.
fn check_preparation(flow: &Flow, findings: &mut Findings) {
    let everywhere = Walk::new(flow, &flow.start, |_, _| true);
    let is_queue = |step: &Step| matches!(step.kind, StepKind::Queue { .. });
    let has_queue = flow
        .steps
        .iter()
        .any(|(id, step)| is_queue(step) && everywhere.reaches(id));
    if flow.steps.contains_key(&flow.start) && !has_queue {
        findings.add("steps", Fault::NoWayToQueue);
    }
    for need in [Need::Topic, Need::Confirmation, Need::Name, Need::Number] {
        let walk = Walk::new(flow, &flow.start, |step, exit| !settles(need, step, exit));
        for (id, step) in flow.steps.iter().filter(|(id, _)| walk.reaches(id)) {
            let is_needed = match step.kind {
                StepKind::Queue { .. } => true,
                // Whoever leaves a message wants to be called back, about whatever the message says.
                StepKind::Message { .. } => matches!(need, Need::Name | Need::Number),
                _ => false,
            };
            if is_needed {
                let path = walk.path_to(id);
                findings.add(
                    format!("steps.{id}"),
                    Fault::Unprepared { needed: need, path },
                );
            }
        }
    }
}

/// Whether a chat that takes this way out of this step has what is needed.
fn settles(need: Need, step: &Step, exit: Exit<'_>) -> bool {
    match (need, &step.kind) {
        (Need::Topic, StepKind::Menu { topic, .. }) => *topic,
        (Need::Confirmation, StepKind::Menu { options, .. }) => {
            let [yes, _] = CONFIRMATION;
            let has = |id: &str| options.iter().any(|option| option.id == id);
            exit.option == Some(yes) && CONFIRMATION.into_iter().all(has)
        }
        (Need::Name, StepKind::Name { .. }) | (Need::Number, StepKind::Number { .. }) => true,
        _ => false,
    }
}

/// Whether a representative takes over at this step, at once or later.
fn leaves_the_flow(flow: &Flow, id: &str) -> bool {
    let kind = flow.steps.get(id).map(|step| &step.kind);
    matches!(
        kind,
        Some(StepKind::Queue { .. } | StepKind::Message { .. })
    )
}
