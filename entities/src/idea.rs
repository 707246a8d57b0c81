//! What a youth would like to see from the patrol, or where: her words, checked before anybody else reads them.

use sea_orm::entity::prelude::*;

use crate::words::{
    AccountId, ConversationId, IdeaHiding, IdeaId, IdeaKind, IdeaOutcome, IdeaState, Priority, QuarterId, Sealed,
    Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idea")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub idea_id: IdeaId,
    pub kind: IdeaKind,
    /// Nobody: who wrote it is forgotten.
    pub account_id: Option<AccountId>,
    /// Under a key of its own, for as long as it stands.
    pub words: Sealed,
    pub state: IdeaState,
    /// Where it stands in the officers' list of its state.
    pub box_key: i64,
    pub priority: Priority,
    /// Why it has its priority: words of the rules, with a comma around each.
    pub reasons: String,
    pub self_harm: bool,
    /// Why it is not shown.
    pub hiding: Option<IdeaHiding>,
    pub merged_into: Option<IdeaId>,
    /// Its writer and those who support it; unless it is merged itself, with those of the ideas that were merged into it.
    pub support: i64,
    pub outcome: Option<IdeaOutcome>,
    /// What the patrol did: public words.
    pub answer: Option<String>,
    pub answer_en: Option<String>,
    /// The quarter that was wished for.
    pub quarter_id: Option<QuarterId>,
    /// The talk with its writer.
    pub conversation_id: Option<ConversationId>,
    pub sent_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub decided_by_number: Option<String>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
