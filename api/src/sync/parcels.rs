//! Words that left a phone sealed, so that the phone itself cannot read them any more. Whoever uses it next hands them in, and
//! learns nothing of them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::words::{AccountId, CapabilityId, DeviceId};
use hpke::{Deserializable, Kem, OpModeR, aead::AesGcm256, kdf::HkdfSha256, kem::DhP256HkdfSha256, single_shot_open};
use poem_openapi::types::Any;
use serde::Deserialize;
use serde_json::Value;

use super::{
    model::*,
    service::{self, open},
};
use crate::{
    base::{
        capability,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    http::problem::Answer,
};

const INFO: &[u8] = b"natpatrull parcel 1";

/// What is under the seal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    capability_id: CapabilityId,
    /// Over the text of `content`, by the capability's key.
    signature: String,
    content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    account_id: AccountId,
    device_id: DeviceId,
    actions: Vec<Kept>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    action: Value,
    /// What is tried when the action is refused: a message to a talk that was closed opens a new one.
    instead: Option<Value>,
}

/// As many as a push takes.
const MOST_ACTIONS: usize = 100;

fn takes(kind: &str) -> bool {
    matches!(kind, "message-send" | "report-submit")
}

/// Applies what is in a parcel, through the one door and by its receipts.
pub async fn take_in(deps: &Deps, parcel: Parcel) -> Answer<()> {
    // A stranger's turn, as in registering: whoever is signed in never waits behind it.
    let _turn = deps.porch.people.turn().await?;
    let signed = unsealed(deps, &parcel).ok_or(Kind::ParcelRefused)?;
    let row = capability::of_id(deps.db.read(), deps.clock.now(), signed.capability_id).await?;
    let row = row.ok_or(Kind::ParcelRefused)?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(&signed.signature).map_err(|_| Kind::ParcelRefused)?;
    if !capability::signed(&row, signed.content.as_bytes(), &signature) {
        return Err(Kind::ParcelRefused.into());
    }
    let content: Content = serde_json::from_str(&signed.content).map_err(|_| Kind::ParcelRefused)?;
    if (content.account_id, content.device_id) != (row.account_id, row.device_id)
        || !(1..=MOST_ACTIONS).contains(&content.actions.len())
    {
        return Err(Kind::ParcelRefused.into());
    }

    let who = capability::who(&row);
    let (actions, instead): (Vec<_>, Vec<_>) =
        content.actions.into_iter().map(|kept| (Any(kept.action), kept.instead)).unzip();
    let results = service::send(deps, &who, row.device_id, takes, actions).await?;
    decided(&results)?;
    let refused = results.iter().zip(instead).filter(|(result, _)| result.is_refused());
    let instead: Vec<_> = refused.filter_map(|(_, instead)| instead.map(Any)).collect();
    decided(&service::send(deps, &who, row.device_id, takes, instead).await?)
}

/// Refuses while an action is open. What only a newer server can read waits for it.
fn decided(results: &[ActionResult]) -> Answer<()> {
    for result in results {
        if let Some(failure) = open(result) {
            return Err(failure);
        }
        if result.problem.as_ref().is_some_and(|problem| problem.kind == Kind::UnknownActionVersion.word()) {
            return Err(Refusal::unavailable("a parcel is for a newer program").into());
        }
    }
    Ok(())
}

fn unsealed(deps: &Deps, parcel: &Parcel) -> Option<Signed> {
    if parcel.key_id != deps.keys.parcel_key_id() {
        return None;
    }
    let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    let key = <DhP256HkdfSha256 as Kem>::PrivateKey::from_bytes(&deps.keys.parcel).ok()?;
    let enc = <DhP256HkdfSha256 as Kem>::EncappedKey::from_bytes(&bytes(&parcel.enc)?).ok()?;
    let plain = single_shot_open::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeR::Base,
        &key,
        &enc,
        INFO,
        &bytes(&parcel.ciphertext)?,
        parcel.key_id.as_bytes(),
    );
    serde_json::from_slice(&plain.ok()?).ok()
}
