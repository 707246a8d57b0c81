//! One of the answers of a poll, and how many chose it.

use sea_orm::entity::prelude::*;

use crate::words::PollId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_option")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: PollId,
    /// From 0, in the order in which they are read.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i32,
    /// Empty for what stands between the ends of a scale.
    pub text: String,
    pub text_en: Option<String>,
    pub votes: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
