//! The two who talk. What is printed is what the customer's side reads from the server, never what was meant to be
//! sent: a digit that shows was really stored.

use anyhow::{Context as _, Result, bail};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Event, News, Question, Server, Status};

/// A customer and the chat they are in.
pub(super) struct Customer<'a> {
    server: &'a Server,
    chat: String,
    token: String,
    read_up_to: u64,
    question: Option<Question>,
    status: Status,
}

impl<'a> Customer<'a> {
    /// Opens a chat.
    pub(super) fn start(server: &'a Server) -> Result<Self> {
        #[derive(Deserialize)]
        struct Started {
            chat: String,
            token: String,
        }
        let answer = server.post("/v1/chats", None, &json!({ "channel": "web" }))?;
        let Started { chat, token } = answer.expect()?;
        Ok(Self {
            server,
            chat,
            token,
            read_up_to: 0,
            question: None,
            status: Status::default(),
        })
    }

    /// Reads what is new, and prints it.
    pub(super) fn read(&mut self) -> Result<()> {
        let path = format!("/v1/chats/{}/events?after={}", self.chat, self.read_up_to);
        let News { events, status } = self.server.get(&path, Some(&self.token))?.expect()?;
        for event in events {
            self.read_up_to = self.read_up_to.max(event.seq);
            show(&event);
            if event.kind == "prompt" {
                self.question = event.input;
            }
        }
        if status.phase == "waiting" && self.status.position != status.position {
            let place = status
                .position
                .map_or_else(|| "অজানা".to_owned(), |place| in_bangla(&place.to_string()));
            let wait = status.wait_s.map_or_else(
                || "অজানা".to_owned(),
                |wait| in_bangla(&format!("{wait} সেকেন্ড")),
            );
            println!("          সারিতে স্থান: {place}, অপেক্ষা: {wait}");
        }
        self.status = status;
        Ok(())
    }

    /// Whether the customer waits in a queue or is past it.
    pub(super) fn waits(&self) -> bool {
        matches!(self.status.phase.as_str(), "waiting" | "talking")
    }

    /// What the flow asked last.
    pub(super) fn question(&self) -> Option<Question> {
        self.question.clone()
    }

    /// Chooses an option.
    pub(super) fn choose(&mut self, option: &str) -> Result<()> {
        self.send(json!({ "kind": "option", "option": option }))
    }

    /// Writes something.
    pub(super) fn write(&mut self, text: &str) -> Result<()> {
        self.send(json!({ "kind": "text", "text": text }))
    }

    /// Gives what the representative asked for.
    pub(super) fn answer_form(&mut self, values: &[(&str, &str)]) -> Result<()> {
        let values: Value = values
            .iter()
            .map(|&(field, value)| (field.to_owned(), Value::from(value)))
            .collect();
        self.send(json!({ "kind": "form", "values": values }))
    }

    /// Says how good the service was, from 1 to 5.
    pub(super) fn rate(&mut self, score: u8, comment: &str) -> Result<()> {
        self.send(json!({ "kind": "rating", "score": score, "comment": comment }))
    }

    /// The whole conversation as text.
    pub(super) fn transcript(&self) -> Result<String> {
        self.server
            .get_text(&format!("/v1/chats/{}/events", self.chat), &self.token)
    }

    fn send(&self, body: Value) -> Result<()> {
        let path = format!("/v1/chats/{}/messages", self.chat);
        self.server
            .post(&path, Some(&self.token), &with_client_id(body)?)?
            .expect::<Value>()?;
        Ok(())
    }
}

/// A representative at the desk.
pub(super) struct Representative<'a> {
    server: &'a Server,
    token: String,
    chat: String,
}

impl<'a> Representative<'a> {
    /// Begins to work.
    pub(super) fn log_in(server: &'a Server, key: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct LoggedIn {
            token: String,
            agent: Agent,
        }
        #[derive(Deserialize)]
        struct Agent {
            name: String,
            queues: Vec<String>,
        }
        let answer = server.post("/v1/desk/login", None, &json!({ "key": key }))?;
        let LoggedIn { token, agent } = answer
            .expect()
            .context("the desk does not take this access key")?;
        println!("{} সেবা দিচ্ছেন: {}", agent.name, agent.queues.join(", "));
        Ok(Self {
            server,
            token,
            chat: String::new(),
        })
    }

    /// Looks at the desk, which also tells customers that somebody is there.
    pub(super) fn look(&mut self) -> Result<()> {
        self.server
            .get("/v1/desk", Some(&self.token))?
            .expect::<Value>()?;
        Ok(())
    }

    /// Takes this customer's chat. Others may wait too, for people who are not part of this conversation.
    pub(super) fn take(&mut self, customer: &Customer<'_>) -> Result<()> {
        let path = format!("/v1/desk/chats/{}/claim", customer.chat);
        self.server
            .post(&path, Some(&self.token), &json!({}))?
            .expect::<Value>()?;
        self.chat.clone_from(&customer.chat);
        Ok(())
    }

    /// Writes something.
    pub(super) fn write(&mut self, text: &str) -> Result<()> {
        self.send(text)?.expect::<Value>()?;
        Ok(())
    }

    /// Writes something that the server must refuse.
    pub(super) fn write_refused(&mut self, text: &str) -> Result<()> {
        println!("প্রতিনিধি লিখতে চাইলেন: {text}");
        let answer = self.send(text)?;
        if !answer.is_refusal() {
            bail!("the server took a message that asks for a PIN");
        }
        println!("          ফেরত: {}", answer.problem());
        Ok(())
    }

    /// Asks for details that prove who owns the account.
    pub(super) fn ask_form(&mut self, fields: &[&str]) -> Result<()> {
        let path = format!("/v1/desk/chats/{}/form", self.chat);
        let body = with_client_id(json!({ "fields": fields }))?;
        self.server
            .post(&path, Some(&self.token), &body)?
            .expect::<Value>()?;
        Ok(())
    }

    /// Reads the details, which nobody else can.
    pub(super) fn read_form(&mut self) -> Result<()> {
        let path = format!("/v1/chats/{}/events?after=0", self.chat);
        let news: Value = self.server.get(&path, Some(&self.token))?.expect()?;
        let mut events = news
            .get("events")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let answer =
            events.rfind(|event| event.get("kind").is_some_and(|kind| kind == "form_answer"));
        let values = answer
            .and_then(|event| event.get("values"))
            .context("the representative sees no answers")?;
        println!("          শুধু প্রতিনিধি দেখেন: {values}");
        Ok(())
    }

    /// Ends the chat.
    pub(super) fn close(&mut self) -> Result<()> {
        let path = format!("/v1/chats/{}/close", self.chat);
        self.server
            .post(&path, Some(&self.token), &json!({}))?
            .expect::<Value>()?;
        Ok(())
    }

    fn send(&self, text: &str) -> Result<super::client::Answer> {
        let path = format!("/v1/chats/{}/messages", self.chat);
        self.server.post(
            &path,
            Some(&self.token),
            &with_client_id(json!({ "kind": "text", "text": text }))?,
        )
    }
}

/// Prints an event the way a chat box shows it.
fn show(event: &Event) {
    let name = event.agent.as_ref().map(|agent| agent.name.as_str());
    let who = match event.from.as_str() {
        "customer" => "গ্রাহক",
        "agent" => name.unwrap_or("প্রতিনিধি"),
        _ => "আলাপ",
    };
    // The words that come with these two are for the customer, who did something else than to say them.
    let done = match event.kind.as_str() {
        "form_answer" => Some("(তথ্য দিলেন)".to_owned()),
        "rated" => Some(format!(
            "{} {}",
            "★".repeat(event.score.unwrap_or_default().into()),
            event.comment.as_deref().unwrap_or_default()
        )),
        _ => None,
    };
    let said = event
        .label
        .as_deref()
        .or(event.text.as_deref())
        .unwrap_or_default();
    match done {
        Some(done) => println!("{who}: {done}\nআলাপ: {said}"),
        None if event.masked => println!("{who}: {said}  (সংরক্ষণের আগেই ঢেকে দেওয়া)"),
        None => println!("{who}: {said}"),
    }
    let options = event.input.iter().flat_map(|question| &question.options);
    let fields = event
        .fields
        .iter()
        .filter_map(|field| field.get("label")?.as_str());
    let lines: [Vec<&str>; 3] = [
        options.map(|option| option.label.as_str()).collect(),
        event
            .contacts
            .iter()
            .map(|contact| contact.label.as_str())
            .collect(),
        fields.collect(),
    ];
    for line in lines.iter().filter(|line| !line.is_empty()) {
        println!("          [{}]", line.join("] ["));
    }
}

/// The body with an id of its own, so that a retry would not be a second message.
fn with_client_id(mut body: Value) -> Result<Value> {
    let mut random = [0; 8];
    getrandom::fill(&mut random)
        .map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))?;
    if let Value::Object(fields) = &mut body {
        fields.insert("client_id".to_owned(), HEXLOWER.encode(&random).into());
    }
    Ok(body)
}

/// Digits as they are written in Bangla.
fn in_bangla(text: &str) -> String {
    let digit = |letter: char| {
        letter
            .to_digit(10)
            .and_then(|value| char::from_u32('০' as u32 + value))
            .unwrap_or(letter)
    };
    text.chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_written_in_bangla() {
        assert_eq!(in_bangla("3 of 120"), "৩ of ১২০");
    }

    #[test]
    fn every_message_has_an_id_of_its_own() {
        let id = || {
            with_client_id(json!({ "kind": "text" }))
                .unwrap()
                .get("client_id")
                .cloned()
        };
        assert_ne!(id(), id());
    }
}
