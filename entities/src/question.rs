//! What a youth asks in a dialogue: her words, checked before anybody else reads them.

use sea_orm::entity::prelude::*;

use crate::words::{
    AccountId, ConversationId, DialogueId, IdeaHiding, Priority, QuestionId, QuestionState, Sealed, Seat, Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: QuestionId,
    pub dialogue_id: DialogueId,
    /// Nobody: who asked is forgotten.
    pub account_id: Option<AccountId>,
    /// Keyed hash of dialogue and device; goes with the account.
    pub device_mac: Option<Vec<u8>>,
    /// Under a key of its own, for as long as it stands.
    pub words: Sealed,
    pub state: QuestionState,
    /// Where it stands in the officers' list of its state.
    pub box_key: i64,
    pub priority: Priority,
    /// Why it has its priority: words of the rules, with a comma around each.
    pub reasons: String,
    pub self_harm: bool,
    /// Why it is not shown.
    pub hiding: Option<IdeaHiding>,
    pub merged_into: Option<QuestionId>,
    /// Its writer and those who voted for it; unless it is merged itself, with those of the questions that were merged into it.
    pub votes: i64,
    /// Who is to answer it.
    pub seat: Option<Seat>,
    /// Where in the dialogue it is answered, from its beginning.
    pub mark_seconds: Option<i32>,
    /// What is answered in writing: public words.
    pub answer: Option<String>,
    pub answer_en: Option<String>,
    pub answered_at: Option<Timestamp>,
    /// The talk with its writer.
    pub conversation_id: Option<ConversationId>,
    pub asked_at: Timestamp,
    /// When it was shown first.
    pub shown_at: Option<Timestamp>,
    pub decided_at: Option<Timestamp>,
    pub decided_by_number: Option<String>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
