//! A puzzle that was answered: it is good once.

use sea_orm::entity::prelude::*;

use crate::words::{PuzzleId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spent_puzzle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub puzzle_id: PuzzleId,
    pub expires_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
