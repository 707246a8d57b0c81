//! Every query of the slice.

use entities::{
    account, ceremony, code_failure, device, invite, passkey, puzzle, session,
    words::{AccountId, CeremonyId, DeviceId, PuzzleId, Role, SessionId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, LockType, OnConflict},
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

pub async fn set_code(tx: &Tx, id: AccountId, code_mac: Option<Vec<u8>>) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::CodeMac, Expr::value(code_mac))
        .filter(account::Column::AccountId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub async fn officers(deps: &Deps) -> Result<Vec<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Role.is_in([Role::Officer, Role::Lead]))
        .order_by_asc(account::Column::PublicNumber)
        .limit(50)
        .all(deps.db.read())
        .await
}

pub async fn officer_by_number(from: &impl ConnectionTrait, number: &str) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find().filter(account::Column::PublicNumber.eq(number)).one(from).await
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

pub async fn end_session(tx: &Tx, id: SessionId, now: Timestamp) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now.millis()))
        .filter(session::Column::SessionId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
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

pub async fn insert_puzzle(deps: &Deps, row: puzzle::Model, now: Timestamp) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    puzzle::Entity::delete_many().filter(puzzle::Column::ExpiresAt.lte(now)).exec(&*tx).await?;
    puzzle::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&*tx).await?;
    Ok(tx.commit().await?)
}

/// A puzzle is good once.
pub async fn take_puzzle(tx: &Tx, id: PuzzleId, now: Timestamp) -> Result<Option<puzzle::Model>, DbErr> {
    let mut rows = puzzle::Entity::delete_many()
        .filter(puzzle::Column::PuzzleId.eq(id))
        .filter(puzzle::Column::ExpiresAt.gt(now))
        .exec_with_returning(&**tx)
        .await?;
    Ok(rows.pop())
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

pub async fn insert_invite(deps: &Deps, row: invite::Model) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    invite::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&*tx).await?;
    Ok(tx.commit().await?)
}

pub async fn open_invite(deps: &Deps, token_mac: Vec<u8>, now: Timestamp) -> Result<Option<invite::Model>, DbErr> {
    invite::Entity::find()
        .filter(invite::Column::TokenMac.eq(token_mac))
        .filter(invite::Column::UsedAt.is_null())
        .filter(invite::Column::ExpiresAt.gt(now))
        .one(deps.db.read())
        .await
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

pub async fn update_passkey(tx: &Tx, id: Uuid, credential: String, now: Timestamp) -> Result<(), DbErr> {
    passkey::Entity::update_many()
        .col_expr(passkey::Column::Credential, Expr::value(credential))
        .col_expr(passkey::Column::UsedAt, Expr::value(now.millis()))
        .filter(passkey::Column::PasskeyId.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}
