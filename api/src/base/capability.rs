//! The report capability: what a youth's phone may still do when its session is dead. Its secret is known here only as a
//! hash, and each use is signed by a key that cannot leave the phone.

use entities::{
    report_capability,
    words::{CapabilityId, Role, Timestamp},
};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Select};
use sha2::{Digest, Sha256};

use super::actions::Who;

/// What is stored of a secret. It has 256 random bits, so the hash needs neither key nor time.
pub fn hash(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

fn living(now: Timestamp) -> Select<report_capability::Entity> {
    report_capability::Entity::find().filter(report_capability::Column::EndsAt.gt(now))
}

/// The one of a secret. It is looked up by its hash, so that how long that takes tells nothing of the secret.
pub async fn of_secret(
    db: &impl ConnectionTrait,
    now: Timestamp,
    secret: &[u8],
) -> Result<Option<report_capability::Model>, DbErr> {
    living(now).filter(report_capability::Column::SecretHash.eq(hash(secret))).one(db).await
}

pub async fn of_id(
    db: &impl ConnectionTrait,
    now: Timestamp,
    id: CapabilityId,
) -> Result<Option<report_capability::Model>, DbErr> {
    living(now).filter(report_capability::Column::CapabilityId.eq(id)).one(db).await
}

/// Whose it is: a youth's, always.
pub fn who(row: &report_capability::Model) -> Who {
    Who { account_id: row.account_id, role: Role::Youth, public_number: None }
}

/// A phone's key as the wire has it: an uncompressed point that is on the curve.
pub fn key(point: &[u8]) -> Option<VerifyingKey> {
    VerifyingKey::from_sec1_bytes(point).ok().filter(|_| point.len() == 65)
}

/// Whether the phone's key signed this; a signature is r and s, one after the other.
pub fn signed(row: &report_capability::Model, message: &[u8], signature: &[u8]) -> bool {
    match (key(&row.public_key), Signature::from_slice(signature)) {
        (Some(key), Ok(signature)) => key.verify(message, &signature).is_ok(),
        _ => false,
    }
}
