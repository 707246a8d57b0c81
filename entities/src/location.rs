//! A place that an officer asked a youth for, once.

use sea_orm::entity::prelude::*;

use crate::words::{ConversationId, LocationId, LocationState, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "location")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub location_id: LocationId,
    pub conversation_id: ConversationId,
    pub state: LocationState,
    pub asked_at: Timestamp,
    pub asked_by: Option<String>,
    pub answered_at: Option<Timestamp>,
    /// Where she was, as JSON, until it expires.
    pub fix: Option<Sealed>,
    pub expires_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
