//! Every query of the slice. What is read of a talk is asked for by whom `chat::may_read` lets read it.

use entities::{
    duty_record, duty_text,
    words::{ConversationId, DutyId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::base::db::{self, Tx};

pub async fn newest_text(db: &impl ConnectionTrait) -> Result<Option<duty_text::Model>, DbErr> {
    duty_text::Entity::find().order_by_desc(duty_text::Column::Version).one(db).await
}

pub async fn insert_text(tx: &Tx, row: duty_text::Model) -> Result<(), DbErr> {
    duty_text::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await.map(drop)
}

pub async fn known(tx: &Tx, ids: Vec<DutyId>) -> Result<Vec<DutyId>, DbErr> {
    use duty_record::{Column as C, Entity};
    Entity::find().select_only().column(C::DutyId).filter(C::DutyId.is_in(ids)).into_tuple().all(&**tx).await
}

pub async fn insert(tx: &Tx, rows: Vec<duty_record::Model>) -> Result<(), DbErr> {
    db::insert::<duty_record::Entity>(tx, &rows).await
}

/// Of a talk that may be read, the newest first.
pub async fn of_talk(db: &impl ConnectionTrait, id: ConversationId) -> Result<Vec<duty_record::Model>, DbErr> {
    use duty_record::{Column as C, Entity};
    Entity::find().filter(C::ConversationId.eq(id)).order_by_desc(C::At).order_by_desc(C::DutyId).all(db).await
}

pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    use duty_record::{Column as C, Entity};
    Entity::delete_many().filter(C::ConversationId.eq(id)).exec(&**tx).await.map(drop)
}
