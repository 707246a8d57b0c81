//! What happened, in order, without a word of what was said. Pull, the live stream and push all read it.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{AccountId, ActionId, Actor, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub stream: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub pos: i64,
    pub kind: String,
    pub entity_id: Uuid,
    pub revision: i64,
    pub action_id: Option<ActionId>,
    pub actor: Actor,
    pub actor_id: Option<AccountId>,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
