use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::{Api, Customer, Event, Representative, eventually, fresh_id};

/// Between two messages, so that no chat is full before a test is over.
const PACE: Duration = Duration::from_millis(25);

/// Before what was not acknowledged is sent again.
const PAUSE: Duration = Duration::from_millis(50);

/// People who keep writing into their chats, and send again what was not acknowledged, as clients do.
#[derive(Default)]
pub struct Writers {
    all: Vec<Writer>,
    stop: Arc<AtomicBool>,
    failed: Arc<AtomicUsize>,
}

struct Writer {
    acknowledged: Arc<AtomicUsize>,
    task: JoinHandle<Written>,
}

/// What one of them has written and was told is there: the text and its place by client id, in the order of writing.
#[derive(Debug, Default)]
pub struct Written {
    /// The chat.
    pub chat: String,
    messages: Vec<(String, String, u64)>,
}

impl Writers {
    /// Lets a customer write.
    pub fn customer(&mut self, customer: &Customer) {
        self.begin(&customer.api, &customer.chat, &customer.token);
    }

    /// Lets a representative write into a chat.
    pub fn representative(&mut self, representative: &Representative, chat: &str) {
        self.begin(&representative.api, chat, &representative.token);
    }

    fn begin(&mut self, api: &Api, chat: &str, token: &str) {
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let writing = write(
            api.clone(),
            chat.to_owned(),
            token.to_owned(),
            Arc::clone(&self.stop),
            Arc::clone(&acknowledged),
            Arc::clone(&self.failed),
        );
        self.all.push(Writer {
            acknowledged,
            task: tokio::spawn(writing),
        });
    }

    /// How many requests were not acknowledged so far.
    pub fn failed(&self) -> usize {
        self.failed.load(Ordering::Relaxed)
    }

    /// Waits until a request was not acknowledged after `known` such ones.
    pub async fn one_fails_after(&self, known: usize) {
        eventually("a message that is not acknowledged", async || {
            (self.failed() > known).then_some(())
        })
        .await;
    }

    /// Waits until each of them has `more` messages acknowledged from now on.
    pub async fn all_get_on_by(&self, more: usize) {
        for writer in &self.all {
            let count = || writer.acknowledged.load(Ordering::Relaxed);
            let before = count();
            eventually("more messages acknowledged", async || {
                (count() >= before + more).then_some(())
            })
            .await;
        }
    }

    /// Lets all of them stop once their last message is acknowledged.
    ///
    /// # Panics
    /// When one of them has panicked.
    pub async fn finish(self) -> Vec<Written> {
        self.stop.store(true, Ordering::Relaxed);
        let mut written = Vec::new();
        for writer in self.all {
            written.push(writer.task.await.expect("a writer that ends"));
        }
        written
    }
}

async fn write(
    api: Api,
    chat: String,
    token: String,
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    failed: Arc<AtomicUsize>,
) -> Written {
    let path = format!("/v1/chats/{chat}/messages");
    let mut messages = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let id = fresh_id();
        let text = format!("this is {id}");
        let body = json!({ "kind": "text", "text": text, "client_id": id });
        let seq = loop {
            let sent = api.post(&path, &body).bearer(&token).try_send().await;
            match sent {
                Ok(answer) if answer.is_success() => {
                    let answer: Value = answer.json();
                    break answer["seq"].as_u64().expect("a place");
                }
                Ok(answer) => assert!(answer.status.is_server_error(), "{answer}"),
                // The host is gone, or went while it was answering.
                Err(_) => {}
            }
            failed.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(PAUSE).await;
        };
        messages.push((id, text, seq));
        acknowledged.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(PACE).await;
    }
    Written { chat, messages }
}

impl Written {
    /// What was acknowledged is there, exactly once, at the place it was said to be at, and nothing else of the writer's is. `events`
    /// is the chat as the writer reads it.
    ///
    /// # Panics
    /// When it isn't so.
    pub fn check(&self, events: &[Event]) {
        let mut there: BTreeMap<&str, Vec<(u64, &str)>> = BTreeMap::new();
        for event in events.iter().filter(|event| event.kind == "text") {
            if let Some(id) = &event.client_id {
                there.entry(id).or_default().push((event.seq, event.text()));
            }
        }
        for (id, text, seq) in &self.messages {
            let found = there.remove(id.as_str()).unwrap_or_default();
            assert_eq!(found, [(*seq, text.as_str())], "acknowledged: {id}");
        }
        there.retain(|_, found| found.iter().any(|(_, text)| text.starts_with("this is ")));
        assert!(there.is_empty(), "never acknowledged: {there:?}");
        let places: Vec<u64> = self.messages.iter().map(|(_, _, seq)| *seq).collect();
        assert!(places.is_sorted(), "out of order: {places:?}");
    }
}
