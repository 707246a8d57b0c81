//! Where one device is woken, and for what. The endpoint is a capability, so it is sealed.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, AgeBand, DeviceId, Locale, Sealed, SubscriptionId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push_subscription")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subscription_id: SubscriptionId,
    #[sea_orm(unique)]
    pub device_id: DeviceId,
    pub account_id: AccountId,
    /// Endpoint and keys, as JSON.
    pub target: Sealed,
    /// The key that the browser subscribed with. Nothing: the first there was.
    pub key_id: Option<String>,
    /// Keyed hash of the endpoint: an endpoint wakes one device.
    #[sea_orm(unique)]
    pub endpoint_mac: Option<Vec<u8>>,
    pub replies: bool,
    /// Words between commas, with one at each end, so that one topic is found by its own.
    pub topics: String,
    pub municipalities: String,
    pub locale: Locale,
    /// Stands here and nowhere else.
    pub age_band: Option<AgeBand>,
    /// When a youth's device may be woken: minutes after midnight in Stockholm. Nothing: at any time.
    pub safe_from: Option<i32>,
    pub safe_until: Option<i32>,
    /// When it is left alone by what is not written to its owner: minutes after midnight. Nothing: never.
    pub quiet_from: Option<i32>,
    pub quiet_until: Option<i32>,
    /// Whether a notice says more than that something came.
    pub telling: bool,
    /// Whether it comes under the plain icon.
    pub plain: bool,
    pub failures: i32,
    pub changed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
