//! A safety tip: public words of the patrol.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, Timestamp, TipAction, TipId, Topic};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tip_id: TipId,
    pub topic: Topic,
    pub municipality: String,
    pub text: String,
    pub action: TipAction,
    pub author_id: AccountId,
    pub public_number: Option<String>,
    pub published_at: Timestamp,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
