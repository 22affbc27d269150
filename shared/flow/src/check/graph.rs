//! The steps as a graph: every way leads somewhere, and every step can be come to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Fault, Findings};
use crate::model::{Flow, Step, StepKind};

/// A way on from a step.
#[derive(Clone, Copy)]
pub(super) struct Exit<'a> {
    /// The option that takes it; without one the step has a single way on.
    pub(super) option: Option<&'a str>,
    /// The step it leads to.
    pub(super) next: &'a str,
}

/// The ways on from a step, in their order.
pub(super) fn exits(step: &Step) -> Vec<Exit<'_>> {
    match &step.kind {
        StepKind::Menu { options, .. } => options
            .iter()
            .map(|option| Exit {
                option: Some(&option.id),
                next: &option.next,
            })
            .collect(),
        _ => single_exit(step).into_iter().collect(),
    }
}

/// The only way on from a step that offers no choice.
fn single_exit(step: &Step) -> Option<Exit<'_>> {
    match &step.kind {
        StepKind::Language { next }
        | StepKind::Name { next }
        | StepKind::Number { next }
        | StepKind::Message { next } => Some(Exit { option: None, next }),
        StepKind::Menu { .. } | StepKind::Queue { .. } | StepKind::End => None,
    }
}

/// The steps a chat can come to, and how.
pub(super) struct Walk<'a> {
    /// By each step, the step before it on a shortest way.
    came_from: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Walk<'a> {
    /// Goes from a step to wherever `allowed` exits lead.
    pub(super) fn new(
        flow: &'a Flow,
        from: &'a str,
        allowed: impl Fn(&Step, Exit<'_>) -> bool,
    ) -> Self {
        let mut came_from = BTreeMap::new();
        let mut open = VecDeque::new();
        if flow.steps.contains_key(from) {
            came_from.insert(from, None);
            open.push_back(from);
        }
        while let Some(id) = open.pop_front() {
            let Some(step) = flow.steps.get(id) else {
                continue;
            };
            for exit in exits(step) {
                let is_new =
                    flow.steps.contains_key(exit.next) && !came_from.contains_key(exit.next);
                if is_new && allowed(step, exit) {
                    came_from.insert(exit.next, Some(id));
                    open.push_back(exit.next);
                }
            }
        }
        Self { came_from }
    }

    /// Whether the step is come to.
    pub(super) fn reaches(&self, id: &str) -> bool {
        self.came_from.contains_key(id)
    }

    /// A shortest way to a step, its steps joined by arrows.
    pub(super) fn path_to(&self, id: &'a str) -> String {
        let before = |id: &&'a str| self.came_from.get(id).copied().flatten();
        let mut path: Vec<_> = std::iter::successors(Some(id), before).collect();
        path.reverse();
        path.join(" → ")
    }
}

pub(super) fn check(flow: &Flow, findings: &mut Findings) {
    check_targets(flow, findings);
    check_reachable(flow, findings);
    check_ways_out(flow, findings);
    check_circles(flow, findings);
}

fn check_targets(flow: &Flow, findings: &mut Findings) {
    let mut check_step = |place: String, id: &str| {
        if !flow.steps.contains_key(id) {
            findings.add(place, Fault::UnknownStep(id.to_owned()));
        }
    };
    check_step("start".to_owned(), &flow.start);
    check_step("unavailable".to_owned(), &flow.unavailable);
    for (id, step) in &flow.steps {
        for exit in exits(step) {
            let place = match exit.option {
                Some(option) => format!("steps.{id}.options.{option}.next"),
                None => format!("steps.{id}.next"),
            };
            check_step(place, exit.next);
        }
    }
    for (id, step) in &flow.steps {
        for contact in &step.contacts {
            if !flow.contacts.contains_key(contact) {
                let place = format!("steps.{id}.contacts");
                findings.add(place, Fault::UnknownContact(contact.clone()));
            }
        }
        if let StepKind::Queue { queue } = &step.kind
            && !flow.queues.contains_key(queue)
        {
            let place = format!("steps.{id}.queue");
            findings.add(place, Fault::UnknownQueue(queue.clone()));
        }
    }
}

fn check_reachable(flow: &Flow, findings: &mut Findings) {
    // With its root unknown, every step would be reported.
    if !flow.steps.contains_key(&flow.start) || !flow.steps.contains_key(&flow.unavailable) {
        return;
    }
    let walks = [&flow.start, &flow.unavailable].map(|root| Walk::new(flow, root, |_, _| true));
    for id in flow.steps.keys() {
        if !walks.iter().any(|walk| walk.reaches(id)) {
            findings.add(format!("steps.{id}"), Fault::Unreachable);
        }
    }
}

fn check_ways_out(flow: &Flow, findings: &mut Findings) {
    let mut with_way_out = BTreeSet::new();
    for (id, step) in &flow.steps {
        let is_empty_menu =
            matches!(&step.kind, StepKind::Menu { options, .. } if options.is_empty());
        let is_settled = !step.contacts.is_empty()
            || matches!(step.kind, StepKind::Queue { .. } | StepKind::End);
        if is_empty_menu && !is_settled {
            findings.add(format!("steps.{id}"), Fault::DeadEnd);
        }
        // Where an unknown step or an empty menu bars the way, that is the problem to solve.
        let is_barred = exits(step)
            .iter()
            .any(|exit| !flow.steps.contains_key(exit.next));
        if is_settled || is_empty_menu || is_barred {
            with_way_out.insert(id.as_str());
        }
    }
    loop {
        let more: Vec<_> = flow
            .steps
            .iter()
            .filter(|(id, _)| !with_way_out.contains(id.as_str()))
            .filter(|(_, step)| {
                exits(step)
                    .iter()
                    .any(|exit| with_way_out.contains(exit.next))
            })
            .map(|(id, _)| id.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        with_way_out.extend(more);
    }
    for id in flow.steps.keys() {
        if !with_way_out.contains(id.as_str()) {
            findings.add(format!("steps.{id}"), Fault::NoWayOut);
        }
    }
}

/// A chat whose name and number are known passes their steps by itself, so a circle of such steps would never stop.
fn check_circles(flow: &Flow, findings: &mut Findings) {
    let next_of = |id: &&String| {
        let next = single_exit(flow.steps.get(*id)?)?.next;
        flow.steps.keys().find(|id| *id == next)
    };
    for start in flow.steps.keys() {
        let followed: Vec<_> = std::iter::successors(next_of(&start), next_of)
            .take(flow.steps.len())
            .take_while(|id| *id != start)
            .collect();
        let closes = followed.last().unwrap_or(&start);
        // Reported once, at the circle's first id.
        if next_of(closes) == Some(start) && followed.iter().all(|id| *id > start) {
            let circle: Vec<_> = [start].into_iter().chain(followed).cloned().collect();
            let fault = Fault::Circle(format!("`{}`", circle.join("`, `")));
            findings.add(format!("steps.{start}"), fault);
        }
    }
}
