//! One thing told to many phones. What became of it is kept in sums alone: nobody can read here who was told.

use sea_orm::entity::prelude::*;

use crate::words::{DeviceId, SendingId, SendingKind, SendingState, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sending")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sending_id: SendingId,
    pub kind: SendingKind,
    pub entity_id: Uuid,
    /// Whom it is for, as JSON: topic, places, ages, languages.
    pub audience: String,
    pub begins_at: Timestamp,
    pub expires_at: Timestamp,
    pub state: SendingState,
    /// The last phone that was taken in hand. They are taken in the order of their ids, which stay when a phone subscribes
    /// anew.
    pub after: Option<DeviceId>,
    /// The last phone that may have been told: those between are in doubt when whoever went through it is gone.
    pub begun: Option<DeviceId>,
    /// All that are left wait.
    pub read_whole: bool,
    /// Who goes through it, and until when nobody else may.
    pub holder: Option<Uuid>,
    pub held_until: Option<Timestamp>,
    /// The last phone that it is for. Nothing: there is no last one.
    pub until: Option<DeviceId>,
    pub accepted: i64,
    pub gone: i64,
    pub refused: i64,
    pub too_large: i64,
    pub expired: i64,
    /// Told once or twice without an answer.
    pub unsure: i64,
    pub waiting: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
