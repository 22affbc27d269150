//! What follows in the flow when the customer chooses or writes something.

use alap_flow::StepKind;

use super::{
    Author, Chat, Door, Event, Fact, KnownNumber, Reject, Sent,
    decide::MASKED,
    flow_steps::{BACK, Course, LANGUAGE, RESTART, Skipping, language_of},
};
use crate::{
    contact_number::ContactNumber, masking::Screened, person_name::PersonName, ports::Millis,
    rules::Rules, sealing::Sealed,
};

/// The customer chooses an option.
pub(super) fn choose(
    chat: &Chat,
    rules: &Rules,
    option: &str,
    sent: &Sent,
    door: Option<&Door>,
    now: Millis,
) -> Result<Vec<Event>, Reject> {
    let not_offered = || Reject::OptionNotOffered(option.to_owned());
    let mut course = Course::new(rules, chat.clone(), now);
    let chosen = |label: String, fact| Event::Option {
        option: option.to_owned(),
        label,
        fact,
        sent: sent.clone(),
    };
    let label = || rules.notice(option, chat.language(), &[]);
    let ahead = chat.path.len() + usize::from(!chat.step.is_empty());
    let previous = chat.path.last().map(String::as_str);
    let step = rules.flow.steps.get(&chat.step);
    match (option, step.map(|step| &step.kind)) {
        (BACK, _) => {
            let previous = previous.ok_or_else(not_offered)?;
            course.push(chosen(label(), None));
            course.enter(previous, chat.path.len() - 1, door, Skipping::Nothing)?;
        }
        (RESTART, _) => {
            if !course.can_start_over(&chat.step, chat.path.len()) {
                return Err(not_offered());
            }
            course.push(chosen(label(), Some(Fact::StartedOver)));
            course.info("started-over", &[]);
            course.enter(&rules.flow.start, 0, door, Skipping::Known)?;
        }
        (LANGUAGE, Some(kind)) if !matches!(kind, StepKind::Language { .. }) => {
            course.push(chosen(label(), None));
            let language_step = rules.language_step().ok_or_else(not_offered)?;
            course.enter(language_step, ahead, door, Skipping::Nothing)?;
        }
        (_, Some(StepKind::Language { next })) => {
            let language = language_of(option).ok_or_else(not_offered)?;
            let label = if option == "bn" {
                "বাংলা"
            } else {
                "English"
            };
            course.push(chosen(label.to_owned(), Some(Fact::Language(language))));
            match previous {
                // The customer came here to change the language, and goes on where they were.
                Some(previous) => {
                    course.enter(previous, chat.path.len() - 1, door, Skipping::Nothing)?;
                }
                None => course.enter(next, ahead, door, Skipping::Known)?,
            }
        }
        (_, Some(StepKind::Menu { topic, options })) => {
            let found = options
                .iter()
                .find(|offered| offered.id == option)
                .ok_or_else(not_offered)?;
            let fact = topic.then(|| Fact::Topic(found.id.clone()));
            course.push(chosen(found.label.get(chat.language()).to_owned(), fact));
            course.enter(&found.next, ahead, door, Skipping::Known)?;
        }
        _ => return Err(not_offered()),
    }
    Ok(course.events)
}

/// A text that answers the flow.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) text: &'a Screened,
    pub(super) number: Option<&'a Sealed>,
    pub(super) sent: &'a Sent,
    pub(super) door: Option<&'a Door>,
}

/// The customer writes what a step asks for.
pub(super) fn answer(
    chat: &Chat,
    rules: &Rules,
    answer: Answer<'_>,
    now: Millis,
) -> Result<Vec<Event>, Reject> {
    let mut course = Course::new(rules, chat.clone(), now);
    let ahead = chat.path.len() + usize::from(!chat.step.is_empty());
    let masked = answer.text.masked(chat.secret_spoken_of);
    let text = |text: String, hidden, fact| Event::Text {
        by: Author::Customer,
        text,
        masked: hidden,
        secret: answer.text.mentions_secret(),
        fact: Some(fact),
        sent: answer.sent.clone(),
    };
    match rules.flow.steps.get(&chat.step).map(|step| &step.kind) {
        Some(StepKind::Name { next }) => {
            let name = PersonName::parse(&masked.text).map_err(Reject::Name)?;
            let name = name.as_str().to_owned();
            course.push(text(name.clone(), masked.hidden, Fact::Name(name)));
            if masked.hidden {
                course.info(MASKED, &[]);
            }
            course.enter(next, ahead, answer.door, Skipping::Known)?;
        }
        Some(StepKind::Number { next }) => {
            let number = ContactNumber::parse(answer.text.text()).map_err(Reject::Number)?;
            let masked = number.masked(chat.language());
            // Whoever parsed it before has sealed it; without that it must not be stored.
            let sealed = answer.number.ok_or(Reject::NotAsked)?.clone();
            let known = KnownNumber {
                sealed,
                masked: masked.clone(),
            };
            course.push(text(masked, false, Fact::Number(known)));
            course.enter(next, ahead, answer.door, Skipping::Known)?;
        }
        Some(StepKind::Message { next }) => {
            let Some(Door::Open(ticket)) = answer.door else {
                return Err(Reject::NeedsMessageTicket(chat.queue_or_first(rules)));
            };
            let fact = Fact::Message(ticket.clone());
            course.push(text(masked.text.clone(), masked.hidden, fact));
            if masked.hidden {
                course.info(MASKED, &[]);
            }
            course.info("message-received", &[]);
            course.enter(next, ahead, None, Skipping::Known)?;
        }
        _ => return Err(Reject::OptionExpected),
    }
    Ok(course.events)
}

impl Chat {
    /// The queue the chat was meant for, or else the flow's first one.
    fn queue_or_first(&self, rules: &Rules) -> String {
        self.queue
            .clone()
            .or_else(|| rules.flow.queues.keys().next().cloned())
            .unwrap_or_default()
    }
}
