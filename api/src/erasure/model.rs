use entities::words::{ErasureReason, PersonRole, Regime, SubjectKind, Text, Timestamp};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// The longest reason of a hold or a refusal, in characters.
pub const LONGEST_REASON: usize = 1000;
/// The longest time that a hold is set for at once.
pub const LONGEST_HOLD_SECONDS: i64 = 366 * 24 * 3600;

/// Why a lead erases. What goes by a rule or after a restore is no lead's act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum LeadsReason {
    /// Its writer asked for it.
    Asked,
    /// It should never have been here.
    Mistake,
    /// A court or an authority decided it.
    Decision,
}

impl From<LeadsReason> for ErasureReason {
    fn from(reason: LeadsReason) -> Self {
        match reason {
            LeadsReason::Asked => Self::Asked,
            LeadsReason::Mistake => Self::Mistake,
            LeadsReason::Decision => Self::Decision,
        }
    }
}

/// Erase a record, for good.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct EraseRecord {
    pub reason: LeadsReason,
}

/// Keep a record although its youth asked to erase it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct RefuseErasure {
    /// 1 to 1,000 characters. The youth reads it.
    pub reason: Text,
}

/// A record that its youth asked to erase, and that nobody has decided on.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct AskedErasure {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub asked_at: Timestamp,
    pub regime: Regime,
    pub person_role: PersonRole,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct AskedErasures {
    /// The oldest first, at most 100 of each kind.
    pub items: Vec<AskedErasure>,
}

/// Keep a record until a moment, whatever the rules say.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct HoldRecord {
    /// 1 to 1,000 characters.
    pub reason: Text,
    /// After now, at most 366 days from now.
    pub until: Timestamp,
}

/// Say which law a record falls under, and what its person is to what happened.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct TagRecord {
    pub regime: Regime,
    pub person_role: PersonRole,
}

/// That a record was erased. It tells nothing of what it held.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Erasure {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub reason: ErasureReason,
    /// The public number of the lead; nothing: a rule, or the program after a restore.
    pub by: Option<String>,
    pub at: Timestamp,
    /// How many messages went.
    pub messages: i64,
    /// How many files went.
    pub files: i64,
    /// When the last row and the last byte of a file had gone; nothing: it is being done.
    pub removed_at: Option<Timestamp>,
    /// When the database held no trace of them in its free room either; nothing: it is being done.
    pub scrubbed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ErasurePage {
    /// Newest first.
    pub items: Vec<Erasure>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Hold {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// Empty if it is damaged.
    pub reason: String,
    /// The reason does not open any more, by a fault on the server.
    pub damaged: bool,
    /// The public number of the lead.
    pub by: Option<String>,
    pub at: Timestamp,
    pub until: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Holds {
    /// Those that last, the first to end first.
    pub items: Vec<Hold>,
}

/// A record that no rule limits, and that nobody has looked at for a year.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct DueReview {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub regime: Regime,
    pub person_role: PersonRole,
    pub made_at: Timestamp,
    pub reviewed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct DueReviews {
    /// The oldest first, at most 100 of each kind.
    pub items: Vec<DueReview>,
}

/// How long a kind of record is kept, from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Rule {
    pub kind: entities::words::KeptKind,
    pub regime: Regime,
    pub valid_from: Timestamp,
    /// Nothing: no limit; it is reviewed each year.
    pub days: Option<i64>,
    /// On what ground.
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Rules {
    /// All there ever were, by kind and law, the newest first.
    pub items: Vec<Rule>,
}
