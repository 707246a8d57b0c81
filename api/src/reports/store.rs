//! Every query of the slice. Each starts from who asks.

use std::collections::HashMap;

use entities::{
    report,
    words::{ReportId, ReportState, Role},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LockType},
};

use crate::base::{
    actions::Who,
    db::{self, Tx},
    erased,
};

fn visible_to(who: &Who) -> Select<report::Entity> {
    use report::{Column, Entity};
    let every = Entity::find().filter(erased::stands((Entity, Column::ReportId)));
    match who.role {
        Role::Officer | Role::Lead => every,
        Role::Youth => every.filter(report::Column::YouthId.eq(who.account_id)),
        Role::Evaluator | Role::Admin => every.filter(Expr::val(false)),
    }
}

pub async fn find(db: &impl ConnectionTrait, who: &Who, ids: &[ReportId]) -> Result<Vec<report::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    visible_to(who).filter(report::Column::ReportId.is_in(ids.iter().copied())).all(db).await
}

/// Newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    who: &Who,
    state: Option<ReportState>,
    after: Option<(i64, ReportId)>,
    limit: u64,
) -> Result<Vec<report::Model>, DbErr> {
    use report::Column as C;
    let mut query = visible_to(who);
    if let Some(state) = state {
        query = query.filter(C::State.eq(state));
    }
    if let Some((received_at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(C::ReceivedAt.lt(received_at))
                .add(Condition::all().add(C::ReceivedAt.eq(received_at)).add(C::ReportId.lt(id))),
        );
    }
    query.order_by_desc(C::ReceivedAt).order_by_desc(C::ReportId).limit(limit).all(db).await
}

pub async fn remove(tx: &Tx, report_id: ReportId) -> Result<Option<report::Model>, DbErr> {
    let Some(row) = report::Entity::find_by_id(report_id).one(&**tx).await? else { return Ok(None) };
    report::Entity::delete_by_id(report_id).exec(&**tx).await?;
    Ok(Some(row))
}

/// The rows that a set of actions is about, whoever they belong to, locked in sorted order until commit.
/// The rules look at whose they are.
pub async fn lock(tx: &Tx, mut ids: Vec<ReportId>) -> Result<HashMap<ReportId, report::Model>, DbErr> {
    ids.sort_unstable();
    ids.dedup();
    let rows = report::Entity::find()
        .filter(report::Column::ReportId.is_in(ids))
        .order_by_asc(report::Column::ReportId)
        .lock(LockType::Update)
        .all(&**tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.report_id, row)).collect())
}

/// Writes the rows as they now stand, new and changed ones in one statement.
pub async fn save(tx: &Tx, rows: Vec<report::Model>) -> Result<(), DbErr> {
    use report::Column as C;
    let changed = [
        C::State,
        C::Revision,
        C::ReaderId,
        C::ReaderNumber,
        C::ErasureAskedAt,
        C::ErasureRefusedAt,
        C::ErasureRefusal,
    ];
    db::upsert::<report::Entity>(tx, &rows, &[C::ReportId], &changed).await
}

/// New reports. One of the same id on another node makes this fail, and the group is run again.
pub async fn insert(tx: &Tx, rows: Vec<report::Model>) -> Result<(), DbErr> {
    db::insert::<report::Entity>(tx, &rows).await
}
