//! `/v1/desk…`: what representatives can do beside talking.

mod overview;
mod take;
mod team;

pub use overview::{MineRow, Overview, OverviewRequest, QueueRow, Stats};
pub use take::{FormAsked, NoteRequest, Taken, TransferRequest};
pub use team::TeamRow;

use serde::{Deserialize, Serialize};

use crate::{
    agent::{AccessKey, AgentRecord},
    id::AgentId,
    ports::Ports,
    refusal::Refusal,
    service::Service,
    token::{Claims, Role},
};

/// `POST /v1/desk/login`.
#[derive(Clone, Debug, Deserialize)]
pub struct LoginRequest {
    /// The access key.
    pub key: String,
}

/// What a representative gets who logs in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoginAnswer {
    /// The token for everything else.
    pub token: String,
    /// Who that is.
    pub agent: LoggedIn,
}

/// A representative, to that one's own desk.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoggedIn {
    /// The id.
    pub id: AgentId,
    /// The name customers see.
    pub name: String,
    /// The queues served.
    pub queues: Vec<String>,
    /// Whether the supervisor's figures are shown.
    pub supervisor: bool,
    /// Chats at once.
    pub most: u64,
}

/// `GET /v1/health`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Health {
    /// `ok`: a store that can't be reached is an error instead.
    pub status: &'static str,
    /// The software's version.
    pub version: &'static str,
}

impl<P: Ports> Service<P> {
    /// Logs a representative in.
    pub fn login(&self, request: &LoginRequest) -> Result<LoginAnswer, Refusal> {
        let key = AccessKey::parse(&request.key).ok_or(Refusal::KeyInvalid)?;
        let record = self
            .secrets
            .agents
            .by_key(&key)
            .ok_or(Refusal::KeyInvalid)?;
        let expires_at = self.ports.now() + self.rules.settings.desk_token;
        let token = self.secrets.tokens.sign(&Claims {
            role: Role::Agent(record.id.clone()),
            expires_at,
        });
        let agent = LoggedIn {
            id: record.id.clone(),
            name: record.name.clone(),
            queues: record.queues.clone(),
            supervisor: record.supervisor,
            most: self.most(record),
        };
        Ok(LoginAnswer { token, agent })
    }

    /// Whether everything that is needed can be reached.
    pub async fn health(&self) -> Result<Health, Refusal> {
        self.ports.get("health").await?;
        Ok(Health {
            status: "ok",
            version: env!("CARGO_PKG_VERSION"),
        })
    }

    /// How many chats this representative may have at once.
    pub(super) fn most(&self, record: &AgentRecord) -> u64 {
        record.most.unwrap_or(self.rules.settings.chats_per_agent)
    }
}
