//! Every query of the slice. Each starts from who asks.

use std::collections::HashMap;

use entities::{
    report, report_clue,
    words::{ReportId, Role},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait, LockType},
};

use super::model::{CountedReport, Narrowed};

use crate::base::{
    actions::Who,
    db::{self, Tx, padded},
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

/// What is counted of some reports, whoever they belong to.
pub async fn counted(db: &impl ConnectionTrait, ids: Vec<ReportId>) -> Result<Vec<CountedReport>, DbErr> {
    use report::{Column as C, Entity};
    let rows = Entity::find().filter(C::ReportId.is_in(padded(ids))).all(db).await?;
    let counted = |row: report::Model| CountedReport {
        report_id: row.report_id,
        received_at: row.received_at,
        event_kind: row.event_kind,
        registered: row.registered_at.is_some(),
        passed_on: row.passed_to.is_some(),
        closed: row.closed_at.is_some(),
        outcome: row.outcome,
    };
    Ok(rows.into_iter().map(counted).collect())
}

pub async fn find(db: &impl ConnectionTrait, who: &Who, ids: &[ReportId]) -> Result<Vec<report::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    visible_to(who).filter(report::Column::ReportId.is_in(ids.iter().copied())).all(db).await
}

/// Where a report stands in the list of whoever asks.
pub fn place(who: &Who, narrowed: &Narrowed, row: &report::Model) -> i64 {
    if who.is_officer() && !narrowed.is_by_time() { row.inbox_key } else { row.received_at.millis() }
}

/// A youth's own, and those of a time, the newest first; for officers else in the order of the inbox. Which ones is found in an index alone: what is
/// narrowed by stands there, and of a million rows none is read that is not shown.
pub async fn list(
    db: &impl ConnectionTrait,
    who: &Who,
    narrowed: &Narrowed,
    after: Option<(i64, ReportId)>,
    limit: u64,
) -> Result<Vec<report::Model>, DbErr> {
    use report::Column as C;
    let Narrowed { state, event_kind, area, priority, received_from, received_until } = narrowed;
    let mut query = visible_to(who);
    for condition in [
        state.map(|state| C::State.eq(state)),
        event_kind.map(|kind| C::EventKind.eq(kind)),
        area.as_ref().map(|area| C::Area.eq(area)),
        priority.map(|priority| C::Priority.eq(priority)),
        received_from.map(|from| C::ReceivedAt.gte(from)),
        received_until.map(|until| C::ReceivedAt.lt(until)),
    ]
    .into_iter()
    .flatten()
    {
        query = query.filter(condition);
    }
    // As a pair, so that the index is entered at the place itself.
    let pair = |column: C| Expr::tuple([Expr::col(column), Expr::col(C::ReportId)]);
    let at = |(key, id): (i64, ReportId)| Expr::tuple([Expr::val(key), Expr::val(id)]);
    let query = if who.is_officer() && !narrowed.is_by_time() {
        let query = after.map_or(query.clone(), |after| query.filter(pair(C::InboxKey).gt(at(after))));
        query.order_by_asc(C::InboxKey).order_by_asc(C::ReportId)
    } else {
        let query = after.map_or(query.clone(), |after| query.filter(pair(C::ReceivedAt).lt(at(after))));
        query.order_by_desc(C::ReceivedAt).order_by_desc(C::ReportId)
    };
    let found: Vec<ReportId> = query.limit(limit).select_only().column(C::ReportId).into_tuple().all(db).await?;
    let mut rows: HashMap<ReportId, report::Model> =
        find(db, who, &found).await?.into_iter().map(|row| (row.report_id, row)).collect();
    Ok(found.iter().filter_map(|id| rows.remove(id)).collect())
}

/// Of these numbers, their own or an incident's, the newest first.
pub async fn by_number(
    db: &impl ConnectionTrait,
    who: &Who,
    numbers: &[String],
    limit: u64,
) -> Result<Vec<report::Model>, DbErr> {
    use report::Column as C;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let incidents = entities::incident::Entity::find()
        .select_only()
        .column(entities::incident::Column::IncidentId)
        .filter(entities::incident::Column::Number.is_in(numbers))
        .into_query();
    let either = Condition::any().add(C::Number.is_in(numbers)).add(C::IncidentId.in_subquery(incidents));
    visible_to(who).filter(either).order_by_desc(C::ReceivedAt).limit(limit).all(db).await
}

/// In which one of these clues stands, the newest first.
pub async fn by_clue(
    db: &impl ConnectionTrait,
    who: &Who,
    digests: Vec<Vec<u8>>,
    limit: u64,
) -> Result<Vec<report::Model>, DbErr> {
    use report::Column as C;
    if digests.is_empty() {
        return Ok(Vec::new());
    }
    let named = report_clue::Entity::find()
        .select_only()
        .column(report_clue::Column::ReportId)
        .filter(report_clue::Column::Digest.is_in(digests))
        .into_query();
    visible_to(who).filter(C::ReportId.in_subquery(named)).order_by_desc(C::ReceivedAt).limit(limit).all(db).await
}

pub async fn remove(tx: &Tx, report_id: ReportId) -> Result<Option<report::Model>, DbErr> {
    let Some(row) = report::Entity::find_by_id(report_id).one(&**tx).await? else { return Ok(None) };
    report::Entity::delete_by_id(report_id).exec(&**tx).await?;
    report_clue::Entity::delete_many().filter(report_clue::Column::ReportId.eq(report_id)).exec(&**tx).await?;
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
        C::InboxKey,
        C::ConversationId,
        C::Introduction,
        C::IntroducedAt,
        C::PassedTo,
        C::PoliceNumber,
        C::RegisteredAt,
        C::Outcome,
        C::OutcomeVersion,
        C::ClosingWords,
        C::ClosedAt,
        C::IncidentId,
        C::IncidentNumber,
        C::IncidentTitle,
    ];
    db::upsert::<report::Entity>(tx, &rows, &[C::ReportId], &changed).await
}

/// New reports. One of the same id on another node makes this fail, and the group is run again.
pub async fn insert(tx: &Tx, rows: Vec<report::Model>) -> Result<(), DbErr> {
    db::insert::<report::Entity>(tx, &rows).await
}

pub async fn insert_clues(tx: &Tx, rows: Vec<report_clue::Model>) -> Result<(), DbErr> {
    db::insert::<report_clue::Entity>(tx, &rows).await
}
