//! Retention: no background worker exists, so each start erases a few chats whose time is over.
//!
//! Chats are counted by the hour and an eighth of all addresses: `s:{hour}:{shard}:n` is at once the rate limit and
//! the list of chats. A chat's id follows from its number there, or, where an idempotency key gave it its id, stands
//! at `s:{hour}:{shard}:t:{number}`. `s:swept` says how far the sweep has come.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    chat::{Chat, Phase},
    id::ChatId,
    journal::Snapshot,
    ports::{Millis, Ports, StoreError},
    queue::{Board, Line},
    sealing::DataKeys,
    service::{Service, form_key},
    stored,
};

const HOUR: Millis = 3_600_000;

/// How many counters an hour has.
const SHARDS: u8 = 8;

/// Chats one start erases at most.
const MOST_ERASED: u32 = 8;

/// Numbers looked at and counters left behind by one start at most: sixteen hours in which nothing happened.
const MOST_STEPS: u32 = 128;

/// How long a chat may be open without anything happening before it counts as left by everybody.
const ABANDONED: Millis = 24 * HOUR;

const SWEPT: &str = "s:swept";

/// An hour and an eighth of all addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bucket {
    hour: u64,
    shard: u8,
}

/// How far the sweep has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    bucket: Bucket,
    /// The numbers of this bucket that are done.
    done: u64,
    /// How many it has; nothing until that is known.
    total: Option<u64>,
}

impl Bucket {
    /// The bucket of a chat that is started now.
    pub(super) fn of(address: &str, now: Millis) -> Self {
        let shard = Sha256::digest(address).first().copied().unwrap_or(0) % SHARDS;
        Self {
            hour: now / HOUR,
            shard,
        }
    }

    /// The counter of chats started in it.
    pub(super) fn counter_key(self) -> String {
        format!("s:{}:{}:n", self.hour, self.shard)
    }

    fn filed_key(self, number: u64) -> String {
        format!("s:{}:{}:t:{number}", self.hour, self.shard)
    }

    /// The ids the chat with this `number` may have, one for each data key, the current one first.
    pub(super) fn chats(self, number: u64, keys: &DataKeys) -> impl Iterator<Item = ChatId> {
        let text = format!("chat {} {} {number}", self.hour, self.shard);
        keys.derive(&text).into_iter().map(ChatId::from_bits)
    }

    fn next(self) -> Self {
        match self.shard + 1 {
            SHARDS => Self {
                hour: self.hour + 1,
                shard: 0,
            },
            shard => Self { shard, ..self },
        }
    }
}

impl<P: Ports> Service<P> {
    /// Files a chat whose id does not follow from its number but came from an idempotency key. That is done before
    /// the chat is acknowledged: nobody would find it when its time is over.
    pub(super) async fn file(
        &self,
        bucket: Bucket,
        number: u64,
        keyed: Option<&ChatId>,
    ) -> Result<(), StoreError> {
        match keyed {
            Some(id) => stored::set(&self.ports, &bucket.filed_key(number), id).await,
            None => Ok(()),
        }
    }

    /// Sweeps after the answer. What fails then is done by a later start.
    pub(super) fn sweep_later(&self) {
        let service = self.clone();
        self.ports.later(Box::pin(async move {
            let _ = service.sweep().await;
        }));
    }

    /// Erases some of the chats whose time is over.
    pub(super) async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.ports.now();
        let Some(mut progress) = stored::get::<Progress>(&self.ports, SWEPT).await? else {
            // Nothing was ever started before.
            let bucket = Bucket {
                hour: now / HOUR,
                shard: 0,
            };
            return stored::set(
                &self.ports,
                SWEPT,
                &Progress {
                    bucket,
                    done: 0,
                    total: None,
                },
            )
            .await;
        };
        let before = progress;
        let mut erased = 0;
        for _ in 0..MOST_STEPS {
            let Progress {
                bucket,
                done,
                total,
            } = progress;
            if (bucket.hour + 1) * HOUR + self.rules.settings.retention > now
                || erased == MOST_ERASED
            {
                break;
            }
            let total = match total {
                Some(total) => total,
                // Its hour is long over, so that the number drawn here tells how many there are and is nobody's.
                None => self
                    .ports
                    .reserve(&bucket.counter_key(), 1)
                    .await?
                    .saturating_sub(1),
            };
            if done >= total {
                self.ports.delete(&bucket.counter_key()).await?;
                progress = Progress {
                    bucket: bucket.next(),
                    done: 0,
                    total: None,
                };
                continue;
            }
            match self.sweep_one(bucket, done + 1, now).await? {
                Swept::Erased => erased += 1,
                Swept::Nothing => {}
                Swept::StillOpen => break,
            }
            progress = Progress {
                bucket,
                done: done + 1,
                total: Some(total),
            };
        }
        if progress == before {
            Ok(())
        } else {
            stored::set(&self.ports, SWEPT, &progress).await
        }
    }

    async fn sweep_one(
        &self,
        bucket: Bucket,
        number: u64,
        now: Millis,
    ) -> Result<Swept, StoreError> {
        let filed: Option<ChatId> = stored::get(&self.ports, &bucket.filed_key(number)).await?;
        let ids: Vec<ChatId> = match filed.clone() {
            Some(id) => vec![id],
            None => bucket.chats(number, &self.secrets.data).collect(),
        };
        let mut swept = Swept::Nothing;
        for id in ids {
            let found = self.journal(&id).latest().await?;
            if found.seq == 0 {
                continue;
            }
            if found.state.phase != Phase::Closed
                && now.saturating_sub(found.state.last_activity()) < ABANDONED
            {
                return Ok(Swept::StillOpen);
            }
            self.erase_chat(&id, &found).await?;
            swept = Swept::Erased;
            break;
        }
        if filed.is_some() {
            self.ports.delete(&bucket.filed_key(number)).await?;
        }
        Ok(swept)
    }

    /// Removes everything there is of a chat. Where that fails half-way, it can be done again.
    pub(super) async fn erase_chat(
        &self,
        id: &ChatId,
        found: &Snapshot<Chat>,
    ) -> Result<(), StoreError> {
        let journal = self.journal(id);
        if journal.snapshot().await?.seq < found.seq {
            // Without a snapshot a journal that lacks its first record is none: the rest would stay for good.
            journal.store_snapshot(found).await?;
        }
        self.remove_chat(id, found).await
    }

    /// The same for a chat that is removed already, but for what stragglers may have written.
    pub(super) async fn remove_chat(
        &self,
        id: &ChatId,
        found: &Snapshot<Chat>,
    ) -> Result<(), StoreError> {
        let chat = &found.state;
        self.leave_lines(chat).await?;
        let tickets = chat.ticket.iter().chain(&chat.message);
        let queues = tickets.map(|ticket| &ticket.queue).chain(&chat.queue);
        let mut queues: Vec<&String> = queues.collect();
        queues.dedup();
        for queue in queues {
            Board::forget(&self.ports, queue, id).await?;
        }
        for request in &chat.forms {
            self.ports.delete(&form_key(id, *request)).await?;
        }
        self.journal(id).erase(found.seq).await
    }

    /// Takes the chat's tickets out of their lines.
    pub(super) async fn leave_lines(&self, chat: &Chat) -> Result<(), StoreError> {
        for ticket in chat.ticket.iter().chain(&chat.message) {
            Line::new(&self.ports, &ticket.queue, ticket.lane)
                .remove(ticket.number)
                .await?;
        }
        Ok(())
    }
}

enum Swept {
    Erased,
    Nothing,
    StillOpen,
}
