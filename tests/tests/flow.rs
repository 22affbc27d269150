//! The flow over HTTP: every step, the ways about in it, what customers write in it, and where it must not lead.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect ends there"
)]

use alap_flow::Language;
use alap_tests::{Customer, Event, Row, Said, Server};
use serde_json::{Value, json};

const BOTH: [Language; 2] = [Language::Bn, Language::En];

fn prompt(customer: &Customer) -> &Event {
    customer.feed.last("prompt").expect("a prompt")
}

#[tokio::test(flavor = "multi_thread")]
async fn back_asks_the_step_before_once_more() {
    let server = Server::start().await;
    for language in BOTH {
        let said = Said::new(language);
        let mut customer = server.customer().await;
        customer.go_to_name(&said).await;
        customer.say("করিম").await;
        for step in ["name", "have-at-hand", "main-menu"] {
            assert_eq!(
                prompt(&customer).navigation(),
                ["back", "restart", "language"]
            );
            customer.choose("back").await;
            assert_eq!(prompt(&customer).text(), said.step(step));
        }
        customer.choose("back").await;
        assert_eq!(prompt(&customer).options(), ["bn", "en"]);
        assert_eq!(prompt(&customer).navigation(), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_back_may_answer_anew() {
    let server = Server::start().await;
    let said = Said::new(Language::En);
    let representative = server.representative(0).await;
    let mut customer = server.customer().await;
    customer.go_to_name(&said).await;
    customer.say("Karim").await;
    customer.choose("back").await;
    customer.say("Rahima").await;
    customer.say("01812345678").await;
    let row = on_desk(&representative, &customer).await;
    assert_eq!(row.field("name"), "Rahima");
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_over_forgets_what_was_said_but_the_language() {
    let server = Server::start().await;
    for language in BOTH {
        let said = Said::new(language);
        let mut customer = server.customer().await;
        customer.go_to_name(&said).await;
        customer.say("Karim").await;
        customer.choose("restart").await;
        assert_eq!(prompt(&customer).text(), said.step("main-menu"));
        customer.choose("customer-service").await;
        customer.choose("yes").await;
        assert_eq!(prompt(&customer).asks_for(), "name");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_can_be_changed_at_every_step_and_the_chat_goes_on_there() {
    let server = Server::start().await;
    let (from, to) = (Said::new(Language::En), Said::new(Language::Bn));
    let path = ["customer-service", "yes"];
    for (steps, step) in [(0, "main-menu"), (1, "have-at-hand"), (2, "name")] {
        let mut customer = server.customer().await;
        customer.choose(from.code()).await;
        for option in &path[..steps] {
            customer.choose(option).await;
        }
        assert_eq!(prompt(&customer).text(), from.step(step));
        customer.choose("language").await;
        assert_eq!(prompt(&customer).options(), ["bn", "en"]);
        customer.choose(to.code()).await;
        assert_eq!(prompt(&customer).text(), to.step(step));
        assert_eq!(customer.feed.status.language.as_deref(), Some("bn"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_taken_in_any_script_and_refused_without_a_letter() {
    let server = Server::start().await;
    let longest = "ক".repeat(60);
    let table = [
        ("  রহিমা   খাতুন ", Some("রহিমা খাতুন")),
        ("Md. Abdul Karim", Some("Md. Abdul Karim")),
        ("محمد", Some("محمد")),
        (longest.as_str(), Some(longest.as_str())),
        ("ক", Some("ক")),
        ("01712345678", None),
        ("১২৩", None),
        ("...", None),
    ];
    for (name, taken) in table {
        for language in BOTH {
            let said = Said::new(language);
            let mut customer = server.customer().await;
            customer.go_to_name(&said).await;
            if let Some(taken) = taken {
                let news = customer.say(name).await;
                assert_eq!(news.events[0].text(), taken);
                assert_eq!(prompt(&customer).asks_for(), "number");
            } else {
                refused(&customer, name, &said.notice("name-invalid")).await;
            }
        }
    }
    let too_long = "ক".repeat(61);
    let mut customer = server.customer().await;
    let said = Said::new(Language::Bn);
    customer.go_to_name(&said).await;
    let problem = refused(&customer, &too_long, &said.notice("name-invalid")).await;
    assert_eq!(problem["limit"], 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_numbers_are_taken_as_customers_write_them() {
    let server = Server::start().await;
    let mut representative = server.representative(0).await;
    let table = [
        ("01712345678", "+8801712345678"),
        ("০১৭১২৩৪৫৬৭৮", "+8801712345678"),
        ("+88 01912-345 678", "+8801912345678"),
        ("0088 01312345678", "+8801312345678"),
        ("88০১৫১২-৩৪৫৬৭৮", "+8801512345678"),
        ("+8801612345678", "+8801612345678"),
    ];
    for (index, (typed, number)) in table.into_iter().enumerate() {
        let said = Said::new(BOTH[index % 2]);
        let mut customer = server.customer().await;
        customer.go_to_name(&said).await;
        customer.say("Karim").await;
        let news = customer.say(typed).await;
        assert_eq!(news.status.phase, "waiting", "{typed}");
        // The customer sees it whole, in the chat's digits; the desk sees it masked until somebody asks.
        let shown = news.events[0].text();
        assert_eq!(shown.is_ascii(), said.code() == "en", "{shown}");
        let chat = representative.take().await;
        let masked = representative
            .overview()
            .await
            .own(&chat)
            .field("number")
            .clone();
        assert!(
            masked.as_str().is_some_and(|masked| masked.contains('•')),
            "{masked}"
        );
        let events = representative.everything(&chat).await;
        assert!(events.iter().all(|event| event.text() != shown));
        let answer = representative
            .ask_desk(&format!("/chats/{chat}/number"), &json!({}))
            .await;
        assert_eq!(
            answer.expect(200).json::<Value>()["number"],
            number,
            "{typed}"
        );
        representative.close(&chat, None).await.expect(200);
        representative
            .look_until("an empty desk", |desk| desk.mine.is_empty().then_some(()))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_bangladeshi_mobile_number_is_refused_with_an_example() {
    let server = Server::start().await;
    for language in BOTH {
        let said = Said::new(language);
        let mut customer = server.customer().await;
        customer.go_to_name(&said).await;
        customer.say("Karim").await;
        for wrong in [
            "01212345678",
            "0171234567",
            "017123456789",
            "+1 202 555 0100",
            "16247",
            "my number",
        ] {
            refused(&customer, wrong, &said.notice("number-invalid")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn security_topics_are_in_the_first_menu_and_never_reach_a_queue() {
    let server = Server::start().await;
    let _desk_is_open = server.representative(0).await;
    for language in BOTH {
        let said = Said::new(language);
        for topic in ["lost-phone", "pin-or-fraud"] {
            let mut paths: Vec<Vec<String>> = vec![vec![topic.to_owned()]];
            let mut ends = 0;
            while let Some(path) = paths.pop() {
                let mut customer = server.customer().await;
                customer.choose(said.code()).await;
                for option in &path {
                    customer.choose(option).await;
                }
                if path.len() == 1 {
                    assert_eq!(prompt(&customer).text(), said.step(topic));
                    assert!(prompt(&customer).contacts().contains(&"16247"));
                }
                match customer.feed.status.phase.as_str() {
                    "closed" => ends += 1,
                    "flow" => {
                        let options = prompt(&customer).options();
                        assert!(!options.is_empty(), "a question that isn't an option");
                        paths.extend(options.iter().map(|option| {
                            let step = [(*option).to_owned()];
                            [path.as_slice(), &step].concat()
                        }));
                    }
                    phase => panic!("{path:?} leads to {phase}"),
                }
            }
            assert!(ends > 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_channels_and_direct_answers_need_no_representative() {
    let server = Server::start().await;
    for language in BOTH {
        let said = Said::new(language);
        let mut customer = server.customer().await;
        customer.choose(said.code()).await;
        customer.choose("channels").await;
        let contacts = prompt(&customer).contacts();
        for contact in ["16247", "02-55663001", "support@bkash.com"] {
            assert!(contacts.contains(&contact), "{contacts:?}");
        }
        customer.choose("back").await;
        customer.choose("app").await;
        assert_eq!(prompt(&customer).text(), said.step("app"));
        let news = customer.choose("solved").await;
        assert_eq!(news.status.phase, "closed");
        let end = customer.feed.last("closed").expect("an end");
        assert_eq!(end.field("reason"), "solved");
        assert_eq!(end.text(), said.step("solved"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_is_online_it_is_said_at_once_and_a_message_can_be_left() {
    let server = Server::start().await;
    for language in BOTH {
        let said = Said::new(language);
        let mut customer = server.customer().await;
        customer.go_to_name(&said).await;
        customer.say("Karim").await;
        let news = customer.say("01712345678").await;
        assert_eq!(news.status.phase, "flow");
        let notices: Vec<&str> = news.events.iter().map(Event::text).collect();
        assert!(
            notices.contains(&said.notice("nobody-online").as_str()),
            "{notices:?}"
        );
        assert_eq!(prompt(&customer).text(), said.step("unavailable"));
        assert!(prompt(&customer).contacts().contains(&"16247"));
        customer.choose("leave-message").await;
        assert_eq!(prompt(&customer).asks_for(), "message");
        let news = customer
            .say("The transaction 9C7K3L2M1N of yesterday did not arrive.")
            .await;
        let notices: Vec<&str> = news.events.iter().map(Event::text).collect();
        assert!(
            notices.contains(&said.notice("message-received").as_str()),
            "{notices:?}"
        );
        assert_eq!(news.status.phase, "closed");
    }

    let representative = server.representative(0).await;
    let messages = representative
        .look_until("both messages", |desk| {
            (desk.messages.len() == 2).then(|| desk.messages.clone())
        })
        .await;
    let first = messages[0].chat.clone();
    let events = representative.everything(&first).await;
    assert!(
        events
            .iter()
            .any(|event| event.text().contains("9C7K3L2M1N"))
    );
    let handled = format!("/chats/{first}/handled");
    representative
        .ask_desk(&handled, &json!({}))
        .await
        .expect(200);
    representative
        .look_until("one message", |desk| {
            (desk.messages.len() == 1 && desk.messages[0].chat != first).then_some(())
        })
        .await;
}

/// Sends a text that has to be refused with this message, leaving the chat as it was.
async fn refused(customer: &Customer, text: &str, message: &str) -> Value {
    let before = customer.everything().await;
    let body = json!({ "kind": "text", "text": text, "client_id": alap_tests::fresh_id() });
    let problem = customer
        .post(&body)
        .await
        .expect_problem(422, "field-invalid");
    assert_eq!(problem["field"], "text");
    assert_eq!(problem["message"], message);
    assert_eq!(customer.everything().await, before);
    problem
}

async fn on_desk(representative: &alap_tests::Representative, customer: &Customer) -> Row {
    representative
        .look_until("the chat on the desk", |desk| {
            desk.queue
                .iter()
                .find(|row| row.chat == customer.chat)
                .cloned()
        })
        .await
}
