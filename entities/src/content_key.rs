//! The key of one talk or one report, wrapped by a master key. All words and files of the talk or report are sealed under
//! it, and are gone when this row is.

use sea_orm::entity::prelude::*;

use crate::words::{Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "content_key")]
pub struct Model {
    /// The conversation or the report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub content_id: Uuid,
    /// Tells two keys apart that were made at once for the same talk; the first to be stored is the key.
    pub key_id: Uuid,
    pub wrapped: Sealed,
    pub master_id: String,
    pub made_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
