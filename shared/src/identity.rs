//! A customer's identity, vouched for by the organisation's app or site: a JWT (RFC 7519) signed with HS256 (RFC 7515,
//! RFC 7518 section 3.2) that lives for some minutes.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;

use crate::{json, ports::Millis, token::TokenKeys};

/// How far in the future an identity may expire: it is made when the chat is opened, and useless when stolen later.
const LONGEST_LIFE: Millis = 10 * 60_000;

/// How far the clocks of the two may differ.
const CLOCK_DIFFERENCE: Millis = 60_000;

/// Who the customer is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The contact number, as the customer would type it.
    pub phone_number: String,
    /// A `NumericDate`: seconds since the Unix epoch.
    exp: u64,
}

/// Why an identity is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// It is no JWT, not signed with HS256 and one of our keys, or lacks a claim.
    Invalid,
    /// It was one.
    Expired,
    /// It lives longer than it may.
    TooLong,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// Who `jwt` says the customer is, if it is signed with one of `keys` and good at `now`.
pub fn verify(jwt: &str, keys: &TokenKeys, now: Millis) -> Result<Identity, IdentityError> {
    let (signed, signature) = jwt.rsplit_once('.').ok_or(IdentityError::Invalid)?;
    let (header, payload) = signed.split_once('.').ok_or(IdentityError::Invalid)?;
    let header = Base64UrlUnpadded::decode_vec(header).map_err(|_| IdentityError::Invalid)?;
    let header: Header = json::read(&header).map_err(|_| IdentityError::Invalid)?;
    // Only what we sign ourselves: never let the token choose the algorithm (RFC 8725 section 3.1).
    if header.alg != "HS256" {
        return Err(IdentityError::Invalid);
    }
    let identity: Identity = keys
        .verify_signed(signed, payload, signature)
        .ok_or(IdentityError::Invalid)?;
    let expires_at = identity.exp.saturating_mul(1_000);
    if expires_at.saturating_add(CLOCK_DIFFERENCE) <= now {
        Err(IdentityError::Expired)
    } else if expires_at > now + LONGEST_LIFE + CLOCK_DIFFERENCE {
        Err(IdentityError::TooLong)
    } else {
        Ok(identity)
    }
}
