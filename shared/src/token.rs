//! Tokens: a capability for one chat, or for a representative's desk.
//!
//! A token is `base64url(claims).base64url(HMAC-SHA-256)`. It is checked without a look at the store, in constant
//! time, against every key that is accepted: the first signs, the others are on their way out.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    id::{AgentId, ChatId},
    ports::Millis,
    stored,
};

/// Whom a token speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        let claims = Base64UrlUnpadded::encode_string(&stored::encode(claims));
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
        let claims = self
            .verify_signed(claims, claims, signature)
            .and_then(|bytes| stored::decode::<Claims>(&bytes).ok())
            .ok_or(TokenError::Invalid)?;
        if claims.expires_at <= now {
            Err(TokenError::Expired)
        } else {
            Ok(claims)
        }
    }

    /// The bytes in `payload`, if `signature` authenticates `signed` with any of the keys.
    pub(crate) fn verify_signed(
        &self,
        signed: &str,
        payload: &str,
        signature: &str,
    ) -> Option<Vec<u8>> {
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
        Base64UrlUnpadded::decode_vec(payload).ok()
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

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const NOW: Millis = 1_772_344_800_000;

    fn claims() -> Claims {
        Claims {
            role: Role::Customer(ChatId::from_bits([7; 16])),
            expires_at: NOW + 1,
        }
    }

    #[test]
    fn a_token_says_what_it_was_made_of() {
        let keys = TokenKeys::new(["secret"]);
        let agent = Claims {
            role: Role::Agent(AgentId::parse("asha").unwrap()),
            expires_at: Millis::MAX,
        };
        for claims in [claims(), agent] {
            assert_eq!(keys.verify(&keys.sign(&claims), NOW), Ok(claims));
        }
    }

    #[test]
    fn a_token_is_good_until_it_expires() {
        let keys = TokenKeys::new(["secret"]);
        let token = keys.sign(&claims());
        assert!(keys.verify(&token, NOW).is_ok());
        assert_eq!(keys.verify(&token, NOW + 1), Err(TokenError::Expired));
    }

    #[test]
    fn no_character_of_a_token_can_be_another() {
        let keys = TokenKeys::new(["secret"]);
        let token = keys.sign(&claims());
        for (place, was) in token.char_indices() {
            for other in ['A', 'B', 'z', '0', '_', '.', '='] {
                if other != was {
                    let mut tampered = token.clone();
                    tampered.replace_range(place..=place, &other.to_string());
                    let outcome = keys.verify(&tampered, NOW);
                    assert_eq!(outcome, Err(TokenError::Invalid), "{other} at {place}");
                }
            }
        }
        for length in 0..token.len() {
            let outcome = keys.verify(&token[..length], NOW);
            assert_eq!(outcome, Err(TokenError::Invalid), "cut to {length}");
        }
    }

    #[test]
    fn the_first_key_signs_and_all_of_them_are_accepted() {
        let (old, new) = (TokenKeys::new(["old"]), TokenKeys::new(["new"]));
        let both = TokenKeys::new(["new", "old"]);
        assert!(both.verify(&old.sign(&claims()), NOW).is_ok());
        assert!(new.verify(&both.sign(&claims()), NOW).is_ok());
        let gone = new.verify(&old.sign(&claims()), NOW);
        assert_eq!(gone, Err(TokenError::Invalid));
    }

    #[test]
    fn without_a_key_nothing_is_accepted() {
        let none = TokenKeys::new([]);
        for token in [none.sign(&claims()), TokenKeys::new([""]).sign(&claims())] {
            assert_eq!(none.verify(&token, NOW), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn what_is_signed_by_others_with_hmac_sha_256_is_read() {
        // The example that jwt.io is known for.
        let header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
        let payload = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ";
        let signature = "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
        let keys = TokenKeys::new(["your-256-bit-secret"]);
        let signed = format!("{header}.{payload}");
        let read = keys.verify_signed(&signed, payload, signature).unwrap();
        assert!(read.starts_with(br#"{"sub":"1234567890","name":"John Doe""#));
    }

    #[test]
    fn what_is_derived_follows_from_text_and_key() {
        let keys = TokenKeys::new(["secret", "older"]);
        assert_eq!(keys.derive("one"), TokenKeys::new(["secret"]).derive("one"));
        assert_ne!(keys.derive("one"), keys.derive("other"));
        assert_ne!(keys.derive("one"), TokenKeys::new(["older"]).derive("one"));
    }
}
