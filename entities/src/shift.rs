//! One officer out on patrol, and whether the phone in the pocket wakes.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, DeviceId, ShiftId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub shift_id: ShiftId,
    pub officer_id: AccountId,
    pub public_number: Option<String>,
    /// The phone that is to be woken.
    pub device_id: DeviceId,
    /// Ids of the quarters it walks, between commas.
    pub quarters: String,
    pub revision: i64,
    pub started_at: Timestamp,
    /// As planned; nobody is sent home by it.
    pub ends_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub alarm_asked_at: Timestamp,
    pub alarm_answered_at: Option<Timestamp>,
    /// When the officer last asked the program for anything, to the minute.
    pub heard_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
