//! What was told of one measure at one time. It never changes.

use sea_orm::entity::prelude::*;

use crate::words::{InsightMeasure, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "insight_release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure: InsightMeasure,
    /// The last week that it tells of, as `2026-W48`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub through: String,
    /// The first week that was ever counted.
    pub since: String,
    /// What it tells that was not told before, as JSON.
    pub told: String,
    /// All that was counted by then, as JSON. It leaves for nobody.
    pub counted: String,
    pub released_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
