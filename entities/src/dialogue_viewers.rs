//! How many follow a dialogue over one node of the program.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{DialogueId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogue_viewers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dialogue_id: DialogueId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub node_id: Uuid,
    pub viewers: i32,
    /// When the node said so. What is older than a moment says nothing.
    pub said_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
