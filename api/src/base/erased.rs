//! What was erased stays erased: its row stands before anything of it goes, and whoever reads or writes asks here.

use std::collections::HashSet;

use entities::erasure;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, IntoColumnRef, SimpleExpr},
};
use uuid::Uuid;

use super::db::padded;

/// Those of some talks and reports that were erased.
pub async fn among(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<HashSet<Uuid>, DbErr> {
    let rows: Vec<Uuid> = erasure::Entity::find()
        .select_only()
        .column(erasure::Column::SubjectId)
        .filter(erasure::Column::SubjectId.is_in(padded(ids)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Holds of a row that was not erased, by the column that names it.
pub fn stands(subject_id: impl IntoColumnRef) -> SimpleExpr {
    let erased = erasure::Entity::find()
        .select_only()
        .column(erasure::Column::SubjectId)
        .filter(Expr::col((erasure::Entity, erasure::Column::SubjectId)).eq(Expr::col(subject_id)))
        .into_query();
    Expr::exists(erased).not()
}
