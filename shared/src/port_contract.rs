//! What every adapter of the ports has to keep, as one suite that runs on any of them.
//!
//! It works under keys of its own and removes them, so that it may run on a store that is in use.

use std::{collections::BTreeSet, fmt::Write};

use futures::future::{join, join_all};

use crate::ports::{Ports, StoreError};

/// The longest key that the domain may use, in bytes.
pub const LONGEST_KEY: usize = 256;

/// The longest value that the domain may write, in bytes.
pub const LONGEST_VALUE: usize = 64 * 1024;

/// Reservations at once.
const RUSH: u32 = 40;

/// The shortest sleep worth measuring, in milliseconds.
const NAP: u64 = 20;

/// Checks all promises of [`Ports`]; the error names the first one that is not kept.
pub async fn port_contract(ports: &impl Ports) -> Result<(), String> {
    let mut trial = Trial {
        ports,
        prefix: prefix(ports)?,
        keys: BTreeSet::new(),
    };
    let outcome = trial.everything().await;
    let cleaned = trial.clean().await;
    outcome.and(cleaned)
}

/// Keys that nobody else has, and proof that the randomness is not the same twice.
fn prefix(ports: &impl Ports) -> Result<String, String> {
    let (mut one, mut other) = ([0; 16], [0; 16]);
    ports.fill(&mut one);
    ports.fill(&mut other);
    promise("randomness is not the same twice", one != other)?;
    promise(
        "randomness fills all that is asked for",
        one != [0; 16] && other != [0; 16],
    )?;
    let mut prefix = "contract:".to_owned();
    for byte in one {
        let _ = write!(prefix, "{byte:02x}");
    }
    Ok(prefix)
}

fn promise(what: &str, kept: bool) -> Result<(), String> {
    if kept {
        Ok(())
    } else {
        Err(format!("not kept: {what}"))
    }
}

struct Trial<'a, P> {
    ports: &'a P,
    prefix: String,
    keys: BTreeSet<String>,
}

impl<P: Ports> Trial<'_, P> {
    async fn everything(&mut self) -> Result<(), String> {
        self.values().await?;
        self.sizes().await?;
        self.deletion().await?;
        self.counters().await?;
        self.a_rush_for_numbers().await?;
        self.many_at_once().await?;
        self.time().await
    }

    fn key(&mut self, name: &str) -> String {
        let key = format!("{}:{name}", self.prefix);
        self.keys.insert(key.clone());
        key
    }

    async fn clean(&self) -> Result<(), String> {
        for key in &self.keys {
            self.ports
                .delete(key)
                .await
                .map_err(failed("a key can be removed"))?;
        }
        Ok(())
    }

    async fn reads(&self, what: &str, key: &str, expected: Option<&[u8]>) -> Result<(), String> {
        let value = self.ports.get(key).await.map_err(failed(what))?;
        promise(what, value.as_deref() == expected)
    }

    async fn writes(&self, what: &str, key: &str, value: &[u8]) -> Result<(), String> {
        let written = self.ports.set(key, value.to_vec()).await;
        written.map_err(failed(what))?;
        self.reads(what, key, Some(value)).await
    }

    async fn values(&mut self) -> Result<(), String> {
        let key = self.key("value");
        self.reads("a key that was never written has no value", &key, None)
            .await?;
        self.writes("what was written is read", &key, b"one")
            .await?;
        self.writes("a later value replaces an earlier one", &key, b"another")
            .await?;
        self.writes("a shorter value leaves nothing of a longer one", &key, b"1")
            .await?;
        self.writes("an empty value is a value", &key, b"").await?;
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        self.writes("every byte is kept", &key, &bytes).await?;

        let neighbours = [
            self.key("e:1"),
            self.key("e:10"),
            self.key("e:1:"),
            self.key("E:1"),
        ];
        for (number, key) in (0..).zip(&neighbours) {
            self.writes("keys may look alike", key, &[number]).await?;
        }
        for (number, key) in (0..).zip(&neighbours) {
            self.reads("keys that look alike are different", key, Some(&[number]))
                .await?;
        }
        Ok(())
    }

    async fn sizes(&mut self) -> Result<(), String> {
        let key = self.key("large");
        let large: Vec<u8> = (0..=u8::MAX).cycle().take(LONGEST_VALUE).collect();
        self.writes("a value may have 64 KiB", &key, &large).await?;

        let room = LONGEST_KEY - self.prefix.len() - 1;
        let long: String = "a:chat:with:a-long_name."
            .chars()
            .cycle()
            .take(room)
            .collect();
        let key = self.key(&long);
        self.writes("a key may have 256 bytes and colons", &key, b"long")
            .await?;
        let counter = self.key(&long.replace('a', "b"));
        let last = self.ports.reserve(&counter, 1).await;
        promise("so may a counter's", last == Ok(1))
    }

    async fn deletion(&mut self) -> Result<(), String> {
        let key = self.key("deleted");
        let what = "a key that is not there can be removed";
        self.ports.delete(&key).await.map_err(failed(what))?;
        self.writes("what was written is read", &key, b"here")
            .await?;
        let what = "what was removed is gone";
        self.ports.delete(&key).await.map_err(failed(what))?;
        self.reads(what, &key, None).await?;
        self.writes("a removed key can be written again", &key, b"back")
            .await
    }

    async fn counters(&mut self) -> Result<(), String> {
        let (one, other) = (self.key("n"), self.key("m"));
        let value = self.key("n:value");
        self.writes("a value beside a counter", &value, b"5")
            .await?;
        self.reserves("a counter starts at 1", &one, 1, 1).await?;
        self.reserves("it goes on from there", &one, 1, 2).await?;
        self.reserves(
            "several numbers can be reserved, and the last is told",
            &one,
            5,
            7,
        )
        .await?;
        self.reserves("the next number is after them", &one, 1, 8)
            .await?;
        self.reserves("several can be reserved first of all", &other, 3, 3)
            .await?;
        self.reserves("counters are independent", &one, 1, 9)
            .await?;
        self.reads("a counter leaves values alone", &value, Some(b"5"))
            .await?;
        let what = "a removed counter starts anew";
        self.ports.delete(&one).await.map_err(failed(what))?;
        self.reserves(what, &one, 2, 2).await
    }

    async fn reserves(&self, what: &str, key: &str, count: u32, last: u64) -> Result<(), String> {
        let reserved = self.ports.reserve(key, count).await.map_err(failed(what))?;
        promise(what, reserved == last)
    }

    async fn a_rush_for_numbers(&mut self) -> Result<(), String> {
        let what = "numbers reserved at once belong to one caller each, and none is left out";
        let key = self.key("rush");
        let counts = (0..RUSH).map(|number| 1 + number % 3);
        let rush = counts.clone().map(|count| self.ports.reserve(&key, count));
        let mut numbers = Vec::new();
        for (count, last) in counts.zip(join_all(rush).await) {
            let last = last.map_err(failed(what))?;
            promise(what, last >= count.into())?;
            numbers.extend(last + 1 - u64::from(count)..=last);
        }
        numbers.sort_unstable();
        promise(what, numbers.iter().copied().eq(1..=numbers.len() as u64))
    }

    async fn many_at_once(&mut self) -> Result<(), String> {
        let what = "calls at once do not get in each other's way";
        let keys: Vec<String> = (0..RUSH).map(|n| self.key(&format!("many:{n}"))).collect();
        let writes = keys
            .iter()
            .map(|key| self.ports.set(key, key.clone().into_bytes()));
        for written in join_all(writes).await {
            written.map_err(failed(what))?;
        }
        let values = join_all(keys.iter().map(|key| self.ports.get(key))).await;
        for (key, value) in keys.iter().zip(values) {
            let value = value.map_err(failed(what))?;
            promise(what, value.as_deref() == Some(key.as_bytes()))?;
        }

        let what = "of two values written at once one stays, whole";
        let key = self.key("contested");
        let (one, other) = (vec![1; 3_000], vec![2; 2_000]);
        let (first, second) = join(
            self.ports.set(&key, one.clone()),
            self.ports.set(&key, other.clone()),
        )
        .await;
        first.and(second).map_err(failed(what))?;
        let value = self.ports.get(&key).await.map_err(failed(what))?;
        promise(what, value == Some(one) || value == Some(other))
    }

    async fn time(&self) -> Result<(), String> {
        let before = self.ports.now();
        self.ports.sleep(NAP).await;
        let after = self.ports.now();
        // A clock in whole milliseconds may show one less than has passed.
        promise("time passes while one sleeps", after + 1 >= before + NAP)
    }
}

fn failed(what: &str) -> impl FnOnce(StoreError) -> String {
    move |error| format!("not kept: {what}: {error}")
}
