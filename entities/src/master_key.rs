//! The master keys that rows of this database are wrapped under, by name: the keys themselves never enter it. While a row
//! here stands, keys may be wrapped under it; a rotation ends by taking the old one away.

use sea_orm::entity::prelude::*;

use crate::words::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "master_key")]
pub struct Model {
    /// The beginning of a hash of the key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub master_id: String,
    pub first_used_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
