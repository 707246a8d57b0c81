//! That a platform was told of something that stands there, and what came of it. Neither says of whom.

use sea_orm::entity::prelude::*;

use crate::words::{
    ActionId, EventKind, NoticeChannel, NoticeId, NoticeOutcome, NoticeTarget, PatrolId, QuarterId, Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub notice_id: NoticeId,
    /// Where it stood, and so on which platform.
    pub quarter_id: QuarterId,
    pub patrol_id: Option<PatrolId>,
    pub public_number: Option<String>,
    pub matter: EventKind,
    pub target: NoticeTarget,
    pub channel: NoticeChannel,
    /// When the platform was told, decided once, when it came.
    pub at: Timestamp,
    /// By the phone's clock.
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
    /// Nothing: no answer is known.
    pub outcome: Option<NoticeOutcome>,
    /// When the outcome was written down, and by which action.
    pub answered_at: Option<Timestamp>,
    pub answer_id: Option<ActionId>,
    pub removed_at: Option<Timestamp>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
