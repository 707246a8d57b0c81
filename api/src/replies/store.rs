//! Every query of the slice. The texts are the patrol's own: whoever may ask for them may have them all.

use entities::{canned_reply, words::ReplyId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use crate::base::db::Tx;

/// The newest of each, by age.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Vec<canned_reply::Model>, DbErr> {
    use canned_reply::{Column as C, Entity};
    let newest = Entity::find().select_only().column(C::ReplyId).column_as(C::Revision.max(), "newest");
    let newest = newest.group_by(C::ReplyId).into_query();
    Entity::find()
        .filter(Expr::tuple([Expr::col(C::ReplyId), Expr::col(C::Revision)]).in_subquery(newest))
        .order_by_asc(C::ReplyId)
        .all(db)
        .await
}

pub async fn one(tx: &Tx, id: ReplyId) -> Result<Option<canned_reply::Model>, DbErr> {
    use canned_reply::{Column as C, Entity};
    Entity::find().filter(C::ReplyId.eq(id)).order_by_desc(C::Revision).one(&**tx).await
}

pub async fn insert(tx: &Tx, row: canned_reply::Model) -> Result<(), DbErr> {
    canned_reply::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await.map(drop)
}
