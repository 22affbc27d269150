//! A chat of a thousand messages reads as quickly and as exactly as a short one.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{Customer, Event, News, Representative, Said, Server};

/// How many messages there are, of both sides.
const MESSAGES: usize = 1_000;

/// How many sequence numbers a page covers, beside the rest of the last record.
const PAGE: usize = 100;

async fn long_chat(server: &Server) -> (Customer, Representative) {
    let mut representative = server.representative(0).await;
    let mut customer = server.customer().await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    let chat = representative.take().await;
    for number in 0..MESSAGES {
        let text = format!("message {number}.");
        if number % 2 == 0 {
            customer.say(&text).await;
        } else {
            representative.say(&chat, &text).await;
        }
    }
    (customer, representative)
}

fn texts(events: &[Event]) -> Vec<&str> {
    let texts = events.iter().map(Event::text);
    texts.filter(|text| text.starts_with("message ")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_messages_are_read_in_pages_written_as_text_and_survive_the_loss_of_the_snapshot()
 {
    let server = Server::start().await;
    let (mut customer, mut representative) = long_chat(&server).await;
    let chat = customer.chat.clone();
    let all: Vec<String> = (0..MESSAGES)
        .map(|number| format!("message {number}."))
        .collect();

    let events = pages(&customer).await;
    assert_eq!(texts(&events), all);
    assert_eq!(texts(&representative.everything(&chat).await), all);
    let last = events.last().expect("events").seq;
    for after in [0, 1, 5, 499, last - 101, last - 100, last - 1, last] {
        let news: News = customer.events_after(after, 0).await.json();
        let expected: Vec<&Event> = events.iter().filter(|event| event.seq > after).collect();
        let got: Vec<&Event> = news.events.iter().collect();
        assert_eq!(got, expected[..got.len()], "after {after}");
        // A page is a stretch of the journal, in which not every number has an event for everybody.
        let covered = news.cursor.expect("a cursor") - after;
        assert!(
            got.len() == expected.len() || covered >= PAGE as u64,
            "after {after}"
        );
    }

    let transcript = customer.transcript().await;
    let lines = transcript
        .lines()
        .filter_map(|line| line.split_once(": message "));
    let lines: Vec<String> = lines.map(|(_, rest)| format!("message {rest}")).collect();
    assert_eq!(lines, all);

    server.settled().await;
    let store = server.store();
    let snapshot = format!("c:{chat}:s");
    assert!(store.exists(&snapshot).await.expect("an answer"));
    store.delete(&snapshot).await.expect("an answer");
    assert_eq!(pages(&customer).await, events);
    store.delete(&snapshot).await.expect("an answer");
    let status = customer.read().await.status;
    assert_eq!(status.phase, "talking");
    server.settled().await;
    store.delete(&snapshot).await.expect("an answer");
    let news = customer.say("one more").await;
    assert_eq!(news.seq, Some(last + 1));
    representative.read(&chat).await;
    assert_eq!(
        representative.feeds[&chat].texts().last(),
        Some(&"one more")
    );
}

/// The whole chat, page by page.
async fn pages(customer: &Customer) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut cursor = 0;
    loop {
        let page: News = customer.events_after(cursor, 0).await.expect(200).json();
        // A record holds eight events at most: a page may have the rest of its last one.
        assert!(page.events.len() < PAGE + 8, "{}", page.events.len());
        let next = page.cursor.expect("a cursor");
        if next == cursor {
            return events;
        }
        assert!(next > cursor);
        cursor = next;
        events.extend(page.events);
    }
}
