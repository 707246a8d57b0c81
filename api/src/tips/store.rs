//! Every query of the slice. What is published is public, so nobody's scope narrows a reading of that.

use entities::{
    tip,
    words::{Timestamp, TipId, Topic},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use crate::base::{db::Tx, listed::one};

pub async fn known(tx: &Tx, ids: Vec<TipId>) -> Result<Vec<TipId>, DbErr> {
    tip::Entity::find()
        .select_only()
        .column(tip::Column::TipId)
        .filter(tip::Column::TipId.is_in(ids))
        .into_tuple()
        .all(&**tx)
        .await
}

/// Those of some topics that were published, or will be, between two moments.
pub async fn around(tx: &Tx, topics: Vec<Topic>, from: Timestamp, until: Timestamp) -> Result<Vec<tip::Model>, DbErr> {
    use tip::Column as C;
    tip::Entity::find().filter(C::Topic.is_in(topics)).filter(C::PublishedAt.between(from, until)).all(&**tx).await
}

pub async fn insert(tx: &Tx, rows: Vec<tip::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    tip::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    Ok(())
}

pub async fn some(tx: &Tx, ids: Vec<TipId>) -> Result<Vec<tip::Model>, DbErr> {
    tip::Entity::find().filter(tip::Column::TipId.is_in(ids)).all(&**tx).await
}

pub async fn save(tx: &Tx, row: tip::Model) -> Result<(), DbErr> {
    tip::Entity::update(row.into_active_model().reset_all()).exec(&**tx).await?;
    Ok(())
}

/// What is public at a moment. What was taken back before it was published never was.
fn shown(now: Timestamp) -> Select<tip::Entity> {
    use tip::Column as C;
    let published =
        Condition::any().add(C::RecalledAt.is_null()).add(Expr::col(C::RecalledAt).gte(Expr::col(C::PublishedAt)));
    tip::Entity::find().filter(C::PublishedAt.lte(now)).filter(C::ExpiresAt.gt(now)).filter(published)
}

pub async fn one_shown(db: &impl ConnectionTrait, id: TipId, now: Timestamp) -> Result<Option<tip::Model>, DbErr> {
    shown(now).filter(tip::Column::TipId.eq(id)).one(db).await
}

pub async fn list(
    db: &impl ConnectionTrait,
    now: Timestamp,
    municipality: Option<&str>,
    topic: Option<Topic>,
    after: Option<(i64, TipId)>,
    limit: u64,
) -> Result<Vec<tip::Model>, DbErr> {
    use tip::Column as C;
    let mut query = shown(now);
    if let Some(code) = municipality {
        let here = Condition::any().add(C::Municipalities.contains(one(code))).add(C::Municipalities.eq(","));
        query = query.filter(here);
    }
    if let Some(topic) = topic {
        query = query.filter(C::Topic.eq(topic));
    }
    page(query, after, limit).all(db).await
}

/// All of them, as officers see them.
pub async fn planned(
    db: &impl ConnectionTrait,
    after: Option<(i64, TipId)>,
    limit: u64,
) -> Result<Vec<tip::Model>, DbErr> {
    page(tip::Entity::find(), after, limit).all(db).await
}

fn page(mut query: Select<tip::Entity>, after: Option<(i64, TipId)>, limit: u64) -> Select<tip::Entity> {
    use tip::Column as C;
    if let Some((at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(C::PublishedAt.lt(at))
                .add(Condition::all().add(C::PublishedAt.eq(at)).add(C::TipId.lt(id))),
        );
    }
    query.order_by_desc(C::PublishedAt).order_by_desc(C::TipId).limit(limit)
}

/// Removes some of those that were published before a moment. Says which.
pub async fn remove_old(tx: &Tx, before: Timestamp, limit: u64) -> Result<Vec<TipId>, DbErr> {
    let old: Vec<TipId> = tip::Entity::find()
        .select_only()
        .column(tip::Column::TipId)
        .filter(tip::Column::PublishedAt.lte(before))
        .limit(limit)
        .into_tuple()
        .all(&**tx)
        .await?;
    tip::Entity::delete_many().filter(tip::Column::TipId.is_in(old.clone())).exec(&**tx).await?;
    Ok(old)
}
