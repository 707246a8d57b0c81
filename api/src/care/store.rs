//! Every query of the slice. Whose cases somebody may see is the service's rule.

use entities::{
    hard_case,
    words::{ConversationId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};

use crate::base::db::Tx;

pub async fn insert(tx: &Tx, rows: Vec<hard_case::Model>) -> Result<(), DbErr> {
    use hard_case::Column as C;
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        let known = OnConflict::columns([C::ConversationId, C::OfficerId]).update_column(C::OfficerNumber).to_owned();
        hard_case::Entity::insert_many(part).on_conflict(known).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

pub async fn since(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<hard_case::Model>, DbErr> {
    hard_case::Entity::find().filter(hard_case::Column::At.gt(since)).all(db).await
}

pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    use hard_case::{Column as C, Entity};
    Entity::delete_many().filter(C::ConversationId.eq(id)).exec(&**tx).await.map(drop)
}
