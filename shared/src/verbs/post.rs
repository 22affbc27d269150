//! `POST /v1/chats/{chat}/messages`: somebody chooses, says, fills in, rates or types.

use litemap::LiteMap;
use serde::Deserialize;

use super::ChatAnswer;
use crate::{
    agent,
    chat::{Action, Actor, Chat, Event, FormField, MAX_TEXT, Phase, Reject, Sent},
    contact_number::ContactNumber,
    form::FormValues,
    id::{ChatId, is_plain},
    journal::{Appended, Entry, Seq, Snapshot},
    masking::{self, Screened},
    ports::{Ports, StoreError},
    refusal::{Conflict, FieldError, Refusal},
    sealing::Sealed,
    service::{Caller, Service, form_key},
    settings::TYPING,
    stored,
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
    /// The text; while typing, what there is of it.
    #[serde(default)]
    pub text: Option<String>,
    /// The values of the form.
    #[serde(default, with = "alap_flow::map")]
    pub values: LiteMap<String, String>,
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
        let action = match request.kind.as_str() {
            "typing" => return self.type_in(caller, id, request.text.as_deref()).await,
            "form" => return self.fill_in(caller, id, request).await,
            "option" => {
                let sent = self.sent(request, "option", &[request.option.as_deref()])?;
                Action::Option {
                    option: required("option", request.option.as_deref())?.to_owned(),
                    sent,
                    door: None,
                }
            }
            "text" => {
                let sent = self.sent(request, "text", &[request.text.as_deref()])?;
                let text =
                    checked_text("text", required("text", request.text.as_deref())?, MAX_TEXT)?;
                // Sealed here, since a decision has no randomness; whether it is asked for is decided there.
                let number = ContactNumber::parse(&text).ok();
                let number = number
                    .and_then(|number| self.secrets.data.seal(id, number.as_e164(), &self.ports));
                Action::Text {
                    text: Screened::new(text),
                    number,
                    sent,
                    door: None,
                }
            }
            "rating" => {
                let score = request.score.map(|score| score.to_string());
                let sent = self.sent(
                    request,
                    "rating",
                    &[score.as_deref(), request.comment.as_deref()],
                )?;
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
                Action::Rating {
                    score,
                    comment: comment.map(Screened::new),
                    sent,
                }
            }
            _ => {
                return Err(Refusal::field(
                    "kind",
                    "it has to be option, text, form, rating or typing",
                ));
            }
        };
        self.send(caller, id, request, action).await
    }

    async fn send(
        &self,
        caller: &Caller,
        id: &ChatId,
        request: &PostRequest,
        action: Action,
    ) -> Result<Posted, Refusal> {
        self.send_by(&caller.actor(), caller, id, request, action)
            .await
    }

    /// Appends `action` by `by`, and answers `caller`, the same person, with what came of it.
    pub(super) async fn send_by(
        &self,
        by: &Actor,
        caller: &Caller,
        id: &ChatId,
        request: &PostRequest,
        action: Action,
    ) -> Result<Posted, Refusal> {
        let viewer = caller.viewer();
        let digest = action_digest(&action).map(str::to_owned);
        match self.append(id, by, action).await? {
            Ok(appended) => {
                self.after(id, &appended).await?;
                self.count_rating(&appended);
                let seq = appended.entries.first().map(|entry| entry.seq);
                let answer = self
                    .answer(
                        caller,
                        id,
                        &appended.snapshot,
                        seq,
                        appended.entries,
                        request,
                    )
                    .await?;
                Ok(Posted { answer, new: true })
            }
            Err((reject, snapshot)) => {
                caller.may_look(id, &snapshot.state)?;
                match reject {
                    Reject::Seen(seq) => {
                        let entries = self.journal(id).record_at(seq).await?;
                        let first = entries.first().and_then(|entry| entry.event.sent());
                        if first.map(|sent| &sent.digest) != digest.as_ref() {
                            return Err(self.conflict(
                                Conflict::ClientIdReused,
                                &snapshot,
                                &viewer,
                            ));
                        }
                        let answer = self
                            .answer(caller, id, &snapshot, Some(seq), entries, request)
                            .await?;
                        Ok(Posted { answer, new: false })
                    }
                    reject => Err(self.refuse(reject, &snapshot, &viewer)),
                }
            }
        }
    }

    /// The answer to a request that brought `entries`, now or when it came first.
    async fn answer(
        &self,
        caller: &Caller,
        id: &ChatId,
        snapshot: &Snapshot<Chat>,
        seq: Option<Seq>,
        entries: Vec<Entry<Event>>,
        request: &PostRequest,
    ) -> Result<ChatAnswer, Refusal> {
        let viewer = caller.viewer();
        let entries = match request.after {
            // Somebody else's events may lie between the client's cursor and this.
            Some(after) if seq.is_some_and(|seq| seq != after + 1) => {
                self.journal(id).read(after).await?.entries
            }
            _ => entries,
        };
        let mut events = self.show(id, &snapshot.state, &viewer, &entries);
        self.add_form_values(caller, id, &snapshot.state, &mut events)
            .await?;
        Ok(ChatAnswer {
            seq,
            events,
            cursor: None,
            status: self.status(snapshot, &viewer),
        })
    }

    /// Notes that somebody is typing: news, not an event.
    async fn type_in(
        &self,
        caller: &Caller,
        id: &ChatId,
        text: Option<&str>,
    ) -> Result<Posted, Refusal> {
        let journal = self.journal(id);
        let mut snapshot = journal.snapshot().await?;
        if snapshot.seq == 0 {
            // The snapshot may have got lost, the chat has not.
            snapshot = journal.latest().await?;
        }
        caller.may_look(id, &snapshot.state)?;
        let until = self.ports.now() + TYPING;
        match caller {
            Caller::Customer(_) => {
                snapshot.presence.customer_typing = until;
                snapshot.presence.customer_draft = self.draft(&snapshot.state, text)?;
                snapshot.presence.customer_draft_after = snapshot.seq;
            }
            Caller::Agent(_) => snapshot.presence.agent_typing = until,
        }
        journal.remember(&snapshot);
        Ok(Posted {
            answer: ChatAnswer {
                seq: None,
                events: Vec::new(),
                cursor: None,
                status: self.status(&snapshot, &caller.viewer()),
            },
            new: false,
        })
    }

    /// What the representative may see of `text`, which the customer has not sent: nothing unless the operator wants
    /// that, and nothing where it may become a secret.
    fn draft(&self, chat: &Chat, text: Option<&str>) -> Result<String, Refusal> {
        let wanted = self.rules.settings.typing_preview && chat.phase == Phase::Talking;
        match text {
            Some(text) if wanted && !text.trim().is_empty() => {
                let text = checked_text("text", text, MAX_TEXT)?;
                Ok(masking::preview(&text, chat.secret_spoken_of))
            }
            _ => Ok(String::new()),
        }
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
        if request.values.is_empty() {
            return Err(Refusal::field("values", "it is missing"));
        }
        let values = FormValues::check(&request.values)?;
        let sent = self.sent(request, "form", &values.texts())?;
        let fields: Vec<FormField> = values.fields().collect();
        let snapshot = self.journal(id).latest().await?;
        let open = snapshot.state.form.as_ref().filter(|open| {
            // What is going to be refused, or was stored before, is not stored.
            open.fields.iter().all(|field| fields.contains(field))
                && snapshot.state.client_ids.get(&sent.client_id).is_none()
        });
        if let Some(open) = open {
            let asked = values.only(&open.fields);
            let sealed = self
                .secrets
                .data
                .seal(id, stored::encode(&asked.texts()), &self.ports);
            let sealed = sealed.ok_or_else(|| StoreError("there is no data key".to_owned()))?;
            stored::set(&self.ports, &form_key(id, open.request), &sealed).await?;
        }
        let posted = self
            .send(caller, id, request, Action::Form { fields, sent })
            .await;
        if let (
            Err(Refusal::Conflict {
                conflict: Conflict::ChatClosed,
                ..
            }),
            Some(open),
        ) = (&posted, open)
        {
            // Whoever closed the chat meanwhile has erased the answers that were there then.
            self.ports.delete(&form_key(id, open.request)).await?;
        }
        posted
    }

    /// What the customer answered to the form `request`, for the representative of the chat.
    pub(super) async fn form_values(
        &self,
        id: &ChatId,
        request: Seq,
    ) -> Result<Option<FormValues>, Refusal> {
        let sealed: Option<Sealed> = stored::get(&self.ports, &form_key(id, request)).await?;
        let open = sealed.and_then(|sealed| self.secrets.data.open(id, &sealed));
        let texts: Option<[Option<String>; 3]> = open.and_then(|texts| stored::decode(&texts).ok());
        Ok(texts.map(FormValues::from))
    }

    /// The client's id and the digest of what counts of the request.
    fn sent(
        &self,
        request: &PostRequest,
        kind: &str,
        parts: &[Option<&str>],
    ) -> Result<Sent, Refusal> {
        Ok(Sent {
            client_id: client_id(request.client_id.as_deref())?,
            digest: self.digest(kind, parts),
        })
    }

    /// What tells a request from another one with the same client id.
    ///
    /// It is kept beside texts of which a PIN was masked and numbers that are encrypted, so that nobody may find out
    /// by trial what was sent: only the data key makes it.
    pub(super) fn digest(&self, kind: &str, parts: &[Option<&str>]) -> String {
        let mut sent = ["sent ", kind].concat();
        for part in parts {
            // With its length, so that no two lists of parts read the same.
            match part {
                Some(part) => sent.push_str(&[" ", &part.len().to_string(), ":", part].concat()),
                None => sent.push_str(" -"),
            }
        }
        let derived = self.secrets.data.derive(&sent);
        let digest = derived.first().and_then(|bits| bits.first_chunk::<8>());
        base16ct::lower::encode_string(digest.map_or(&[], <[u8; 8]>::as_slice))
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

/// A client's own id for a request.
pub(super) fn client_id(client_id: Option<&str>) -> Result<String, Refusal> {
    let client_id = required("client_id", client_id)?;
    if !is_plain(client_id) {
        return Err(Refusal::field(
            "client_id",
            "1 to 64 ASCII letters, digits, - or _ are needed, such as a UUID",
        ));
    }
    Ok(client_id.to_owned())
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
