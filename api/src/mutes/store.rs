//! Every query of the slice. What is read of a talk is asked for by whom `chat::may_read` lets read it.

use entities::{
    mute,
    words::{AccountId, ConversationId, MuteId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use crate::base::db::Tx;

pub async fn find(tx: &Tx, id: MuteId) -> Result<Option<mute::Model>, DbErr> {
    mute::Entity::find_by_id(id).one(&**tx).await
}

pub async fn insert(tx: &Tx, row: mute::Model) -> Result<(), DbErr> {
    mute::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await.map(drop)
}

/// It ended before its time.
pub async fn end(tx: &Tx, now: Timestamp, id: MuteId, by: Option<String>) -> Result<(), DbErr> {
    use mute::Column as C;
    mute::Entity::update_many()
        .col_expr(C::EndedAt, Expr::value(now.millis()))
        .col_expr(C::EndedNumber, Expr::value(by))
        .filter(C::MuteId.eq(id))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Of one account, the newest first.
pub async fn of_account(db: &impl ConnectionTrait, account_id: AccountId) -> Result<Vec<mute::Model>, DbErr> {
    use mute::{Column as C, Entity};
    Entity::find().filter(C::AccountId.eq(account_id)).order_by_desc(C::At).order_by_desc(C::MuteId).all(db).await
}

/// What runs at this moment, the newest first.
pub async fn running(db: &impl ConnectionTrait, now: Timestamp, limit: u64) -> Result<Vec<mute::Model>, DbErr> {
    use mute::{Column as C, Entity};
    Entity::find()
        .filter(C::EndedAt.is_null())
        .filter(C::Until.gt(now))
        .order_by_desc(C::At)
        .order_by_desc(C::MuteId)
        .limit(limit)
        .all(db)
        .await
}

pub async fn of_talk(tx: &Tx, id: ConversationId) -> Result<Vec<mute::Model>, DbErr> {
    mute::Entity::find().filter(mute::Column::ConversationId.eq(id)).all(&**tx).await
}

pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    use mute::{Column as C, Entity};
    Entity::delete_many().filter(C::ConversationId.eq(id)).exec(&**tx).await.map(drop)
}
