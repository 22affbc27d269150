//! `POST /v1/chats/{chat}/close` and `DELETE /v1/chats/{chat}`: a chat ends, or is erased.

use serde::Deserialize;

use super::ChatAnswer;
use crate::{
    chat::{Action, CloseReason, Phase},
    id::ChatId,
    ports::Ports,
    refusal::Refusal,
    service::{Caller, Service},
};

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
        if found.state.phase != Phase::Closed {
            // So that nobody is left talking to a chat that isn't there any more.
            self.close(caller, id, &CloseRequest::default()).await?;
        }
        let found = self.journal(id).latest().await?;
        Ok(self.erase_chat(id, &found).await?)
    }
}
