//! A link that enrols one officer, once.

use sea_orm::entity::prelude::*;

use crate::words::{InviteId, Role, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invite")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub invite_id: InviteId,
    #[sea_orm(unique)]
    pub token_mac: Vec<u8>,
    pub role: Role,
    pub public_number: String,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
