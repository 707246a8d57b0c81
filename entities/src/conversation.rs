//! One talk between a youth and the patrol.

use sea_orm::entity::prelude::*;

use crate::words::{
    AccountId, Actor, ConversationId, ConversationState, MessageId, PersonRole, Regime, Sealed, Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    pub youth_id: AccountId,
    pub state: ConversationState,
    pub revision: i64,
    pub holder_id: Option<AccountId>,
    pub holder_number: Option<String>,
    /// The revision at which it came to its holder; 0 while nobody has taken it.
    pub held_revision: i64,
    pub opened_at: Timestamp,
    pub last_at: Timestamp,
    pub last_by: Actor,
    pub last_message_id: MessageId,
    /// How far each side has read, as positions of the conversation's stream.
    pub youth_read_pos: i64,
    pub officer_read_pos: i64,
    pub read_by_number: Option<String>,
    /// The last message's position, for each side's writer, so that unread needs no count over messages.
    pub last_youth_pos: i64,
    pub last_officer_pos: i64,
    pub regime: Regime,
    pub person_role: PersonRole,
    /// When its youth asked that it be erased.
    pub erasure_asked_at: Option<Timestamp>,
    /// When that was refused, and why.
    pub erasure_refused_at: Option<Timestamp>,
    pub erasure_refusal: Option<Sealed>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
