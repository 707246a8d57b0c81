//! A youth's account that may not write for a while. It ends by itself; when it ends before its time, that is said here.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, ConversationId, MuteId, MuteKind, MuteReason, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mute")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub mute_id: MuteId,
    pub account_id: AccountId,
    /// The talk in which it was decided. It goes with that.
    pub conversation_id: ConversationId,
    pub kind: MuteKind,
    pub reason: MuteReason,
    /// For officers.
    pub note: Option<Sealed>,
    pub at: Timestamp,
    pub until: Timestamp,
    pub by_number: Option<String>,
    pub ended_at: Option<Timestamp>,
    pub ended_number: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
