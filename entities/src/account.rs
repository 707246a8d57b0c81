//! Someone: a youth whom nobody knows by name, or an officer known by a public number.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, Locale, Role, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub role: Role,
    #[sea_orm(unique)]
    pub public_number: Option<String>,
    /// HMAC over the slow hash of the code.
    #[sea_orm(unique)]
    pub code_mac: Option<Vec<u8>>,
    pub locale: Locale,
    pub created_at: Timestamp,
    /// How hard a puzzle its youth owes, because it was made while very many were; 0: none.
    pub owed_bits: i32,
    /// When a lead ended it. It stays, for what the number has done.
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
