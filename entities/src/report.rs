//! What happened, told to the patrol by one youth. What she wrote is written once; what changes is who reads it, what officers
//! make of it, and what is decided of its keeping.

use sea_orm::entity::prelude::*;

use crate::words::{
    AccountId, ActionId, Certainty, ConversationId, EventKind, IncidentId, OutcomeCode, PersonRole, Priority, Regime,
    ReportId, ReportState, Sealed, Timestamp,
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
    /// What people call it: an older one got one when reports did.
    pub number: String,
    /// Its place among all: open ones by urgency and then age, then the closed ones, the newest first.
    pub inbox_key: i64,
    /// The questions that it answers; nothing: an older app asked without any.
    pub questionnaire_version: Option<i32>,
    /// A list of answers as JSON.
    pub answers: Option<Sealed>,
    /// A list of links and user names as JSON, each as it was written and as it was understood.
    pub links: Option<Sealed>,
    /// The municipality where it happened, four digits.
    pub area: Option<String>,
    pub priority: Priority,
    /// Why it has it: codes between commas.
    pub reasons: String,
    /// The rules that judged it; 0: none did.
    pub rules_version: i32,
    /// Words of wanting to die or of harming oneself were seen.
    pub self_harm: bool,
    /// The talk that belongs to it: it was made from it, or its youth is asked there.
    pub conversation_id: Option<ConversationId>,
    /// The talk that it was made from.
    pub source_conversation_id: Option<ConversationId>,
    /// Messages of that talk, as they stood when its youth chose them, as JSON.
    pub excerpt: Option<Sealed>,
    /// Who its youth is, as far as she has said.
    pub introduction: Option<Sealed>,
    pub introduced_at: Option<Timestamp>,
    /// Who goes on with it.
    pub passed_to: Option<Sealed>,
    /// The number of the polisanmälan.
    pub police_number: Option<Sealed>,
    pub registered_at: Option<Timestamp>,
    pub outcome: Option<OutcomeCode>,
    pub outcome_version: Option<i32>,
    /// What its youth is told of why it is closed.
    pub closing_words: Option<Sealed>,
    pub closed_at: Option<Timestamp>,
    /// What it is a part of, and how officers call that.
    pub incident_id: Option<IncidentId>,
    pub incident_number: Option<String>,
    pub incident_title: Option<Sealed>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
