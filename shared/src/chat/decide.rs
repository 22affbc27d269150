//! What may happen next in a chat. Every rule about who may do what when is here.

use super::{
    Action, Actor, AgentName, Author, Chat, CloseReason, Closer, Command, Due, Event, Evidence,
    FormField, Phase, QueuedAgain, Reject, Sent, Unavailable,
    flow_answers::{Answer, answer, choose},
    flow_steps::Course,
};
use crate::{digits, masking::Screened, ports::Millis, queue::Ticket, rules::Rules};

/// Code points a text may have. Bangla takes three bytes a letter, so that bytes would be unfair.
pub const MAX_TEXT: usize = 2_000;

/// Requests one chat stores at most: the snapshot remembers the client id of each, and has to fit into 64 KiB.
pub const MAX_MESSAGES: usize = 2_500;

/// The notice that something was hidden.
pub(super) const MASKED: &str = "secret-masked";

pub(super) fn decide(chat: &Chat, command: &Command, now: Millis) -> Result<Vec<Event>, Reject> {
    if chat.phase == Phase::None {
        return Err(Reject::NoChat);
    }
    let rules = command.rules.as_ref();
    if let Some(sent) = command.action.sent() {
        if let Some(seq) = chat.client_ids.get(&sent.client_id) {
            return Err(Reject::Seen(seq));
        }
        // There is one rating at most, and the end of a long chat is when it is given.
        let is_rating = matches!(command.action, Action::Rating { .. });
        if chat.client_ids.len() >= MAX_MESSAGES && !is_rating {
            return Err(Reject::Full);
        }
    }
    match &command.by {
        Actor::Customer(judge) => judge(chat, rules, &command.action, now),
        Actor::Agent(agent) => by_agent(chat, rules, agent, &command.action),
        Actor::System => by_time(chat, rules, &command.action, now),
    }
}

impl Action {
    fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Option { sent, .. }
            | Self::Text { sent, .. }
            | Self::Form { sent, .. }
            | Self::Rating { sent, .. }
            | Self::AskForm { sent, .. } => Some(sent),
            Self::Note { sent, .. } => sent.as_ref(),
            _ => None,
        }
    }
}

pub(super) fn by_customer(
    chat: &Chat,
    rules: &Rules,
    action: &Action,
    now: Millis,
) -> Result<Vec<Event>, Reject> {
    let closed = chat.phase == Phase::Closed;
    match action {
        Action::Close { .. } if closed => return Ok(Vec::new()),
        Action::Close { .. } => {
            return Ok(vec![close(
                chat,
                rules,
                Closer::Customer,
                CloseReason::Customer,
            )]);
        }
        Action::Rating {
            score,
            comment,
            sent,
        } => return rate(chat, rules, *score, comment.as_ref(), sent),
        _ if closed => return Err(Reject::Closed),
        _ => {}
    }
    // Whether somebody happened to look in time makes no difference. The customer is here, and whether the
    // representative is doesn't matter for this.
    let seen = Evidence {
        customer_seen: now,
        agent_seen: now,
    };
    if chat.due(seen, now, &rules.settings) == Some(Due::CloseIdle) {
        return Err(Reject::Overdue);
    }
    if chat.pace.minute == now / 60_000
        && u64::from(chat.pace.count) >= rules.settings.messages_per_minute
    {
        return Err(Reject::TooFast {
            retry_after: 60_000 - now % 60_000,
        });
    }
    match (action, chat.phase) {
        (Action::Option { option, sent, door }, Phase::Flow) => {
            choose(chat, rules, option, sent, door.as_ref(), now)
        }
        (Action::Option { option, .. }, _) => Err(Reject::OptionNotOffered(option.clone())),
        (
            Action::Text {
                text,
                number,
                sent,
                door,
            },
            Phase::Flow,
        ) => answer(
            chat,
            rules,
            Answer {
                text,
                number: number.as_ref(),
                sent,
                door: door.as_ref(),
            },
            now,
        ),
        (Action::Text { text, sent, .. }, _) => Ok(said(chat, rules, Author::Customer, text, sent)),
        (Action::Form { fields, sent }, Phase::Talking) => fill_form(chat, rules, fields, sent),
        _ => Err(Reject::NotAsked),
    }
}

fn by_agent(
    chat: &Chat,
    rules: &Rules,
    agent: &AgentName,
    action: &Action,
) -> Result<Vec<Event>, Reject> {
    let mine = chat
        .agent
        .as_ref()
        .is_some_and(|assigned| assigned.id == agent.id);
    match action {
        Action::Claim => match (chat.phase, &chat.agent) {
            (Phase::Talking, Some(assigned)) if assigned.id == agent.id => Ok(Vec::new()),
            (Phase::Talking, Some(assigned)) => Err(Reject::AlreadyAssigned(assigned.id.clone())),
            (Phase::Waiting, _) => Ok(connect(chat, rules, agent, false)),
            (Phase::Closed, _) => Err(Reject::Closed),
            _ => Err(Reject::NotWaiting),
        },
        Action::HandleMessage if chat.message.is_some() => Ok(vec![Event::MessageHandled {
            agent: agent.clone(),
        }]),
        Action::HandleMessage => Ok(Vec::new()),
        // What is noted stays possible once the chat is over, and for who has left a message.
        Action::Note { text, sent } if mine || chat.message.is_some() => Ok(vec![Event::Note {
            agent: agent.clone(),
            text: text.clone(),
            sent: sent.clone(),
        }]),
        Action::Close { .. } if chat.phase == Phase::Closed && mine => Ok(Vec::new()),
        _ if chat.phase == Phase::Closed => Err(Reject::Closed),
        _ if !chat.is_assigned_to(&agent.id) => Err(Reject::NotAssigned),
        Action::Close { reason } => Ok(vec![close(
            chat,
            rules,
            Closer::Agent,
            reason.unwrap_or(CloseReason::Agent),
        )]),
        Action::Text { text, .. } if text.asks_for_secret() => Err(Reject::AsksForSecret),
        Action::Text { text, sent, .. } => {
            Ok(said(chat, rules, Author::Agent(agent.clone()), text, sent))
        }
        Action::AskForm { .. } if chat.form.is_some() => Err(Reject::FormOpen),
        Action::AskForm { fields, sent } => Ok(vec![Event::FormRequest {
            fields: fields.clone(),
            agent: agent.clone(),
            text: rules.notice("form-request", chat.language(), &[]),
            sent: sent.clone(),
        }]),
        Action::TransferToAgent { to } if to.id == agent.id => Ok(Vec::new()),
        Action::TransferToAgent { to } => Ok(connect(chat, rules, to, true)),
        Action::Requeue { ticket, why, .. } => Ok(vec![requeued(chat, rules, ticket, *why)]),
        _ => Err(Reject::NotAsked),
    }
}

fn by_time(chat: &Chat, rules: &Rules, action: &Action, now: Millis) -> Result<Vec<Event>, Reject> {
    match action {
        Action::Tick(seen) => tick(chat, rules, *seen, now),
        Action::Requeue {
            ticket,
            why: QueuedAgain::TicketLost,
            ..
        } if chat.phase == Phase::Waiting => {
            Ok(vec![requeued(chat, rules, ticket, QueuedAgain::TicketLost)])
        }
        Action::Requeue { ticket, seen, .. } => match chat.due(*seen, now, &rules.settings) {
            Some(Due::Requeue(why)) => Ok(vec![requeued(chat, rules, ticket, why)]),
            _ => Ok(Vec::new()),
        },
        // Somebody else has seen to it.
        _ => Ok(Vec::new()),
    }
}

fn tick(chat: &Chat, rules: &Rules, seen: Evidence, now: Millis) -> Result<Vec<Event>, Reject> {
    let warning = |whom, notice, until: Millis, span: Millis| {
        let seconds = digits::localise(&(span / 1_000).to_string(), chat.language());
        let text = rules.notice(notice, chat.language(), &[("seconds", &seconds)]);
        Ok(vec![Event::IdleWarning { whom, until, text }])
    };
    match chat.due(seen, now, &rules.settings) {
        Some(Due::WarnCustomer(until)) => {
            let left = until.saturating_sub(now);
            warning(Author::Customer, "idle-warning-customer", until, left)
        }
        Some(Due::WarnAgent(until)) => match &chat.agent {
            Some(agent) => {
                let silent = now.saturating_sub(chat.turn.since);
                let whom = Author::Agent(agent.clone());
                warning(whom, "idle-warning-agent", until, silent)
            }
            None => Ok(Vec::new()),
        },
        Some(Due::CloseIdle) => Ok(vec![close(chat, rules, Closer::System, CloseReason::Idle)]),
        Some(Due::CloseGone) => Ok(vec![close(chat, rules, Closer::System, CloseReason::Gone)]),
        Some(Due::StopWaiting) => {
            let mut course = Course::new(rules, chat.clone(), now);
            course.unavailable(
                chat.queue.as_deref().unwrap_or_default(),
                Unavailable::WaitedTooLong,
            )?;
            Ok(course.events)
        }
        // Going back to a queue needs a ticket: that is a command of its own.
        Some(Due::Requeue(_)) | None => Ok(Vec::new()),
    }
}

/// Somebody says something freely.
fn said(chat: &Chat, rules: &Rules, by: Author, text: &Screened, sent: &Sent) -> Vec<Event> {
    let secret = text.mentions_secret();
    let (text, masked) = match by {
        Author::Customer => {
            let masked = text.masked(chat.secret_spoken_of);
            (masked.text.clone(), masked.hidden)
        }
        Author::Agent(_) => (text.text().to_owned(), false),
    };
    let mut events = vec![Event::Text {
        by,
        text,
        masked,
        secret,
        fact: None,
        sent: sent.clone(),
    }];
    if masked {
        events.push(told_of_masking(chat, rules));
    }
    events
}

fn told_of_masking(chat: &Chat, rules: &Rules) -> Event {
    Event::Info {
        notice: MASKED.to_owned(),
        text: rules.notice(MASKED, chat.language(), &[]),
        contacts: Vec::new(),
    }
}

fn rate(
    chat: &Chat,
    rules: &Rules,
    score: u8,
    comment: Option<&Screened>,
    sent: &Sent,
) -> Result<Vec<Event>, Reject> {
    if chat.agent.is_none() {
        return Err(Reject::NothingToRate);
    }
    if chat.score.is_some() {
        return Err(Reject::Rated);
    }
    let comment = comment.map(|comment| comment.masked(chat.secret_spoken_of));
    let hidden = comment.is_some_and(|comment| comment.hidden);
    let text = rules.notice("rated", chat.language(), &[]);
    let rated = Event::Rated {
        score,
        comment: comment.map(|comment| comment.text.clone()),
        text,
        sent: sent.clone(),
    };
    let told = hidden.then(|| told_of_masking(chat, rules));
    Ok([rated].into_iter().chain(told).collect())
}

fn fill_form(
    chat: &Chat,
    rules: &Rules,
    fields: &[FormField],
    sent: &Sent,
) -> Result<Vec<Event>, Reject> {
    let form = chat.form.as_ref().ok_or(Reject::NotAsked)?;
    let missing: Vec<FormField> = form
        .fields
        .iter()
        .filter(|field| !fields.contains(field))
        .copied()
        .collect();
    if !missing.is_empty() {
        return Err(Reject::FormIncomplete(missing));
    }
    let text = rules.notice("form-received", chat.language(), &[]);
    Ok(vec![Event::FormAnswer {
        request: form.request,
        fields: form.fields.clone(),
        text,
        sent: sent.clone(),
    }])
}

/// A representative comes into the chat, and the first thing said is a request to name the problem.
fn connect(chat: &Chat, rules: &Rules, agent: &AgentName, transferred: bool) -> Vec<Event> {
    let language = chat.language();
    let notice = if transferred {
        "transferred-agent"
    } else {
        "connected"
    };
    let mut text = rules.notice(notice, language, &[("agent", &agent.name)]);
    if rules.settings.typing_preview {
        text.push(' ');
        text.push_str(&rules.notice("typing-preview", language, &[]));
    }
    let assigned = Event::Assigned {
        agent: agent.clone(),
        transferred,
        text,
    };
    if transferred {
        return vec![assigned];
    }
    let name = chat.known.name.as_deref().unwrap_or_default();
    let text = rules.notice("ask-problem", language, &[("name", name)]);
    let ask = Event::Prompt {
        position: None,
        text,
        input: super::Input::Text,
        contacts: Vec::new(),
    };
    vec![assigned, ask]
}

fn requeued(chat: &Chat, rules: &Rules, ticket: &Ticket, why: QueuedAgain) -> Event {
    let language = chat.language();
    let text = match why {
        QueuedAgain::Transferred => {
            let queue = rules
                .flow
                .queues
                .get(&ticket.queue)
                .map_or("", |queue| queue.label.get(language));
            rules.notice("transferred-queue", language, &[("queue", queue)])
        }
        QueuedAgain::AgentLost | QueuedAgain::AgentIdle => {
            rules.notice("agent-lost", language, &[])
        }
        QueuedAgain::TicketLost => rules.notice("queued-front", language, &[]),
    };
    Event::Queued {
        ticket: ticket.clone(),
        again: Some(why),
        text,
    }
}

fn close(chat: &Chat, rules: &Rules, by: Closer, reason: CloseReason) -> Event {
    let notice = match reason {
        CloseReason::Idle => "closed-idle",
        CloseReason::Gone => "closed-gone",
        CloseReason::Customer => "closed-customer",
        CloseReason::Agent => "closed-agent",
        CloseReason::Solved => "closed-solved",
    };
    Event::Closed {
        by,
        reason,
        text: rules.notice(notice, chat.language(), &[]),
    }
}
