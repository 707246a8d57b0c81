//! Every query of the slice. What is shown is public; the rest is asked for by its writer, or for officers.

use std::collections::{HashMap, HashSet};

use entities::{
    idea, idea_support, quarter,
    words::{AccountId, IdeaId, IdeaKind, IdeaState, QuarterId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

use super::model::IdeaOrder;
use crate::base::db::{self, Tx};

use idea::Column as C;

pub async fn some(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = IdeaId>,
) -> Result<HashMap<IdeaId, idea::Model>, DbErr> {
    let rows = idea::Entity::find().filter(C::IdeaId.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.idea_id, row)).collect())
}

/// What counts with some ideas.
pub async fn twins(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = IdeaId>,
) -> Result<Vec<idea::Model>, DbErr> {
    idea::Entity::find().filter(C::MergedInto.is_in(ids)).all(db).await
}

pub async fn known_quarters(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = QuarterId>,
) -> Result<HashSet<QuarterId>, DbErr> {
    let found = quarter::Entity::find()
        .select_only()
        .column(quarter::Column::QuarterId)
        .filter(quarter::Column::QuarterId.is_in(ids));
    Ok(found.into_tuple::<QuarterId>().all(db).await?.into_iter().collect())
}

pub async fn insert(tx: &Tx, rows: Vec<idea::Model>) -> Result<(), DbErr> {
    db::insert::<idea::Entity>(tx, &rows).await
}

pub async fn save(tx: &Tx, row: idea::Model) -> Result<(), DbErr> {
    idea::Entity::update(row.into_active_model().reset_all()).exec(&**tx).await.map(drop)
}

pub async fn add_support(tx: &Tx, id: IdeaId, more: i64) -> Result<(), DbErr> {
    idea::Entity::update_many()
        .col_expr(C::Support, Expr::col(C::Support).add(more))
        .filter(C::IdeaId.eq(id))
        .exec(&**tx)
        .await
        .map(drop)
}

pub async fn move_twins(tx: &Tx, from: IdeaId, into: IdeaId) -> Result<(), DbErr> {
    idea::Entity::update_many()
        .col_expr(C::MergedInto, Expr::value(into.0))
        .filter(C::MergedInto.eq(from))
        .exec(&**tx)
        .await
        .map(drop)
}

/// What is shown: waiting for an answer, or answered.
pub async fn shown(
    db: &impl ConnectionTrait,
    kind: Option<IdeaKind>,
    state: IdeaState,
    order: IdeaOrder,
    after: Option<(i64, IdeaId)>,
    limit: u64,
) -> Result<Vec<idea::Model>, DbErr> {
    let mut query = idea::Entity::find().filter(C::State.eq(state));
    if let Some(kind) = kind {
        query = query.filter(C::Kind.eq(kind));
    }
    let query = match order {
        IdeaOrder::Newest => boxed(query, after),
        IdeaOrder::Support => descending(query, C::Support, after),
    };
    query.limit(limit).all(db).await
}

pub async fn in_box(
    db: &impl ConnectionTrait,
    state: IdeaState,
    after: Option<(i64, IdeaId)>,
    limit: u64,
) -> Result<Vec<idea::Model>, DbErr> {
    boxed(idea::Entity::find().filter(C::State.eq(state)), after).limit(limit).all(db).await
}

pub async fn of_account(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    after: Option<(i64, IdeaId)>,
    limit: u64,
) -> Result<Vec<idea::Model>, DbErr> {
    let own = idea::Entity::find().filter(C::AccountId.eq(account_id));
    descending(own, C::SentAt, after).limit(limit).all(db).await
}

/// In the order of the box: of what waits the most urgent first, of what is decided the newest.
fn boxed(mut query: Select<idea::Entity>, after: Option<(i64, IdeaId)>) -> Select<idea::Entity> {
    if let Some((key, id)) = after {
        query = query.filter(
            Condition::any().add(C::BoxKey.gt(key)).add(Condition::all().add(C::BoxKey.eq(key)).add(C::IdeaId.gt(id))),
        );
    }
    query.order_by_asc(C::BoxKey).order_by_asc(C::IdeaId)
}

fn descending(mut query: Select<idea::Entity>, column: C, after: Option<(i64, IdeaId)>) -> Select<idea::Entity> {
    if let Some((key, id)) = after {
        query = query.filter(
            Condition::any().add(column.lt(key)).add(Condition::all().add(column.eq(key)).add(C::IdeaId.lt(id))),
        );
    }
    query.order_by_desc(column).order_by_desc(C::IdeaId)
}

// Who supports what

/// Those of some ideas that their devices support.
pub async fn supported(
    db: &impl ConnectionTrait,
    macs: Vec<(IdeaId, Vec<u8>)>,
) -> Result<Vec<(IdeaId, Vec<u8>)>, DbErr> {
    use idea_support::Column as S;
    let (ids, macs): (Vec<_>, Vec<_>) = macs.into_iter().unzip();
    let found = idea_support::Entity::find().filter(S::IdeaId.is_in(ids)).filter(S::DeviceMac.is_in(macs));
    Ok(found.all(db).await?.into_iter().map(|row| (row.idea_id, row.device_mac)).collect())
}

pub async fn insert_support(tx: &Tx, idea_id: IdeaId, device_mac: Vec<u8>) -> Result<(), DbErr> {
    let row = idea_support::Model { idea_id, device_mac };
    idea_support::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await.map(drop)
}

pub async fn remove_support(tx: &Tx, stood: Vec<(IdeaId, Vec<u8>)>) -> Result<u64, DbErr> {
    use idea_support::Column as S;
    let (ids, macs): (Vec<_>, Vec<_>) = stood.into_iter().unzip();
    let of_these = S::IdeaId.is_in(ids).and(S::DeviceMac.is_in(macs));
    Ok(idea_support::Entity::delete_many().filter(of_these).exec(&**tx).await?.rows_affected)
}

// In its time

/// Forgets some of those who supported what is answered, or what counts with it. Says how many.
pub async fn forget_supporters(tx: &Tx, limit: u64) -> Result<u64, DbErr> {
    use idea_support::Column as S;
    let ids = |query: Select<idea::Entity>| query.select_only().column(C::IdeaId).into_query();
    let over = || ids(idea::Entity::find().filter(C::State.eq(IdeaState::Answered)));
    let with_them = ids(idea::Entity::find().filter(C::MergedInto.in_subquery(over())));
    let gone_for = Condition::any().add(S::IdeaId.in_subquery(over())).add(S::IdeaId.in_subquery(with_them));
    let some = idea_support::Entity::find().filter(gone_for).limit(limit).all(&**tx).await?;
    remove_support(tx, some.into_iter().map(|row| (row.idea_id, row.device_mac)).collect()).await
}

/// Forgets who wrote some of what was decided before a moment. Says how many.
pub async fn forget_writers(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64, DbErr> {
    let some = idea::Entity::find()
        .select_only()
        .column(C::IdeaId)
        .filter(C::AccountId.is_not_null())
        .filter(C::State.ne(IdeaState::Waiting))
        .filter(C::DecidedAt.lte(before))
        .limit(limit)
        .into_query();
    let forgotten = idea::Entity::update_many()
        .col_expr(C::AccountId, Expr::value(None::<uuid::Uuid>))
        .filter(C::IdeaId.in_subquery(some))
        .exec(&**tx)
        .await?;
    Ok(forgotten.rows_affected)
}

/// Some of those that came, in each state, before a moment.
pub async fn old(
    db: &impl ConnectionTrait,
    before: &HashMap<IdeaState, Timestamp>,
    limit: u64,
) -> Result<Vec<IdeaId>, DbErr> {
    let aged = before.iter().map(|(state, before)| {
        // What nobody decided has no moment but the one in which it came.
        let undecided = C::DecidedAt.is_null().and(C::SentAt.lte(*before));
        C::State.eq(*state).and(C::DecidedAt.lte(*before).or(undecided))
    });
    let aged = aged.fold(Condition::any(), Condition::add);
    idea::Entity::find().select_only().column(C::IdeaId).filter(aged).limit(limit).into_tuple().all(db).await
}

/// Removes ideas and who supports them.
pub async fn remove(tx: &Tx, ids: Vec<IdeaId>) -> Result<(), DbErr> {
    idea_support::Entity::delete_many().filter(idea_support::Column::IdeaId.is_in(ids.clone())).exec(&**tx).await?;
    idea::Entity::delete_many().filter(C::IdeaId.is_in(ids)).exec(&**tx).await.map(drop)
}
