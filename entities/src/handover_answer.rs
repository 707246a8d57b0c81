//! What came back to a card from the other end.

use sea_orm::entity::prelude::*;

use crate::words::{ActionId, CameBack, ConversationId, HandoverId, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover_answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub handover_id: HandoverId,
    /// The action that wrote it down.
    #[sea_orm(primary_key, auto_increment = false)]
    pub action_id: ActionId,
    pub conversation_id: ConversationId,
    pub at: Timestamp,
    pub by_number: Option<String>,
    pub came_back: CameBack,
    /// What the talk's youth was told of it.
    pub told: Option<Sealed>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
