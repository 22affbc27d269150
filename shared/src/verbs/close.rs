//! `POST /v1/chats/{chat}/close` and `DELETE /v1/chats/{chat}`: a chat ends, or is erased.

use serde::Deserialize;

use super::ChatAnswer;
use crate::{
    chat::{Action, Actor, CloseReason, Command, Phase},
    id::ChatId,
    journal::{AppendError, Seq},
    ports::{Millis, Ports},
    refusal::Refusal,
    service::{Caller, Service},
};

/// After this time nobody who began to write to a chat before it was closed is still at it, see
/// [`Timing`](crate::journal::Timing).
const STRAGGLERS: Millis = 10_000;

/// Sequence numbers that stragglers may have reserved behind the last one that was read.
const STRAGGLING: Seq = 64;

/// What a client sends.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CloseRequest {
    /// Why, where a representative closes: `agent` or `solved`.
    #[serde(default)]
    pub reason: Option<CloseReason>,
}

impl<P: Ports> Service<P> {
    /// Ends a chat. Ending one that has ended is no mistake.
    pub async fn close(
        &self,
        caller: &Caller,
        id: &ChatId,
        request: &CloseRequest,
    ) -> Result<ChatAnswer, Refusal> {
        if let Caller::Customer(own) = caller
            && own != id
        {
            return Err(Refusal::Forbidden);
        }
        if !matches!(
            request.reason,
            None | Some(CloseReason::Agent | CloseReason::Solved)
        ) {
            return Err(Refusal::field(
                "reason",
                "it has to be agent or solved, or left out",
            ));
        }
        let viewer = caller.viewer();
        let action = Action::Close {
            reason: request.reason,
        };
        match self.append(id, &caller.actor(), action).await? {
            Ok(appended) => {
                // Also where it was closed before: whoever closed it may have died before this.
                self.forget_forms(id, &appended.snapshot.state).await?;
                let seq = appended.entries.first().map(|entry| entry.seq);
                let events = self.show(id, &appended.snapshot.state, &viewer, &appended.entries);
                Ok(ChatAnswer {
                    seq,
                    events,
                    cursor: None,
                    status: self.status(&appended.snapshot, &viewer),
                })
            }
            Err((reject, snapshot)) => {
                caller.may_look(id, &snapshot.state)?;
                Err(self.refuse(reject, &snapshot, &viewer))
            }
        }
    }

    /// Erases everything there is of a chat, at its customer's request.
    pub async fn erase(&self, caller: &Caller, id: &ChatId) -> Result<(), Refusal> {
        if *caller != Caller::Customer(id.clone()) {
            return Err(Refusal::Forbidden);
        }
        let found = self.journal(id).latest().await?;
        if found.seq == 0 {
            // Erased before: the same request again is no mistake.
            return Ok(());
        }
        let mut last = found.clone();
        if found.state.phase != Phase::Closed {
            // So that nobody is left talking to a chat that isn't there any more.
            let close = Command {
                rules: self.rules.clone(),
                by: Actor::CUSTOMER,
                action: Action::Close { reason: None },
            };
            let journal = self.journal(id).without_snapshots();
            last = match journal.append(&close).await {
                Ok(appended) => appended.snapshot,
                Err(AppendError::Rejected { snapshot, .. }) => *snapshot,
                Err(AppendError::Busy { retry_after }) => {
                    return Err(Refusal::Busy { retry_after });
                }
                // Somebody else has erased it.
                Err(AppendError::Gone) => return Ok(()),
                Err(AppendError::Store(error)) => return Err(Refusal::Store(error)),
            };
        }
        self.leave_lines(&found.state).await?;
        self.erase_chat(id, &last).await?;
        // Somebody else's snapshot may be on its way, or a slot may be filled that was reserved before.
        let (service, id) = (self.clone(), id.clone());
        last.seq += STRAGGLING;
        self.ports.later(Box::pin(async move {
            service.ports.sleep(STRAGGLERS).await;
            // Nobody is left to tell; what remains goes when its time is over.
            let _ = service.remove_chat(&id, &last).await;
        }));
        Ok(())
    }
}
