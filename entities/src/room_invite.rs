//! A link that leads one youth into a talk with the officer who made it, once, with a word that is said elsewhere.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, ConversationId, QuarterId, RoomInviteId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room_invite")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub invite_id: RoomInviteId,
    /// Of what stands in the link; nothing: so old that it is not known any more.
    #[sea_orm(unique)]
    pub secret_mac: Option<Vec<u8>>,
    pub quarter_id: QuarterId,
    pub officer_id: AccountId,
    pub officer_number: Option<String>,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub wrong_words: i32,
    /// By its officer, or by too many wrong words.
    pub closed_at: Option<Timestamp>,
    pub claimed_at: Option<Timestamp>,
    /// Who came in, and to which talk; nothing when that was erased or is long ago.
    pub claimed_by: Option<AccountId>,
    pub conversation_id: Option<ConversationId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
