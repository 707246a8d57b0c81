//! What an officer saw or decided in a talk because police must act.

use sea_orm::entity::prelude::*;

use crate::words::{ConversationId, DutyDecision, DutyId, DutyMatter, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub duty_id: DutyId,
    pub conversation_id: ConversationId,
    pub matter: DutyMatter,
    /// Nothing: it was raised, and is still to be decided.
    pub decision: Option<DutyDecision>,
    pub reason: Option<Sealed>,
    /// The version of the text that was shown then.
    pub text_version: i32,
    pub at: Timestamp,
    pub by_number: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
