//! An officer's passkey: its public half.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, PasskeyId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub passkey_id: PasskeyId,
    pub account_id: AccountId,
    #[sea_orm(unique)]
    pub credential_id: Vec<u8>,
    /// As the WebAuthn library writes it.
    pub credential: String,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
