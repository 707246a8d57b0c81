//! What one officer thinks of a patrol that she was on.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, ActionId, PatrolId, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol_reflection")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub patrol_id: PatrolId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub officer_id: AccountId,
    pub public_number: Option<String>,
    /// Which brought the words, and under which they are sealed.
    pub act_id: ActionId,
    pub words: Sealed,
    pub at: Timestamp,
    pub received_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
