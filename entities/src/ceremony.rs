//! A WebAuthn ceremony that has begun.

use sea_orm::entity::prelude::*;

use crate::words::{CeremonyId, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ceremony")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ceremony_id: CeremonyId,
    pub state: Sealed,
    pub expires_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
