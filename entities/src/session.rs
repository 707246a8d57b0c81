//! One sign-in. No token is stored: a refresh token is an HMAC over id and generation.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, DeviceId, Role, SessionId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: SessionId,
    pub account_id: AccountId,
    pub device_id: DeviceId,
    pub role: Role,
    pub public_number: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// The highest generation of the refresh token that was presented.
    pub used: i64,
    pub ended_at: Option<Timestamp>,
    /// When its passkey was last touched; nothing: a youth's.
    pub touched_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
