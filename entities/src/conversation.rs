//! One talk between a youth and the patrol.

use sea_orm::entity::prelude::*;

use crate::words::{
    AccountId, Actor, CameBy, ConversationId, ConversationState, DutyState, IncidentId, LocationId, LocationState,
    MessageId, MuteId, MuteKind, MuteReason, OutcomeCode, PersonRole, Priority, QuarterId, Regime, Sealed,
    SurveyAnswer, Timestamp,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    pub youth_id: AccountId,
    pub state: ConversationState,
    pub revision: i64,
    pub holder_id: Option<AccountId>,
    pub holder_number: Option<String>,
    /// The revision at which it came to its holder; 0 while nobody has taken it.
    pub held_revision: i64,
    pub opened_at: Timestamp,
    pub last_at: Timestamp,
    pub last_by: Actor,
    pub last_message_id: MessageId,
    /// How far each side has read, as positions of the conversation's stream.
    pub youth_read_pos: i64,
    pub officer_read_pos: i64,
    pub read_by_number: Option<String>,
    /// The last message's position, for each side's writer, so that unread needs no count over messages.
    pub last_youth_pos: i64,
    pub last_officer_pos: i64,
    pub regime: Regime,
    pub person_role: PersonRole,
    /// When its youth asked that it be erased.
    pub erasure_asked_at: Option<Timestamp>,
    /// When that was refused, and why.
    pub erasure_refused_at: Option<Timestamp>,
    pub erasure_refusal: Option<Sealed>,
    pub priority: Priority,
    /// The revision that gave it its priority.
    pub priority_revision: i64,
    /// Why it has it: codes between commas.
    pub reasons: String,
    /// The rules that judged it; 0: none did.
    pub rules_version: i32,
    /// Words of wanting to die or of harming oneself were seen.
    pub self_harm: bool,
    /// Where it happens, in its youth's words.
    pub whereabouts: Option<Sealed>,
    /// The position of the last message that told of danger.
    pub danger_pos: Option<i64>,
    pub waiting_since: Timestamp,
    /// Its place in the queue as one number: priority, then how many its youth has before it, then age.
    pub queue_key: i64,
    /// When its youth left the queue to be told by push.
    pub stepped_away_at: Option<Timestamp>,
    pub taken_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// Where its youth came from, and how.
    pub quarter_id: Option<QuarterId>,
    pub came_by: Option<CameBy>,
    /// Since when a hand-over card of it waits to be acknowledged.
    pub red_since: Option<Timestamp>,
    /// What its youth was last told of what came back.
    pub told: Option<Sealed>,
    pub told_at: Option<Timestamp>,
    /// The last question for its youth's place.
    pub location_id: Option<LocationId>,
    pub location_state: Option<LocationState>,
    pub location_asked_at: Option<Timestamp>,
    /// What it is a part of, and how officers call that.
    pub incident_id: Option<IncidentId>,
    pub incident_number: Option<String>,
    pub incident_title: Option<Sealed>,
    /// How it stands whether a child is harmed, and with a crime of the youth's own.
    pub child_duty: Option<DutyState>,
    pub crime_duty: Option<DutyState>,
    /// How it ended, and the version of the list that says so; nothing: it goes on, or an older app closed it.
    pub outcome: Option<OutcomeCode>,
    pub outcome_version: Option<i32>,
    /// When it went back to the queue; nothing: it never did, or somebody has taken it since.
    pub returned_at: Option<Timestamp>,
    /// How many notes officers have on it.
    pub notes: i32,
    /// Officers who are named in notes that they have not read: ids, a comma before and after each.
    pub mentioned: String,
    /// What keeps its youth from writing, and how long. It counts until its time, and no longer.
    pub mute_id: Option<MuteId>,
    pub mute_kind: Option<MuteKind>,
    pub mute_reason: Option<MuteReason>,
    pub muted_until: Option<Timestamp>,
    /// It told of danger, of harming oneself or of extortion: nobody is asked what it was like.
    pub unsurveyed: bool,
    /// What its youth said in one press each; only sums of it are ever read.
    pub would_have_called: Option<SurveyAnswer>,
    pub would_have_told: Option<SurveyAnswer>,
    pub helped: Option<SurveyAnswer>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
