//! Every query of the slice. Each is about one account, whose owner asks.

use entities::{
    account, account_copy, action_receipt, device, push_subscription, report_capability,
    words::{AccountId, ActionId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::base::db::Tx;

pub async fn find(db: &impl ConnectionTrait, account_id: AccountId) -> Result<Option<account_copy::Model>, DbErr> {
    account_copy::Entity::find_by_id(account_id).one(db).await
}

/// A new copy, in the place of one that has ended.
pub async fn ask(tx: &Tx, row: account_copy::Model) -> Result<(), DbErr> {
    use account_copy::Column as C;
    account_copy::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(
            OnConflict::column(C::AccountId)
                .update_columns([C::AskedAt, C::FileId, C::ExpiresAt, C::ReadyAt, C::Size, C::EndedAt])
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

/// Says into which file a copy that is asked for is now being made.
pub async fn begin(tx: &Tx, account_id: AccountId, file_id: Uuid, expires_at: Timestamp) -> Result<bool, DbErr> {
    use account_copy::Column as C;
    let done = account_copy::Entity::update_many()
        .col_expr(C::FileId, Expr::value(file_id))
        .col_expr(C::ExpiresAt, Expr::value(expires_at.millis()))
        .filter(C::AccountId.eq(account_id))
        .filter(C::ReadyAt.is_null())
        .filter(C::EndedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The file is whole, if it is still the one that is wanted.
pub async fn ready(tx: &Tx, now: Timestamp, account_id: AccountId, file_id: Uuid, size: i64) -> Result<bool, DbErr> {
    use account_copy::Column as C;
    let done = account_copy::Entity::update_many()
        .col_expr(C::ReadyAt, Expr::value(now.millis()))
        .col_expr(C::Size, Expr::value(size))
        .filter(C::AccountId.eq(account_id))
        .filter(C::FileId.eq(file_id))
        .filter(C::EndedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The copy is to expire at a moment, unless it does so before.
pub async fn shorten(tx: &Tx, account_id: AccountId, file_id: Uuid, expires_at: Timestamp) -> Result<bool, DbErr> {
    use account_copy::Column as C;
    let done = account_copy::Entity::update_many()
        .col_expr(C::ExpiresAt, Expr::value(expires_at.millis()))
        .filter(C::AccountId.eq(account_id))
        .filter(C::FileId.eq(file_id))
        .filter(C::EndedAt.is_null())
        .filter(C::ExpiresAt.gt(expires_at))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The account's copy is no more, if it is this one, or whichever it is.
pub async fn end(tx: &Tx, now: Timestamp, account_id: AccountId, file_id: Option<Uuid>) -> Result<(), DbErr> {
    use account_copy::Column as C;
    let mut update = account_copy::Entity::update_many()
        .col_expr(C::EndedAt, Expr::value(now.millis()))
        .filter(C::AccountId.eq(account_id))
        .filter(C::EndedAt.is_null());
    if let Some(file_id) = file_id {
        update = update.filter(C::FileId.eq(file_id));
    }
    update.exec(&**tx).await.map(drop)
}

/// The accounts whose copy can be fetched, with its file.
pub async fn fetchable(db: &impl ConnectionTrait) -> Result<Vec<(AccountId, Uuid)>, DbErr> {
    use account_copy::Column as C;
    let rows =
        account_copy::Entity::find().filter(C::ReadyAt.is_not_null()).filter(C::EndedAt.is_null()).all(db).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.account_id, row.file_id?))).collect())
}

// What is kept of an account beside its talks and reports

pub async fn account(db: &impl ConnectionTrait, account_id: AccountId) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(account_id).one(db).await
}

pub async fn devices(db: &impl ConnectionTrait, account_id: AccountId) -> Result<Vec<device::Model>, DbErr> {
    device::Entity::find()
        .filter(device::Column::AccountId.eq(account_id))
        .order_by_asc(device::Column::CreatedAt)
        .all(db)
        .await
}

pub async fn capabilities(
    db: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<Vec<report_capability::Model>, DbErr> {
    report_capability::Entity::find().filter(report_capability::Column::AccountId.eq(account_id)).all(db).await
}

pub async fn subscriptions(
    db: &impl ConnectionTrait,
    account_id: AccountId,
) -> Result<Vec<push_subscription::Model>, DbErr> {
    push_subscription::Entity::find().filter(push_subscription::Column::AccountId.eq(account_id)).all(db).await
}

/// What the account did, oldest first.
pub async fn acts(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    after: Option<(Timestamp, ActionId)>,
    limit: u64,
) -> Result<Vec<action_receipt::Model>, DbErr> {
    use action_receipt::Column as C;
    let mut query = action_receipt::Entity::find().filter(C::AccountId.eq(account_id));
    if let Some((at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(C::ReceivedAt.gt(at))
                .add(Condition::all().add(C::ReceivedAt.eq(at)).add(C::ActionId.gt(id))),
        );
    }
    query.order_by_asc(C::ReceivedAt).order_by_asc(C::ActionId).limit(limit).all(db).await
}
