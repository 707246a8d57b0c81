//! What the database was born for: one row, written at the first start. A restore changes its epoch, and nothing the rest.

use sea_orm::entity::prelude::*;

use crate::words::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "birth")]
pub struct Model {
    /// Always [`ONLY`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub only: i32,
    pub demo: bool,
    pub at: Timestamp,
    /// The epoch in which streams begin.
    pub epoch: i32,
}

/// The one row's key.
pub const ONLY: i32 = 1;

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
