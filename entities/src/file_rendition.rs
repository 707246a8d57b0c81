//! A picture of a post's film, or a smaller one of what a post shows. Its bytes lie in the blob store, under the key of the original.

use sea_orm::entity::prelude::*;

use crate::words::{FileId, Rendition};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_rendition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub rendition: Rendition,
    pub media_type: String,
    pub size: i64,
    /// In lower-case hexadecimal.
    pub sha256: String,
    /// In pixels; nothing: film.
    pub width: Option<i32>,
    pub height: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
