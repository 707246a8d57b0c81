//! What officers write down about a talk for each other, and how it went from one to another.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, ActionId, ConversationId, NoteKind, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// The revision that it gave the talk.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub kind: NoteKind,
    pub at: Timestamp,
    /// Nobody: the program.
    pub by_id: Option<AccountId>,
    pub by_number: Option<String>,
    /// The colleague whom it was passed on to, or who had it before.
    pub colleague: Option<String>,
    /// Public numbers of the colleagues whom it names, between commas.
    pub mentions: String,
    /// Under the id of the action that brought them.
    pub text: Option<Sealed>,
    pub action_id: Option<ActionId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
