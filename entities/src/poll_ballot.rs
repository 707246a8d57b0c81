//! That a device has voted, and neither what nor when. It goes when the poll is over.

use sea_orm::entity::prelude::*;

use crate::words::PollId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_ballot")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: PollId,
    /// Keyed hash of poll and device: two polls of one device have nothing in common.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_mac: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
