//! Every query of the slice. Tips are public, so nobody's scope narrows a reading.

use entities::{
    tip,
    words::{Timestamp, TipId, Topic},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use crate::base::db::Tx;

pub async fn known(tx: &Tx, ids: Vec<TipId>) -> Result<Vec<TipId>, DbErr> {
    tip::Entity::find()
        .select_only()
        .column(tip::Column::TipId)
        .filter(tip::Column::TipId.is_in(ids))
        .into_tuple()
        .all(&**tx)
        .await
}

pub async fn insert(tx: &Tx, rows: Vec<tip::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    tip::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: TipId) -> Result<Option<tip::Model>, DbErr> {
    tip::Entity::find_by_id(id).one(db).await
}

pub async fn list(
    db: &impl ConnectionTrait,
    municipality: Option<&str>,
    topic: Option<Topic>,
    after: Option<(i64, TipId)>,
    limit: u64,
) -> Result<Vec<tip::Model>, DbErr> {
    use tip::Column as C;
    let mut query = tip::Entity::find();
    if let Some(municipality) = municipality {
        query = query.filter(C::Municipality.eq(municipality));
    }
    if let Some(topic) = topic {
        query = query.filter(C::Topic.eq(topic));
    }
    if let Some((at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(C::PublishedAt.lt(at))
                .add(Condition::all().add(C::PublishedAt.eq(at)).add(C::TipId.lt(id))),
        );
    }
    query.order_by_desc(C::PublishedAt).order_by_desc(C::TipId).limit(limit).all(db).await
}

/// Removes some of those that were published before a moment. Says how many.
pub async fn remove_old(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64, DbErr> {
    let old = tip::Entity::find()
        .select_only()
        .column(tip::Column::TipId)
        .filter(tip::Column::PublishedAt.lte(before))
        .limit(limit)
        .into_query();
    let gone = tip::Entity::delete_many().filter(tip::Column::TipId.in_subquery(old)).exec(&**tx).await?;
    Ok(gone.rows_affected)
}
