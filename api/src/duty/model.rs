use entities::words::{ConversationId, DutyDecision, DutyId, DutyMatter, Sealed, Text, Timestamp};
use poem_openapi::Object;

/// The longest reason and the longest text, in characters.
pub const LONGEST_REASON: usize = 1000;
pub const LONGEST_TEXT: usize = 4000;

/// Raise that police may have to act in a talk, or say what was decided of it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct RecordDuty {
    /// Made on the device.
    pub duty_id: DutyId,
    pub conversation_id: ConversationId,
    pub matter: DutyMatter,
    /// Left out: it is raised. `made` and `not-needed` are of an orosanmälan, `stopped-asking` is of a youth's own crime.
    pub decision: Option<DutyDecision>,
    /// Why: 1 to 1,000 characters. A decision has one.
    pub reason: Option<Text>,
    /// The version of the text that was on the screen.
    pub text_version: i32,
}

/// One whose reason is sealed already.
#[derive(Clone, Debug)]
pub struct SealedDuty {
    pub duty_id: DutyId,
    pub conversation_id: ConversationId,
    pub matter: DutyMatter,
    pub decision: Option<DutyDecision>,
    pub reason: Option<Sealed>,
    pub text_version: i32,
}

/// What was raised or decided at one time.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct DutyRecord {
    pub duty_id: DutyId,
    pub conversation_id: ConversationId,
    pub matter: DutyMatter,
    /// Nothing: it was raised.
    pub decision: Option<DutyDecision>,
    /// Nothing if there is none or it is damaged.
    pub reason: Option<String>,
    pub text_version: i32,
    pub at: Timestamp,
    /// The officer's public number.
    pub by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct DutyRecords {
    /// The newest first.
    pub items: Vec<DutyRecord>,
}

/// What police must act on, as it is told now.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct DutyText {
    /// 1: as the program brings it.
    pub version: i32,
    pub valid_from: Timestamp,
    /// The paragraphs of law, for officers.
    pub law: String,
    /// In Swedish, a line for each thing. `{child_age}` and `{criminal_age}` stand for the ages beside it.
    pub sv: String,
    pub en: String,
    /// In easy Swedish.
    pub easy: String,
    /// Below how many years somebody is a child.
    pub child_age: i64,
    /// From how many years on one is punished for a crime.
    pub criminal_age: i64,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PutDutyText {
    /// The version that was seen.
    pub expected_version: i32,
    /// Each 1 to 4,000 characters.
    pub law: Text,
    pub sv: Text,
    pub en: Text,
    pub easy: Text,
}
