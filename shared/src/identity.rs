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
    let identity = keys
        .verify_signed(signed, payload, signature)
        .and_then(|json| json::read::<Identity>(&json).ok())
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

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use hmac::{Hmac, KeyInit, Mac};
    use serde_json::{Value, json};
    use sha2::Sha256;

    use super::*;

    const NOW: Millis = 1_772_344_800_000;

    fn jwt(header: &Value, claims: &Value) -> String {
        let part = |json: &Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
        let signature = mac.chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
    }

    fn header() -> Value {
        json!({ "alg": "HS256", "typ": "JWT", "kid": "2026" })
    }

    /// An identity that expires this many seconds from now.
    fn expiring(seconds: i64) -> String {
        let exp = i64::try_from(NOW / 1_000).unwrap() + seconds;
        let claims = json!({ "name": "Rahima", "phone_number": "01712345678", "exp": exp });
        jwt(&header(), &claims)
    }

    fn verify_now(jwt: &str) -> Result<Identity, IdentityError> {
        verify(jwt, &TokenKeys::new(["new", "secret"]), NOW)
    }

    #[test]
    fn an_identity_says_who_the_customer_is() {
        let identity = verify_now(&expiring(300)).unwrap();
        assert_eq!(identity.name, "Rahima");
        assert_eq!(identity.phone_number, "01712345678");
    }

    #[test]
    fn it_lives_for_ten_minutes_and_clocks_may_differ_by_one() {
        for (seconds, outcome) in [
            (-60, Some(IdentityError::Expired)),
            (-59, None),
            (660, None),
            (661, Some(IdentityError::TooLong)),
            (1_000_000_000, Some(IdentityError::TooLong)),
        ] {
            assert_eq!(verify_now(&expiring(seconds)).err(), outcome, "{seconds}");
        }
    }

    #[test]
    fn what_is_no_identity_is_refused() {
        let good = expiring(300);
        let (signed, _) = good.rsplit_once('.').unwrap();
        let claims = json!({ "name": "Rahima", "phone_number": "01712345678", "exp": NOW / 1_000 });
        for (jwt, why) in [
            (String::new(), "nothing"),
            ("a.b".to_owned(), "two parts"),
            (format!("{signed}."), "no signature"),
            (format!("{good}A"), "more than a signature"),
            (format!("{good}.{good}"), "two of them"),
            (jwt(&json!({ "alg": "none" }), &claims), "no algorithm"),
            (
                jwt(&json!({ "alg": "HS512" }), &claims),
                "another algorithm",
            ),
            (jwt(&json!({}), &claims), "no header to speak of"),
            (
                jwt(&header(), &json!({ "name": "Rahima" })),
                "claims are missing",
            ),
            (
                jwt(
                    &header(),
                    &json!({ "name": 7, "phone_number": "", "exp": 0 }),
                ),
                "a name that is none",
            ),
        ] {
            assert_eq!(verify_now(&jwt), Err(IdentityError::Invalid), "{why}");
        }
        let other = TokenKeys::new(["another secret"]);
        assert_eq!(verify(&good, &other, NOW), Err(IdentityError::Invalid));
    }
}
