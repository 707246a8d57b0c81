//! One thing told to many phones: for whom, how many that are, and what became of it, in sums.

use entities::{
    sending,
    words::{SendingId, SendingKind, SendingState, Timestamp},
};
use sea_orm::{DbErr, prelude::Uuid};

use super::{model::*, progress, store};
use crate::{
    base::{chance::Chance, db::Tx, refusal::Refusal},
    deps::Deps,
};

/// As many phones as an audience has at least, if it is narrowed: with fewer, somebody could guess whose they are.
pub const LEAST_PHONES: u64 = 20;

/// Tells something to many phones at a time.
#[derive(Clone, Debug)]
pub struct NewSending<'a> {
    pub kind: SendingKind,
    pub entity_id: Uuid,
    pub audience: &'a Audience,
    pub begins_at: Timestamp,
    /// Nothing is sent from then on, and a push service forgets what a phone has not fetched.
    pub expires_at: Timestamp,
}

pub async fn send(tx: &Tx, chance: &dyn Chance, new: NewSending<'_>) -> Result<(), DbErr> {
    store::insert_sending(tx, row(chance, new)?).await
}

fn row(chance: &dyn Chance, new: NewSending<'_>) -> Result<sending::Model, DbErr> {
    let audience = serde_json::to_string(new.audience).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(sending::Model {
        sending_id: SendingId(chance.uuid_v4()),
        kind: new.kind,
        entity_id: new.entity_id,
        audience,
        begins_at: new.begins_at,
        expires_at: new.expires_at,
        state: SendingState::Waiting,
        after: None,
        begun: None,
        read_whole: false,
        holder: None,
        held_until: None,
        until: None,
        accepted: 0,
        gone: 0,
        refused: 0,
        too_large: 0,
        expired: 0,
        unsure: 0,
        waiting: 0,
    })
}

/// Stops what was not sent of a tip, and tells those whom it may have reached that it was taken back.
pub async fn take_back(
    tx: &Tx,
    chance: &dyn Chance,
    now: Timestamp,
    entity_id: Uuid,
    expires_at: Timestamp,
) -> Result<(), DbErr> {
    for told in store::stop_sendings(tx, SendingKind::Tip, entity_id).await? {
        let audience = serde_json::from_str(&told.audience).map_err(|error| DbErr::Custom(error.to_string()))?;
        let kind = SendingKind::TipRecalled;
        let again = row(chance, NewSending { kind, entity_id, audience: &audience, begins_at: now, expires_at })?;
        let (until, instead) = (told.begun.or(told.after), again.sending_id);
        if until.is_some() {
            store::insert_sending(tx, sending::Model { until, ..again }).await?;
        }
        progress::spares(tx, told.sending_id, instead).await?;
    }
    Ok(())
}

/// Whether an audience is narrowed to so few phones that it may not be told apart from the others.
pub async fn too_few(deps: &Deps, audience: &Audience) -> Result<bool, DbErr> {
    Ok(audience.is_narrowed() && store::phones_up_to(deps.db.read(), audience, LEAST_PHONES).await? < LEAST_PHONES)
}

pub async fn count(deps: &Deps, audience: &Audience) -> Result<PhoneCount, Refusal> {
    Ok(PhoneCount::of(store::phones(deps.db.read(), audience).await?))
}

/// What became of the sendings of one thing.
pub async fn sums(deps: &Deps, entity_id: Uuid) -> Result<SendingList, Refusal> {
    let rows = store::sendings_of(deps.db.read(), entity_id).await?;
    let told = |n: i64| PhoneCount::of(n.unsigned_abs());
    let items = rows.into_iter().map(|row| SendingSums {
        kind: row.kind,
        state: row.state,
        begins_at: row.begins_at,
        told: told(row.accepted + row.unsure),
        not_reached: told(row.gone + row.refused + row.too_large + row.expired),
    });
    Ok(SendingList { items: items.collect() })
}
