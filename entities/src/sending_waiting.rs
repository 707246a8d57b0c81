//! A phone that a sending has passed and is not done with: it is left alone now, its push service asked for time, or nobody knows
//! whether it was told. It goes with what becomes of it.

use sea_orm::entity::prelude::*;

use crate::words::{DeviceId, SendingId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sending_waiting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sending_id: SendingId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: DeviceId,
    pub run_at: Timestamp,
    pub attempts: i32,
    /// How often it was sent without word of what became of it.
    pub doubts: i32,
    /// It was about to be sent.
    pub under_way: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
