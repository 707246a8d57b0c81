//! That a device asks nothing in a dialogue for a while.

use sea_orm::entity::prelude::*;

use crate::words::{DialogueId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogue_mute")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dialogue_id: DialogueId,
    /// Keyed hash of dialogue and device.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_mac: Vec<u8>,
    /// How often it was decided.
    pub times: i32,
    /// Nothing: to the end of the dialogue.
    pub until: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
