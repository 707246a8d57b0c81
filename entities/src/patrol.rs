//! Officers who are to be out together, in which quarters, and how it went.

use sea_orm::entity::prelude::*;

use crate::words::{PatrolId, PatrolState, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub patrol_id: PatrolId,
    /// Ids of the quarters that it is to walk, between commas.
    pub quarters: String,
    /// As planned.
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub planned_by: Option<String>,
    pub cancelled_at: Option<Timestamp>,
    /// This and what follows is what all that its officers did comes to.
    pub state: PatrolState,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Without the pauses, as far as it is over.
    pub out_seconds: i64,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
