//! One of the officers of a patrol.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, PatrolId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol_officer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub patrol_id: PatrolId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub officer_id: AccountId,
    pub public_number: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
