use entities::words::{Counter, PatrolActKind, PatrolId, PatrolMark, PatrolState, QuarterId, Sealed, Text, Timestamp};
use poem_openapi::Object;
use uuid::Uuid;

use super::model_log::{LogEntry, Notice};
use crate::base::vault::NewKey;

/// The longest line of a reflection, in characters.
pub const LONGEST_LINE: usize = 280;
/// How far ahead a patrol is planned.
pub const LONGEST_AHEAD_SECONDS: i64 = 366 * 24 * 3600;
/// How long after its planned end what was done on a patrol still comes in, from a phone that lay in a drawer.
pub const LATE_SECONDS: i64 = 31 * 24 * 3600;

/// Plan a patrol, or plan one anew that nobody has started. Expected revision 0 makes it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PlanPatrol {
    /// Made on the device.
    pub patrol_id: PatrolId,
    #[oai(validator(minimum(value = "0")))]
    pub expected_revision: i64,
    pub starts_at: Timestamp,
    /// At most 16 hours later.
    pub ends_at: Timestamp,
    /// The public numbers of those who go: at least two.
    #[oai(validator(min_items = 2, max_items = 10))]
    pub officers: Vec<Text>,
    #[oai(validator(min_items = 1, max_items = 20))]
    pub quarters: Vec<QuarterId>,
}

/// Say that a patrol that nobody has started is not to be.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CancelPatrol {
    pub patrol_id: PatrolId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// [`CancelPatrol`] where the path names the patrol.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Cancelling {
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// Start, pause, resume or end a patrol, for all who are on it. It begins and ends no shift.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MarkPatrol {
    pub patrol_id: PatrolId,
    pub mark: PatrolMark,
}

/// [`MarkPatrol`] where the path names the patrol.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Marking {
    pub mark: PatrolMark,
}

/// Say that the patrol comes to a quarter.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct VisitQuarter {
    pub patrol_id: PatrolId,
    pub quarter_id: QuarterId,
}

/// [`VisitQuarter`] where the path names the patrol.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Visiting {
    pub quarter_id: QuarterId,
}

/// Count one thing that happened in a quarter. Each press is an action of its own, so that what two phones counted adds up.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CountOnPatrol {
    pub patrol_id: PatrolId,
    pub quarter_id: QuarterId,
    pub counter: Counter,
    /// One fewer: a press was a mistake.
    #[oai(default)]
    pub takes_back: bool,
}

/// [`CountOnPatrol`] where the path names the patrol.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Counting {
    pub quarter_id: QuarterId,
    pub counter: Counter,
    /// One fewer: a press was a mistake.
    #[oai(default)]
    pub takes_back: bool,
}

/// Say in three lines what one thinks of a patrol that one was on: at least one of them. Said again, the last counts. It names nobody.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct ReflectOnPatrol {
    pub patrol_id: PatrolId,
    /// 1 to 280 characters, as are the others.
    pub went_well: Option<Text>,
    pub was_hard: Option<Text>,
    pub try_next: Option<Text>,
}

/// [`ReflectOnPatrol`] where the path names the patrol.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Reflecting {
    /// 1 to 280 characters, as are the others.
    pub went_well: Option<Text>,
    pub was_hard: Option<Text>,
    pub try_next: Option<Text>,
}

/// A command with what its words are sealed by: nobody else can name that, and so nothing else comes under its key.
pub struct Placed<C> {
    pub content_id: Uuid,
    pub command: C,
}

/// A reflection that can be stored.
#[derive(Clone, Debug)]
pub struct SealedReflection {
    pub patrol_id: PatrolId,
    pub words: Sealed,
    pub new_key: Option<NewKey>,
}

/// A patrol, for officers.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Patrol {
    pub patrol_id: PatrolId,
    pub state: PatrolState,
    pub revision: i64,
    /// As planned.
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub planned_by: Option<String>,
    /// By the phones of those who were out.
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// How long it was out without its pauses, as far as that is over.
    pub out_seconds: i64,
    /// The caller is one of its officers.
    pub mine: bool,
    pub officers: Vec<PatrolOfficer>,
    /// As planned.
    pub quarters: Vec<QuarterId>,
    /// Those that it came to, in their order.
    pub visited: Vec<QuarterId>,
    /// What its officers pressed, added up.
    pub counts: Vec<PatrolCount>,
    /// In what was asked by id: what the program saw by itself, the invites that they made meanwhile and those that were claimed. It
    /// says the same in part as `counts`, and is never to be added to that.
    pub seen: Option<Vec<PatrolCount>>,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct PatrolOfficer {
    pub public_number: String,
    /// Whether she is on a shift now and was heard from of late.
    pub on_shift: bool,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct PatrolCount {
    pub quarter_id: QuarterId,
    pub counter: Counter,
    pub count: i64,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PatrolPage {
    /// By their planned start, the last first.
    pub items: Vec<Patrol>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}

/// One thing that an officer did on a patrol.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PatrolAct {
    pub kind: PatrolActKind,
    pub public_number: Option<String>,
    pub quarter_id: Option<QuarterId>,
    pub counter: Option<Counter>,
    /// One fewer.
    pub takes_back: bool,
    /// When it was done: by the phone's clock, but neither later than it came nor more than 31 days before.
    pub at: Timestamp,
    /// By the phone's clock, as it said.
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
}

/// What one officer thinks of a patrol.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Reflection {
    pub public_number: Option<String>,
    pub went_well: Option<String>,
    pub was_hard: Option<String>,
    pub try_next: Option<String>,
    /// It cannot be read any more.
    pub damaged: bool,
    pub at: Timestamp,
    pub received_at: Timestamp,
}

/// All that is known of a patrol, in the order in which it was done.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct PatrolLog {
    pub acts: Vec<PatrolAct>,
    /// What its officers wrote down.
    pub entries: Vec<LogEntry>,
    /// What platforms were told of that it saw.
    pub notices: Vec<Notice>,
    pub reflections: Vec<Reflection>,
}
