use base64ct::{Base64Unpadded, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use sha2::{Digest, Sha256};

use crate::journal::Seq;

/// The client ids a chat has seen and the events they belong to, in twelve bytes each: a snapshot with the ids of
/// 2,500 messages still fits into a store's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientIds(Vec<([u8; 8], u32)>);

impl ClientIds {
    /// The event that came with `client_id`.
    pub fn get(&self, client_id: &str) -> Option<Seq> {
        let id = digest(client_id);
        let entry = self.0.get(self.place(&id)).filter(|entry| entry.0 == id);
        entry.map(|&(_, seq)| seq.into())
    }

    /// Takes in that the event `seq` came with `client_id`.
    pub fn insert(&mut self, client_id: &str, seq: Seq) {
        let (id, seq) = (digest(client_id), u32::try_from(seq).unwrap_or(u32::MAX));
        let place = self.place(&id);
        match self.0.get_mut(place) {
            Some(entry) if entry.0 == id => entry.1 = seq,
            _ => self.0.insert(place, (id, seq)),
        }
    }

    /// Where `id` is or belongs: they are kept in order.
    fn place(&self, id: &[u8; 8]) -> usize {
        self.0.partition_point(|entry| entry.0 < *id)
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

fn digest(client_id: &str) -> [u8; 8] {
    let full = Sha256::digest(client_id);
    full.first_chunk().copied().unwrap_or_default()
}

impl Serialize for ClientIds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self
            .0
            .iter()
            .flat_map(|(id, seq)| id.iter().copied().chain(seq.to_le_bytes()))
            .collect();
        serializer.serialize_str(&Base64Unpadded::encode_string(&bytes))
    }
}

impl<'de> Deserialize<'de> for ClientIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = Base64Unpadded::decode_vec(&text).map_err(D::Error::custom)?;
        let entry = |bytes: &[u8]| {
            let (id, seq) = bytes.split_first_chunk::<8>()?;
            Some((*id, u32::from_le_bytes(*seq.first_chunk()?)))
        };
        Ok(Self(bytes.chunks_exact(12).filter_map(entry).collect()))
    }
}
