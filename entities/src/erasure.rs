//! That something was erased: what it was, when and why, and nothing of what it held. The row comes first and stays, so
//! that nothing brings back what it names.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{AccountId, ErasureReason, SubjectKind, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    pub subject_kind: SubjectKind,
    pub reason: ErasureReason,
    /// Nobody: a rule, or the program after a restore.
    pub by_id: Option<AccountId>,
    pub by_number: Option<String>,
    pub at: Timestamp,
    /// How many of each went.
    pub messages: i64,
    pub files: i64,
    /// When the last row and the last byte of a file had gone.
    pub removed_at: Option<Timestamp>,
    /// When the database no longer held their bytes in free room either.
    pub scrubbed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
