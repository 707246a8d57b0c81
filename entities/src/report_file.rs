//! A file that a report names. The row comes with the report; the bytes follow and are kept in the blob store.

use sea_orm::entity::prelude::*;

use crate::words::{FileId, FileState, ReportId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    pub report_id: ReportId,
    /// Its place among the report's files.
    pub place: i32,
    pub media_type: String,
    pub size: i64,
    /// In lower-case hexadecimal, as the phone said.
    pub sha256: String,
    pub state: FileState,
    /// The kind of problem that a refused file got.
    pub refused_for: Option<String>,
    /// Bytes that are safely stored.
    pub received: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
