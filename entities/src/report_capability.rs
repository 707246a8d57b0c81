//! What lets a youth's phone deliver reports when its session is dead: one a device, until it ends.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, CapabilityId, DeviceId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_capability")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub capability_id: CapabilityId,
    pub account_id: AccountId,
    #[sea_orm(unique)]
    pub device_id: DeviceId,
    /// SHA-256 of the secret, which is 32 random bytes.
    #[sea_orm(unique)]
    pub secret_hash: Vec<u8>,
    /// The phone's P-256 key, an uncompressed point.
    pub public_key: Vec<u8>,
    pub ends_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
