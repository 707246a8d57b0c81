//! A question to all youths: public words of the patrol.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, DialogueId, PollId, PollKind, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: PollId,
    pub kind: PollKind,
    pub question: String,
    pub question_en: Option<String>,
    /// In easy Swedish.
    pub question_easy: Option<String>,
    pub author_id: AccountId,
    /// Where it is asked; nothing: everywhere.
    pub dialogue_id: Option<DialogueId>,
    pub public_number: Option<String>,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub voters: i64,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
