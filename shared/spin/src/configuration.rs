//! What the operator has set: Spin variables, checked once an instance.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use alap_shared::{
    agent::AgentRecords,
    ports::Ports,
    rules::Rules,
    sealing::DataKeys,
    service::{Secrets, Service},
    settings::{SETTINGS, Settings, Variables},
    token::TokenKeys,
};

use crate::origins::Origins;

/// The fewest characters of a key: 32 of base64 hold 192 bits.
const SHORTEST_KEY: usize = 32;

/// The fewest different characters of a key: 32 random ones of base64 have 20 or more.
const FEWEST_CHARACTERS: usize = 10;

/// What keys contain that were copied from an example.
const GIVEAWAYS: [&str; 6] = [
    "changeme",
    "change-me",
    "default",
    "example",
    "password",
    "secret",
];

/// The secret a function is given beside `token_keys` and `data_keys`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// `agents`: it is asked by representatives too.
    Agents,
    /// `identity_keys`: it takes the word of the organisation's app or site for who a customer is.
    Identities,
}

/// What the operator has set, ready for use.
#[derive(Clone)]
pub struct Configuration {
    rules: Arc<Rules>,
    secrets: Arc<Secrets>,
    origins: Origins,
}

/// A variable that is missing or wrong. The text names it, and no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misconfigured(String);

impl Misconfigured {
    /// The host could not give the variable `name`.
    pub fn unreadable(name: &str, reason: &str) -> Self {
        Self(format!("the variable {name} can't be read: {reason}"))
    }
}

impl Extra {
    fn name(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Identities => "identity_keys",
        }
    }
}

impl Configuration {
    /// The variables of a function.
    pub fn names(extra: Extra) -> impl Iterator<Item = &'static str> {
        let settings = SETTINGS.iter().map(|setting| setting.name);
        ["token_keys", "data_keys", extra.name(), "allowed_origins"]
            .into_iter()
            .chain(settings)
    }

    /// What these variables say.
    pub fn new(variables: &Variables, extra: Extra) -> Result<Self, Misconfigured> {
        let value = |name: &str| variables.get(name).map_or("", |value| value.trim());
        let settings =
            Settings::new(variables).map_err(|error| Misconfigured(error.to_string()))?;
        let rules = Rules::new(settings)
            .map_err(|error| Misconfigured(format!("the flow that was built in: {error}")))?;
        let token_keys = keys("token_keys", value("token_keys"))?;
        let data_keys = keys("data_keys", value("data_keys"))?;
        let identity_keys = match (extra, value("identity_keys")) {
            (Extra::Identities, list) if !list.is_empty() => keys("identity_keys", list)?,
            _ => Vec::new(),
        };
        let agents = match extra {
            Extra::Agents => records(value("agents"))?,
            Extra::Identities => AgentRecords::default(),
        };
        let all = [&token_keys[..], &data_keys, &identity_keys].concat();
        let is_twice = |key: &&str| all.iter().filter(|other| *other == key).count() > 1;
        if all.iter().any(is_twice) {
            let reason = "token_keys, data_keys and identity_keys: a key is there twice";
            return Err(Misconfigured(reason.to_owned()));
        }
        let secrets = Secrets {
            tokens: TokenKeys::new(token_keys),
            data: DataKeys::new(data_keys),
            identity: (!identity_keys.is_empty()).then(|| TokenKeys::new(identity_keys)),
            agents,
        };
        let origins = Origins::parse(value("allowed_origins"))
            .map_err(|reason| Misconfigured(format!("the variable allowed_origins: {reason}")))?;
        Ok(Self {
            rules: Arc::new(rules),
            secrets: Arc::new(secrets),
            origins,
        })
    }

    /// The chat's verbs on `ports`.
    pub fn service<P: Ports>(&self, ports: P) -> Service<P> {
        Service {
            ports,
            rules: self.rules.clone(),
            secrets: self.secrets.clone(),
        }
    }

    /// The sites whose pages may use the API.
    pub fn origins(&self) -> &Origins {
        &self.origins
    }
}

fn keys<'a>(name: &str, list: &'a str) -> Result<Vec<&'a str>, Misconfigured> {
    let keys: Vec<&str> = list.split(',').map(str::trim).collect();
    for key in &keys {
        let different = (0..)
            .zip(key.chars())
            .filter(|&(place, c)| key.chars().take(place).all(|earlier| earlier != c));
        let low = key.to_ascii_lowercase();
        let problem = if list.is_empty() {
            "is not set"
        } else if key.chars().count() < SHORTEST_KEY {
            "has a key of less than 32 characters"
        } else if different.count() < FEWEST_CHARACTERS
            || GIVEAWAYS.iter().any(|word| low.contains(word))
        {
            "has a key that is not random"
        } else {
            continue;
        };
        return Err(Misconfigured(format!(
            "the variable {name} {problem}: it takes keys such as `openssl rand -base64 32` makes, with commas between"
        )));
    }
    Ok(keys)
}

fn records(json: &str) -> Result<AgentRecords, Misconfigured> {
    if json.is_empty() {
        let reason = "the variable agents is not set: it takes a JSON array of records as `cargo xtask desk-key` \
                      makes them, or [] for none";
        return Err(Misconfigured(reason.to_owned()));
    }
    AgentRecords::parse(json).map_err(|error| {
        let reason = error.to_string();
        // It may repeat what stands there, and that may be a key put in the place of its record.
        Misconfigured(if reason.contains("alap_") {
            "the variable agents holds an access key instead of its record".to_owned()
        } else {
            reason
        })
    })
}
