//! The queries of the log and the notices.

use std::collections::{HashMap, HashSet};

use entities::{
    incident, log_entry, patrol, platform_notice, report,
    words::{IncidentId, LogEntryId, NoticeId, PatrolId, ReportId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, LockType},
};

use crate::base::db::{self, Tx};

/// Locked until commit.
pub async fn lock(tx: &Tx, ids: Vec<LogEntryId>) -> Result<HashMap<LogEntryId, log_entry::Model>, DbErr> {
    use log_entry::{Column as C, Entity};
    let query = Entity::find().filter(C::EntryId.is_in(ids)).order_by_asc(C::EntryId).lock(LockType::Update);
    Ok(query.all(&**tx).await?.into_iter().map(|row| (row.entry_id, row)).collect())
}

pub async fn insert(tx: &Tx, rows: &[log_entry::Model]) -> Result<(), DbErr> {
    db::insert::<log_entry::Entity>(tx, rows).await
}

pub async fn save(tx: &Tx, rows: &[log_entry::Model]) -> Result<(), DbErr> {
    use log_entry::{Column as C, Entity};
    db::upsert::<Entity>(tx, rows, &[C::EntryId], &[C::ReportId, C::IncidentId, C::Revision]).await
}

pub async fn remove(tx: &Tx, ids: Vec<LogEntryId>) -> Result<(), DbErr> {
    use log_entry::{Column as C, Entity};
    Entity::delete_many().filter(C::EntryId.is_in(ids)).exec(&**tx).await.map(drop)
}

/// What was written on a patrol, in its order.
pub async fn of_patrol(db: &impl ConnectionTrait, id: PatrolId) -> Result<Vec<log_entry::Model>, DbErr> {
    use log_entry::{Column as C, Entity};
    Entity::find().filter(C::PatrolId.eq(id)).order_by_asc(C::At).order_by_asc(C::EntryId).all(db).await
}

/// Those of some reports and incidents that there are.
pub async fn known(
    tx: &Tx,
    reports: Vec<ReportId>,
    incidents: Vec<IncidentId>,
) -> Result<(HashSet<ReportId>, HashSet<IncidentId>), DbErr> {
    let reports = report::Entity::find().filter(report::Column::ReportId.is_in(reports));
    let reports: Vec<ReportId> = reports.select_only().column(report::Column::ReportId).into_tuple().all(&**tx).await?;
    let incidents = incident::Entity::find().filter(incident::Column::IncidentId.is_in(incidents));
    let incidents: Vec<IncidentId> =
        incidents.select_only().column(incident::Column::IncidentId).into_tuple().all(&**tx).await?;
    Ok((reports.into_iter().collect(), incidents.into_iter().collect()))
}

/// Forgets that entries led to a report.
pub async fn forget_report(tx: &Tx, id: ReportId) -> Result<(), DbErr> {
    use log_entry::{Column as C, Entity};
    Entity::update_many()
        .col_expr(C::ReportId, Expr::value(None::<uuid::Uuid>))
        .filter(C::ReportId.eq(id))
        .exec(&**tx)
        .await
        .map(drop)
}

// Notices

/// Locked until commit.
pub async fn lock_notices(tx: &Tx, ids: Vec<NoticeId>) -> Result<HashMap<NoticeId, platform_notice::Model>, DbErr> {
    use platform_notice::{Column as C, Entity};
    let query = Entity::find().filter(C::NoticeId.is_in(ids)).order_by_asc(C::NoticeId).lock(LockType::Update);
    Ok(query.all(&**tx).await?.into_iter().map(|row| (row.notice_id, row)).collect())
}

pub async fn save_notices(tx: &Tx, rows: &[platform_notice::Model]) -> Result<(), DbErr> {
    use platform_notice::{Column as C, Entity};
    let changed: Vec<_> = C::iter().filter(|column| !matches!(column, C::NoticeId)).collect();
    db::upsert::<Entity>(tx, rows, &[C::NoticeId], &changed).await
}

pub async fn patrols(tx: &Tx, ids: Vec<PatrolId>) -> Result<HashSet<PatrolId>, DbErr> {
    use patrol::{Column as C, Entity};
    let known = Entity::find().filter(C::PatrolId.is_in(ids)).select_only().column(C::PatrolId);
    Ok(known.into_tuple::<PatrolId>().all(&**tx).await?.into_iter().collect())
}

/// Those of a patrol, in their order.
pub async fn notices_of(db: &impl ConnectionTrait, id: PatrolId) -> Result<Vec<platform_notice::Model>, DbErr> {
    use platform_notice::{Column as C, Entity};
    Entity::find().filter(C::PatrolId.eq(id)).order_by_asc(C::At).order_by_asc(C::NoticeId).all(db).await
}

/// The newest first; only those whose answer is waited for.
pub async fn notices(
    db: &impl ConnectionTrait,
    waiting: bool,
    after: Option<(i64, NoticeId)>,
    limit: u64,
) -> Result<Vec<platform_notice::Model>, DbErr> {
    use platform_notice::{Column as C, Entity};
    let mut query = Entity::find();
    if waiting {
        query = query.filter(C::Outcome.is_null());
    }
    if let Some((at, id)) = after {
        let same = Condition::all().add(C::At.eq(at)).add(C::NoticeId.lt(id));
        query = query.filter(Condition::any().add(C::At.lt(at)).add(same));
    }
    query.order_by_desc(C::At).order_by_desc(C::NoticeId).limit(limit).all(db).await
}

// In its time

/// Removes what was written on some patrols.
pub async fn remove_of(tx: &Tx, ids: Vec<PatrolId>) -> Result<(), DbErr> {
    use log_entry::{Column as C, Entity};
    Entity::delete_many().filter(C::PatrolId.is_in(ids)).exec(&**tx).await.map(drop)
}

/// Removes some of the notices of before a moment. Says how many.
pub async fn remove_notices(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64, DbErr> {
    use platform_notice::{Column as C, Entity};
    let old = Entity::find().select_only().column(C::NoticeId).filter(C::At.lt(before)).limit(limit).into_query();
    Ok(Entity::delete_many().filter(C::NoticeId.in_subquery(old)).exec(&**tx).await?.rows_affected)
}
