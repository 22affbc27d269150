use super::{Chat, Evidence, Phase, QueuedAgain};
use crate::{ports::Millis, settings::Settings};

/// What time has brought about. Nothing runs when nobody calls, so whoever calls next lets it happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The customer is to be warned: the chat closes at this time.
    WarnCustomer(Millis),
    /// The representative is to be warned: the chat goes to somebody else at this time.
    WarnAgent(Millis),
    /// The customer has not answered: the chat is closed.
    CloseIdle,
    /// The customer has left the queue: the chat is closed.
    CloseGone,
    /// The customer has waited as long as anybody should.
    StopWaiting,
    /// The representative is gone or silent: the chat goes back to the front of its queue.
    Requeue(QueuedAgain),
}

impl Chat {
    /// What is due at `now`, given who was seen when.
    pub fn due(&self, seen: Evidence, now: Millis, settings: &Settings) -> Option<Due> {
        let since = |time: Millis| now.saturating_sub(time);
        match self.phase {
            Phase::None | Phase::Closed => None,
            Phase::Flow => self.idle(now, settings.flow_idle_warning, settings.flow_idle_close),
            Phase::Waiting if since(self.waiting_since) >= settings.waiting_ceiling => {
                Some(Due::StopWaiting)
            }
            Phase::Waiting => {
                let gone =
                    since(seen.customer_seen.max(self.waiting_since)) >= settings.customer_gone;
                gone.then_some(Due::CloseGone)
            }
            Phase::Talking
                if since(seen.agent_seen.max(self.assigned_at)) >= settings.agent_lost =>
            {
                Some(Due::Requeue(QueuedAgain::AgentLost))
            }
            Phase::Talking if self.turn.agent => {
                let until = self.turn.since + settings.agent_idle_requeue;
                if now >= until {
                    Some(Due::Requeue(QueuedAgain::AgentIdle))
                } else if !self.turn.warned && since(self.turn.since) >= settings.agent_idle_warning
                {
                    Some(Due::WarnAgent(until))
                } else {
                    None
                }
            }
            Phase::Talking => self.idle(now, settings.idle_warning, settings.idle_close),
        }
    }

    /// When the chat is closed unless the customer answers; nothing while it is not the customer's turn.
    pub fn closes_at(&self, settings: &Settings) -> Option<Millis> {
        match self.phase {
            Phase::Flow => Some(self.turn.since + settings.flow_idle_close),
            Phase::Talking if !self.turn.agent => Some(self.turn.since + settings.idle_close),
            _ => None,
        }
    }

    fn idle(&self, now: Millis, warning: Millis, close: Millis) -> Option<Due> {
        let closes_at = self.turn.since + close;
        if now >= closes_at {
            Some(Due::CloseIdle)
        } else if !self.turn.warned && now >= self.turn.since + warning {
            Some(Due::WarnCustomer(closes_at))
        } else {
            None
        }
    }
}
