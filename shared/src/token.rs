//! Tokens: a capability for one chat, or for a representative's desk.
//!
//! A token is `base64url(claims).base64url(HMAC-SHA-256)`. It is checked without a look at the store, in constant
//! time, against every key that is accepted: the first signs, the others are on their way out.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::{
    id::{AgentId, ChatId},
    json,
    ports::Millis,
};

/// Whom a token speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The customer of one chat.
    Customer(ChatId),
    /// A representative.
    Agent(AgentId),
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Whom it speaks for.
    pub role: Role,
    /// Until when.
    pub expires_at: Millis,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// It is not a token, or none of ours.
    Invalid,
    /// It was one.
    Expired,
}

/// The keys tokens are signed with.
#[derive(Clone)]
pub struct TokenKeys(Vec<Hmac<Sha256>>);

impl TokenKeys {
    /// Keys from the operator's secrets, each of any length worth being a secret.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        // HMAC takes keys of any length (RFC 2104), so that none is lost here.
        Self(
            secrets
                .into_iter()
                .filter_map(|secret| Hmac::new_from_slice(secret.as_bytes()).ok())
                .collect(),
        )
    }

    /// A token that says `claims`.
    pub fn sign(&self, claims: &Claims) -> String {
        let claims =
            Base64UrlUnpadded::encode_string(&serde_json::to_vec(claims).unwrap_or_default());
        let signature = self
            .0
            .first()
            .map(|key| authenticate(key, &claims))
            .unwrap_or_default();
        format!("{claims}.{}", Base64UrlUnpadded::encode_string(&signature))
    }

    /// What `token` says, if it is ours and not expired at `now`.
    pub fn verify(&self, token: &str, now: Millis) -> Result<Claims, TokenError> {
        let (claims, signature) = token.split_once('.').ok_or(TokenError::Invalid)?;
        let claims: Claims = self
            .verify_signed(claims, claims, signature)
            .ok_or(TokenError::Invalid)?;
        if claims.expires_at <= now {
            Err(TokenError::Expired)
        } else {
            Ok(claims)
        }
    }

    /// The JSON in `payload`, if `signature` authenticates `signed` with any of the keys.
    pub(crate) fn verify_signed<T: DeserializeOwned>(
        &self,
        signed: &str,
        payload: &str,
        signature: &str,
    ) -> Option<T> {
        let signature = Base64UrlUnpadded::decode_vec(signature).ok()?;
        let fits = |key: &Hmac<Sha256>| {
            key.clone()
                .chain_update(signed)
                .verify_slice(&signature)
                .is_ok()
        };
        if !self.0.iter().any(fits) {
            return None;
        }
        json::read(&Base64UrlUnpadded::decode_vec(payload).ok()?).ok()
    }

    /// 128 bits that follow from `text` and nobody can guess without the key: the same text gives the same bits.
    pub fn derive(&self, text: &str) -> [u8; 16] {
        let mut bits = [0; 16];
        if let Some(key) = self.0.first() {
            let full = authenticate(key, &format!("derive {text}"));
            bits.iter_mut()
                .zip(full)
                .for_each(|(bit, byte)| *bit = byte);
        }
        bits
    }
}

fn authenticate(key: &Hmac<Sha256>, text: &str) -> Vec<u8> {
    key.clone()
        .chain_update(text)
        .finalize()
        .into_bytes()
        .to_vec()
}
