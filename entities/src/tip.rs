//! A safety tip: public words of the patrol.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, Timestamp, TipAction, TipId, Topic};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tip_id: TipId,
    pub topic: Topic,
    /// Codes between commas, with one at each end; none means all. So are ages and languages.
    pub municipalities: String,
    pub age_bands: String,
    pub languages: String,
    pub text: String,
    pub text_en: Option<String>,
    /// In easy Swedish.
    pub text_easy: Option<String>,
    pub action: TipAction,
    pub author_id: AccountId,
    pub public_number: Option<String>,
    /// In the future for one that waits.
    pub published_at: Timestamp,
    pub expires_at: Timestamp,
    /// A lead has said that it may come although two of its topic came this week.
    pub urgent: bool,
    /// Since then its texts are the correction.
    pub recalled_at: Option<Timestamp>,
    pub recalled_by_number: Option<String>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
