//! How long a kind of record is kept, from a day on. A rule is never changed: a later one takes its place.

use sea_orm::entity::prelude::*;

use crate::words::{KeptKind, Regime, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: KeptKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub regime: Regime,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Timestamp,
    /// Nothing: no limit, so the record is reviewed each year.
    pub days: Option<i64>,
    /// On what ground.
    pub source: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
