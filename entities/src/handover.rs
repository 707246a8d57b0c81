//! A card by which a talk is handed over to 112 or 114 14.

use sea_orm::entity::prelude::*;

use crate::words::{ConversationId, HandoverId, Receiver, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub handover_id: HandoverId,
    pub conversation_id: ConversationId,
    /// Said over the phone; no other card has it.
    #[sea_orm(unique)]
    pub number: String,
    pub receiver: Receiver,
    pub made_at: Timestamp,
    pub made_by: Option<String>,
    /// What stands on it, as JSON.
    pub card: Sealed,
    /// The newer card that took its place.
    pub replaced_by: Option<HandoverId>,
    pub acknowledged_at: Option<Timestamp>,
    /// The officer who wrote it down.
    pub acknowledged_by: Option<String>,
    /// Who took it at the other end.
    pub taken_by: Option<Sealed>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
