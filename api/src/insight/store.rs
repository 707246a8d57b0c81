//! Every query of the slice.

use std::collections::{BTreeMap, HashMap};

use entities::{
    insight_count, insight_cursor, insight_event, insight_release,
    words::{InsightMeasure, Timestamp},
};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use super::counting::Parts;
use crate::base::db::{self, Tx, padded, runs};

/// How far the desk's stream has been read: its epoch and position.
pub async fn cursor(db: &impl ConnectionTrait) -> Result<Option<(i32, i64)>, DbErr> {
    let row = insight_cursor::Entity::find_by_id(insight_cursor::ONLY).one(db).await?;
    Ok(row.map(|row| (row.epoch, row.pos)))
}

pub async fn move_cursor(tx: &Tx, (epoch, pos): (i32, i64)) -> Result<(), DbErr> {
    use insight_cursor::Column as C;
    let row = insight_cursor::Model { only: insight_cursor::ONLY, epoch, pos };
    db::upsert::<insight_cursor::Entity>(tx, &[row], &[C::Only], &[C::Epoch, C::Pos]).await
}

pub async fn events(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, insight_event::Model>, DbErr> {
    let rows = insight_event::Entity::find().filter(insight_event::Column::EventId.is_in(padded(ids))).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.event_id, row)).collect())
}

/// Writes events as they stand, new and changed ones.
pub async fn save(tx: &Tx, rows: &[insight_event::Model]) -> Result<(), DbErr> {
    use insight_event::Column as C;
    db::upsert::<insight_event::Entity>(tx, rows, &[C::EventId], &[C::Facts, C::EntityId, C::Settled]).await
}

/// Some of what nothing changes any more and that stands in no sum yet.
pub async fn to_settle(
    db: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<insight_event::Model>, DbErr> {
    use insight_event::Column as C;
    let due = insight_event::Entity::find().filter(C::Settled.eq(false)).filter(C::SettlesAt.lte(now));
    due.order_by_asc(C::SettlesAt).limit(limit).all(db).await
}

/// No way leads from a figure to what is erased.
pub async fn forget(tx: &Tx, entity_id: Uuid) -> Result<(), DbErr> {
    insight_event::Entity::update_many()
        .col_expr(insight_event::Column::EntityId, Expr::value(None::<Uuid>))
        .filter(insight_event::Column::EntityId.eq(entity_id))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Sums of what was settled, by measure, week, dimension and part. The dimension without a name is all.
pub type Sums = BTreeMap<(InsightMeasure, i32, String, String), i64>;

pub fn sum(sums: &mut Sums, (measure, week): (InsightMeasure, i32), parts: Parts) {
    let all = [(String::new(), String::new())];
    for (dimension, part) in all.into_iter().chain(parts.into_iter().map(|(name, part)| (name.to_owned(), part))) {
        *sums.entry((measure, week, dimension, part)).or_default() += 1;
    }
}

pub async fn add(tx: &Tx, sums: Sums) -> Result<(), DbErr> {
    let sums: Vec<_> = sums.into_iter().collect();
    for part in runs(&sums) {
        let mut upsert = Query::insert();
        upsert.into_table("insight_count").columns(["measure", "week", "dimension", "part", "count"]);
        for ((measure, week, dimension, part), count) in part {
            let row = [
                measure.to_value().into(),
                (*week).into(),
                dimension.clone().into(),
                part.clone().into(),
                (*count).into(),
            ];
            upsert.values(row).map_err(|error| DbErr::Custom(error.to_string()))?;
        }
        let more = Expr::col(("insight_count", "count")).add(Expr::col(("excluded", "count")));
        let key = ["measure", "week", "dimension", "part"];
        upsert.on_conflict(OnConflict::columns(key).value("count", more).to_owned());
        tx.execute(&upsert).await?;
    }
    Ok(())
}

pub async fn counts(db: &impl ConnectionTrait, measure: InsightMeasure) -> Result<Vec<insight_count::Model>, DbErr> {
    insight_count::Entity::find().filter(insight_count::Column::Measure.eq(measure)).all(db).await
}

/// All that was ever told of a measure, the oldest first.
pub async fn releases(
    db: &impl ConnectionTrait,
    measure: InsightMeasure,
) -> Result<Vec<insight_release::Model>, DbErr> {
    use insight_release::Column as C;
    insight_release::Entity::find().filter(C::Measure.eq(measure)).order_by_asc(C::Through).all(db).await
}

/// Leaves what stands already as it is.
pub async fn insert_release(tx: &Tx, row: insight_release::Model) -> Result<(), DbErr> {
    use insight_release::Column as C;
    db::insert_new::<insight_release::Entity>(tx, &[row], &[C::Measure, C::Through]).await.map(drop)
}

/// Takes all sums away, to be made anew.
pub async fn clear(tx: &Tx) -> Result<(), DbErr> {
    insight_count::Entity::delete_many().exec(&**tx).await.map(drop)
}

/// What stands in the sums, in the order of ids.
pub async fn settled_after(tx: &Tx, after: Option<Uuid>, limit: u64) -> Result<Vec<insight_event::Model>, DbErr> {
    use insight_event::Column as C;
    let all = insight_event::Entity::find().filter(C::Settled.eq(true));
    let all = match after {
        Some(after) => all.filter(C::EventId.gt(after)),
        None => all,
    };
    all.order_by_asc(C::EventId).limit(limit).all(&**tx).await
}
