//! What the flow says when the customer comes to a step.

use alap_flow::{Language, Step, StepKind, Text};

use super::{
    Channel, Chat, Choice, CloseReason, Closer, Door, Event, Input, Known, Position, Reject,
    ShownContact, Unavailable,
};
use crate::{
    digits,
    journal::{Entry, Journaled},
    ports::Millis,
    queue::Ticket,
    rules::Rules,
};

/// Steps that pass by without a question before it counts as a fault of the flow; its checker finds these earlier.
const MOST_STEPS_AT_ONCE: usize = 32;

/// The navigation offered at every step; the ids are reserved in the flow.
pub(super) const BACK: &str = "back";
pub(super) const RESTART: &str = "restart";
pub(super) const LANGUAGE: &str = "language";

/// How a chat begins.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Where it comes from.
    pub channel: Channel,
    /// The language, where it is known.
    pub language: Option<Language>,
    /// What is known of the customer.
    pub known: Known,
    /// The queue to join at once, for a chat that is requested again.
    pub queue: Option<String>,
    /// The step to go on at, for a chat that is requested again and had not come to a queue.
    pub step: Option<String>,
    /// Whether that queue can be joined.
    pub door: Option<Door>,
    /// Digest of the request.
    pub digest: String,
}

/// The events a chat begins with.
pub fn open(rules: &Rules, opening: Opening, now: Millis) -> Result<Vec<Event>, Reject> {
    let Opening {
        channel,
        language,
        known,
        queue,
        step,
        door,
        digest,
    } = opening;
    let mut course = Course::new(rules, Chat::default(), now);
    let keeps_all = known.again.is_some() && known.number.is_some();
    let greeted = known.name.clone().filter(|_| keeps_all);
    course.push(Event::Started {
        channel,
        language,
        known,
        digest,
    });
    if let Some(name) = greeted {
        course.info("welcome-back", &[("name", &name)]);
    }
    // The flow may have changed since the chat was there.
    let step = step.filter(|step| rules.flow.steps.contains_key(step));
    if let Some(queue) = queue {
        course.join(&queue, door.as_ref())?;
    } else {
        let step = step.as_deref().unwrap_or(&rules.flow.start);
        course.enter(step, 0, door.as_ref(), Skipping::Known)?;
    }
    Ok(course.events)
}

/// Whether steps whose answer is known pass by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Skipping {
    /// On the way forward.
    Known,
    /// On the way back, where the customer wants to answer anew.
    Nothing,
}

/// Events in the making, and the state they lead to.
pub(super) struct Course<'a> {
    rules: &'a Rules,
    pub(super) chat: Chat,
    pub(super) events: Vec<Event>,
    now: Millis,
}

impl<'a> Course<'a> {
    pub(super) fn new(rules: &'a Rules, chat: Chat, now: Millis) -> Self {
        Self {
            rules,
            chat,
            events: Vec::new(),
            now,
        }
    }

    pub(super) fn push(&mut self, event: Event) {
        // The sequence number only matters for what is looked up by it later, never on the way.
        let entry = Entry {
            seq: 0,
            at: self.now,
            event,
        };
        self.chat.fold(&entry);
        self.events.push(entry.event);
    }

    pub(super) fn info(&mut self, notice: &str, values: &[(&str, &str)]) {
        let text = self.rules.notice(notice, self.chat.language(), values);
        self.push(Event::Info {
            notice: notice.to_owned(),
            text,
            contacts: Vec::new(),
        });
    }

    /// Comes to the step `id`, which has `depth` steps before it on the way back.
    pub(super) fn enter(
        &mut self,
        id: &str,
        depth: usize,
        door: Option<&Door>,
        skipping: Skipping,
    ) -> Result<(), Reject> {
        let mut id = id.to_owned();
        for _ in 0..MOST_STEPS_AT_ONCE {
            let Some(step) = self.rules.flow.steps.get(&id) else {
                break;
            };
            let forward = skipping == Skipping::Known;
            id = match &step.kind {
                StepKind::Language { next } if forward && self.chat.language.is_some() => {
                    next.clone()
                }
                StepKind::Name { next } if forward && self.chat.known.name.is_some() => {
                    next.clone()
                }
                StepKind::Number { next } if forward && self.chat.known.number.is_some() => {
                    next.clone()
                }
                StepKind::Queue { queue } => {
                    let text = step.text.get(self.chat.language()).to_owned();
                    self.push(Event::Info {
                        notice: id.clone(),
                        text,
                        contacts: Vec::new(),
                    });
                    return self.join(queue, door);
                }
                StepKind::End => {
                    self.push(Event::Closed {
                        by: Closer::Customer,
                        reason: CloseReason::Solved,
                        text: step.text.get(self.chat.language()).to_owned(),
                    });
                    return Ok(());
                }
                _ => {
                    let depth = if forward {
                        depth.min(self.steps_before(&id))
                    } else {
                        depth
                    };
                    self.ask(&id, step, depth);
                    return Ok(());
                }
            };
        }
        // An option that leads nowhere in the flow as it is now: it has changed since the chat came here.
        Err(Reject::OptionNotOffered(id))
    }

    /// How many steps lie before `id` on the way back. Whoever comes to a step again has gone in a circle, which is
    /// left out: a way back never grows longer than the flow.
    fn steps_before(&self, id: &str) -> usize {
        let mut steps = self.chat.path.iter().chain([&self.chat.step]);
        steps.position(|before| before == id).unwrap_or(usize::MAX)
    }

    /// Whether starting over at the step `id`, with `depth` steps before it, leads somewhere else.
    pub(super) fn can_start_over(&self, id: &str, depth: usize) -> bool {
        let start = &self.rules.flow.start;
        let step = self.rules.flow.steps.get(start);
        let begins_at = match step.map(|step| &step.kind) {
            Some(StepKind::Language { next }) if self.chat.language.is_some() => next,
            _ => start,
        };
        depth > 0 || (id != start && id != begins_at)
    }

    /// Joins `queue`, or says why that is not possible and what else is.
    fn join(&mut self, queue: &str, door: Option<&Door>) -> Result<(), Reject> {
        match door {
            None => Err(Reject::NeedsDoor(queue.to_owned())),
            Some(Door::Open(ticket)) => {
                self.queued(ticket);
                Ok(())
            }
            Some(Door::Shut(why)) => self.unavailable(queue, *why),
        }
    }

    fn queued(&mut self, ticket: &Ticket) {
        let text = self.rules.notice("queued", self.chat.language(), &[]);
        self.push(Event::Queued {
            ticket: ticket.clone(),
            again: None,
            text,
        });
    }

    /// Says that no representative can be had, and goes on at the step for that.
    pub(super) fn unavailable(&mut self, queue: &str, why: Unavailable) -> Result<(), Reject> {
        let language = self.chat.language();
        let hours = &self.rules.flow.hours;
        let (from, until) = (
            clock(hours.from_minute, language),
            clock(hours.until_minute, language),
        );
        let text = match why {
            Unavailable::OutOfHours => self.rules.notice(
                "out-of-hours",
                language,
                &[("from", &from), ("until", &until)],
            ),
            Unavailable::NobodyOnline => self.rules.notice("nobody-online", language, &[]),
            Unavailable::WaitedTooLong => self.rules.notice("waited-too-long", language, &[]),
        };
        self.push(Event::Unavailable {
            queue: queue.to_owned(),
            why,
            text,
        });
        let depth = self.chat.path.len() + usize::from(!self.chat.step.is_empty());
        self.enter(&self.rules.flow.unavailable, depth, None, Skipping::Known)
    }

    fn ask(&mut self, id: &str, step: &Step, depth: usize) {
        let language = self.chat.language();
        let navigation = self.navigation(id, step, depth);
        let input = match &step.kind {
            StepKind::Language { .. } => Input::Options {
                options: languages(),
                navigation,
            },
            StepKind::Menu { options, .. } => {
                let shown = options.iter().map(|option| Choice {
                    id: option.id.clone(),
                    label: option.label.get(language).to_owned(),
                });
                Input::Options {
                    options: shown.collect(),
                    navigation,
                }
            }
            StepKind::Name { .. } => Input::Name { navigation },
            StepKind::Number { .. } => Input::Number { navigation },
            StepKind::Message { .. } => Input::Message { navigation },
            StepKind::Queue { .. } | StepKind::End => return,
        };
        let text = match (&step.kind, self.chat.language) {
            // Nobody knows yet which one the customer reads.
            (StepKind::Language { .. }, None) => format!("{}\n{}", step.text.bn, step.text.en),
            _ => step.text.get(language).to_owned(),
        };
        self.push(Event::Prompt {
            position: Some(Position {
                step: id.to_owned(),
                depth,
            }),
            text,
            input,
            contacts: shown_contacts(self.rules, &step.contacts, language),
        });
    }

    fn navigation(&self, id: &str, step: &Step, depth: usize) -> Vec<Choice> {
        let is_language = matches!(step.kind, StepKind::Language { .. });
        let offered = [
            (BACK, depth > 0),
            (RESTART, self.can_start_over(id, depth)),
            (LANGUAGE, !is_language),
        ];
        let choice = |id: &str| Choice {
            id: id.to_owned(),
            label: self.rules.notice(id, self.chat.language(), &[]),
        };
        offered
            .into_iter()
            .filter(|(_, offered)| *offered)
            .map(|(id, _)| choice(id))
            .collect()
    }
}

/// The languages, each in its own.
fn languages() -> Vec<Choice> {
    [("bn", "বাংলা"), ("en", "English")]
        .map(|(id, label)| Choice {
            id: id.to_owned(),
            label: label.to_owned(),
        })
        .into()
}

/// The language an option of a language step stands for.
pub(super) fn language_of(option: &str) -> Option<Language> {
    match option {
        "bn" => Some(Language::Bn),
        "en" => Some(Language::En),
        _ => None,
    }
}

fn shown_contacts(rules: &Rules, ids: &[String], language: Language) -> Vec<ShownContact> {
    let contacts = ids.iter().filter_map(|id| rules.flow.contacts.get(id));
    contacts
        .map(|contact| ShownContact {
            kind: contact.kind,
            value: contact.value.clone(),
            label: contact.label.get(language).to_owned(),
        })
        .collect()
}

/// A minute of the day as a clock shows it: 9:30, ৯:৩০.
fn clock(minute: u16, language: Language) -> String {
    digits::localise(&format!("{}:{:02}", minute / 60, minute % 60), language)
}

/// Puts `values` where `text` has their names in braces.
pub(crate) fn fill(text: &Text, language: Language, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text.get(language);
    // One pass, so that a name with braces in it stays what it is.
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = behind;
    }
    filled + rest
}
