//! Who may open files that are withheld from everybody else.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "investigator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub named_by: AccountId,
    pub named_by_number: Option<String>,
    pub at: Timestamp,
    pub reason: Sealed,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
