//! Every query of the slice. Only a lead asks, and a lead may see every line.

use entities::{
    audit_entry,
    words::{AuditAct, AuditEntryId, AuditSubject, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::base::db::{self, Tx};

use audit_entry::Column as C;

pub async fn insert(tx: &Tx, rows: Vec<audit_entry::Model>) -> Result<(), DbErr> {
    db::insert::<audit_entry::Entity>(tx, &rows).await
}

/// Newest first.
pub async fn of_subject(
    db: &impl ConnectionTrait,
    id: Uuid,
    after: Option<(i64, AuditEntryId)>,
    limit: u64,
) -> Result<Vec<audit_entry::Model>, DbErr> {
    let mut query = audit_entry::Entity::find().filter(C::SubjectId.eq(id));
    if let Some((at, id)) = after {
        query = query
            .filter(Condition::any().add(C::At.lt(at)).add(Condition::all().add(C::At.eq(at)).add(C::EntryId.lt(id))));
    }
    query.order_by_desc(C::At).order_by_desc(C::EntryId).limit(limit).all(db).await
}

// The chain

/// Lines that have no place yet, oldest first.
pub async fn unsealed(
    db: &impl ConnectionTrait,
    after: Option<AuditEntryId>,
    limit: u64,
) -> Result<Vec<audit_entry::Model>, DbErr> {
    let mut query = audit_entry::Entity::find().filter(C::Position.is_null());
    if let Some(after) = after {
        query = query.filter(C::EntryId.gt(after));
    }
    query.order_by_asc(C::EntryId).limit(limit).all(db).await
}

/// The line with the highest place.
pub async fn head(db: &impl ConnectionTrait) -> Result<Option<audit_entry::Model>, DbErr> {
    audit_entry::Entity::find().filter(C::Position.is_not_null()).order_by_desc(C::Position).one(db).await
}

pub async fn at(db: &impl ConnectionTrait, position: i64) -> Result<Option<audit_entry::Model>, DbErr> {
    audit_entry::Entity::find().filter(C::Position.eq(position)).one(db).await
}

/// Lines with a place, in their order, after one of them.
pub async fn sealed(
    db: &impl ConnectionTrait,
    after: Option<(i64, AuditEntryId)>,
    limit: u64,
) -> Result<Vec<audit_entry::Model>, DbErr> {
    let mut query = audit_entry::Entity::find().filter(C::Position.is_not_null());
    if let Some((position, id)) = after {
        // By both: where somebody took the index away, two lines may have one place.
        query = query.filter(
            Condition::any()
                .add(C::Position.gt(position))
                .add(Condition::all().add(C::Position.eq(position)).add(C::EntryId.gt(id))),
        );
    }
    query.order_by_asc(C::Position).order_by_asc(C::EntryId).limit(limit).all(db).await
}

/// The lowest place.
pub async fn first(db: &impl ConnectionTrait) -> Result<Option<i64>, DbErr> {
    let first = audit_entry::Entity::find().filter(C::Position.is_not_null()).order_by_asc(C::Position).one(db).await?;
    Ok(first.and_then(|row| row.position))
}

/// The last place before the first line that is younger than a moment, or before the end.
pub async fn last_before(db: &impl ConnectionTrait, before: Timestamp) -> Result<i64, DbErr> {
    let young = audit_entry::Entity::find()
        .filter(C::Position.is_not_null())
        .filter(C::At.gt(before))
        .order_by_asc(C::Position)
        .one(db)
        .await?;
    let next = match young {
        Some(young) => Some(young),
        None => head(db).await?,
    };
    Ok(next.and_then(|row| row.position).unwrap_or_default() - 1)
}

/// Lines that say where the log begins.
pub async fn beginnings(db: &impl ConnectionTrait) -> Result<Vec<audit_entry::Model>, DbErr> {
    audit_entry::Entity::find()
        .filter(C::SubjectId.eq(Uuid::nil()))
        .filter(C::SubjectKind.eq(AuditSubject::Audit))
        .filter(C::Act.eq(AuditAct::Erase))
        .all(db)
        .await
}

/// Removes all lines up to a place. The database lets only those go that a line names.
pub async fn forget(tx: &Tx, last: i64) -> Result<(), DbErr> {
    audit_entry::Entity::delete_many().filter(C::Position.lte(last)).exec(&**tx).await.map(drop)
}

/// Gives lines their places, all in one statement.
pub async fn place(tx: &Tx, rows: Vec<audit_entry::Model>) -> Result<(), DbErr> {
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    audit_entry::Entity::insert_many(rows)
        .on_conflict(OnConflict::column(C::EntryId).update_columns([C::Position, C::Chain]).to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}
