use serde::{Deserialize, Serialize};

use crate::{
    agent::{self, AgentRecord, Figures},
    id::AgentId,
    ports::{Millis, Ports, StoreError},
    refusal::Refusal,
    service::Service,
    stored,
    together::all,
};

/// Chats that must have been served before their average says something about the next.
const ENOUGH_TO_ESTIMATE: u64 = 5;

const KEY: &str = "desk:team";

/// All representatives, written by whoever of the desk looked last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Team {
    at: Millis,
    pub(super) members: Vec<Member>,
}

/// One representative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) id: AgentId,
    pub(super) name: String,
    pub(super) queues: Vec<String>,
    pub(super) online: bool,
    pub(super) chats: u64,
    pub(super) most: u64,
    pub(super) today: Figures,
    handling: Millis,
    handled: u64,
}

/// A representative as colleagues see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TeamRow {
    /// The id.
    pub id: AgentId,
    /// The name.
    pub name: String,
    /// The queues served.
    pub queues: Vec<String>,
    /// Whether the desk is open.
    pub online: bool,
    /// Chats taken.
    pub chats: u64,
    /// Chats at most.
    pub most: u64,
}

impl<P: Ports> Service<P> {
    /// The team, looked at anew where the last look is older than `age`.
    pub(super) async fn team(&self, age: Millis) -> Result<Team, Refusal> {
        let now = self.ports.now();
        let team: Team = stored::get(&self.ports, KEY).await?.unwrap_or_default();
        if now.saturating_sub(team.at) < age {
            return Ok(team);
        }
        let members = all(self
            .secrets
            .agents
            .iter()
            .map(|record| self.member(record, now)))
        .await;
        let members = members.into_iter().collect::<Result<_, _>>()?;
        let team = Team { at: now, members };
        stored::set(&self.ports, KEY, &team).await?;
        Ok(team)
    }

    async fn member(&self, record: &AgentRecord, now: Millis) -> Result<Member, StoreError> {
        let snapshot = agent::journal(&self.ports, &record.id).snapshot().await?;
        Ok(Member {
            id: record.id.clone(),
            name: record.name.clone(),
            queues: record.queues.clone(),
            online: now.saturating_sub(snapshot.presence.seen) < self.rules.settings.agent_lost,
            chats: snapshot.state.chats.len() as u64,
            most: self.most(record),
            today: snapshot.state.figures(self.rules.day(now)),
            handling: snapshot.state.handling,
            handled: snapshot.state.handled,
        })
    }
}

impl Team {
    /// Whether the representative `id` is known to be online.
    pub(super) fn has_online(&self, id: &AgentId) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.online && member.id == *id)
    }

    /// Those who serve `queue` and are online.
    pub(super) fn serving<'a>(&'a self, queue: &'a str) -> impl Iterator<Item = &'a Member> {
        self.members.iter().filter(move |member| {
            member.online && member.queues.iter().any(|served| served == queue)
        })
    }

    /// How long a chat of `queue` takes, by the experience of all who serve it; nothing while that is too little.
    pub(super) fn handling(&self, queue: &str) -> Option<Millis> {
        let members = self
            .members
            .iter()
            .filter(|member| member.queues.iter().any(|served| served == queue));
        let (total, count) = members.fold((0, 0), |(total, count), member| {
            (
                total + member.handling * member.handled.min(10),
                count + member.handled.min(10),
            )
        });
        (count >= ENOUGH_TO_ESTIMATE).then(|| total / count)
    }

    /// The figures of the day, of all together.
    pub(super) fn today(&self) -> Figures {
        self.members
            .iter()
            .fold(Figures::default(), |sum, member| sum + member.today)
    }

    /// What colleagues see.
    pub(super) fn rows(&self) -> Vec<TeamRow> {
        let row = |member: &Member| TeamRow {
            id: member.id.clone(),
            name: member.name.clone(),
            queues: member.queues.clone(),
            online: member.online,
            chats: member.chats,
            most: member.most,
        };
        self.members.iter().map(row).collect()
    }
}
