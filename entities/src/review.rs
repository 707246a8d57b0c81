//! When somebody last looked whether a record is still needed.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{AccountId, SubjectKind, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    pub subject_kind: SubjectKind,
    pub reviewed_at: Timestamp,
    pub by_id: AccountId,
    pub by_number: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
