//! Chats as they go, by the flow that is built in.

mod flow;
mod navigation;
mod secrets;
mod storing;
mod talk;
mod time;
mod views;

use std::sync::Arc;

use alap_flow::Language;

use super::*;
use crate::{
    id::{AgentId, ChatId},
    journal::MAX_SPAN,
    masking::Screened,
    memory::BEGINNING,
    queue::Lane,
    rules::Rules,
    sealing::{DataKeys, Sealed},
    settings::Settings,
    stored,
};

pub(super) const NAME: &str = "রহিমা খাতুন";
pub(super) const NUMBER: &str = "01712-345678";
pub(super) const LANGUAGES: [Language; 2] = [Language::Bn, Language::En];

/// A chat, what happened in it, and the time.
#[derive(Clone)]
pub(super) struct Story {
    pub(super) rules: Arc<Rules>,
    pub(super) chat: Chat,
    pub(super) entries: Vec<Entry<Event>>,
    pub(super) now: Millis,
    /// Why nobody can be waited for; nothing where one can.
    pub(super) shut: Option<Unavailable>,
    requests: u32,
    tickets: u64,
}

pub(super) fn rules() -> Arc<Rules> {
    Arc::new(Rules::new(Settings::default()).unwrap())
}

pub(super) fn opening() -> Opening {
    Opening {
        channel: Channel::Web,
        language: None,
        known: Known::default(),
        queue: None,
        step: None,
        door: None,
        digest: String::new(),
    }
}

pub(super) fn known_number() -> KnownNumber {
    KnownNumber {
        sealed: Sealed::from_stored("sealed".to_owned()),
        masked: "01•••-•••678".to_owned(),
    }
}

pub(super) fn agent(id: &str) -> AgentName {
    AgentName {
        id: AgentId::parse(id).unwrap(),
        name: format!("{id} আপা"),
    }
}

pub(super) fn chat_id() -> ChatId {
    ChatId::parse("chat").unwrap()
}

pub(super) fn keys() -> DataKeys {
    DataKeys::new(["a key for personal data"])
}

impl Story {
    /// A chat that just began.
    pub(super) fn new() -> Self {
        Self::opened(opening())
    }

    /// A chat that began like this.
    pub(super) fn opened(opening: Opening) -> Self {
        Self::opened_when(opening, None)
    }

    /// A chat that began like this, at a time when nobody could be waited for.
    pub(super) fn opened_when(mut opening: Opening, shut: Option<Unavailable>) -> Self {
        let mut story = Self {
            rules: rules(),
            chat: Chat::default(),
            entries: Vec::new(),
            now: BEGINNING,
            shut,
            requests: 0,
            tickets: 0,
        };
        let events = loop {
            match open(&story.rules, opening.clone(), story.now) {
                Err(Reject::NeedsDoor(queue)) => opening.door = Some(story.door(&queue)),
                outcome => break outcome.unwrap(),
            }
        };
        assert!(events.len() <= Chat::GENESIS as usize, "{events:#?}");
        story.take(events);
        story
    }

    /// A chat whose customer has chosen `language` and come to the queue.
    pub(super) fn waiting_in(language: Language) -> Self {
        let mut story = Self::new();
        story.choose(option_of(language));
        for option in ["customer-service", "yes"] {
            story.choose(option);
        }
        story.say(NAME);
        story.say(NUMBER);
        assert_eq!(story.chat.phase, Phase::Waiting);
        story
    }

    /// A chat whose customer waits.
    pub(super) fn waiting() -> Self {
        Self::waiting_in(Language::Bn)
    }

    /// A chat that the representative `asha` just took.
    pub(super) fn talking() -> Self {
        let mut story = Self::waiting();
        story.pass(5_000);
        story.by_agent("asha", Action::Claim).unwrap();
        story
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, duration: Millis) {
        self.now += duration;
    }

    pub(super) fn sent(&mut self) -> Sent {
        self.requests += 1;
        Sent {
            client_id: format!("request-{}", self.requests),
            digest: String::new(),
        }
    }

    pub(super) fn ticket(&mut self, queue: &str, lane: Lane) -> Ticket {
        self.tickets += 1;
        Ticket {
            queue: queue.to_owned(),
            lane,
            number: self.tickets,
        }
    }

    fn door(&mut self, queue: &str) -> Door {
        match self.shut {
            None => Door::Open(self.ticket(queue, Lane::Regular)),
            Some(why) => Door::Shut(why),
        }
    }

    /// What comes of an action, with whatever it needs from the store.
    pub(super) fn attempt(&mut self, by: &Actor, mut action: Action) -> Result<Vec<Event>, Reject> {
        let events = loop {
            let command = Command {
                rules: self.rules.clone(),
                by: by.clone(),
                action: action.clone(),
            };
            let answer = match self.chat.decide(&command, self.now) {
                Err(Reject::NeedsDoor(queue)) => self.door(&queue),
                Err(Reject::NeedsMessageTicket(queue)) => {
                    Door::Open(self.ticket(&queue, Lane::Messages))
                }
                outcome => break outcome?,
            };
            let (Action::Option { door, .. } | Action::Text { door, .. }) = &mut action else {
                panic!("{action:?} leads to no door");
            };
            *door = Some(answer);
        };
        assert!(events.len() <= MAX_SPAN as usize, "{events:#?}");
        Ok(self.take(events))
    }

    /// Folds events as the journal does, from what it stored of them.
    fn take(&mut self, events: Vec<Event>) -> Vec<Event> {
        for event in &events {
            let stored = stored::encode(event);
            let event: Event = stored::decode(&stored).unwrap();
            let seq = self.entries.last().map_or(1, |entry| entry.seq + 1);
            let entry = Entry {
                seq,
                at: self.now,
                event,
            };
            self.chat.fold(&entry);
            self.entries.push(entry);
        }
        let taken = self.entries.iter().rev().take(events.len()).rev();
        assert!(
            taken.map(|entry| &entry.event).eq(&events),
            "what was stored is read"
        );
        let stored = stored::encode(&self.chat);
        assert_eq!(stored::decode::<Chat>(&stored).unwrap(), self.chat);
        events
    }

    pub(super) fn by_customer(&mut self, action: Action) -> Result<Vec<Event>, Reject> {
        self.attempt(&Actor::CUSTOMER, action)
    }

    pub(super) fn by_agent(&mut self, id: &str, action: Action) -> Result<Vec<Event>, Reject> {
        self.attempt(&Actor::Agent(agent(id)), action)
    }

    /// The customer chooses an option.
    pub(super) fn try_to_choose(&mut self, option: &str) -> Result<Vec<Event>, Reject> {
        let sent = self.sent();
        self.choose_with(option, sent)
    }

    pub(super) fn choose_with(&mut self, option: &str, sent: Sent) -> Result<Vec<Event>, Reject> {
        let option = option.to_owned();
        self.by_customer(Action::Option {
            option,
            sent,
            door: None,
        })
    }

    pub(super) fn choose(&mut self, option: &str) -> Vec<Event> {
        let step = self.chat.step.clone();
        self.try_to_choose(option)
            .unwrap_or_else(|reject| panic!("{option} at {step}: {reject:?}"))
    }

    pub(super) fn text(&mut self, text: &str) -> Action {
        Action::Text {
            text: Screened::new(text.to_owned()),
            number: Some(Sealed::from_stored("sealed".to_owned())),
            sent: self.sent(),
            door: None,
        }
    }

    /// The customer says something.
    pub(super) fn try_to_say(&mut self, text: &str) -> Result<Vec<Event>, Reject> {
        let action = self.text(text);
        self.by_customer(action)
    }

    pub(super) fn say(&mut self, text: &str) -> Vec<Event> {
        let step = self.chat.step.clone();
        self.try_to_say(text)
            .unwrap_or_else(|reject| panic!("{text} at {step}: {reject:?}"))
    }

    /// A representative says something.
    pub(super) fn answer(&mut self, id: &str, text: &str) -> Result<Vec<Event>, Reject> {
        let action = self.text(text);
        self.by_agent(id, action)
    }

    /// The last prompt: the step it stands at and what it asks.
    pub(super) fn prompt(&self) -> (&str, &Input, &[ShownContact]) {
        let prompt = self
            .entries
            .iter()
            .rev()
            .find_map(|entry| match &entry.event {
                Event::Prompt {
                    text,
                    input,
                    contacts,
                    ..
                } => Some((text.as_str(), input, contacts.as_slice())),
                _ => None,
            });
        prompt.expect("a prompt")
    }

    /// The options offered now: those of the step, and those of every step.
    pub(super) fn offered(&self) -> (Vec<String>, Vec<String>) {
        let ids = |choices: &[Choice]| choices.iter().map(|choice| choice.id.clone()).collect();
        match self.prompt().1 {
            Input::Options {
                options,
                navigation,
            } => (ids(options), ids(navigation)),
            Input::Name { navigation }
            | Input::Number { navigation }
            | Input::Message { navigation } => (Vec::new(), ids(navigation)),
            Input::Text => (Vec::new(), Vec::new()),
        }
    }

    /// The text of the step `id` in the chat's language.
    pub(super) fn step_text(&self, id: &str) -> String {
        let step = self.rules.flow.steps.get(id).expect("a step");
        step.text.get(self.chat.language()).to_owned()
    }
}

pub(super) fn option_of(language: Language) -> &'static str {
    match language {
        Language::Bn => "bn",
        Language::En => "en",
    }
}

/// The kind of an event, written as on the wire.
pub(super) fn kind(event: &Event) -> String {
    let shown = format!("{event:?}");
    let name = shown.chars().take_while(char::is_ascii_alphabetic);
    let mut kind = String::new();
    for c in name {
        if c.is_ascii_uppercase() && !kind.is_empty() {
            kind.push('_');
        }
        kind.push(c.to_ascii_lowercase());
    }
    kind
}

pub(super) fn kinds(events: &[Event]) -> Vec<String> {
    events.iter().map(kind).collect()
}
