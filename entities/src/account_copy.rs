//! The copy of all that is kept of an account: one at a time. Its bytes lie in the blob store under the key of its file.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{AccountId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_copy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub asked_at: Timestamp,
    /// The file that it is being made into, or was.
    pub file_id: Option<Uuid>,
    pub expires_at: Option<Timestamp>,
    pub ready_at: Option<Timestamp>,
    /// In bytes.
    pub size: Option<i64>,
    /// When it was fetched, had expired, was given up or had to go.
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
