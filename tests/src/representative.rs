use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    Answer, Api, Event, Member, News, Overview, customer::fresh_id, feed::Feed, wait::eventually,
};

/// A representative at the desk.
#[derive(Clone)]
pub struct Representative {
    /// Where the desk is.
    pub api: Api,
    /// The representative's id.
    pub id: String,
    /// The name customers see.
    pub name: String,
    /// The token.
    pub token: String,
    /// What was read of each chat.
    pub feeds: BTreeMap<String, Feed>,
}

impl Representative {
    /// Logs in, and looks at the desk once, which tells customers that somebody is there.
    pub async fn log_in(api: &Api, member: &Member) -> Self {
        let representative = Self::log_in_only(api, member).await;
        representative.overview().await;
        representative
    }

    /// Logs in without a look at the desk.
    ///
    /// # Panics
    /// When the answer isn't one to a login.
    pub async fn log_in_only(api: &Api, member: &Member) -> Self {
        let answer = api
            .post("/v1/desk/login", &json!({ "key": member.key }))
            .send()
            .await
            .expect(200);
        let logged_in: Value = answer.json();
        assert_eq!(logged_in["agent"]["id"], member.id, "{answer}");
        assert_eq!(logged_in["agent"]["name"], member.name, "{answer}");
        let token = logged_in["token"].as_str();
        Self {
            api: api.clone(),
            id: member.id.clone(),
            name: member.name.clone(),
            token: token
                .unwrap_or_else(|| panic!("no token in {answer}"))
                .to_owned(),
            feeds: BTreeMap::new(),
        }
    }

    /// Asks something of the desk.
    pub async fn ask_desk(&self, path: &str, body: &Value) -> Answer {
        let request = self.api.post(&format!("/v1/desk{path}"), body);
        request.bearer(&self.token).send().await
    }

    /// What the desk shows.
    pub async fn overview(&self) -> Overview {
        self.overview_held("", 0).await
    }

    /// What the desk shows, as soon as it isn't `rev` any more or after `wait` seconds.
    pub async fn overview_held(&self, rev: &str, wait: u64) -> Overview {
        let path = format!("/v1/desk?rev={rev}&wait={wait}");
        let answer = self.api.get(&path).bearer(&self.token).send().await;
        answer.expect(200).json()
    }

    /// Looks at the desk until `found` finds something.
    pub async fn look_until<T>(&self, what: &str, found: impl Fn(&Overview) -> Option<T>) -> T {
        eventually(what, async || found(&self.overview().await)).await
    }

    /// Asks for the next chat.
    pub async fn next(&self) -> Answer {
        self.ask_desk("/next", &json!({})).await
    }

    /// Takes the next chat there is, waiting for one.
    ///
    /// # Panics
    /// When the desk answers anything but a chat or an empty queue.
    pub async fn take(&mut self) -> String {
        let answer = eventually("a chat to take", async || {
            let answer = self.next().await;
            if answer.is_success() {
                return Some(answer);
            }
            answer.expect_problem(409, "queue-empty");
            None
        })
        .await;
        self.taken(&answer)
    }

    /// Asks for a certain chat.
    pub async fn claim(&self, chat: &str) -> Answer {
        self.ask_desk(&format!("/chats/{chat}/claim"), &json!({}))
            .await
    }

    /// Takes in that a chat was taken; the answer says which.
    ///
    /// # Panics
    /// When it doesn't.
    pub fn taken(&mut self, answer: &Answer) -> String {
        let taken: Value = answer.clone().expect(200).json();
        let chat = taken["chat"].as_str();
        let chat = chat.unwrap_or_else(|| panic!("no chat in {answer}"));
        self.feeds.entry(chat.to_owned()).or_default();
        chat.to_owned()
    }

    /// Sends this to the chat as it is.
    pub async fn post(&self, chat: &str, body: &Value) -> Answer {
        let request = self.api.post(&format!("/v1/chats/{chat}/messages"), body);
        request.bearer(&self.token).send().await
    }

    /// Writes something, which has to be taken.
    pub async fn say(&mut self, chat: &str, text: &str) -> News {
        let feed = self.feeds.entry(chat.to_owned()).or_default();
        let body = json!({ "kind": "text", "text": text, "client_id": fresh_id(), "after": feed.cursor() });
        let news: News = self.post(chat, &body).await.expect(201).json();
        self.feeds.entry(chat.to_owned()).or_default().take(&news);
        news
    }

    /// Says that a text is being typed.
    pub async fn type_in(&self, chat: &str) {
        self.post(chat, &json!({ "kind": "typing" }))
            .await
            .expect(200);
    }

    /// Asks for what is after `after`.
    pub async fn events_after(&self, chat: &str, after: u64, wait: u64) -> Answer {
        let path = format!("/v1/chats/{chat}/events?after={after}&wait={wait}");
        self.api.get(&path).bearer(&self.token).send().await
    }

    /// Reads what is new in the chat.
    pub async fn read(&mut self, chat: &str) -> News {
        self.read_held(chat, 0).await
    }

    /// Waits for news of the chat, as long as the server lets one.
    pub async fn wait_for_news(&mut self, chat: &str) -> News {
        self.read_held(chat, 25).await
    }

    async fn read_held(&mut self, chat: &str, wait: u64) -> News {
        let cursor = self.feeds.get(chat).map_or(0, Feed::cursor);
        let answer = self.events_after(chat, cursor, wait).await;
        let news: News = answer.expect(200).json();
        self.feeds.entry(chat.to_owned()).or_default().take(&news);
        news
    }

    /// Reads the chat until `found` finds something.
    pub async fn read_until<T>(
        &mut self,
        chat: &str,
        what: &str,
        found: impl Fn(&Feed) -> Option<T>,
    ) -> T {
        eventually(what, async || {
            self.read(chat).await;
            found(&self.feeds[chat])
        })
        .await
    }

    /// The whole chat, read anew from its beginning.
    pub async fn everything(&self, chat: &str) -> Vec<Event> {
        let mut feed = Feed::default();
        loop {
            let before = feed.cursor();
            let answer = self.events_after(chat, before, 0).await;
            feed.take(&answer.expect(200).json());
            if feed.cursor() == before {
                return feed.events().cloned().collect();
            }
        }
    }

    /// Notes something for colleagues.
    pub async fn note(&self, chat: &str, text: &str) -> Answer {
        let body = json!({ "text": text, "client_id": fresh_id() });
        self.ask_desk(&format!("/chats/{chat}/note"), &body).await
    }

    /// Asks the customer for these details.
    pub async fn ask_form(&self, chat: &str, fields: &[&str]) -> Answer {
        let body = json!({ "fields": fields, "client_id": fresh_id() });
        self.ask_desk(&format!("/chats/{chat}/form"), &body).await
    }

    /// Hands the chat on: `{"queue": …}` or `{"agent": …}`.
    pub async fn transfer(&self, chat: &str, to: &Value) -> Answer {
        self.ask_desk(&format!("/chats/{chat}/transfer"), to).await
    }

    /// Ends the chat for this reason, or without one.
    pub async fn close(&self, chat: &str, reason: Option<&str>) -> Answer {
        let body = reason.map_or_else(|| json!({}), |reason| json!({ "reason": reason }));
        let request = self.api.post(&format!("/v1/chats/{chat}/close"), &body);
        request.bearer(&self.token).send().await
    }
}
