//! Keeping a report capability. What it opens is for http/caller.rs and the sync slice.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::report_capability;

use super::{model::*, store};
use crate::{
    base::{
        capability,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    http::caller::Caller,
};

const LIFE_SECONDS: i64 = 180 * 24 * 3600;

fn bytes(field: &str, text: &str) -> Result<Vec<u8>, Refusal> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::invalid(field))
}

pub async fn keep(deps: &Deps, caller: &Caller, command: NewCapability) -> Result<CapabilityKept, Refusal> {
    let secret = bytes("secret", &command.secret)?;
    let public_key = bytes("public_key", &command.public_key)?;
    capability::key(&public_key).ok_or_else(|| Refusal::invalid("public_key"))?;
    let row = report_capability::Model {
        capability_id: command.capability_id,
        account_id: caller.who.account_id,
        device_id: caller.device_id,
        secret_hash: capability::hash(&secret),
        public_key,
        ends_at: deps.clock.now().plus_seconds(LIFE_SECONDS),
    };
    let tx = deps.db.begin().await?;
    let device = store::device(&tx, caller.device_id).await?;
    if device.is_none_or(|device| device.ended_at.is_some()) {
        return Err(Kind::SessionEnded.into());
    }
    if !store::keep_capability(&tx, row.clone()).await? {
        return Err(Kind::Conflict.into());
    }
    tx.commit().await?;
    let parcel_key = ParcelKey {
        key_id: deps.keys.parcel_key_id(),
        public_key: BASE64_URL_SAFE_NO_PAD.encode(&deps.keys.parcel_public),
    };
    Ok(CapabilityKept { capability_id: row.capability_id, ends_at: row.ends_at, parcel_key })
}
