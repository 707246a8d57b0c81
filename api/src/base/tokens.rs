//! Access tokens: EdDSA, five minutes, kept nowhere but in memory.

use entities::words::{AccountId, DeviceId, Role, SessionId, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};

use super::{
    keys::Keys,
    refusal::{Kind, Refusal},
};

pub const LIFE_SECONDS: i64 = 300;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub sub: AccountId,
    pub did: DeviceId,
    pub sid: SessionId,
    pub role: Role,
    /// An officer's public number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub num: Option<String>,
    /// When an officer last touched the passkey (as OpenID Connect names it).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    pub iat: i64,
    pub exp: i64,
}

/// What a PKCS#8 file says before the 32 bytes of an Ed25519 key.
const PKCS8_ED25519: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

pub fn sign(keys: &Keys, claims: &Claims) -> Result<String, Refusal> {
    let der = [PKCS8_ED25519.as_slice(), &keys.signing_seed].concat();
    jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, &EncodingKey::from_ed_der(&der))
        .map_err(Refusal::fault)
}

/// Tokens whose signature was found right: most come many times in their five minutes, and each look costs as much as all else that
/// a short answer needs.
pub struct Verified(Cache<String, Claims>);

impl Default for Verified {
    fn default() -> Self {
        Self(Cache::new(4096))
    }
}

pub fn verify(keys: &Keys, token: &str, now: Timestamp) -> Result<Claims, Refusal> {
    let claims = match keys.verified.0.get(token) {
        Some(claims) => claims,
        None => {
            let claims = signed(keys, token)?;
            keys.verified.0.insert(token.to_owned(), claims.clone());
            claims
        }
    };
    if claims.exp <= now.seconds() { Err(Kind::TokenExpired.into()) } else { Ok(claims) }
}

/// What the token says, if it is ours, however old.
fn signed(keys: &Keys, token: &str) -> Result<Claims, Refusal> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    // Time is an argument here, so it is compared below.
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["exp", "sub"]);
    let key = DecodingKey::from_ed_der(&keys.signing_public());
    let decoded = jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|_| Kind::TokenInvalid)?;
    Ok(decoded.claims)
}
