//! `cargo xtask demo`: a whole conversation, as it would happen, over HTTP only.

mod client;
mod people;

use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

use self::client::Server;
use self::people::{Customer, Representative};
use crate::secrets::Secrets;
use crate::workspace::Workspace;

/// Against whom the conversation is played, and how.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Where the server is, without a slash at the end.
    pub(crate) url: String,
    /// The representative's access key, when it is not the development server's.
    pub(crate) key: Option<String>,
    /// Without the pauses people make.
    pub(crate) fast: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:3000".to_owned(),
            key: None,
            fast: false,
        }
    }
}

/// The options the customer would choose, in the order of preference: Bangla, money that did not arrive, a
/// representative, yes.
const CHOICES: [&str; 6] = [
    "bn",
    "not-arrived",
    "money",
    "representative",
    "yes",
    "customer-service",
];

/// More questions than any flow asks before the queue.
const MOST_QUESTIONS: usize = 20;

/// Plays the conversation and prints it.
///
/// # Errors
/// When there is no server, no key, or the server does something a customer would not expect.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let server = Server::new(&options.url);
    server.check_health()?;
    let key = match &options.key {
        Some(key) => key.clone(),
        None => development_key(workspace)?,
    };
    let pace = Pace { fast: options.fast };

    scene("প্রতিনিধি ডেস্কে বসলেন");
    let mut representative = Representative::log_in(&server, &key)?;
    representative.look()?;

    scene("গ্রাহক লাল “লাইভ চ্যাট” বোতামে চাপলেন");
    let mut customer = Customer::start(&server)?;
    ask_for_representative(&mut customer, &mut representative, pace)?;

    scene("প্রতিনিধি গ্রাহককে নিলেন");
    pace.wait(1_500);
    representative.take(&customer)?;
    customer.read()?;
    talk(&mut customer, &mut representative, pace)?;

    scene("চ্যাট শেষ");
    representative.close()?;
    customer.read()?;
    pace.wait(1_000);
    customer.rate(5, "খুব দ্রুত সাহায্য পেয়েছি, ধন্যবাদ।")?;
    customer.read()?;

    scene("গ্রাহকের কাছে থাকা প্রতিলিপি");
    println!("{}", customer.transcript()?);
    Ok(())
}

/// From the language to the queue: what is asked, the customer answers.
fn ask_for_representative(
    customer: &mut Customer<'_>,
    representative: &mut Representative<'_>,
    pace: Pace,
) -> Result<()> {
    for _ in 0..MOST_QUESTIONS {
        customer.read()?;
        if customer.waits() {
            return Ok(());
        }
        pace.wait(1_200);
        let question = customer
            .question()
            .context("the flow asks nothing, and the customer waits in no queue")?;
        match question.kind.as_str() {
            "options" => {
                let choice = question
                    .first_of(&CHOICES)
                    .context("the flow offers nothing this customer would choose")?;
                // Somebody has to be at the desk when the customer says yes.
                representative.look()?;
                customer.choose(&choice)?;
            }
            "name" => customer.write("রহিম উদ্দিন")?,
            "number" => customer.write("০১৭১২-৩৪৫৬৭৮")?,
            other => {
                anyhow::bail!("the flow asks for `{other}`, which this customer did not expect")
            }
        }
    }
    anyhow::bail!("after {MOST_QUESTIONS} questions the customer still waits in no queue")
}

/// What is said between the first greeting and the end.
fn talk(
    customer: &mut Customer<'_>,
    representative: &mut Representative<'_>,
    pace: Pace,
) -> Result<()> {
    let say = |representative: &mut Representative<'_>, customer: &mut Customer<'_>, text: &str| {
        pace.type_out(text);
        representative.write(text)?;
        customer.read()
    };
    let answer = |customer: &mut Customer<'_>, text: &str| {
        pace.type_out(text);
        customer.write(text)?;
        customer.read()
    };

    say(
        representative,
        customer,
        "আসসালামু আলাইকুম, রহিম সাহেব। বলুন, কীভাবে সাহায্য করতে পারি?",
    )?;
    answer(
        customer,
        "গতকাল রাতে ২,৫০০ টাকা সেন্ড মানি করেছি। টাকা কেটে নিয়েছে, কিন্তু যাঁকে পাঠিয়েছি তিনি পাননি।",
    )?;

    scene("অ্যাকাউন্টের মালিক কি না, প্রতিনিধি যাচাই করেন");
    representative.ask_form(&["date-of-birth", "last-transaction-amount"])?;
    customer.read()?;
    pace.wait(2_000);
    customer.answer_form(&[
        ("date-of-birth", "1990-05-17"),
        ("last-transaction-amount", "2500"),
    ])?;
    customer.read()?;
    representative.read_form()?;

    scene("পিন বা ওটিপি কেউ চাইতে পারেন না, দিতেও পারেন না");
    let forbidden = "আপনার পিন নম্বরটা একটু দিন।";
    pace.type_out(forbidden);
    representative.write_refused(forbidden)?;
    answer(customer, "আমার পিন ৪৮২১৩, এটা লাগবে?")?;

    say(
        representative,
        customer,
        "না, পিন কখনো কাউকে জানাবেন না। লেনদেনটি দেখেছি: টাকা আটকে আছে, দুই ঘণ্টার মধ্যে পৌঁছে যাবে।",
    )?;
    answer(customer, "অনেক ধন্যবাদ!")?;
    say(representative, customer, "আপনাকেও ধন্যবাদ। ভালো থাকবেন।")
}

fn development_key(workspace: &Workspace) -> Result<String> {
    let path = Secrets::path(workspace);
    let way_out = "start `cargo xtask up` first, or say whose key to use with `--key`";
    let secrets = Secrets::load(&path).context(way_out)?;
    secrets
        .desk_key()
        .map(str::to_owned)
        .with_context(|| format!("{} holds no DESK_KEY: {way_out}", path.display()))
}

/// How quickly people act.
#[derive(Clone, Copy, Debug)]
struct Pace {
    fast: bool,
}

impl Pace {
    fn wait(self, milliseconds: u64) {
        if !self.fast {
            thread::sleep(Duration::from_millis(milliseconds));
        }
    }

    /// Typing takes longer the more there is to type, up to what a spectator bears.
    fn type_out(self, text: &str) {
        let letters = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        self.wait(letters.saturating_mul(35).clamp(600, 2_500));
    }
}

fn scene(title: &str) {
    println!("\n── {title} ──");
}
