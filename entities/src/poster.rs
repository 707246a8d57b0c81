//! A lasting link of a quarter, for many, as on a wall. Its words are the patrol's own.

use sea_orm::entity::prelude::*;

use crate::words::{PosterId, QuarterId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poster")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub poster_id: PosterId,
    pub quarter_id: QuarterId,
    /// Where it hangs.
    pub place: String,
    pub made_by: Option<String>,
    pub made_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
