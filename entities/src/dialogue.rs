//! A live citizen dialogue: announced, followed, ended, kept with what was asked and answered.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, DialogueId, DialogueState, QuestionId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogue")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dialogue_id: DialogueId,
    pub title: String,
    pub title_en: Option<String>,
    pub about: Option<String>,
    pub about_en: Option<String>,
    pub starts_at: Timestamp,
    pub state: DialogueState,
    /// Where it stands in the list: what is to come by its time, then what is over, the newest first.
    pub list_key: i64,
    pub opened_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub film_url: Option<String>,
    /// Who sits where, and by which public number.
    pub speaker: Option<AccountId>,
    pub speaker_number: Option<String>,
    pub reader: Option<AccountId>,
    pub reader_number: Option<String>,
    /// How long a device waits between two questions.
    pub slow_seconds: i32,
    pub pinned_question_id: Option<QuestionId>,
    /// Who announced it.
    pub public_number: Option<String>,
    /// How many followed at once.
    pub most_viewers: Option<i32>,
    /// What was counted of it before who asked was forgotten.
    pub figures: Option<String>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
