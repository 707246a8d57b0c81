//! Every query of the slice. Whose cases somebody may see is the service's rule.

use entities::{
    hard_case,
    words::{ConversationId, Timestamp},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::base::db::{self, Tx};

pub async fn insert(tx: &Tx, rows: Vec<hard_case::Model>) -> Result<(), DbErr> {
    use hard_case::Column as C;
    db::upsert::<hard_case::Entity>(tx, &rows, &[C::ConversationId, C::OfficerId], &[C::OfficerNumber]).await
}

pub async fn since(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<hard_case::Model>, DbErr> {
    hard_case::Entity::find().filter(hard_case::Column::At.gt(since)).all(db).await
}

pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    use hard_case::{Column as C, Entity};
    Entity::delete_many().filter(C::ConversationId.eq(id)).exec(&**tx).await.map(drop)
}
