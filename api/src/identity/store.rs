//! Every query of the slice.

use std::collections::HashMap;

use entities::{
    account, ceremony, code_failure, device, invite, passkey, push_subscription, report_capability, session,
    spent_puzzle, waiting_code,
    words::{AccountId, CeremonyId, DeviceId, InviteId, PuzzleId, Role, SessionId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};
use uuid::Uuid;

use crate::{
    base::{db::Tx, refusal::Refusal},
    deps::Deps,
};

// Accounts and devices

/// Leaves a row with the same id, code or number as it stands, and says whether it made one.
pub async fn claim_account(tx: &Tx, row: account::Model) -> Result<bool, DbErr> {
    let made = account::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(made > 0)
}

pub async fn claim_device(tx: &Tx, row: device::Model) -> Result<(), DbErr> {
    device::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(device::Column::DeviceId).do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

pub async fn account(from: &impl ConnectionTrait, id: AccountId) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id).one(from).await
}

/// Held until the transaction ends, so that a device is not ended while a session of it is being made.
pub async fn device(tx: &Tx, id: DeviceId) -> Result<Option<device::Model>, DbErr> {
    device::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await
}

pub async fn known_device(deps: &Deps, id: DeviceId) -> Result<Option<device::Model>, DbErr> {
    device::Entity::find_by_id(id).one(deps.db.read()).await
}

/// Held until the transaction ends: a code is not changed while a device comes in by it.
pub async fn account_by_code(tx: &Tx, code_mac: Vec<u8>) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find().filter(account::Column::CodeMac.eq(code_mac)).lock(LockType::Update).one(&**tx).await
}

/// A code that still waited for its hash is not wanted any more.
pub async fn set_code(tx: &Tx, id: AccountId, code_mac: Option<Vec<u8>>) -> Result<(), DbErr> {
    waiting_code::Entity::delete_by_id(id).exec(&**tx).await?;
    account::Entity::update_many()
        .col_expr(account::Column::CodeMac, Expr::value(code_mac))
        .filter(account::Column::AccountId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub async fn keep_waiting_code(tx: &Tx, row: waiting_code::Model) -> Result<(), DbErr> {
    waiting_code::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The oldest codes that wait for their hash.
pub async fn waiting_codes(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<waiting_code::Model>, DbErr> {
    waiting_code::Entity::find().order_by_asc(waiting_code::Column::Since).limit(limit).all(db).await
}

/// Whether a code still waits, locked until the transaction ends.
pub async fn waits(tx: &Tx, id: AccountId) -> Result<bool, DbErr> {
    Ok(waiting_code::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await?.is_some())
}

pub async fn officers(deps: &Deps) -> Result<Vec<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Role.is_in([Role::Officer, Role::Lead]))
        .filter(account::Column::EndedAt.is_null())
        .order_by_asc(account::Column::PublicNumber)
        .limit(50)
        .all(deps.db.read())
        .await
}

pub async fn leads(from: &impl ConnectionTrait) -> Result<Vec<AccountId>, DbErr> {
    account::Entity::find()
        .select_only()
        .column(account::Column::AccountId)
        .filter(account::Column::Role.eq(Role::Lead))
        .filter(account::Column::EndedAt.is_null())
        .order_by_asc(account::Column::AccountId)
        .into_tuple()
        .all(from)
        .await
}

pub async fn officer_by_number(from: &impl ConnectionTrait, number: &str) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find().filter(account::Column::PublicNumber.eq(number)).one(from).await
}

/// The officers and leads who bear some numbers.
async fn bearing(from: &impl ConnectionTrait, numbers: Vec<String>) -> Result<Vec<account::Model>, DbErr> {
    use account::{Column as C, Entity};
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let those = Entity::find().filter(C::PublicNumber.is_in(numbers));
    those.filter(C::Role.is_in([Role::Officer, Role::Lead])).all(from).await
}

fn by_number(rows: impl Iterator<Item = account::Model>) -> HashMap<String, AccountId> {
    rows.filter_map(|row| Some((row.public_number?, row.account_id))).collect()
}

/// The officers and leads who bear some numbers, or have.
pub async fn patrol(from: &impl ConnectionTrait, numbers: Vec<String>) -> Result<HashMap<String, AccountId>, DbErr> {
    Ok(by_number(bearing(from, numbers).await?.into_iter()))
}

/// Those of them who serve.
pub async fn serving(from: &impl ConnectionTrait, numbers: Vec<String>) -> Result<HashMap<String, AccountId>, DbErr> {
    Ok(by_number(bearing(from, numbers).await?.into_iter().filter(|row| row.ended_at.is_none())))
}

/// Whether an officer or a lead bears a number.
pub async fn patrols(from: &impl ConnectionTrait, number: &str) -> Result<bool, DbErr> {
    let account = officer_by_number(from, number).await?;
    Ok(account.is_some_and(|row| matches!(row.role, Role::Officer | Role::Lead) && row.ended_at.is_none()))
}

/// All who serve or have served, by number.
pub async fn staff(db: &impl ConnectionTrait) -> Result<Vec<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Role.ne(Role::Youth))
        .order_by_asc(account::Column::PublicNumber)
        .all(db)
        .await
}

/// Held until the transaction ends: nobody comes in by it while it is being ended.
pub async fn lock_account(tx: &Tx, id: AccountId) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await
}

pub async fn end_account(tx: &Tx, id: AccountId, now: Timestamp) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::EndedAt, Expr::value(now.millis()))
        .filter(account::Column::AccountId.eq(id))
        .filter(account::Column::EndedAt.is_null())
        .exec(&**tx)
        .await
        .map(drop)
}

pub async fn devices(deps: &Deps, account_id: AccountId) -> Result<Vec<device::Model>, DbErr> {
    device::Entity::find()
        .filter(device::Column::AccountId.eq(account_id))
        .filter(device::Column::EndedAt.is_null())
        .order_by_asc(device::Column::CreatedAt)
        .limit(100)
        .all(deps.db.read())
        .await
}

/// Ends devices of one account: the one named, or all but `keep`. Says which.
pub async fn end_devices(
    tx: &Tx,
    account_id: AccountId,
    only: Option<DeviceId>,
    keep: Option<DeviceId>,
    now: Timestamp,
) -> Result<Vec<DeviceId>, DbErr> {
    use device::Column as C;
    let mut query = device::Entity::update_many()
        .col_expr(C::EndedAt, Expr::value(now.millis()))
        .filter(C::AccountId.eq(account_id))
        .filter(C::EndedAt.is_null());
    if let Some(only) = only {
        query = query.filter(C::DeviceId.eq(only));
    }
    if let Some(keep) = keep {
        query = query.filter(C::DeviceId.ne(keep));
    }
    Ok(query.exec_with_returning(&**tx).await?.into_iter().map(|row| row.device_id).collect())
}

/// Devices that are signed out or ended are not woken: their addresses go. (The rows are the push slice's, which stands
/// to the right of this one.)
pub async fn forget_addresses(tx: &Tx, devices: Vec<DeviceId>) -> Result<(), DbErr> {
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::DeviceId.is_in(devices))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub async fn forget_addresses_of(tx: &Tx, account_id: AccountId) -> Result<(), DbErr> {
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::AccountId.eq(account_id))
        .exec(&**tx)
        .await
        .map(drop)
}

// Report capabilities

/// Puts it in the place of the device's other one. Says no when its id or secret is another device's.
pub async fn keep_capability(tx: &Tx, row: report_capability::Model) -> Result<bool, DbErr> {
    end_capabilities(tx, row.account_id, Some(row.device_id)).await?;
    let kept = report_capability::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(kept > 0)
}

/// Ends those of an account: of the device named, or all.
pub async fn end_capabilities(tx: &Tx, account_id: AccountId, only: Option<DeviceId>) -> Result<(), DbErr> {
    use report_capability::Column as C;
    let mut query = report_capability::Entity::delete_many().filter(C::AccountId.eq(account_id));
    if let Some(only) = only {
        query = query.filter(C::DeviceId.eq(only));
    }
    query.exec(&**tx).await.map(drop)
}

// Sessions

pub async fn insert_session(tx: &Tx, row: session::Model) -> Result<(), DbErr> {
    session::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}

pub async fn lock_session(tx: &Tx, id: SessionId) -> Result<Option<session::Model>, DbErr> {
    session::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await
}

pub async fn update_session(tx: &Tx, row: session::Model) -> Result<(), DbErr> {
    row.into_active_model().reset_all().update(&**tx).await?;
    Ok(())
}

pub async fn end_sessions(tx: &Tx, devices: Vec<DeviceId>, now: Timestamp) -> Result<Vec<SessionId>, DbErr> {
    use session::Column as C;
    let rows = session::Entity::update_many()
        .col_expr(C::EndedAt, Expr::value(now.millis()))
        .filter(C::DeviceId.is_in(devices))
        .filter(C::EndedAt.is_null())
        .exec_with_returning(&**tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.session_id).collect())
}

pub async fn end_sessions_of(tx: &Tx, account_id: AccountId, now: Timestamp) -> Result<Vec<SessionId>, DbErr> {
    use session::Column as C;
    let rows = session::Entity::update_many()
        .col_expr(C::EndedAt, Expr::value(now.millis()))
        .filter(C::AccountId.eq(account_id))
        .filter(C::EndedAt.is_null())
        .exec_with_returning(&**tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.session_id).collect())
}

/// On how many devices each officer is signed in.
pub async fn officers_signed_in(db: &impl ConnectionTrait, now: Timestamp) -> Result<HashMap<AccountId, i64>, DbErr> {
    use session::Column as C;
    let rows: Vec<(AccountId, i64)> = session::Entity::find()
        .select_only()
        .column(C::AccountId)
        .column_as(C::SessionId.count(), "devices")
        .filter(C::Role.ne(Role::Youth))
        .filter(C::EndedAt.is_null())
        .filter(C::ExpiresAt.gt(now))
        .group_by(C::AccountId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

pub async fn end_session(tx: &Tx, id: SessionId, now: Timestamp) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now.millis()))
        .filter(session::Column::SessionId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub async fn end_all_sessions(tx: &Tx, now: Timestamp) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now.millis()))
        .filter(session::Column::EndedAt.is_null())
        .exec(&**tx)
        .await
        .map(drop)
}

pub async fn forget_open_invites(tx: &Tx) -> Result<(), DbErr> {
    invite::Entity::delete_many().filter(invite::Column::UsedAt.is_null()).exec(&**tx).await.map(drop)
}

pub async fn ended_since(deps: &Deps, since: Timestamp) -> Result<Vec<SessionId>, DbErr> {
    session::Entity::find()
        .select_only()
        .column(session::Column::SessionId)
        .filter(session::Column::EndedAt.gte(since))
        .into_tuple()
        .all(deps.db.read())
        .await
}

// Puzzles and failures

/// A puzzle is good once: says whether this was the first time.
pub async fn spend_puzzle(tx: &Tx, id: PuzzleId, expires_at: Timestamp, now: Timestamp) -> Result<bool, DbErr> {
    spent_puzzle::Entity::delete_many().filter(spent_puzzle::Column::ExpiresAt.lte(now)).exec(&**tx).await?;
    let row = spent_puzzle::Model { puzzle_id: id, expires_at };
    let spent = spent_puzzle::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(spent_puzzle::Column::PuzzleId).do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(spent > 0)
}

/// When the account was made behind which so many are newer.
pub async fn nth_newest_account(tx: &Tx, nth: u64) -> Result<Option<Timestamp>, DbErr> {
    account::Entity::find()
        .select_only()
        .column(account::Column::CreatedAt)
        .order_by_desc(account::Column::CreatedAt)
        .offset(nth - 1)
        .limit(1)
        .into_tuple()
        .one(&**tx)
        .await
}

pub async fn owe_nothing(tx: &Tx, account_id: AccountId) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::OwedBits, Expr::value(0))
        .filter(account::Column::AccountId.eq(account_id))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Those of these accounts that owe a puzzle.
pub async fn owing(db: &impl ConnectionTrait, ids: Vec<AccountId>) -> Result<Vec<AccountId>, DbErr> {
    // Most groups of messages open no talk, and ask nothing.
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    account::Entity::find()
        .select_only()
        .column(account::Column::AccountId)
        .filter(account::Column::AccountId.is_in(ids))
        .filter(account::Column::OwedBits.gt(0))
        .into_tuple()
        .all(db)
        .await
}

pub async fn failures_since(from: &impl ConnectionTrait, since: Timestamp) -> Result<u64, DbErr> {
    code_failure::Entity::find().filter(code_failure::Column::At.gt(since)).count(from).await
}

pub async fn insert_failure(tx: &Tx, row: code_failure::Model, forget: Timestamp) -> Result<(), DbErr> {
    code_failure::Entity::delete_many().filter(code_failure::Column::At.lte(forget)).exec(&**tx).await?;
    code_failure::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The code was right after all.
pub async fn forgive(tx: &Tx, failure_id: Uuid) -> Result<(), DbErr> {
    code_failure::Entity::delete_by_id(failure_id).exec(&**tx).await?;
    Ok(())
}

// Invites, ceremonies, passkeys

pub async fn insert_invite(tx: &Tx, row: invite::Model) -> Result<(), DbErr> {
    invite::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}

pub async fn open_invite(deps: &Deps, token_mac: Vec<u8>, now: Timestamp) -> Result<Option<invite::Model>, DbErr> {
    invite::Entity::find()
        .filter(invite::Column::TokenMac.eq(token_mac))
        .filter(invite::Column::UsedAt.is_null())
        .filter(invite::Column::ExpiresAt.gt(now))
        .one(deps.db.read())
        .await
}

pub async fn open_invites(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<invite::Model>, DbErr> {
    invite::Entity::find()
        .filter(invite::Column::UsedAt.is_null())
        .filter(invite::Column::ExpiresAt.gt(now))
        .order_by_asc(invite::Column::ExpiresAt)
        .order_by_asc(invite::Column::InviteId)
        .all(db)
        .await
}

pub async fn lock_invite(tx: &Tx, id: InviteId) -> Result<Option<invite::Model>, DbErr> {
    invite::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await
}

pub async fn end_invite(tx: &Tx, id: InviteId, now: Timestamp) -> Result<(), DbErr> {
    invite::Entity::update_many()
        .col_expr(invite::Column::ExpiresAt, Expr::value(now.millis()))
        .filter(invite::Column::InviteId.eq(id))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Those that wait for an officer's number.
pub async fn end_invites_of(tx: &Tx, number: &str, now: Timestamp) -> Result<(), DbErr> {
    invite::Entity::update_many()
        .col_expr(invite::Column::ExpiresAt, Expr::value(now.millis()))
        .filter(invite::Column::PublicNumber.eq(number))
        .filter(invite::Column::UsedAt.is_null())
        .exec(&**tx)
        .await
        .map(drop)
}

/// An invite is good once.
pub async fn use_invite(tx: &Tx, token_mac: Vec<u8>, now: Timestamp) -> Result<Option<invite::Model>, DbErr> {
    let rows = invite::Entity::update_many()
        .col_expr(invite::Column::UsedAt, Expr::value(now.millis()))
        .filter(invite::Column::TokenMac.eq(token_mac))
        .filter(invite::Column::UsedAt.is_null())
        .filter(invite::Column::ExpiresAt.gt(now))
        .exec_with_returning(&**tx)
        .await?;
    Ok(rows.into_iter().next())
}

pub async fn insert_ceremony(deps: &Deps, row: ceremony::Model, now: Timestamp) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    ceremony::Entity::delete_many().filter(ceremony::Column::ExpiresAt.lte(now)).exec(&*tx).await?;
    ceremony::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&*tx).await?;
    Ok(tx.commit().await?)
}

pub async fn take_ceremony(deps: &Deps, id: CeremonyId, now: Timestamp) -> Result<Option<ceremony::Model>, Refusal> {
    let tx = deps.db.begin().await?;
    let row = ceremony::Entity::delete_many()
        .filter(ceremony::Column::CeremonyId.eq(id))
        .filter(ceremony::Column::ExpiresAt.gt(now))
        .exec_with_returning(&*tx)
        .await?
        .pop();
    tx.commit().await?;
    Ok(row)
}

pub async fn insert_passkey(tx: &Tx, row: passkey::Model) -> Result<(), DbErr> {
    passkey::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}

pub async fn passkey(deps: &Deps, credential_id: &[u8]) -> Result<Option<passkey::Model>, DbErr> {
    passkey::Entity::find().filter(passkey::Column::CredentialId.eq(credential_id.to_vec())).one(deps.db.read()).await
}

pub async fn forget_passkeys(tx: &Tx, account_id: AccountId) -> Result<(), DbErr> {
    passkey::Entity::delete_many().filter(passkey::Column::AccountId.eq(account_id)).exec(&**tx).await.map(drop)
}

pub async fn update_passkey(tx: &Tx, id: Uuid, credential: String, now: Timestamp) -> Result<(), DbErr> {
    passkey::Entity::update_many()
        .col_expr(passkey::Column::Credential, Expr::value(credential))
        .col_expr(passkey::Column::UsedAt, Expr::value(now.millis()))
        .filter(passkey::Column::PasskeyId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

// What ages out

/// Removes some of what is over: sessions and invites a day after, devices that were ended once no session of theirs can
/// run, ceremonies, report capabilities. Says whether there may be more.
pub async fn clean(tx: &Tx, now: Timestamp, batch: u64) -> Result<bool, DbErr> {
    let day_ago = now.plus_seconds(-24 * 3600);
    let season_ago = now.plus_seconds(-super::sessions::YOUTH_SECONDS);
    let sessions = session::Entity::find()
        .select_only()
        .column(session::Column::SessionId)
        .filter(session::Column::ExpiresAt.lt(day_ago).or(session::Column::EndedAt.lt(day_ago)))
        .limit(batch)
        .into_query();
    let sessions =
        session::Entity::delete_many().filter(session::Column::SessionId.in_subquery(sessions)).exec(&**tx).await?;
    let devices = device::Entity::find()
        .select_only()
        .column(device::Column::DeviceId)
        .filter(device::Column::EndedAt.lt(season_ago))
        .limit(batch)
        .into_query();
    let devices =
        device::Entity::delete_many().filter(device::Column::DeviceId.in_subquery(devices)).exec(&**tx).await?;
    invite::Entity::delete_many()
        .filter(invite::Column::ExpiresAt.lt(day_ago).or(invite::Column::UsedAt.lt(day_ago)))
        .exec(&**tx)
        .await?;
    ceremony::Entity::delete_many().filter(ceremony::Column::ExpiresAt.lte(now)).exec(&**tx).await?;
    report_capability::Entity::delete_many().filter(report_capability::Column::EndsAt.lte(now)).exec(&**tx).await?;
    Ok(sessions.rows_affected >= batch || devices.rows_affected >= batch)
}
