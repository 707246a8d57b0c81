//! The copy of a file for daily use. Its bytes lie in the blob store, under the key of the original.

use sea_orm::entity::prelude::*;

use crate::words::{FileCopyState, FileId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_copy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    pub state: FileCopyState,
    pub media_type: Option<String>,
    pub size: Option<i64>,
    /// In lower-case hexadecimal.
    pub sha256: Option<String>,
    /// In pixels; nothing: film or sound.
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub made_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
