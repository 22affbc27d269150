use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::journal::Seq;

/// The client ids a chat has seen and the events they belong to, in twelve bytes each: a snapshot with the ids of
/// 2,500 messages still fits into a store's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientIds(Vec<(u64, u32)>);

impl ClientIds {
    /// The event that came with `client_id`.
    pub fn get(&self, client_id: &str) -> Option<Seq> {
        let id = digest(client_id);
        let entry = self.0.get(self.place(id)).filter(|entry| entry.0 == id);
        entry.map(|&(_, seq)| seq.into())
    }

    /// Takes in that the event `seq` came with `client_id`.
    pub fn insert(&mut self, client_id: &str, seq: Seq) {
        let (id, seq) = (digest(client_id), u32::try_from(seq).unwrap_or(u32::MAX));
        let place = self.place(id);
        match self.0.get_mut(place) {
            Some(entry) if entry.0 == id => entry.1 = seq,
            _ => self.0.insert(place, (id, seq)),
        }
    }

    /// Where `id` is or belongs: they are kept in order.
    fn place(&self, id: u64) -> usize {
        self.0.partition_point(|entry| entry.0 < id)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn digest(client_id: &str) -> u64 {
    let full = Sha256::digest(client_id);
    full.first_chunk()
        .map_or(0, |part| u64::from_le_bytes(*part))
}
