//! When the chat is open in a usual week, from a day on. A later one takes its place.

use sea_orm::entity::prelude::*;

use crate::words::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opening_plan")]
pub struct Model {
    /// A Swedish day, as in 2026-11-24.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: String,
    /// JSON: weekday and minutes of the day.
    pub intervals: String,
    pub set_by: Option<String>,
    pub set_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
