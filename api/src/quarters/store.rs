//! Every query of the slice. What is read here is the patrol's own, so nobody's scope narrows a reading.

use std::collections::HashMap;

use entities::{
    idea, opening_exception, opening_override, opening_plan, quarter, shift,
    words::{AccountId, IdeaState, QuarterId, ShiftId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};

use super::model::{LONGEST_SHIFT_SECONDS, Wishes};
use crate::base::db::Tx;

// Shifts

/// Those that run, the first to start first.
pub async fn running(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<shift::Model>, DbErr> {
    shift::Entity::find()
        .filter(shift::Column::EndedAt.is_null())
        // Whoever forgot to come home is signed out by now.
        .filter(shift::Column::StartedAt.gt(now.plus_seconds(-LONGEST_SHIFT_SECONDS)))
        .order_by_asc(shift::Column::StartedAt)
        .order_by_asc(shift::Column::ShiftId)
        .all(db)
        .await
}

/// Those of some officers that began since a moment, whether they go on or not.
pub async fn shifts_since(
    db: &impl ConnectionTrait,
    officers: Vec<AccountId>,
    since: Timestamp,
) -> Result<Vec<shift::Model>, DbErr> {
    use shift::{Column as C, Entity};
    Entity::find().filter(C::OfficerId.is_in(officers)).filter(C::StartedAt.gt(since)).all(db).await
}

/// The named ones, and those of the named officers that were not ended, locked until commit.
pub async fn lock_shifts(
    tx: &Tx,
    ids: Vec<ShiftId>,
    officers: Vec<AccountId>,
) -> Result<HashMap<ShiftId, shift::Model>, DbErr> {
    use shift::Column as C;
    let rows = shift::Entity::find()
        .filter(C::ShiftId.is_in(ids).or(C::OfficerId.is_in(officers).and(C::EndedAt.is_null())))
        .order_by_asc(C::ShiftId)
        .lock(LockType::Update)
        .all(&**tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.shift_id, row)).collect())
}

pub async fn save_shifts(tx: &Tx, rows: Vec<shift::Model>) -> Result<(), DbErr> {
    use shift::Column as C;
    if rows.is_empty() {
        return Ok(());
    }
    shift::Entity::insert_many(rows.into_iter().map(|row| row.into_active_model().reset_all()))
        .on_conflict(
            OnConflict::column(C::ShiftId)
                .update_columns([C::DeviceId, C::Revision, C::EndedAt, C::AlarmAskedAt, C::AlarmAnsweredAt, C::HeardAt])
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

/// When each officer was last heard from on a shift.
pub async fn last_heard(db: &impl ConnectionTrait) -> Result<HashMap<AccountId, Timestamp>, DbErr> {
    let rows: Vec<(AccountId, Timestamp)> = shift::Entity::find()
        .select_only()
        .column(shift::Column::OfficerId)
        .column_as(shift::Column::HeardAt.max(), "heard_at")
        .group_by(shift::Column::OfficerId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Officers whose running shift was not marked as heard since a moment.
pub async fn marked_before(
    db: &impl ConnectionTrait,
    officers: Vec<AccountId>,
    before: Timestamp,
) -> Result<Vec<AccountId>, DbErr> {
    shift::Entity::find()
        .select_only()
        .column(shift::Column::OfficerId)
        .filter(shift::Column::EndedAt.is_null())
        .filter(shift::Column::HeardAt.lte(before))
        .filter(shift::Column::OfficerId.is_in(officers))
        .into_tuple()
        .all(db)
        .await
}

pub async fn mark_heard(tx: &Tx, officer_id: AccountId, at: Timestamp) -> Result<(), DbErr> {
    shift::Entity::update_many()
        .col_expr(shift::Column::HeardAt, Expr::value(at.millis()))
        .filter(shift::Column::OfficerId.eq(officer_id))
        .filter(shift::Column::EndedAt.is_null())
        .filter(shift::Column::HeardAt.lt(at))
        .exec(&**tx)
        .await
        .map(drop)
}

// Quarters

pub async fn quarters(db: &impl ConnectionTrait) -> Result<Vec<quarter::Model>, DbErr> {
    quarter::Entity::find().order_by_asc(quarter::Column::Name).order_by_asc(quarter::Column::QuarterId).all(db).await
}

pub async fn quarters_by_id(db: &impl ConnectionTrait, ids: Vec<QuarterId>) -> Result<Vec<quarter::Model>, DbErr> {
    quarter::Entity::find().filter(quarter::Column::QuarterId.is_in(ids)).all(db).await
}

pub async fn quarter(tx: &Tx, id: QuarterId) -> Result<Option<quarter::Model>, DbErr> {
    quarter::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await
}

pub async fn save_quarter(tx: &Tx, row: quarter::Model) -> Result<(), DbErr> {
    use quarter::Column as C;
    quarter::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(
            OnConflict::column(C::QuarterId)
                .update_columns(C::iter().filter(|column| !matches!(column, C::QuarterId)))
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

/// What is wished of some quarters in the box of ideas. What counts with another counts there, and what is not shown nowhere.
pub async fn wishes(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = QuarterId>,
) -> Result<HashMap<QuarterId, Wishes>, DbErr> {
    use idea::{Column as C, Entity};
    let rows: Vec<(QuarterId, IdeaState, i64, i64)> = Entity::find()
        .select_only()
        .column(C::QuarterId)
        .column(C::State)
        .column_as(C::IdeaId.count(), "ideas")
        .column_as(C::Support.sum().cast_as("bigint"), "support")
        .filter(C::QuarterId.is_in(ids))
        .filter(C::State.is_in([IdeaState::Waiting, IdeaState::Shown, IdeaState::Answered]))
        .group_by(C::QuarterId)
        .group_by(C::State)
        .into_tuple()
        .all(db)
        .await?;
    let mut found: HashMap<QuarterId, Wishes> = HashMap::new();
    for (quarter_id, state, ideas, support) in rows {
        let wishes = found.entry(quarter_id).or_default();
        *(if state == IdeaState::Answered { &mut wishes.answered } else { &mut wishes.wished }) += ideas;
        wishes.support += support;
    }
    Ok(found)
}

// Hours

/// The plan of a day and those to come, by their day.
pub async fn plans(db: &impl ConnectionTrait, day: &str) -> Result<Vec<opening_plan::Model>, DbErr> {
    use opening_plan::{Column as C, Entity};
    let mut rows = Entity::find().filter(C::ValidFrom.gt(day)).order_by_asc(C::ValidFrom).all(db).await?;
    let now = Entity::find().filter(C::ValidFrom.lte(day)).order_by_desc(C::ValidFrom).one(db).await?;
    if let Some(now) = now {
        rows.insert(0, now);
    }
    Ok(rows)
}

pub async fn save_plan(tx: &Tx, row: opening_plan::Model) -> Result<(), DbErr> {
    use opening_plan::Column as C;
    opening_plan::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(C::ValidFrom).update_columns([C::Intervals, C::SetBy, C::SetAt]).to_owned())
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

/// From a day on.
pub async fn exceptions(db: &impl ConnectionTrait, from: &str) -> Result<Vec<opening_exception::Model>, DbErr> {
    use opening_exception::{Column as C, Entity};
    Entity::find().filter(C::Day.gte(from)).order_by_asc(C::Day).all(db).await
}

pub async fn save_exception(tx: &Tx, row: opening_exception::Model) -> Result<(), DbErr> {
    use opening_exception::Column as C;
    opening_exception::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(C::Day).update_columns([C::Spans, C::SetBy, C::SetAt]).to_owned())
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

pub async fn remove_exception(tx: &Tx, day: &str) -> Result<(), DbErr> {
    opening_exception::Entity::delete_by_id(day.to_owned()).exec(&**tx).await.map(drop)
}

/// What was decided last for now.
pub async fn decided(db: &impl ConnectionTrait) -> Result<Option<opening_override::Model>, DbErr> {
    opening_override::Entity::find_by_id(opening_override::ONLY).one(db).await
}

pub async fn decide(tx: &Tx, row: opening_override::Model) -> Result<(), DbErr> {
    use opening_override::Column as C;
    opening_override::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(C::Id).update_columns([C::Open, C::Until, C::SetBy, C::SetAt]).to_owned())
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}
