//! A text that officers have at hand, as it stood from one change to the next. The newest of each id counts, over the one that the
//! program brings. Its words are the patrol's own.

use sea_orm::entity::prelude::*;

use crate::words::{ReplyId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "canned_reply")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub reply_id: ReplyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub name: String,
    /// Which talks it is for: words between commas.
    pub fits: String,
    pub sv: String,
    pub en: String,
    /// In easy Swedish.
    pub easy: String,
    pub ended: bool,
    pub changed_at: Timestamp,
    /// The lead's public number.
    pub changed_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
