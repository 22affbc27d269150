//! What representatives do beside talking, and what they may not do.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{
    Customer, Embedded, Event, News, Representative, Said, Server, Team, eventually, fresh_id,
};
use serde_json::json;

/// A customer who talks to the first of the team.
async fn talking(server: &Server) -> (Customer, Representative) {
    let mut representative = server.representative(0).await;
    let mut customer = server.customer().await;
    customer.go_to_queue(&Said::new(Language::Bn)).await;
    assert_eq!(representative.take().await, customer.chat);
    customer.read_until_phase("talking").await;
    (customer, representative)
}

async fn team_of_two() -> Server {
    Embedded::new(Team::of(2)).start().await
}

fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_texts_are_counted_until_the_representative_reads_them() {
    let server = Server::start().await;
    let (mut customer, mut representative) = talking(&server).await;
    let chat = customer.chat.clone();
    for expected in 1..=3 {
        customer.say("hello?").await;
        let desk = representative.overview().await;
        assert_eq!(desk.own(&chat).field("unread"), expected);
        assert_eq!(desk.own(&chat).field("turn"), "agent");
    }
    eventually("nothing unread", async || {
        representative.read(&chat).await;
        let desk = representative.overview().await;
        (desk.own(&chat).field("unread") == 0).then_some(())
    })
    .await;
    representative.say(&chat, "Hello!").await;
    let desk = representative.overview().await;
    assert_eq!(desk.own(&chat).field("turn"), "customer");
    assert!(desk.own(&chat).field("closes_at").is_u64());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_waits_is_told_as_soon_as_something_changes() {
    let server = Server::start().await;
    let (mut customer, representative) = talking(&server).await;
    let before = representative
        .look_until("a desk at rest", |desk| {
            desk.queue.is_empty().then(|| desk.rev.clone())
        })
        .await;
    let held = representative.overview_held(&before, 25);
    let (desk, _) = futures::future::join(held, customer.say("a question")).await;
    assert_ne!(desk.rev, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_has_five_chats_at_most_unless_told_otherwise() {
    let server = Server::start().await;
    let mut representative = server.representative(0).await;
    let said = Said::new(Language::En);
    let mut chats = Vec::new();
    for _ in 0..6 {
        let mut customer = server.customer().await;
        customer.go_to_queue(&said).await;
        chats.push(customer);
    }
    for _ in 0..5 {
        representative.take().await;
    }
    representative
        .next()
        .await
        .expect_problem(409, "agent-full");
    let claim = representative.claim(&chats[5].chat).await;
    claim.expect_problem(409, "agent-full");
    representative.close(&chats[0].chat, None).await.expect(200);
    representative
        .look_until("room for one more", |desk| {
            (desk.mine.len() == 4).then_some(())
        })
        .await;
    assert_eq!(representative.take().await, chats[5].chat);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_representative_sees_and_takes_only_what_waits_in_the_queues_served() {
    let team = Team::of(2).serving(1, &["merchant"]);
    let server = Embedded::new(team).start().await;
    let mut general = server.representative(0).await;
    let merchants = server.representative(1).await;
    let mut customer = server.customer().await;
    customer.go_to_queue(&Said::new(Language::En)).await;
    general
        .look_until("the chat", |desk| (desk.queue.len() == 1).then_some(()))
        .await;
    assert!(merchants.overview().await.queue.is_empty());
    merchants.next().await.expect_problem(409, "queue-empty");
    let claim = merchants.claim(&customer.chat).await;
    claim.expect_problem(403, "forbidden");
    let look = merchants.events_after(&customer.chat, 0, 0).await;
    look.expect_problem(403, "forbidden");
    assert_eq!(general.take().await, customer.chat);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_representative_of_a_chat_reads_or_writes_in_it() {
    let server = team_of_two().await;
    let (customer, _) = talking(&server).await;
    let colleague = server.representative(1).await;
    let chat = &customer.chat;
    let before = customer.everything().await;
    let text = json!({ "kind": "text", "text": "hello", "client_id": fresh_id() });
    for answer in [
        colleague.events_after(chat, 0, 0).await,
        colleague.post(chat, &text).await,
        colleague.note(chat, "a note").await,
        colleague.ask_form(chat, &["nid-number"]).await,
        colleague
            .transfer(chat, &json!({ "queue": "merchant" }))
            .await,
        colleague.close(chat, None).await,
        colleague
            .ask_desk(&format!("/chats/{chat}/number"), &json!({}))
            .await,
    ] {
        answer.expect_problem(403, "forbidden");
    }
    assert_eq!(customer.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_never_visible_to_the_customer() {
    let server = Server::start().await;
    let (customer, representative) = talking(&server).await;
    let before = customer.everything().await;
    let chat = &customer.chat;
    let body = json!({ "text": "seems to be in a hurry", "client_id": fresh_id() });
    let path = format!("/chats/{chat}/note");
    let noted = representative.ask_desk(&path, &body).await.expect(200);
    let again = representative.ask_desk(&path, &body).await.expect(200);
    assert_eq!(noted.json::<News>().seq, again.json::<News>().seq);

    assert_eq!(customer.everything().await, before);
    assert!(!customer.transcript().await.contains("in a hurry"));
    let desk = representative.everything(chat).await;
    let by_desk = desk.iter().filter(|event| event.kind == "note");
    assert_eq!(
        by_desk.map(Event::text).collect::<Vec<_>>(),
        ["seems to be in a hurry"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_can_be_handed_to_a_colleague_who_is_online() {
    let server = team_of_two().await;
    let (mut customer, representative) = talking(&server).await;
    let chat = customer.chat.clone();
    let to = json!({ "agent": "agent-2" });
    let offline = representative.transfer(&chat, &to).await;
    offline.expect_problem(422, "field-invalid");
    let mut colleague = server.representative(1).await;
    representative.transfer(&chat, &to).await.expect(200);

    let desk = colleague.overview().await;
    assert_eq!(desk.own(&chat).chat, chat);
    let said = Said::new(Language::Bn);
    let told = said.notice_with("transferred-agent", &[("agent", &colleague.name)]);
    customer
        .read_until("the new name", |feed| {
            (feed.last("transferred")?.text() == told).then_some(())
        })
        .await;
    let text = json!({ "kind": "text", "text": "still here", "client_id": fresh_id() });
    let late = representative.post(&chat, &text).await;
    late.expect_problem(403, "forbidden");
    assert!(representative.overview().await.mine.is_empty());
    colleague.say(&chat, "আমি দেখছি।").await;
    // What was said before is there for the colleague.
    assert!(colleague.everything(&chat).await.len() > customer.feed.events().count() / 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_handed_to_a_queue_comes_to_its_front() {
    let server = team_of_two().await;
    let said = Said::new(Language::Bn);
    let (mut customer, representative) = talking(&server).await;
    let mut later = server.customer().await;
    later.choose("bn").await;
    later.choose("merchant").await;
    later.choose("yes").await;
    later.say("দোকানদার").await;
    later.say("01712345678").await;
    assert_eq!(later.feed.status.phase, "waiting");

    let to = json!({ "queue": "merchant" });
    representative
        .transfer(&customer.chat, &to)
        .await
        .expect(200);
    customer.read_until_phase("waiting").await;
    let event = customer.feed.last("transferred").expect("the news");
    let queue = said.queue("merchant");
    assert_eq!(
        event.text(),
        said.notice_with("transferred-queue", &[("queue", queue)])
    );
    assert_eq!(event.field("queue"), "merchant");
    let mut colleague = server.representative(1).await;
    assert_eq!(colleague.take().await, customer.chat);
    assert_eq!(colleague.take().await, later.chat);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_to_nowhere_is_refused_and_changes_nothing() {
    let server = Server::start().await;
    let (customer, representative) = talking(&server).await;
    let before = customer.everything().await;
    for to in [
        json!({}),
        json!({ "queue": "nowhere" }),
        json!({ "agent": "nobody" }),
        json!({ "agent": "agent-1" }),
        json!({ "queue": "general", "agent": "agent-1" }),
    ] {
        let answer = representative.transfer(&customer.chat, &to).await;
        answer.expect_problem(422, "field-invalid");
    }
    assert_eq!(customer.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_form_at_a_time_and_only_with_the_known_fields() {
    let server = Server::start().await;
    let (mut customer, representative) = talking(&server).await;
    let chat = customer.chat.clone();
    for fields in [&[][..], &["pin"], &["otp", "nid-number"]] {
        let answer = representative.ask_form(&chat, fields).await;
        answer.expect_problem(422, "field-invalid");
    }
    let ours = ["date-of-birth", "nid-number"];
    representative.ask_form(&chat, &ours).await.expect(200);
    let second = representative.ask_form(&chat, &ours).await;
    second.expect_problem(409, "form-open");
    customer.read().await;

    let before = customer.everything().await;
    let half = json!({ "date-of-birth": "1990-12-31" });
    let wrong = json!({ "date-of-birth": "yesterday", "nid-number": "1234567890" });
    for values in [half, wrong, json!({}), json!({ "pin": "12345" })] {
        let body = json!({ "kind": "form", "values": values, "client_id": fresh_id() });
        let answer = customer.post(&body).await;
        answer.expect_problem(422, "field-invalid");
    }
    assert_eq!(customer.everything().await, before);
    let right = json!({ "date-of-birth": "1990-12-31", "nid-number": "১২৩৪৫৬৭৮৯০" });
    let news = customer.fill_in(right).await;
    assert_eq!(kinds(&news.events), ["form_answer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_needs_a_representative_and_is_given_once() {
    let server = Server::start().await;
    let rating = |score: u8| json!({ "kind": "rating", "score": score, "client_id": fresh_id() });
    let alone = server.customer().await;
    alone.close().await.expect(200);
    let answer = alone.post(&rating(5)).await;
    answer.expect_problem(409, "nothing-to-rate");

    let (mut customer, representative) = talking(&server).await;
    representative.close(&customer.chat, None).await.expect(200);
    for score in [0, 6] {
        let answer = customer.post(&rating(score)).await;
        assert_eq!(
            answer.expect_problem(422, "field-invalid")["field"],
            "score"
        );
    }
    customer.rate(4, "দ্রুত উত্তর পেয়েছি").await;
    let again = customer.post(&rating(1)).await;
    again.expect_problem(409, "already-rated");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_supervisors_see_the_figures_of_the_day() {
    let server = team_of_two().await;
    let (mut customer, mut supervisor) = talking(&server).await;
    let chat = customer.chat.clone();
    supervisor.say(&chat, "Done.").await;
    supervisor.close(&chat, Some("solved")).await.expect(200);
    customer.rate(4, "").await;
    let today = supervisor
        .look_until("the figures", |desk| {
            let today = desk.stats["today"].clone();
            (today["chats"] == 1 && today["ratings"] == 1).then_some(today)
        })
        .await;
    assert_eq!(today["in_target"], 1);
    assert_eq!(today["average_rating"], 400);
    let other = server.representative(1).await;
    assert!(other.overview().await.stats["today"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_representative_may_do_a_customers_token_may_not() {
    let server = Server::start().await;
    let customer = server.customer().await;
    let chat = &customer.chat;
    let posts = [
        "/next",
        "/chats/CHAT/claim",
        "/chats/CHAT/transfer",
        "/chats/CHAT/note",
        "/chats/CHAT/form",
        "/chats/CHAT/number",
        "/chats/CHAT/handled",
    ];
    for path in posts {
        let path = format!("/v1/desk{}", path.replace("CHAT", chat));
        let body = json!({ "text": "x", "queue": "general", "fields": ["nid-number"], "client_id": fresh_id() });
        let answer = server
            .api
            .post(&path, &body)
            .bearer(&customer.token)
            .send()
            .await;
        answer.expect_problem(403, "forbidden");
        let answer = server.api.post(&path, &body).send().await;
        answer.expect_problem(401, "token-missing");
    }
    let desk = server
        .api
        .get("/v1/desk")
        .bearer(&customer.token)
        .send()
        .await;
    desk.expect_problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_says_the_version_and_that_the_store_can_be_reached() {
    let server = Server::start().await;
    let answer = server.api.get("/v1/health").send().await.expect(200);
    let health: serde_json::Value = answer.json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
}
