//! What a post says, or said until it was corrected: public words of the patrol.

use sea_orm::entity::prelude::*;

use crate::words::{PostId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    /// The post's, from when on it says this.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub title: String,
    pub title_en: Option<String>,
    pub text: String,
    pub text_en: Option<String>,
    /// In easy Swedish.
    pub text_easy: Option<String>,
    /// The revision that brought the film's captions.
    pub captions_revision: Option<i64>,
    pub written_at: Timestamp,
    pub public_number: Option<String>,
    /// Why what stood before was corrected; nothing: it is the first.
    pub why: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
