//! What must not go yet, whatever the rules say: until a day, and for a reason.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{AccountId, Sealed, SubjectKind, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    pub subject_kind: SubjectKind,
    /// Under the key of what is held.
    pub reason: Sealed,
    pub by_id: AccountId,
    pub by_number: Option<String>,
    pub at: Timestamp,
    pub until: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
