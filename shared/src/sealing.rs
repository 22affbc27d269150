//! Encryption at rest of what identifies a person: contact numbers and form answers.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): its nonce is long enough to be random. What is sealed for one chat
//! cannot be opened as another's: the chat's id is authenticated with it.

use base64ct::{Base64UrlUnpadded, Encoding};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{id::ChatId, ports::Entropy};

/// Bytes of a nonce.
const NONCE: usize = 24;

/// Something encrypted: base64url of nonce and ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// The keys for personal data: the first seals, all of them open, so that keys can be rotated.
///
/// An old key is needed as long as chats are kept that were begun with it.
#[derive(Clone)]
pub struct DataKeys(Vec<DataKey>);

#[derive(Clone)]
struct DataKey {
    cipher: XChaCha20Poly1305,
    derivation: Hmac<Sha256>,
}

impl DataKeys {
    /// Keys from the operator's secrets, each of any length worth being a secret.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let key = |secret: &str| {
            let key = Sha256::new()
                .chain_update(b"alap data key\0")
                .chain_update(secret)
                .finalize();
            let cipher = XChaCha20Poly1305::new(&<[u8; 32]>::from(key).into());
            // HMAC takes keys of any length (RFC 2104), so that none is lost here.
            Some(DataKey {
                cipher,
                derivation: Hmac::new_from_slice(secret.as_bytes()).ok()?,
            })
        };
        Self(secrets.into_iter().filter_map(key).collect())
    }

    /// For each key, the current one first, 128 bits that follow from `text` and nobody can guess without the key.
    pub fn derive(&self, text: &str) -> Vec<[u8; 16]> {
        let derive = |key: &DataKey| {
            let full = key
                .derivation
                .clone()
                .chain_update(text)
                .finalize()
                .into_bytes();
            full.first_chunk().copied().unwrap_or_default()
        };
        self.0.iter().map(derive).collect()
    }

    /// Encrypts `content` for `chat`. Nothing where there is no key.
    pub fn seal(
        &self,
        chat: &ChatId,
        content: impl AsRef<[u8]>,
        entropy: &impl Entropy,
    ) -> Option<Sealed> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let payload = Payload {
            msg: content.as_ref(),
            aad: chat.as_str().as_bytes(),
        };
        let sealed = self
            .0
            .first()?
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .ok()?;
        Some(Sealed(Base64UrlUnpadded::encode_string(
            &[nonce.as_slice(), &sealed].concat(),
        )))
    }

    /// Decrypts what was sealed for `chat`. Nothing where no key fits.
    pub fn open(&self, chat: &ChatId, sealed: &Sealed) -> Option<Vec<u8>> {
        let bytes = Base64UrlUnpadded::decode_vec(&sealed.0).ok()?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE>()?;
        let open = |key: &DataKey| {
            let payload = Payload {
                msg: ciphertext,
                aad: chat.as_str().as_bytes(),
            };
            key.cipher.decrypt(&XNonce::from(*nonce), payload).ok()
        };
        self.0.iter().find_map(open)
    }

    /// Decrypts a text that was sealed for `chat`. Nothing where no key fits.
    pub fn open_text(&self, chat: &ChatId, sealed: &Sealed) -> Option<String> {
        String::from_utf8(self.open(chat, sealed)?).ok()
    }
}

impl Sealed {
    /// What is kept in the store, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A sealed text as it was kept in the store.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::memory::Memory;

    fn chat(id: &str) -> ChatId {
        ChatId::parse(id).unwrap()
    }

    fn seal(keys: &DataKeys, text: &str) -> Sealed {
        keys.seal(&chat("one"), text, &Memory::new()).unwrap()
    }

    #[test]
    fn what_was_sealed_for_a_chat_is_opened_as_that_chats_alone() {
        let keys = DataKeys::new(["secret"]);
        for text in ["", "+8801712345678", "এনআইডি ১২৩৪৫৬৭৮৯০"] {
            let sealed = seal(&keys, text);
            assert!(text.is_empty() || !sealed.as_str().contains(text));
            assert_eq!(keys.open_text(&chat("one"), &sealed).as_deref(), Some(text));
            assert_eq!(keys.open(&chat("other"), &sealed), None);
        }
    }

    #[test]
    fn the_same_text_is_sealed_in_another_way_each_time() {
        let (keys, memory) = (DataKeys::new(["secret"]), Memory::new());
        let seal = || keys.seal(&chat("one"), "+8801712345678", &memory);
        assert_ne!(seal(), seal());
    }

    #[test]
    fn no_character_of_what_is_sealed_can_be_another() {
        let keys = DataKeys::new(["secret"]);
        let sealed = seal(&keys, "+8801712345678");
        for place in 0..sealed.as_str().len() {
            let mut tampered = sealed.as_str().to_owned();
            let other = if &tampered[place..=place] == "A" {
                "B"
            } else {
                "A"
            };
            tampered.replace_range(place..=place, other);
            let tampered = Sealed::from_stored(tampered);
            assert_eq!(keys.open(&chat("one"), &tampered), None, "at {place}");
        }
        for text in ["", "A", "not base64url!", "AAAA"] {
            let sealed = Sealed::from_stored(text.to_owned());
            assert_eq!(keys.open(&chat("one"), &sealed), None, "{text}");
        }
    }

    #[test]
    fn the_first_key_seals_and_all_of_them_open() {
        let (old, new) = (DataKeys::new(["old"]), DataKeys::new(["new"]));
        let both = DataKeys::new(["new", "old"]);
        let opens = |keys: &DataKeys, sealed: &Sealed| keys.open(&chat("one"), sealed).is_some();
        assert!(opens(&both, &seal(&old, "text")));
        assert!(opens(&new, &seal(&both, "text")));
        assert!(!opens(&new, &seal(&old, "text")));
    }

    #[test]
    fn without_a_key_nothing_is_sealed_or_opened() {
        let none = DataKeys::new([]);
        assert_eq!(none.seal(&chat("one"), "text", &Memory::new()), None);
        let sealed = seal(&DataKeys::new(["secret"]), "text");
        assert_eq!(none.open(&chat("one"), &sealed), None);
        assert_eq!(none.derive("text"), Vec::<[u8; 16]>::new());
    }

    #[test]
    fn each_key_derives_its_own_the_current_one_first() {
        let both = DataKeys::new(["new", "old"]).derive("text");
        let of = |key| DataKeys::new([key]).derive("text");
        assert_eq!(both, [of("new"), of("old")].concat());
        assert_ne!(both[0], both[1]);
        assert_ne!(of("new"), DataKeys::new(["new"]).derive("other"));
    }
}
