//! Changing the master key while everything runs.
//!
//! 1. The key file gets a new key before the old one.
//! 2. The database learns its name.
//! 3. Batch by batch, the keys of talks and reports are wrapped anew; programs that meet a row under the new key read the
//!    file again.
//! 4. The server's own keys follow, and the old name goes: from then on the database refuses a key that is wrapped under
//!    the old one, and a program that tries reads the file again.
//! 5. The file keeps the new key alone.
//!
//! Killed at any point, the same command goes on.

use std::path::PathBuf;

use entities::{content_key, master_key, server_key, words::Timestamp};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockType, OnConflict},
};
use uuid::Uuid;

use super::{
    chance::Chance,
    db::Db,
    master::{MasterKey, MasterKeys},
    refusal::Refusal,
    vault,
};
use crate::deps::Deps;

/// Keys in one transaction: short enough that writers do not notice.
const BATCH: u64 = 200;

pub struct Rotated {
    pub to: String,
    /// Keys that were wrapped anew by this run.
    pub keys: u64,
    /// Where the old key was put aside, for backups from before.
    pub retired: Vec<PathBuf>,
}

/// Lets keys be wrapped under a master key.
pub async fn name(db: &Db, master_id: &str, now: Timestamp) -> Result<(), DbErr> {
    if master_key::Entity::find_by_id(master_id.to_owned()).one(db.read()).await?.is_some() {
        return Ok(());
    }
    let tx = db.begin().await?;
    let row = master_key::Model { master_id: master_id.to_owned(), first_used_at: now };
    master_key::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(master_key::Column::MasterId).do_nothing().to_owned())
        .exec_without_returning(&*tx)
        .await?;
    tx.commit().await
}

/// Begins a rotation, or goes on with one that was broken off.
pub async fn rotate(deps: &Deps) -> Result<Rotated, String> {
    let (db, masters, chance) = (&deps.db, &*deps.masters, &*deps.chance);
    let waiting = deps.masters.clone();
    let _turn = tokio::task::spawn_blocking(move || waiting.turn()).await.map_err(|error| error.to_string())??;
    if masters.all().len() < 2 {
        masters.begin_rotation(chance)?;
    }
    let to = masters.current();
    name(db, &to.id, deps.clock.now()).await.map_err(|error| format!("rotation: {error}"))?;
    let mut keys = 0;
    // A program that has not heard yet may wrap a new key under the old one until its name is gone.
    loop {
        keys += all_keys(db, masters, &to, chance).await.map_err(fault)?;
        if forget_others(db, masters, &to, chance).await.map_err(fault)? {
            break;
        }
    }
    let retired = masters.end_rotation(&to, chance)?;
    Ok(Rotated { to: to.id, keys, retired })
}

fn fault(refusal: Refusal) -> String {
    format!("rotation: {}", refusal.cause.unwrap_or_else(|| refusal.kind.title().to_owned()))
}

async fn all_keys(db: &Db, masters: &MasterKeys, to: &MasterKey, chance: &dyn Chance) -> Result<u64, Refusal> {
    use content_key::Column as C;
    let mut done = 0;
    loop {
        let tx = db.begin().await?;
        let rows = content_key::Entity::find()
            .filter(C::MasterId.ne(&to.id))
            .order_by_asc(C::ContentId)
            .limit(BATCH)
            .lock(LockType::Update)
            .all(&*tx)
            .await?;
        if rows.is_empty() {
            return Ok(done);
        }
        done += rows.len() as u64;
        let mut again = Vec::with_capacity(rows.len());
        for row in rows {
            let from = masters.by_id(&row.master_id).map_err(Refusal::fault)?;
            let wrapped = vault::rewrap(&row, &from.cipher, &to.cipher, chance)?;
            again.push(content_key::Model { wrapped, master_id: to.id.clone(), ..row }.into_active_model().reset_all());
        }
        content_key::Entity::insert_many(again)
            .on_conflict(OnConflict::column(C::ContentId).update_columns([C::Wrapped, C::MasterId]).to_owned())
            .exec_without_returning(&*tx)
            .await?;
        tx.commit().await?;
    }
}

/// Wraps the server's own keys anew and takes the other names away. Says no when a key still hangs on one of them.
async fn forget_others(db: &Db, masters: &MasterKeys, to: &MasterKey, chance: &dyn Chance) -> Result<bool, Refusal> {
    let tx = db.begin().await?;
    for row in server_key::Entity::find().lock(LockType::Update).all(&*tx).await? {
        if to.cipher.open(&row.name, Uuid::nil(), &row.wrapped).is_ok() {
            continue;
        }
        let opened = masters.all().iter().find_map(|key| key.cipher.open(&row.name, Uuid::nil(), &row.wrapped).ok());
        let plain = opened.ok_or_else(|| Refusal::fault(format!("no master key opens {}", row.name)))?;
        let wrapped = to.cipher.seal(&row.name, Uuid::nil(), &plain, chance)?;
        server_key::Model { wrapped, ..row }.into_active_model().reset_all().update(&*tx).await?;
    }
    let others = master_key::Entity::delete_many().filter(master_key::Column::MasterId.ne(&to.id));
    match others.exec(&*tx).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(true)
        }
        Err(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_))) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
