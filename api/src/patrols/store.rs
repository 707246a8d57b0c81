//! Every query of the slice. What is here is the patrol's own, and names nobody whom it met, so nobody's scope narrows a reading.

use std::collections::HashMap;

use entities::{
    patrol, patrol_act, patrol_officer, patrol_reflection,
    words::{Counter, PatrolActKind, PatrolId, PatrolState, QuarterId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait, LockType, OnConflict},
};

use crate::base::db::{self, Tx};

/// Locked until commit.
pub async fn lock(tx: &Tx, ids: Vec<PatrolId>) -> Result<HashMap<PatrolId, patrol::Model>, DbErr> {
    use patrol::{Column as C, Entity};
    let query = Entity::find().filter(C::PatrolId.is_in(ids)).order_by_asc(C::PatrolId).lock(LockType::Update);
    Ok(query.all(&**tx).await?.into_iter().map(|row| (row.patrol_id, row)).collect())
}

pub async fn save(tx: &Tx, rows: Vec<patrol::Model>) -> Result<(), DbErr> {
    let changed: Vec<_> = patrol::Column::iter().filter(|column| !matches!(column, patrol::Column::PatrolId)).collect();
    db::upsert::<patrol::Entity>(tx, &rows, &[patrol::Column::PatrolId], &changed).await
}

pub async fn officers(db: &impl ConnectionTrait, ids: Vec<PatrolId>) -> Result<Vec<patrol_officer::Model>, DbErr> {
    use patrol_officer::{Column as C, Entity};
    Entity::find().filter(C::PatrolId.is_in(ids)).order_by_asc(C::PublicNumber).all(db).await
}

pub async fn replace_officers(tx: &Tx, id: PatrolId, rows: &[patrol_officer::Model]) -> Result<(), DbErr> {
    use patrol_officer::{Column as C, Entity};
    Entity::delete_many().filter(C::PatrolId.eq(id)).exec(&**tx).await?;
    db::insert::<Entity>(tx, rows).await
}

pub async fn insert_acts(tx: &Tx, rows: &[patrol_act::Model]) -> Result<(), DbErr> {
    db::insert::<patrol_act::Entity>(tx, rows).await
}

/// All that was done on a patrol, in its order.
pub async fn acts(db: &impl ConnectionTrait, id: PatrolId) -> Result<Vec<patrol_act::Model>, DbErr> {
    use patrol_act::{Column as C, Entity};
    Entity::find()
        .filter(C::PatrolId.eq(id))
        .order_by_asc(C::At)
        .order_by_asc(C::ActId)
        .order_by_asc(C::OfficerId)
        .all(db)
        .await
}

/// What was counted on some patrols, added up.
pub async fn sums(
    db: &impl ConnectionTrait,
    ids: Vec<PatrolId>,
) -> Result<Vec<(PatrolId, QuarterId, Counter, i64)>, DbErr> {
    use patrol_act::{Column as C, Entity};
    let by = [C::PatrolId, C::QuarterId, C::Counter];
    let counted = Entity::find().select_only().columns(by).column_as(C::Step.sum().cast_as("bigint"), "sum");
    let counted = counted.filter(C::PatrolId.is_in(ids)).filter(C::Counter.is_not_null());
    by.into_iter().fold(counted, |query, column| query.group_by(column)).into_tuple().all(db).await
}

/// The quarters in which something was done on some patrols, in the order in which they came there.
pub async fn visited(db: &impl ConnectionTrait, ids: Vec<PatrolId>) -> Result<Vec<(PatrolId, QuarterId)>, DbErr> {
    use patrol_act::{Column as C, Entity};
    Entity::find()
        .select_only()
        .columns([C::PatrolId, C::QuarterId])
        .filter(C::PatrolId.is_in(ids))
        .filter(C::QuarterId.is_not_null())
        .group_by(C::PatrolId)
        .group_by(C::QuarterId)
        .order_by_asc(C::At.min())
        .order_by_asc(C::QuarterId)
        .into_tuple()
        .all(db)
        .await
}

/// What makes out how some patrols stand.
pub async fn marks(tx: &Tx, ids: Vec<PatrolId>) -> Result<Vec<patrol_act::Model>, DbErr> {
    use patrol_act::{Column as C, Entity};
    Entity::find()
        .filter(C::PatrolId.is_in(ids))
        .filter(C::Kind.is_not_in([PatrolActKind::Visit, PatrolActKind::Count]))
        .all(&**tx)
        .await
}

pub async fn reflections(
    db: &impl ConnectionTrait,
    ids: Vec<PatrolId>,
) -> Result<Vec<patrol_reflection::Model>, DbErr> {
    use patrol_reflection::{Column as C, Entity};
    Entity::find().filter(C::PatrolId.is_in(ids)).order_by_asc(C::PublicNumber).all(db).await
}

pub async fn save_reflection(tx: &Tx, row: patrol_reflection::Model) -> Result<(), DbErr> {
    use patrol_reflection::{Column as C, Entity};
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([C::PatrolId, C::OfficerId])
                .update_columns([C::PublicNumber, C::ActId, C::Words, C::At, C::ReceivedAt])
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

pub async fn one(db: &impl ConnectionTrait, id: PatrolId) -> Result<Option<patrol::Model>, DbErr> {
    patrol::Entity::find_by_id(id).one(db).await
}

/// By their planned start, the last first.
pub async fn list(
    db: &impl ConnectionTrait,
    state: Option<PatrolState>,
    after: Option<(i64, PatrolId)>,
    limit: u64,
) -> Result<Vec<patrol::Model>, DbErr> {
    use patrol::{Column as C, Entity};
    let mut query = Entity::find();
    if let Some(state) = state {
        query = query.filter(C::State.eq(state));
    }
    if let Some((at, id)) = after {
        let same = Condition::all().add(C::StartsAt.eq(at)).add(C::PatrolId.lt(id));
        query = query.filter(Condition::any().add(C::StartsAt.lt(at)).add(same));
    }
    query.order_by_desc(C::StartsAt).order_by_desc(C::PatrolId).limit(limit).all(db).await
}

/// Those that are out and were started since a moment, the first to start first.
pub async fn out(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<patrol::Model>, DbErr> {
    use patrol::{Column as C, Entity};
    let out = Entity::find().filter(C::State.eq(PatrolState::Out)).filter(C::StartedAt.gt(since));
    out.order_by_asc(C::StartedAt).order_by_asc(C::PatrolId).all(db).await
}

/// The next ones that are planned, by their start.
pub async fn ahead(db: &impl ConnectionTrait, now: Timestamp, limit: u64) -> Result<Vec<patrol::Model>, DbErr> {
    use patrol::{Column as C, Entity};
    let planned = Entity::find().filter(C::State.eq(PatrolState::Planned)).filter(C::StartsAt.gt(now));
    planned.order_by_asc(C::StartsAt).order_by_asc(C::PatrolId).limit(limit).all(db).await
}

/// Some of those whose planned end was before a moment.
pub async fn old(tx: &Tx, before: Timestamp, limit: u64) -> Result<Vec<PatrolId>, DbErr> {
    use patrol::{Column as C, Entity};
    let query = Entity::find().select_only().column(C::PatrolId).filter(C::EndsAt.lt(before)).limit(limit);
    query.into_tuple().all(&**tx).await
}

/// Removes patrols with all that belongs to them.
pub async fn remove(tx: &Tx, ids: Vec<PatrolId>) -> Result<(), DbErr> {
    use patrol_act::Column as A;
    use patrol_officer::Column as O;
    use patrol_reflection::Column as R;
    patrol_act::Entity::delete_many().filter(A::PatrolId.is_in(ids.clone())).exec(&**tx).await?;
    patrol_officer::Entity::delete_many().filter(O::PatrolId.is_in(ids.clone())).exec(&**tx).await?;
    patrol_reflection::Entity::delete_many().filter(R::PatrolId.is_in(ids.clone())).exec(&**tx).await?;
    patrol::Entity::delete_many().filter(patrol::Column::PatrolId.is_in(ids)).exec(&**tx).await.map(drop)
}
