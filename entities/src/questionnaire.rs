//! The questions of reports and the guides that stand beside them: a document a version, which is never changed.

use sea_orm::entity::prelude::*;

use crate::words::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "questionnaire")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub valid_from: Timestamp,
    /// The document, as JSON.
    pub document: String,
    pub loaded_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
