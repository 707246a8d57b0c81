//! What several talks are about. It holds no words: each talk in it bears the title for itself, under its own key.

use sea_orm::entity::prelude::*;

use crate::words::{IncidentId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub incident_id: IncidentId,
    /// Said among officers; no other incident has it.
    #[sea_orm(unique)]
    pub number: String,
    pub opened_at: Timestamp,
    pub opened_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
