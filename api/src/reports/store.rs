//! Every query of the slice. Each starts from who asks.

use std::collections::HashMap;

use entities::{
    report, report_file,
    words::{AccountId, FileId, FileState, ReportId, ReportState, Role, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};

use crate::base::{actions::Who, db::Tx, erased};

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

/// The files of reports that the caller was found to see.
pub async fn files_of(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ReportId>,
) -> Result<HashMap<ReportId, Vec<report_file::Model>>, DbErr> {
    let rows = report_file::Entity::find()
        .filter(report_file::Column::ReportId.is_in(ids))
        .order_by_asc(report_file::Column::Place)
        .all(db)
        .await?;
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        files.entry(row.report_id).or_default().push(row);
    }
    Ok(files)
}

/// A file of a report that the caller may see.
pub async fn file(db: &impl ConnectionTrait, who: &Who, file_id: FileId) -> Result<Option<report_file::Model>, DbErr> {
    let Some(row) = report_file::Entity::find_by_id(file_id).one(db).await? else { return Ok(None) };
    Ok(find(db, who, &[row.report_id]).await?.pop().map(|_| row))
}

/// A whole file, whoever asks: a signed link was checked before.
pub async fn whole_file(db: &impl ConnectionTrait, file_id: FileId) -> Result<Option<report_file::Model>, DbErr> {
    report_file::Entity::find_by_id(file_id).filter(report_file::Column::State.eq(FileState::Complete)).one(db).await
}

/// A file, whoever asks: the program itself does.
pub async fn stored(db: &impl ConnectionTrait, file_id: FileId) -> Result<Option<report_file::Model>, DbErr> {
    report_file::Entity::find_by_id(file_id).one(db).await
}

/// All files of which bytes are stored, and how many.
pub async fn stored_files(db: &impl ConnectionTrait) -> Result<Vec<(FileId, i64)>, DbErr> {
    report_file::Entity::find()
        .select_only()
        .columns([report_file::Column::FileId, report_file::Column::Received])
        .filter(report_file::Column::Received.gt(0))
        .into_tuple()
        .all(db)
        .await
}

/// Files of which only the beginning came, in the order of their ids.
pub async fn arriving(
    db: &impl ConnectionTrait,
    after: Option<FileId>,
    limit: u64,
) -> Result<Vec<report_file::Model>, DbErr> {
    let mut query = report_file::Entity::find()
        .filter(report_file::Column::State.eq(FileState::Arriving))
        .filter(report_file::Column::Received.gt(0));
    if let Some(after) = after {
        query = query.filter(report_file::Column::FileId.gt(after));
    }
    query.order_by_asc(report_file::Column::FileId).limit(limit).all(db).await
}

/// Files of which some bytes came, and whose reports came before a moment.
pub async fn partial(
    db: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<report_file::Model>, DbErr> {
    let old = report::Entity::find()
        .select_only()
        .column(report::Column::ReportId)
        .filter(report::Column::ReceivedAt.lt(before))
        .into_query();
    report_file::Entity::find()
        .filter(report_file::Column::State.eq(FileState::Arriving))
        .filter(report_file::Column::Received.gt(0))
        .filter(report_file::Column::ReportId.in_subquery(old))
        .limit(limit)
        .all(db)
        .await
}

/// The files of a report, whoever asks: the program itself does.
pub async fn all_files(db: &impl ConnectionTrait, report_id: ReportId) -> Result<Vec<FileId>, DbErr> {
    report_file::Entity::find()
        .select_only()
        .column(report_file::Column::FileId)
        .filter(report_file::Column::ReportId.eq(report_id))
        .into_tuple()
        .all(db)
        .await
}

/// Removes a report with all its files' rows.
pub async fn remove(tx: &Tx, report_id: ReportId) -> Result<Option<report::Model>, DbErr> {
    report_file::Entity::delete_many().filter(report_file::Column::ReportId.eq(report_id)).exec(&**tx).await?;
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

pub async fn known_files(tx: &Tx, ids: Vec<FileId>) -> Result<Vec<FileId>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    report_file::Entity::find()
        .select_only()
        .column(report_file::Column::FileId)
        .filter(report_file::Column::FileId.is_in(ids))
        .into_tuple()
        .all(&**tx)
        .await
}

/// Writes the rows as they now stand, new and changed ones in one statement.
pub async fn save(tx: &Tx, rows: Vec<report::Model>) -> Result<(), DbErr> {
    use report::Column as C;
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        report::Entity::insert_many(part)
            .on_conflict(
                OnConflict::column(C::ReportId)
                    .update_columns([
                        C::State,
                        C::Revision,
                        C::ReaderId,
                        C::ReaderNumber,
                        C::ErasureAskedAt,
                        C::ErasureRefusedAt,
                        C::ErasureRefusal,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&**tx)
            .await?;
    }
    Ok(())
}

/// New reports. One of the same id on another node makes this fail, and the group is run again.
pub async fn insert(tx: &Tx, rows: Vec<report::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        report::Entity::insert_many(part).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

pub async fn insert_files(tx: &Tx, rows: Vec<report_file::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        report_file::Entity::insert_many(part).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// How a file stands after bytes came.
pub struct Grown {
    pub received: i64,
    pub state: FileState,
    pub refused_for: Option<String>,
}

/// Moves a file on, if it still stands at `from`.
pub async fn grow(tx: &Tx, file_id: FileId, from: i64, to: Grown) -> Result<bool, DbErr> {
    use report_file::Column as C;
    let done = report_file::Entity::update_many()
        .col_expr(C::Received, Expr::value(to.received))
        .col_expr(C::State, Expr::value(to.state.word()))
        .col_expr(C::RefusedFor, Expr::value(to.refused_for))
        .filter(C::FileId.eq(file_id))
        .filter(C::State.eq(FileState::Arriving))
        .filter(C::Received.eq(from))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a report its next revision, because one of its files changed.
pub async fn touch(tx: &Tx, report_id: ReportId) -> Result<Option<(AccountId, i64)>, DbErr> {
    report::Entity::update_many()
        .col_expr(report::Column::Revision, Expr::col("revision").add(1))
        .filter(report::Column::ReportId.eq(report_id))
        .exec(&**tx)
        .await?;
    let row = report::Entity::find_by_id(report_id).one(&**tx).await?;
    Ok(row.map(|row| (row.youth_id, row.revision)))
}
