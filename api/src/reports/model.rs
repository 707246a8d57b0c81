use entities::words::{Certainty, EventKind, PersonRole, Regime, ReportId, ReportState, Sealed, Text, Timestamp};
use poem_openapi::Object;

use crate::{
    base::vault::NewKey,
    files::{NamedFile, SentFile},
};

/// The longest account of what happened, in characters.
pub const LONGEST_ACCOUNT: usize = 8000;
/// The longest place, and the longest time in words.
pub const LONGEST_NOTE: usize = 300;
/// When it happened, as far as the youth knows.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Happened {
    pub certainty: Certainty,
    pub at: Option<Timestamp>,
    /// In words, at most 300 characters.
    pub words: Option<Text>,
}

/// Tell the patrol what happened. The text counts at once; its files follow.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct SubmitReport {
    /// Made on the device.
    pub report_id: ReportId,
    pub event_kind: EventKind,
    /// 1 to 8,000 characters.
    pub what: Text,
    pub happened: Happened,
    /// In words, at most 300 characters.
    pub place: Option<Text>,
    #[oai(validator(max_items = 1))]
    pub files: Vec<NamedFile>,
}

/// A report whose words are sealed already.
#[derive(Clone, Debug)]
pub struct SealedReport {
    pub report_id: ReportId,
    pub event_kind: EventKind,
    pub what: Sealed,
    pub certainty: Certainty,
    pub happened_at: Option<Timestamp>,
    pub happened_words: Option<Sealed>,
    pub place: Option<Sealed>,
    pub files: Vec<NamedFile>,
    /// The report's key, if it does not stand in the database yet.
    pub new_key: Option<NewKey>,
}

/// Say that an officer has begun to read a report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ReadReport {
    pub report_id: ReportId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// Ask the police to erase a report. They decide: what came to them is an official document.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AskReportErasure {
    pub report_id: ReportId,
}

/// [`ReadReport`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct ReadFrom {
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// A report as its reader may see it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Report {
    pub report_id: ReportId,
    pub state: ReportState,
    pub revision: i64,
    pub event_kind: EventKind,
    /// Empty if it is damaged.
    pub what: String,
    pub happened: Happened,
    pub place: Option<String>,
    /// Some of its words do not open any more, by a fault on the server: they are left out.
    pub damaged: bool,
    /// When the server received it.
    pub submitted_at: Timestamp,
    /// By the writer's phone.
    pub recorded_at: Timestamp,
    /// The public number of the officer who reads it; nothing: no person has opened it.
    pub reader: Option<String>,
    /// The law that it falls under; for officers.
    pub regime: Option<Regime>,
    /// What its writer is to what happened, as far as an officer has said; for officers.
    pub person_role: Option<PersonRole>,
    /// When its writer asked the police to erase it.
    pub erasure_asked_at: Option<Timestamp>,
    /// When the police decided to keep it all the same. Nothing: they have not decided yet.
    pub erasure_refused_at: Option<Timestamp>,
    /// Why they keep it.
    pub erasure_refusal: Option<String>,
    pub files: Vec<SentFile>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ReportPage {
    /// Newest first.
    pub items: Vec<Report>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}
