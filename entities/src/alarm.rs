//! The alarm of one talk in danger: it rings until a person has answered.

use sea_orm::entity::prelude::*;

use crate::words::{ConversationId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alarm")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// Grows each time that it starts from its first step.
    pub round: i64,
    /// The one that is to be done next.
    pub step: i32,
    pub started_at: Timestamp,
    /// The last position of the talk when it started: an officer's message after it is the answer.
    pub cause_pos: i64,
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
