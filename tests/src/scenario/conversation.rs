//! One chat from "Live Chat" to "closed" and once again, as the article tells it.

use futures::future::join;
use serde_json::json;

use crate::{Api, Customer, Representative, Said, Team, eventually};

/// The name the customer gives.
const NAME: &str = "করিম Rahman";

/// The whole conversation, in the language of `said`.
pub async fn whole_conversation(api: &Api, team: &Team, said: &Said) {
    let mut representative = Representative::log_in(api, &team.members[0]).await;
    let mut customer = from_start_to_queue(api, said).await;
    talk_and_close(&mut customer, &mut representative, said).await;
    again(&customer, &mut representative, said).await;
}

/// The steps of the flow, each asking what the article says it asks, until the customer waits and knows the place.
///
/// # Panics
/// When something else happens.
pub async fn from_start_to_queue(api: &Api, said: &Said) -> Customer {
    let mut customer = Customer::start(api).await;
    let greeting = customer.feed.last("prompt").expect("a first prompt");
    assert_eq!(greeting.options(), ["bn", "en"]);
    assert_eq!(greeting.navigation(), [""; 0]);
    assert_eq!(customer.feed.status.phase, "flow");

    let news = customer.choose(said.code()).await;
    assert_eq!(
        (news.events[0].from.as_str(), news.events[0].kind.as_str()),
        ("customer", "option")
    );
    let menu = &news.events[1];
    assert_eq!(menu.text(), said.step("main-menu"));
    assert!(menu.options().contains(&"customer-service"));
    assert_eq!(menu.navigation(), ["back", "restart", "language"]);
    assert_eq!(news.status.language.as_deref(), Some(said.code()));

    let news = customer.choose("customer-service").await;
    assert_eq!(
        news.events[0].field("label"),
        said.topic("customer-service")
    );
    assert_eq!(news.events[1].text(), said.step("have-at-hand"));
    assert_eq!(news.events[1].options(), ["yes", "no"]);

    let news = customer.choose("yes").await;
    assert_eq!(news.events[1].text(), said.step("name"));
    assert_eq!(news.events[1].asks_for(), "name");

    let news = customer.say(NAME).await;
    assert_eq!(news.events[1].text(), said.step("number"));
    assert_eq!(news.events[1].asks_for(), "number");

    let news = customer.say(" +৮৮ ০১৭১২ ৩৪৫৬৭৮ ").await;
    let kinds: Vec<&str> = news
        .events
        .iter()
        .map(|event| event.kind.as_str())
        .collect();
    assert_eq!(kinds, ["text", "info", "queued"]);
    assert_eq!(news.events[0].text(), number(said));
    assert_eq!(news.events[1].text(), said.step("queue-general"));
    assert_eq!(news.events[2].text(), said.notice("queued"));
    assert_eq!(news.status.phase, "waiting");

    // A representative is free, so that nothing has to be waited for.
    customer
        .read_until("the first place in the queue", |feed| {
            let status = &feed.status;
            (status.position == Some(1) && status.wait_s == Some(0)).then_some(())
        })
        .await;
    customer
}

/// The representative takes the chat of `customer`, who waits; both talk, and the representative closes it.
///
/// # Panics
/// When something else happens.
pub async fn talk_and_close(
    customer: &mut Customer,
    representative: &mut Representative,
    said: &Said,
) {
    let waiting = customer.chat.clone();
    let row = representative
        .look_until("the chat on the desk", |desk| {
            desk.queue.iter().find(|row| row.chat == waiting).cloned()
        })
        .await;
    assert_eq!(row.field("name"), NAME);
    assert_eq!(row.field("language"), said.code());
    assert_eq!(row.field("topic_label"), said.topic("customer-service"));

    let chat = representative.take().await;
    assert_eq!(chat, customer.chat);
    customer.read_until_phase("talking").await;
    let assigned = customer.feed.last("assigned").expect("an assignment");
    let connected = said.notice_with("connected", &[("agent", &representative.name)]);
    assert_eq!(assigned.text(), connected);
    let prompt = customer.feed.last("prompt").expect("a prompt");
    assert_eq!(
        prompt.text(),
        said.notice_with("ask-problem", &[("name", NAME)])
    );
    assert_eq!(prompt.asks_for(), "text");
    let agent = customer.feed.status.agent.as_ref().expect("somebody");
    assert_eq!(agent["name"], representative.name);

    // The representative holds a request while the customer writes, and the other way round.
    representative.read(&chat).await;
    let (news, _) = join(
        representative.wait_for_news(&chat),
        customer.say("টাকা পাঠিয়েছি, কিন্তু পৌঁছায়নি। It did not arrive."),
    )
    .await;
    assert_eq!(
        news.events.last().map(|event| event.kind.as_str()),
        Some("text")
    );
    customer.read().await;
    let (news, _) = join(
        customer.wait_for_news(),
        representative.say(&chat, "একটু দেখছি। One moment, please."),
    )
    .await;
    assert_eq!(
        news.events.last().map(|event| event.from.as_str()),
        Some("agent")
    );

    // A hint may get lost, and clients give it again as long as somebody types.
    eventually("the representative is typing", async || {
        representative.type_in(&chat).await;
        customer.read().await.status.typing.then_some(())
    })
    .await;
    eventually("the customer is typing", async || {
        customer.type_in().await;
        representative.read(&chat).await.status.typing.then_some(())
    })
    .await;

    verify_the_owner(customer, representative, said).await;

    let closed = representative.close(&chat, Some("solved")).await;
    assert_eq!(
        closed.expect(200).json::<crate::News>().status.phase,
        "closed"
    );
    customer.read_until_phase("closed").await;
    let end = customer.feed.last("closed").expect("an end");
    assert_eq!(
        (end.field("by"), end.field("reason")),
        (&json!("agent"), &json!("solved"))
    );
    assert_eq!(end.text(), said.notice("closed-solved"));
    assert_eq!(customer.feed.status.poll_after_ms, None);
    assert!(customer.feed.status.can_rate);

    let news = customer.rate(5, "ধন্যবাদ").await;
    assert_eq!(news.events[0].text(), said.notice("rated"));
    assert!(!news.status.can_rate);

    // Who reads from the beginning gets what they read as it happened.
    let again = customer.everything().await;
    assert_eq!(again, customer.feed.events().cloned().collect::<Vec<_>>());
    let transcript = customer.transcript().await;
    for event in customer.feed.events().filter(|event| event.kind == "text") {
        assert!(transcript.contains(event.text()), "{transcript}");
    }
}

/// The representative asks who the owner is, and the customer proves it.
async fn verify_the_owner(
    customer: &mut Customer,
    representative: &mut Representative,
    said: &Said,
) {
    let chat = customer.chat.clone();
    let fields = ["date-of-birth", "last-transaction-amount"];
    representative.ask_form(&chat, &fields).await.expect(200);
    customer.read().await;
    let request = customer.feed.last("form_request").expect("a request");
    assert_eq!(request.text(), said.notice("form-request"));
    let labels = request.field("fields").as_array().expect("fields").iter();
    let labels: Vec<_> = labels.map(|field| field["label"].clone()).collect();
    assert_eq!(
        labels,
        fields.map(|field| json!(said.notice(&format!("field-{field}"))))
    );

    let news = customer
        .fill_in(json!({ "date-of-birth": "৩১/১২/১৯৯০", "last-transaction-amount": "১,৫০০" }))
        .await;
    assert_eq!(news.events[0].kind, "form_answer");
    assert_eq!(news.events[0].text(), said.notice("form-received"));
    assert!(news.events[0].field("values").is_null());
    let news = representative.read(&chat).await;
    let answer = news.events.last().expect("an answer");
    assert_eq!(
        answer.field("values"),
        &json!({ "date-of-birth": "1990-12-31", "last-transaction-amount": "1500" })
    );
}

/// The customer whose chat is closed requests it again with one call, and is served.
///
/// # Panics
/// When something else happens.
pub async fn again(closed: &Customer, representative: &mut Representative, said: &Said) {
    let request = json!({ "channel": "web", "again": closed.chat });
    let answer = closed.api.post("/v1/chats", &request).bearer(&closed.token);
    let answer = answer.send().await.expect(201);
    let mut customer = Customer::from_answer(&closed.api, &answer);
    assert_ne!(customer.chat, closed.chat);
    let status = &customer.feed.status;
    assert_eq!(status.phase, "waiting");
    assert_eq!(status.language.as_deref(), Some(said.code()));
    let welcome = customer.feed.last("info").expect("a welcome");
    assert_eq!(
        welcome.text(),
        said.notice_with("welcome-back", &[("name", NAME)])
    );

    let chat = representative.take().await;
    assert_eq!(chat, customer.chat);
    let desk = representative.overview().await;
    let row = desk.own(&chat);
    assert_eq!(row.field("name"), NAME);
    assert_eq!(row.field("topic_label"), said.topic("customer-service"));
    assert!(row.field("number").is_string());
    customer.read_until_phase("talking").await;
    customer.close().await.expect(200);
}

fn number(said: &Said) -> &'static str {
    match said.code() {
        "bn" => "০১৭১২-৩৪৫৬৭৮",
        _ => "01712-345678",
    }
}
