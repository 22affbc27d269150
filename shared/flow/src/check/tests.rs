//! The small flow, broken in one way at a time.

use super::fixture::{
    add_end, add_option, options, set_contact, set_next, set_notice, small, step, text,
};
use super::{Fault, Problem};
use crate::limits::LABEL_LIMIT;
use crate::model::{Flow, StepKind, Text};

/// The problem's place and the name of its fault.
fn brief(problem: &Problem) -> String {
    let fault = format!("{:?}", problem.fault);
    let name = fault.split(['(', ' ']).next().unwrap();
    format!("{} {name}", problem.place)
}

/// A way to break the small flow, and the problems it has then.
type Case<'a> = (fn(&mut Flow), &'a [&'a str]);

/// Checks each broken flow for exactly the problems listed.
#[track_caller]
fn assert_found(cases: &[Case<'_>]) {
    for (index, (break_it, expected)) in cases.iter().enumerate() {
        let mut flow = small();
        break_it(&mut flow);
        let problems = flow.check();
        let mut found: Vec<_> = problems.iter().map(brief).collect();
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "case {index}: {problems:#?}");
    }
}

#[test]
fn the_small_flow_is_sound() {
    assert_eq!(small().check(), []);
}

#[test]
fn ids() {
    assert_found(&[
        (
            |flow| add_option(flow, "menu", "Bad", "stolen"),
            &["steps.menu.options BadId"],
        ),
        (
            |flow| add_option(flow, "menu", "", "stolen"),
            &["steps.menu.options BadId"],
        ),
        (
            |flow| add_option(flow, "menu", "a--b", "stolen"),
            &["steps.menu.options BadId"],
        ),
        (
            |flow| add_option(flow, "menu", "চুরি", "stolen"),
            &["steps.menu.options BadId"],
        ),
        (
            |flow| add_option(flow, "menu", &"a".repeat(41), "stolen"),
            &["steps.menu.options BadId"],
        ),
        (
            |flow| add_option(flow, "menu", &"a".repeat(40), "stolen"),
            &[],
        ),
        (
            |flow| {
                add_option(flow, "menu", "late", "too_late");
                add_end(flow, "too_late");
            },
            &["steps BadId"],
        ),
        (
            |flow| {
                let queue = flow.queues.get("general").unwrap().clone();
                flow.queues.insert("two words".to_owned(), queue);
            },
            &["queues BadId"],
        ),
        (
            |flow| {
                let contact = flow.contacts.get("phone").unwrap().clone();
                flow.contacts.insert("-".to_owned(), contact);
            },
            &["contacts BadId"],
        ),
        (
            |flow| add_option(flow, "menu", "stolen", "stolen"),
            &["steps.menu.options DuplicateOption"],
        ),
        (
            |flow| add_option(flow, "menu", "back", "stolen"),
            &["steps.menu.options ReservedOption"],
        ),
        (
            |flow| add_option(flow, "menu", "restart", "stolen"),
            &["steps.menu.options ReservedOption"],
        ),
        (
            |flow| add_option(flow, "unavailable", "language", "stolen"),
            &["steps.unavailable.options ReservedOption"],
        ),
    ]);
}

#[test]
fn hours() {
    assert_found(&[
        (|flow| flow.hours.days.clear(), &["hours.days NoDays"]),
        (|flow| flow.hours.days.push(0), &["hours.days BadDay"]),
        (|flow| flow.hours.days.push(8), &["hours.days BadDay"]),
        (|flow| flow.hours.days.push(7), &["hours.days DuplicateDay"]),
        (|flow| flow.hours.from_minute = 1020, &["hours BadHours"]),
        (|flow| flow.hours.until_minute = 1441, &["hours BadHours"]),
        (|flow| flow.hours.until_minute = 1440, &[]),
        (
            |flow| flow.hours.utc_offset_minutes = 841,
            &["hours.utc_offset_minutes BadOffset"],
        ),
    ]);
}

#[test]
fn contacts_and_queues() {
    assert_found(&[
        (
            |flow| set_contact(flow, "phone", "১৬২৪৭"),
            &["contacts.phone.value BadPhone"],
        ),
        (
            |flow| set_contact(flow, "email", "shop at example.com"),
            &["contacts.email.value BadEmail"],
        ),
        (
            |flow| set_contact(flow, "shop", "http://example.com"),
            &["contacts.shop.value BadPlace"],
        ),
        (
            |flow| flow.queues.clear(),
            &["queues NoQueues", "steps.queue.queue UnknownQueue"],
        ),
    ]);
}

#[test]
fn texts() {
    assert_found(&[
        (
            |flow| flow.organisation.en.clear(),
            &["organisation.en Blank"],
        ),
        (
            |flow| flow.contacts.get_mut("phone").unwrap().label.bn = " \n".to_owned(),
            &["contacts.phone.label.bn Blank"],
        ),
        (
            |flow| flow.queues.get_mut("general").unwrap().label.en.clear(),
            &["queues.general.label.en Blank"],
        ),
        (
            |flow| step(flow, "end").text = Text::default(),
            &["steps.end.text.bn Blank", "steps.end.text.en Blank"],
        ),
        (
            |flow| options(flow, "menu")[0].label.bn.clear(),
            &["steps.menu.options.talk.label.bn Blank"],
        ),
        (
            |flow| set_notice(flow, "queued", "", "{place}"),
            &[
                "notices.queued.bn Blank",
                "notices.queued.en UnknownPlaceholder",
            ],
        ),
        (
            |flow| step(flow, "end").text.bn = "ক".repeat(601),
            &["steps.end.text.bn TooLong"],
        ),
        (|flow| step(flow, "end").text.bn = "ক".repeat(600), &[]),
        (
            |flow| options(flow, "menu")[0].label.en = "a".repeat(41),
            &["steps.menu.options.talk.label.en TooLong"],
        ),
        (
            |flow| set_notice(flow, "back", &"ক".repeat(LABEL_LIMIT), &"a".repeat(41)),
            &["notices.back.en TooLong"],
        ),
    ]);
}

#[test]
fn notices_and_placeholders() {
    assert_found(&[
        (
            |flow| drop(flow.notices.remove("agent-lost")),
            &["notices.agent-lost MissingNotice"],
        ),
        (
            |flow| set_notice(flow, "agent-found", "ক", "a"),
            &["notices.agent-found UnknownNotice"],
        ),
        (
            |flow| set_notice(flow, "connected", "{agent} এসেছেন", "{agent} is here"),
            &[],
        ),
        (
            |flow| set_notice(flow, "connected", "{agent} এসেছেন", "Somebody is here"),
            &["notices.connected PlaceholderInOneLanguage"],
        ),
        (
            |flow| set_notice(flow, "connected", "{name} {agent}", "{agent}"),
            &["notices.connected.bn UnknownPlaceholder"],
        ),
        (
            |flow| set_notice(flow, "connected", "{agent", "agent}"),
            &[
                "notices.connected.bn StrayBrace",
                "notices.connected.en StrayBrace",
            ],
        ),
        (
            |flow| step(flow, "end").text = text("{name}"),
            &[
                "steps.end.text.bn UnknownPlaceholder",
                "steps.end.text.en UnknownPlaceholder",
            ],
        ),
    ]);
}

#[test]
fn targets() {
    assert_found(&[
        (|flow| flow.start = "x".to_owned(), &["start UnknownStep"]),
        (
            |flow| flow.unavailable = "x".to_owned(),
            &["unavailable UnknownStep"],
        ),
        (
            |flow| set_next(flow, "message", "x"),
            &["steps.end Unreachable", "steps.message.next UnknownStep"],
        ),
        (
            |flow| add_option(flow, "menu", "more", "x"),
            &["steps.menu.options.more.next UnknownStep"],
        ),
        (
            |flow| step(flow, "end").contacts = vec!["x".to_owned()],
            &["steps.end.contacts UnknownContact"],
        ),
        (
            |flow| {
                step(flow, "queue").kind = StepKind::Queue {
                    queue: "x".to_owned(),
                }
            },
            &["steps.queue.queue UnknownQueue"],
        ),
    ]);
}

#[test]
fn ways() {
    assert_found(&[
        (|flow| add_end(flow, "attic"), &["steps.attic Unreachable"]),
        (
            |flow| {
                step(flow, "end").kind = StepKind::Menu {
                    topic: false,
                    options: vec![],
                }
            },
            &["steps.end DeadEnd"],
        ),
        (
            |flow| {
                step(flow, "end").kind = StepKind::Menu {
                    topic: false,
                    options: vec![],
                };
                add_option(flow, "end", "again", "end");
            },
            &["steps.end NoWayOut", "steps.message NoWayOut"],
        ),
        (
            |flow| {
                step(flow, "end").kind = StepKind::Name {
                    next: "message".to_owned(),
                }
            },
            &[
                "steps.end Circle",
                "steps.end NoWayOut",
                "steps.message NoWayOut",
            ],
        ),
        (
            |flow| {
                step(flow, "end").kind = StepKind::Name {
                    next: "end".to_owned(),
                }
            },
            &[
                "steps.end Circle",
                "steps.end NoWayOut",
                "steps.message NoWayOut",
            ],
        ),
    ]);
}

#[test]
fn beginning_and_security() {
    assert_found(&[
        (
            |flow| {
                step(flow, "language").kind = StepKind::Name {
                    next: "menu".to_owned(),
                }
            },
            &["start StartWithoutLanguage"],
        ),
        (
            |flow| {
                options(flow, "menu").pop();
                add_option(flow, "confirm", "stolen", "stolen");
            },
            &["steps.menu NoSecurityTopic"],
        ),
        (
            |flow| step(flow, "stolen").security = false,
            &["steps.menu NoSecurityTopic"],
        ),
        (
            |flow| step(flow, "stolen").contacts = vec!["email".to_owned()],
            &["steps.stolen SecurityWithoutPhone"],
        ),
        (
            |flow| add_option(flow, "stolen", "other", "menu"),
            &["steps.stolen SecurityServedByChat"],
        ),
        (
            |flow| add_option(flow, "stolen", "write", "unavailable"),
            &[
                "steps.message Unprepared",
                "steps.message Unprepared",
                "steps.stolen SecurityServedByChat",
            ],
        ),
        (|flow| add_option(flow, "stolen", "done", "end"), &[]),
        (
            |flow| step(flow, "unavailable").contacts.clear(),
            &["steps.unavailable UnavailableWithoutContacts"],
        ),
    ]);
}

#[test]
fn preparation() {
    assert_found(&[
        (
            |flow| {
                let StepKind::Menu { topic, .. } = &mut step(flow, "menu").kind else {
                    panic!();
                };
                *topic = false;
            },
            &["steps.queue Unprepared"],
        ),
        (
            |flow| options(flow, "confirm")[0].id = "sure".to_owned(),
            &["steps.queue Unprepared"],
        ),
        (
            |flow| drop(options(flow, "confirm").pop()),
            &["steps.queue Unprepared"],
        ),
        (
            |flow| options(flow, "confirm")[1].next = "name".to_owned(),
            &["steps.queue Unprepared"],
        ),
        (
            |flow| add_option(flow, "menu", "fast", "name"),
            &["steps.queue Unprepared"],
        ),
        (
            |flow| set_next(flow, "name", "queue"),
            &["steps.number Unreachable", "steps.queue Unprepared"],
        ),
        (
            |flow| options(flow, "confirm")[0].next = "number".to_owned(),
            &["steps.name Unreachable", "steps.queue Unprepared"],
        ),
        (
            |flow| add_option(flow, "menu", "write", "message"),
            &["steps.message Unprepared", "steps.message Unprepared"],
        ),
        (
            |flow| set_next(flow, "number", "message"),
            &["steps NoWayToQueue", "steps.queue Unreachable"],
        ),
        // Who comes back from `unavailable` has been through everything.
        (
            |flow| add_option(flow, "unavailable", "again", "queue"),
            &[],
        ),
    ]);
}

#[test]
fn all_problems_are_found_at_once() {
    let mut flow = small();
    flow.organisation.bn.clear();
    flow.hours.days.clear();
    flow.notices.remove("rated");
    add_option(&mut flow, "menu", "back", "x");
    assert_eq!(flow.check().len(), 5);
}

#[test]
fn a_problem_says_what_and_where_and_what_to_do() {
    let mut flow = small();
    add_option(&mut flow, "stolen", "back", "menu");
    set_notice(&mut flow, "connected", "{agnet}", "{agnet}");
    flow.notices.remove("rated");
    let problems: Vec<_> = flow.check().iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "steps.stolen.options: the id `back` is one of `back`, `restart`, `language`, which every step has by itself; \
             choose another",
            "notices.connected.bn: nothing fills in `{agnet}` here; only `{agent}` is",
            "notices.connected.en: nothing fills in `{agnet}` here; only `{agent}` is",
            "notices.rated: the notice is missing; write it in both languages (thanks for the rating)",
            "steps.stolen: a security step must not lead to a queue or a message, but stolen → menu → confirm → name → \
             number → queue does; remove that way",
        ]
    );
}

#[test]
fn the_way_without_confirmation_is_shown() {
    let mut flow = small();
    add_option(&mut flow, "menu", "fast", "name");
    let [problem] = flow.check().try_into().unwrap();
    let Fault::Unprepared { path, .. } = &problem.fault else {
        panic!("{problem}");
    };
    assert_eq!(path, "language → menu → name → number → queue");
    assert_eq!(
        problem.to_string(),
        "steps.queue: the way language → menu → name → number → queue does not pass a menu that says what to have at hand \
         and has the options `yes` and `no`, by way of `yes`; add it"
    );
}
