//! That a device supports an idea. It goes when the idea is answered.

use sea_orm::entity::prelude::*;

use crate::words::IdeaId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idea_support")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub idea_id: IdeaId,
    /// Keyed hash of idea and device: two ideas of one device have nothing in common.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_mac: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
