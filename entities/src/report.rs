//! What happened, told to the patrol by one youth. It is written once; only who reads it changes, and what is decided of its
//! keeping.

use sea_orm::entity::prelude::*;

use crate::words::{
    AccountId, ActionId, Certainty, EventKind, PersonRole, Regime, ReportId, ReportState, Sealed, Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: ReportId,
    pub youth_id: AccountId,
    pub state: ReportState,
    pub revision: i64,
    pub event_kind: EventKind,
    pub what: Sealed,
    pub certainty: Certainty,
    pub happened_at: Option<Timestamp>,
    pub happened_words: Option<Sealed>,
    pub place: Option<Sealed>,
    pub reader_id: Option<AccountId>,
    pub reader_number: Option<String>,
    pub action_id: ActionId,
    /// By the phone's clock.
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
    pub regime: Regime,
    pub person_role: PersonRole,
    /// When its youth asked that it be erased.
    pub erasure_asked_at: Option<Timestamp>,
    /// When that was refused, and why.
    pub erasure_refused_at: Option<Timestamp>,
    pub erasure_refusal: Option<Sealed>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
