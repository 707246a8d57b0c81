//! One message. Its place in the talk is the journal's position, never a phone's clock.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, ActionId, Actor, ConversationId, MessageId, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub pos: i64,
    pub author_id: AccountId,
    pub by: Actor,
    pub public_number: Option<String>,
    pub text: Sealed,
    pub action_id: ActionId,
    /// By the phone's clock.
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
    /// How many files it names.
    pub files: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
