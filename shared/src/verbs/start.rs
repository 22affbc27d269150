//! `POST /v1/chats`: a chat begins, or a closed one is requested again.

use alap_flow::Language;
use futures::future::join;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sweep::Bucket;
use crate::{
    chat::{
        self, Channel, Chat, CloseReason, Known, KnownNumber, Opening, Phase, Reject,
        view::{ShownEvent, Status, Viewer},
    },
    contact_number::ContactNumber,
    id::{ChatId, is_plain},
    identity::{self, IdentityError},
    journal::{Appended, Entry, Journaled, Snapshot},
    person_name::PersonName,
    ports::{Millis, Ports, StoreError},
    refusal::{Conflict, Refusal},
    service::{Caller, Service},
    stored,
    token::{Claims, Role},
};

/// The shortest idempotency key: whoever guesses one gets the chat, so that it has to be as hard to guess as a UUID.
const SHORTEST_KEY: usize = 16;

const HOUR: Millis = 3_600_000;

/// What a client sends.
#[derive(Clone, Debug, Deserialize)]
pub struct StartRequest {
    /// Where the chat comes from.
    pub channel: Channel,
    /// The language, where the client knows it: `bn` or `en`.
    #[serde(default)]
    pub locale: Option<Language>,
    /// A JWT in which the organisation's app or site vouches for name and contact number.
    #[serde(default)]
    pub identity: Option<String>,
    /// The closed chat that is requested again; its token is the bearer.
    #[serde(default)]
    pub again: Option<ChatId>,
}

/// What comes with the request beside its body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'a> {
    /// The bearer token, for a chat that is requested again.
    pub token: Option<&'a str>,
    /// The idempotency key: the same key again gives the same chat.
    pub idempotency_key: Option<&'a str>,
    /// The client's address, which is never stored.
    pub address: &'a str,
}

/// What a client gets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StartAnswer {
    /// The chat's id.
    pub chat: ChatId,
    /// The token that opens it.
    pub token: String,
    /// What the flow says first.
    pub events: Vec<ShownEvent>,
    /// What to send as `after` next.
    pub cursor: u64,
    /// How it stands.
    pub status: Status,
}

/// What the customer brings along into a new chat.
#[derive(Clone, Debug, Default)]
struct Brought {
    language: Option<Language>,
    name: Option<String>,
    number: Option<ContactNumber>,
    verified: bool,
    topic: Option<String>,
    queue: Option<String>,
    step: Option<String>,
    again: Option<ChatId>,
}

impl<P: Ports> Service<P> {
    /// Begins a chat.
    pub async fn start(
        &self,
        request: &StartRequest,
        with: Start<'_>,
    ) -> Result<StartAnswer, Refusal> {
        let now = self.ports.now();
        if with
            .idempotency_key
            .is_some_and(|key| key.len() < SHORTEST_KEY || !is_plain(key))
        {
            let problem = "16 to 64 ASCII letters, digits, - or _, as hard to guess as a UUID";
            return Err(Refusal::field("Idempotency-Key", problem));
        }
        let mut brought = self.vouched_for(request.identity.as_deref(), now)?;
        if let Some(closed) = &request.again {
            brought = self.brought_from(closed, with.token, brought).await?;
        }
        brought.language = brought.language.or(request.locale);

        let digest = digest(request);
        let bucket = Bucket::of(with.address, now);
        let keyed = with
            .idempotency_key
            .map(|key| ChatId::from_bits(self.secrets.tokens.derive(&format!("key {key}"))));
        let earlier = async {
            match &keyed {
                Some(id) => self.journal(id).read(0).await.map(Some),
                None => Ok(None),
            }
        };
        // The reads first: a host that increments while nobody else runs has them on their way by then.
        let (earlier, number) = join(earlier, self.ports.reserve(&bucket.counter_key(), 1)).await;
        let (number, earlier) = (number?, earlier?.filter(|reading| reading.snapshot.seq > 0));
        if let (Some(id), Some(earlier)) = (&keyed, earlier) {
            // The first try may have failed between one and the other.
            self.file(bucket, number, Some(id)).await?;
            if earlier.snapshot.state.start_digest != digest {
                return Err(Refusal::conflict(Conflict::ClientIdReused));
            }
            return Ok(self.started(id.clone(), &earlier.snapshot, &earlier.entries));
        }
        if number > self.rules.settings.starts_per_hour {
            return Err(Refusal::TooMany {
                retry_after: HOUR - now % HOUR,
            });
        }
        let counted = || bucket.chats(number, &self.secrets.data).next();
        let id = keyed
            .clone()
            .or_else(counted)
            .ok_or_else(|| StoreError("there is no data key".to_owned()))?;
        let filed = self.file(bucket, number, keyed.as_ref());
        let opened = self.open(&id, request.channel, brought, digest);
        let (filed, opened) = join(filed, opened).await;
        filed?;
        let appended = opened?;
        self.sweep_later();
        Ok(self.started(id, &appended.snapshot, &appended.entries))
    }

    /// What the organisation's app or site says about the customer.
    fn vouched_for(&self, jwt: Option<&str>, now: Millis) -> Result<Brought, Refusal> {
        let Some(jwt) = jwt else {
            return Ok(Brought::default());
        };
        let refused = |reason| Refusal::IdentityInvalid { reason };
        let keys = self.secrets.identity.as_ref();
        let keys = keys.ok_or_else(|| {
            refused("no identity_keys are set, so that no identity can be checked")
        })?;
        let identity = identity::verify(jwt, keys, now).map_err(|error| {
            refused(match error {
                IdentityError::Invalid => {
                    "it is no JWT signed with HS256 and one of identity_keys with the claims name, phone_number and exp"
                }
                IdentityError::Expired => "it has expired",
                IdentityError::TooLong => "it expires later than ten minutes from now",
            })
        })?;
        let name = PersonName::parse(&identity.name)
            .map_err(|_| refused("name is no name of 1 to 60 code points"))?;
        let number = ContactNumber::parse(&identity.phone_number)
            .map_err(|_| refused("phone_number is no Bangladeshi mobile number"))?;
        let name = Some(name.as_str().to_owned());
        Ok(Brought {
            name,
            number: Some(number),
            verified: true,
            ..Brought::default()
        })
    }

    /// What a closed chat that is requested again leaves to its successor.
    async fn brought_from(
        &self,
        id: &ChatId,
        token: Option<&str>,
        vouched: Brought,
    ) -> Result<Brought, Refusal> {
        let caller = Caller::Customer(id.clone());
        if self.caller(token)? != caller {
            return Err(Refusal::Forbidden);
        }
        let closed = self.journal(id).latest().await?;
        caller.may_look(id, &closed.state)?;
        let seen = caller.evidence(&closed.state, &closed.presence, self.ports.now());
        let closed = match self.settle_due(id, &closed.state, seen).await? {
            Some(appended) => appended.snapshot,
            None => closed,
        };
        if closed.state.phase != Phase::Closed {
            return Err(self.conflict(Conflict::ChatOpen, &closed, &Viewer::Customer));
        }
        let Chat {
            language,
            known,
            queue,
            step,
            closed,
            ..
        } = closed.state;
        let number = known
            .number
            .and_then(|number| self.secrets.data.open_text(id, &number.sealed));
        let number = number.and_then(|number| ContactNumber::parse(&number).ok());
        let name = vouched.name.or(known.name);
        let number = vouched.number.or(number);
        // Whoever had come as far as a queue goes there at once; everybody else to the question that is still open.
        let queue = queue.filter(|_| name.is_some() && number.is_some());
        let settled = closed.is_some_and(|closed| closed.reason == CloseReason::Solved);
        let step = Some(step).filter(|step| !step.is_empty() && !settled);
        let verified = vouched.verified || known.verified;
        Ok(Brought {
            language,
            name,
            number,
            verified,
            topic: known.topic,
            queue,
            step,
            again: Some(id.clone()),
        })
    }

    async fn open(
        &self,
        id: &ChatId,
        channel: Channel,
        brought: Brought,
        digest: String,
    ) -> Result<Appended<Chat>, Refusal> {
        let Brought {
            language,
            name,
            number,
            verified,
            topic,
            queue,
            step,
            again,
        } = brought;
        let number = number.and_then(|number| {
            let sealed = self.secrets.data.seal(id, number.as_e164(), &self.ports)?;
            Some(KnownNumber {
                sealed,
                masked: number.masked(language.unwrap_or(Language::Bn)),
            })
        });
        let known = Known {
            name,
            number,
            verified,
            topic,
            again,
        };
        let mut opening = Opening {
            channel,
            language,
            known,
            queue,
            step,
            door: None,
            digest,
        };
        loop {
            match chat::open(&self.rules, opening.clone(), self.ports.now()) {
                Ok(events) => return Ok(self.journal(id).create(events).await?),
                Err(Reject::NeedsDoor(queue)) if opening.door.is_none() => {
                    opening.door = Some(self.door(&queue, id).await?);
                }
                Err(reject) => {
                    return Err(self.refuse(reject, &Snapshot::default(), &Viewer::Customer));
                }
            }
        }
    }

    fn started(
        &self,
        id: ChatId,
        snapshot: &Snapshot<Chat>,
        entries: &[Entry<chat::Event>],
    ) -> StartAnswer {
        let expires_at = self.ports.now() + self.rules.settings.chat_token;
        let token = self.secrets.tokens.sign(&Claims {
            role: Role::Customer(id.clone()),
            expires_at,
        });
        let events = self.show(&id, &snapshot.state, &Viewer::Customer, entries);
        let cursor = entries
            .last()
            .map_or(snapshot.seq, |entry| entry.seq.max(Chat::GENESIS.into()));
        let status = self.status(snapshot, &Viewer::Customer);
        StartAnswer {
            chat: id,
            token,
            events,
            cursor,
            status,
        }
    }
}

/// What tells two requests apart.
fn digest(request: &StartRequest) -> String {
    let digest = Sha256::digest(stored::encode(&(
        request.channel,
        request.locale,
        &request.identity,
        &request.again,
    )));
    base16ct::lower::encode_string(digest.first_chunk::<8>().map_or(&[], <[u8; 8]>::as_slice))
}
