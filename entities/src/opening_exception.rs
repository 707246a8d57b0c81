//! A day on which the chat opens otherwise than in a usual week.

use sea_orm::entity::prelude::*;

use crate::words::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opening_exception")]
pub struct Model {
    /// A Swedish day, as in 2026-12-24.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
    /// JSON: minutes of the day; none of them: closed.
    pub spans: String,
    pub set_by: Option<String>,
    pub set_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
