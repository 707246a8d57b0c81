//! A post of the patrol. What it says stands in its versions.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, PostId, QuarterId, Timestamp, Topic};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    /// By which its files are kept, under a key of their own. Nobody can guess it from what is public.
    pub content_id: Uuid,
    pub topic: Topic,
    pub quarter_id: Option<QuarterId>,
    /// Codes between commas, with one at each end; none means all.
    pub municipalities: String,
    pub author_id: AccountId,
    pub public_number: Option<String>,
    pub made_at: Timestamp,
    /// In the future for one that waits.
    pub published_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// The revision whose version says what it says now.
    pub words_revision: i64,
    pub withdrawn_at: Option<Timestamp>,
    pub withdrawn_by_number: Option<String>,
    pub withdrawn_why: Option<String>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
