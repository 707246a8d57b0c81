//! One row for each action that was decided: outcome and ids, no words. It is what makes a repeat harmless.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::words::{AccountId, ActionId, Outcome, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action_receipt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub action_id: ActionId,
    pub kind: String,
    /// HMAC over kind, version and canonical body.
    pub body_mac: Vec<u8>,
    pub outcome: Outcome,
    pub problem_kind: Option<String>,
    pub entity_id: Option<Uuid>,
    pub revision: Option<i64>,
    pub stream: Option<String>,
    pub epoch: Option<i32>,
    pub pos: Option<i64>,
    pub received_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
