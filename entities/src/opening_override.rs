//! What a lead decided for now, whatever is planned: one row.

use sea_orm::entity::prelude::*;

use crate::words::Timestamp;

/// The one row.
pub const ONLY: i32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opening_override")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub open: bool,
    /// From here on the plan counts again.
    pub until: Timestamp,
    pub set_by: Option<String>,
    pub set_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
