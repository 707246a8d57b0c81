//! A number that the program goes by, from a day on. It is never changed: a later one takes its place.

use sea_orm::entity::prelude::*;

use crate::words::{SettingName, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "setting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: SettingName,
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Timestamp,
    pub value: i64,
    /// On what ground.
    pub source: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
