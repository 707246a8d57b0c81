//! One thing that an officer did on a patrol, never changed: a press, as the phone dated it.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, ActionId, Counter, PatrolActKind, PatrolId, QuarterId, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol_act")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub officer_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub act_id: ActionId,
    pub patrol_id: PatrolId,
    pub public_number: Option<String>,
    pub kind: PatrolActKind,
    pub quarter_id: Option<QuarterId>,
    pub counter: Option<Counter>,
    /// What it adds to the counter: one, or one fewer.
    pub step: i32,
    /// When it was done, decided once, when it came; what people are shown goes by it.
    pub at: Timestamp,
    /// By the phone's clock.
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
