//! The durable queue. A job is written in the transaction of the effect that asks for it.

use sea_orm::entity::prelude::*;

use crate::words::{JobId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: JobId,
    pub queue: String,
    /// Ids only, as JSON; never words of people.
    pub body: String,
    pub run_at: Timestamp,
    /// Until when a worker holds it; a worker that died lets it go by time.
    pub claimed_until: Option<Timestamp>,
    pub attempts: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
