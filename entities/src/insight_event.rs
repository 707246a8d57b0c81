//! One talk or report as the evaluation knows it: without a name, and once it is settled without a way back to what it was.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{InsightMeasure, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "insight_event")]
pub struct Model {
    /// A keyed hash of what it is of, so that it is counted once.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    pub measure: InsightMeasure,
    /// The week that it counts in, as the days from 1970 to its Monday.
    pub week: i32,
    /// What is counted of it, as JSON of codes alone.
    pub facts: String,
    /// What it is of, until it is settled or erased.
    pub entity_id: Option<Uuid>,
    /// When nothing about it changes its figures any more.
    pub settles_at: Timestamp,
    /// It stands in the sums.
    pub settled: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
