//! What a patrol saw and did in a quarter. No column is for a person: who must be named is in a report.

use sea_orm::entity::prelude::*;

use crate::words::{
    AccountId, IncidentId, Intervention, LogEntryId, LogKind, PatrolId, QuarterId, Referral, ReportId, Sealed,
    Timestamp, Topic,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: LogEntryId,
    pub patrol_id: PatrolId,
    pub quarter_id: QuarterId,
    /// The officer who wrote it.
    pub officer_id: AccountId,
    pub public_number: Option<String>,
    pub kind: LogKind,
    pub intervention: Option<Intervention>,
    pub referral: Option<Referral>,
    pub topic: Option<Topic>,
    /// Under the key of the patrol.
    pub words: Option<Sealed>,
    /// What it led to.
    pub report_id: Option<ReportId>,
    pub incident_id: Option<IncidentId>,
    /// When it was, decided once, when it came.
    pub at: Timestamp,
    /// By the phone's clock.
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
