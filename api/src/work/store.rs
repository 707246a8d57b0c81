//! Every query of the slice. What is read of a talk is asked for by whom `chat::may_read` lets read it.

use entities::{note, words::ConversationId};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::base::db::{self, Tx};

pub async fn insert(tx: &Tx, rows: Vec<note::Model>) -> Result<(), DbErr> {
    db::insert::<note::Entity>(tx, &rows).await
}

/// Of one talk, the newest first.
pub async fn notes(db: &impl ConnectionTrait, id: ConversationId, limit: u64) -> Result<Vec<note::Model>, DbErr> {
    use note::{Column as C, Entity};
    Entity::find().filter(C::ConversationId.eq(id)).order_by_desc(C::Revision).limit(limit).all(db).await
}

/// Removes all that belongs to a talk.
pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    note::Entity::delete_many().filter(note::Column::ConversationId.eq(id)).exec(&**tx).await.map(drop)
}
