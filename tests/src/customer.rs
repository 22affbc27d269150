use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::{Answer, Api, Event, News, Said, feed::Feed, wait::eventually};

/// How long a held request may be held, in seconds: the most the contract allows.
const HOLD: u64 = 25;

/// A customer with a chat box.
#[derive(Clone)]
pub struct Customer {
    /// Where the chat is.
    pub api: Api,
    /// The chat.
    pub chat: String,
    /// The token that opens it.
    pub token: String,
    /// What the customer has read.
    pub feed: Feed,
}

/// An id no other request of this run has.
pub fn fresh_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("request-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Customer {
    /// Opens the chat box on a website.
    pub async fn start(api: &Api) -> Self {
        Self::start_with(api, json!({ "channel": "web" })).await
    }

    /// Opens the chat box with this request.
    pub async fn start_with(api: &Api, request: Value) -> Self {
        let answer = api.post("/v1/chats", &request).send().await.expect(201);
        Self::from_answer(api, &answer)
    }

    /// The customer a start was answered to.
    ///
    /// # Panics
    /// When the answer isn't one to a start.
    pub fn from_answer(api: &Api, answer: &Answer) -> Self {
        let started: Value = answer.json();
        let text = |name: &str| {
            let value = started[name].as_str();
            value
                .unwrap_or_else(|| panic!("no {name} in {answer}"))
                .to_owned()
        };
        let mut feed = Feed::default();
        feed.take(&answer.json());
        Self {
            api: api.clone(),
            chat: text("chat"),
            token: text("token"),
            feed,
        }
    }

    /// The chat's path, with `rest` behind it.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/chats/{}{rest}", self.chat)
    }

    /// Sends this to the chat as it is.
    pub async fn post(&self, body: &Value) -> Answer {
        let request = self.api.post(&self.path("/messages"), body);
        request.bearer(&self.token).send().await
    }

    /// Sends something new to the chat, which has to take it, and reads all that is new.
    pub async fn send(&mut self, mut body: Value) -> News {
        body["client_id"] = json!(fresh_id());
        body["after"] = json!(self.feed.cursor());
        let news: News = self.post(&body).await.expect(201).json();
        self.feed.take(&news);
        news
    }

    /// Chooses an option.
    pub async fn choose(&mut self, option: &str) -> News {
        self.send(json!({ "kind": "option", "option": option }))
            .await
    }

    /// Writes something.
    pub async fn say(&mut self, text: &str) -> News {
        self.send(json!({ "kind": "text", "text": text })).await
    }

    /// Answers a form.
    pub async fn fill_in(&mut self, values: Value) -> News {
        self.send(json!({ "kind": "form", "values": values })).await
    }

    /// Rates the service.
    pub async fn rate(&mut self, score: u8, comment: &str) -> News {
        self.send(json!({ "kind": "rating", "score": score, "comment": comment }))
            .await
    }

    /// Says that a text is being typed.
    pub async fn type_in(&self) {
        self.post(&json!({ "kind": "typing" })).await.expect(200);
    }

    /// Asks for what is after `after`, and lets the server hold the request for `wait` seconds.
    pub async fn events_after(&self, after: u64, wait: u64) -> Answer {
        let path = self.path(&format!("/events?after={after}&wait={wait}"));
        self.api.get(&path).bearer(&self.token).send().await
    }

    /// Reads what is new.
    pub async fn read(&mut self) -> News {
        self.read_held(0).await
    }

    /// Waits for news, as long as the server lets one.
    pub async fn wait_for_news(&mut self) -> News {
        self.read_held(HOLD).await
    }

    async fn read_held(&mut self, wait: u64) -> News {
        let answer = self.events_after(self.feed.cursor(), wait).await;
        let news: News = answer.expect(200).json();
        self.feed.take(&news);
        news
    }

    /// Reads until `found` finds something.
    pub async fn read_until<T>(&mut self, what: &str, found: impl Fn(&Feed) -> Option<T>) -> T {
        eventually(what, async || {
            self.read().await;
            found(&self.feed)
        })
        .await
    }

    /// Reads until the chat is in this phase.
    pub async fn read_until_phase(&mut self, phase: &str) {
        self.read_until(phase, |feed| (feed.status.phase == phase).then_some(()))
            .await;
    }

    /// The whole chat, read anew from its beginning.
    pub async fn everything(&self) -> Vec<Event> {
        let mut feed = Feed::default();
        loop {
            let before = feed.cursor();
            let answer = self.events_after(before, 0).await;
            feed.take(&answer.expect(200).json());
            if feed.cursor() == before {
                return feed.events().cloned().collect();
            }
        }
    }

    /// Goes through the flow to the question for the name.
    pub async fn go_to_name(&mut self, said: &Said) {
        self.choose(said.code()).await;
        self.choose("customer-service").await;
        self.choose("yes").await;
    }

    /// Goes through the flow into the queue.
    ///
    /// # Panics
    /// When there is no queue to get into.
    pub async fn go_to_queue(&mut self, said: &Said) {
        self.go_to_name(said).await;
        self.say("করিম Rahman").await;
        self.say("০১৮১৯-২৭৩৬৪৫").await;
        let status = &self.feed.status;
        assert_eq!(status.phase, "waiting", "{status:?}");
    }

    /// Ends the chat.
    pub async fn close(&self) -> Answer {
        let request = self.api.post(&self.path("/close"), &json!({}));
        request.bearer(&self.token).send().await
    }

    /// Erases the chat.
    pub async fn erase(&self) -> Answer {
        let request = self.api.request(http::Method::DELETE, &self.path(""));
        request.bearer(&self.token).send().await
    }

    /// The chat as text.
    ///
    /// # Panics
    /// When the answer is something else.
    pub async fn transcript(&self) -> String {
        let request = self.api.get(&self.path("/events"));
        let request = request.bearer(&self.token).header("accept", "text/plain");
        let answer = request.send().await.expect(200);
        assert!(
            answer.header("content-type").starts_with("text/plain"),
            "{answer}"
        );
        answer.text()
    }
}
