//! How urgent a talk was judged, by which rules or by whom, and why.

use sea_orm::entity::prelude::*;

use crate::words::{ActionId, Actor, ConversationId, Priority, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "triage_decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// The talk's revision that it made.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub at: Timestamp,
    pub by: Actor,
    pub by_number: Option<String>,
    pub action_id: ActionId,
    pub priority: Priority,
    /// Codes between commas.
    pub reasons: String,
    pub self_harm: bool,
    pub rules_version: i32,
    /// In the words of who lowered it.
    pub why: Option<Sealed>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
