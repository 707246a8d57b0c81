//! How many of what is settled count in one week for one part of a dimension; the dimension that is empty is all of them.

use sea_orm::entity::prelude::*;

use crate::words::InsightMeasure;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "insight_count")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub measure: InsightMeasure,
    #[sea_orm(primary_key, auto_increment = false)]
    pub week: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub dimension: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: String,
    pub count: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
