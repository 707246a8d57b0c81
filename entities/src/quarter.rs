//! A digital neighbourhood that the patrol walks. Its words are the patrol's own, and public.

use sea_orm::entity::prelude::*;

use crate::words::{QuarterId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quarter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub quarter_id: QuarterId,
    pub name: String,
    pub platform: String,
    /// The patrol's account there.
    pub account: String,
    pub revision: i64,
    pub changed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
