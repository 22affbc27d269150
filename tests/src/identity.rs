use std::time::{Duration, SystemTime};

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::team::IDENTITY_KEYS;

/// A JWT in which the organisation's app vouches for a customer, good for `life` from now.
///
/// # Panics
/// When the clock stands before 1970.
pub fn identity(name: &str, phone_number: &str, life: Duration) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let expires_at = now.expect("a clock that is right") + life;
    let claims = json!({ "name": name, "phone_number": phone_number, "exp": expires_at.as_secs() });
    sign(
        &json!({ "alg": "HS256", "typ": "JWT" }),
        &claims,
        IDENTITY_KEYS,
    )
}

/// A JWT of these parts, signed with HS256 and `key` whatever the header says.
///
/// # Panics
/// Never.
pub fn sign(header: &Value, claims: &Value, key: &str) -> String {
    let encode = |part: &Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature = Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(&signed)
        .finalize()
        .into_bytes();
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
}
