//! `POST /v1/chats/{chat}/messages`: somebody chooses, says, fills in, rates or types.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::ChatAnswer;
use crate::{
    agent,
    chat::{Action, Chat, Event, FormField, MAX_TEXT, Reject, Sent, view::Viewer},
    contact_number::ContactNumber,
    form::{self, FormValues},
    id::{ChatId, is_plain},
    journal::{Appended, Entry, Seq, Snapshot},
    json,
    ports::Ports,
    queue::write,
    refusal::{Conflict, FieldError, Refusal},
    service::{Caller, Service, form_key},
    settings::TYPING,
};

/// The most code points of a rating's comment.
const MAX_COMMENT: usize = 500;

/// What a client sends. Which fields are needed depends on `kind`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PostRequest {
    /// `option`, `text`, `form`, `rating` or `typing`.
    pub kind: String,
    /// The client's own id for this request; the same id again is answered as the first time.
    #[serde(default)]
    pub client_id: Option<String>,
    /// The option chosen.
    #[serde(default)]
    pub option: Option<String>,
    /// The text.
    #[serde(default)]
    pub text: Option<String>,
    /// The values of the form.
    #[serde(default)]
    pub values: Option<BTreeMap<String, String>>,
    /// The score of the rating, 1 to 5.
    #[serde(default)]
    pub score: Option<u8>,
    /// The rating's comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// Where the client is: with it, the answer has everything after it. Without, only what this request brought.
    #[serde(default)]
    pub after: Option<Seq>,
}

/// The answer, and whether the request was new.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// What the client gets.
    pub answer: ChatAnswer,
    /// Whether something was stored by this very request.
    pub new: bool,
}

impl<P: Ports> Service<P> {
    /// Takes what a customer or a representative sends to a chat.
    pub async fn post(
        &self,
        caller: &Caller,
        id: &ChatId,
        request: &PostRequest,
    ) -> Result<Posted, Refusal> {
        if let Caller::Customer(own) = caller
            && own != id
        {
            return Err(Refusal::Forbidden);
        }
        match request.kind.as_str() {
            "typing" => self.type_in(caller, id).await,
            "option" => {
                let sent = sent(request, "option", &[&request.option])?;
                let option = required("option", request.option.as_deref())?.to_owned();
                self.send(
                    caller,
                    id,
                    request,
                    Action::Option {
                        option,
                        sent,
                        door: None,
                    },
                )
                .await
            }
            "text" => {
                let sent = sent(request, "text", &[&request.text])?;
                let text =
                    checked_text("text", required("text", request.text.as_deref())?, MAX_TEXT)?;
                // Sealed here, since a decision has no randomness; whether it is asked for is decided there.
                let number = ContactNumber::parse(&text).ok();
                let number = number
                    .and_then(|number| self.secrets.data.seal(id, number.as_e164(), &self.ports));
                self.send(
                    caller,
                    id,
                    request,
                    Action::Text {
                        text,
                        number,
                        sent,
                        door: None,
                    },
                )
                .await
            }
            "form" => self.fill_in(caller, id, request).await,
            "rating" => {
                let score = request.score.map(|score| score.to_string());
                let sent = sent(request, "rating", &[&score, &request.comment])?;
                let score = request.score.filter(|score| (1..=5).contains(score));
                let score = score.ok_or_else(|| {
                    Refusal::field("score", "a whole number from 1 to 5 is needed")
                })?;
                let comment = request
                    .comment
                    .as_deref()
                    .map(str::trim)
                    .filter(|comment| !comment.is_empty());
                let comment = comment
                    .map(|comment| checked_text("comment", comment, MAX_COMMENT))
                    .transpose()?;
                self.send(
                    caller,
                    id,
                    request,
                    Action::Rating {
                        score,
                        comment,
                        sent,
                    },
                )
                .await
            }
            _ => Err(Refusal::field(
                "kind",
                "it has to be option, text, form, rating or typing",
            )),
        }
    }

    /// Appends `action`, and answers with what came of it.
    pub(super) async fn send(
        &self,
        caller: &Caller,
        id: &ChatId,
        request: &PostRequest,
        action: Action,
    ) -> Result<Posted, Refusal> {
        let viewer = caller.viewer();
        let digest = action_digest(&action).map(str::to_owned);
        match self.append(id, &caller.actor(), action).await? {
            Ok(appended) => {
                self.after(id, &appended).await?;
                self.count_rating(&appended);
                let seq = appended.entries.first().map(|entry| entry.seq);
                let entries = match request.after {
                    // Somebody else's events may lie between the client's cursor and this.
                    Some(after) if seq.is_some_and(|seq| seq != after + 1) => {
                        self.journal(id).read(after).await?.entries
                    }
                    _ => appended.entries,
                };
                Ok(Posted {
                    answer: self.answer(id, &appended.snapshot, &viewer, seq, &entries),
                    new: true,
                })
            }
            Err((reject, snapshot)) => {
                caller.may_look(id, &snapshot.state)?;
                match reject {
                    Reject::Seen(seq) => {
                        self.sent_before(id, &snapshot, &viewer, seq, digest.as_deref())
                            .await
                    }
                    reject => Err(self.refuse(reject, &snapshot, &viewer)),
                }
            }
        }
    }

    fn answer(
        &self,
        id: &ChatId,
        snapshot: &Snapshot<Chat>,
        viewer: &Viewer,
        seq: Option<Seq>,
        entries: &[Entry<Event>],
    ) -> ChatAnswer {
        let events = self.show(id, &snapshot.state, viewer, entries);
        ChatAnswer {
            seq,
            events,
            cursor: None,
            status: self.status(snapshot, viewer),
        }
    }

    /// The answer to a request that was answered before.
    async fn sent_before(
        &self,
        id: &ChatId,
        snapshot: &Snapshot<Chat>,
        viewer: &Viewer,
        seq: Seq,
        digest: Option<&str>,
    ) -> Result<Posted, Refusal> {
        let entries = self.journal(id).record_at(seq).await?;
        let first = entries.first().and_then(|entry| entry.event.sent());
        if first.map(|sent| sent.digest.as_str()) != digest {
            return Err(self.conflict(Conflict::ClientIdReused, snapshot, viewer));
        }
        Ok(Posted {
            answer: self.answer(id, snapshot, viewer, Some(seq), &entries),
            new: false,
        })
    }

    /// Notes that somebody is typing: news, not an event.
    async fn type_in(&self, caller: &Caller, id: &ChatId) -> Result<Posted, Refusal> {
        let journal = self.journal(id);
        let mut snapshot = journal.snapshot().await?;
        caller.may_look(id, &snapshot.state)?;
        let until = self.ports.now() + TYPING;
        match caller {
            Caller::Customer(_) => snapshot.presence.customer_typing = until,
            Caller::Agent(_) => snapshot.presence.agent_typing = until,
        }
        journal.remember(&snapshot);
        Ok(Posted {
            answer: self.answer(id, &snapshot, &caller.viewer(), None, &[]),
            new: false,
        })
    }

    /// Takes the answer to a form. The values are stored first, apart from the journal: an event that promises them
    /// must not come before them.
    async fn fill_in(
        &self,
        caller: &Caller,
        id: &ChatId,
        request: &PostRequest,
    ) -> Result<Posted, Refusal> {
        let Caller::Customer(_) = caller else {
            return Err(Refusal::Forbidden);
        };
        let values = request
            .values
            .as_ref()
            .ok_or_else(|| Refusal::field("values", "it is missing"))?;
        let values = form::check(values)?;
        let json = serde_json::to_string(&values).unwrap_or_default();
        let sent = sent(request, "form", &[&Some(json.clone())])?;
        let snapshot = self.journal(id).latest().await?;
        if let Some(open) = snapshot
            .state
            .form
            .as_ref()
            .filter(|_| snapshot.state.client_ids.get(&sent.client_id).is_none())
        {
            let sealed = self.secrets.data.seal(id, &json, &self.ports);
            write(&self.ports, &form_key(id, open.request), &sealed).await?;
        }
        let fields: Vec<FormField> = values.keys().copied().collect();
        self.send(caller, id, request, Action::Form { fields, sent })
            .await
    }

    /// What the customer answered to the form `request`, for the representative of the chat.
    pub(super) async fn form_values(
        &self,
        id: &ChatId,
        request: Seq,
    ) -> Result<Option<FormValues>, Refusal> {
        let sealed = crate::queue::read(&self.ports, &form_key(id, request)).await?;
        let open = sealed.and_then(|sealed| self.secrets.data.open(id, &sealed));
        Ok(open.and_then(|json| json::read(json.as_bytes()).ok()))
    }

    /// Counts a rating for the representative, after the answer.
    fn count_rating(&self, appended: &Appended<Chat>) {
        let rated = appended.entries.iter().find_map(|entry| match entry.event {
            Event::Rated { score, .. } => Some((score, entry.at)),
            _ => None,
        });
        if let (Some((score, at)), Some(agent)) = (rated, &appended.snapshot.state.agent) {
            let journal = agent::journal(&self.ports, &agent.id);
            let event = agent::Event::Rated {
                day: self.rules.day(at),
                score,
            };
            // The rating itself is in the chat's journal; this is a figure for the supervisor's screen.
            self.ports.later(Box::pin(async move {
                let _ = journal.append(&agent::Command::Count(event)).await;
            }));
        }
    }
}

/// The client's id and the digest of what counts of the request.
fn sent(request: &PostRequest, kind: &str, parts: &[&Option<String>]) -> Result<Sent, Refusal> {
    let client_id = required("client_id", request.client_id.as_deref())?;
    if !is_plain(client_id) {
        return Err(Refusal::field(
            "client_id",
            "1 to 64 ASCII letters, digits, - or _ are needed, such as a UUID",
        ));
    }
    Ok(Sent {
        client_id: client_id.to_owned(),
        digest: digest(kind, parts),
    })
}

pub(super) fn digest(kind: &str, parts: &[&Option<String>]) -> String {
    let digest = Sha256::digest(format!("{kind} {parts:?}"));
    base16ct::lower::encode_string(digest.first_chunk::<8>().map_or(&[], <[u8; 8]>::as_slice))
}

pub(super) fn required<'a>(field: &str, value: Option<&'a str>) -> Result<&'a str, Refusal> {
    value.ok_or_else(|| Refusal::field(field, "it is missing"))
}

/// A text without what nobody sees at its ends. It has to have something in it and to keep to `limit` code points.
pub(super) fn checked_text(field: &str, text: &str, limit: usize) -> Result<String, Refusal> {
    let length = text.chars().count();
    if length > limit {
        return Err(Refusal::Field(FieldError {
            field: field.to_owned(),
            problem: format!("it has more than {limit} code points"),
            limit: Some(limit as u64),
            sent: Some(format!("{length} code points")),
            message: None,
        }));
    }
    // Control characters but line breaks and tabs have no meaning in a chat, and harm wherever it is shown.
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let kept = kept.trim();
    if kept.is_empty() {
        return Err(Refusal::Field(FieldError {
            field: field.to_owned(),
            problem: "it is empty, or has nothing but white space and control characters"
                .to_owned(),
            limit: None,
            sent: Some(format!("{length} code points")),
            message: None,
        }));
    }
    Ok(kept.to_owned())
}

fn action_digest(action: &Action) -> Option<&str> {
    match action {
        Action::Option { sent, .. }
        | Action::Text { sent, .. }
        | Action::Form { sent, .. }
        | Action::Rating { sent, .. }
        | Action::AskForm { sent, .. } => Some(&sent.digest),
        Action::Note { sent, .. } => sent.as_ref().map(|sent| sent.digest.as_str()),
        _ => None,
    }
}
