//! One browser profile of one account.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, DeviceId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: DeviceId,
    pub account_id: AccountId,
    /// HMAC of the device's secret; empty for an officer's.
    pub secret_mac: Vec<u8>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
