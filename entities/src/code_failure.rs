//! That a code was wrong: when, and nothing else.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_failure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub failure_id: Uuid,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
