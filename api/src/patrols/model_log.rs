use entities::words::{
    EventKind, IncidentId, Intervention, LogEntryId, LogKind, NoticeChannel, NoticeId, NoticeOutcome, NoticeTarget,
    PatrolId, QuarterId, Referral, ReportId, Sealed, Text, Timestamp, Topic,
};
use poem_openapi::Object;

use crate::base::vault::NewKey;

/// The longest entry, in characters.
pub const LONGEST_ENTRY: usize = 500;

/// Write down what the patrol saw or did in a quarter. It names nobody, and has no field for it: who must be named is in a report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct WriteLog {
    /// Made on the device.
    pub entry_id: LogEntryId,
    pub patrol_id: PatrolId,
    pub quarter_id: QuarterId,
    pub kind: LogKind,
    /// Which one; with `intervention` alone.
    pub intervention: Option<Intervention>,
    /// To whom; with `referral` alone.
    pub referral: Option<Referral>,
    pub topic: Option<Topic>,
    /// What, without a name, a user name or a link: 1 to 500 characters. An observation has some.
    pub text: Option<Text>,
}

/// [`WriteLog`] where the path names the patrol.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Logging {
    /// Made on the device.
    pub entry_id: LogEntryId,
    pub quarter_id: QuarterId,
    pub kind: LogKind,
    /// Which one; with `intervention` alone.
    pub intervention: Option<Intervention>,
    /// To whom; with `referral` alone.
    pub referral: Option<Referral>,
    pub topic: Option<Topic>,
    /// What, without a name, a user name or a link: 1 to 500 characters. An observation has some.
    pub text: Option<Text>,
}

/// An entry that can be stored.
#[derive(Clone, Debug)]
pub struct SealedEntry {
    pub entry_id: LogEntryId,
    pub patrol_id: PatrolId,
    pub quarter_id: QuarterId,
    pub kind: LogKind,
    pub intervention: Option<Intervention>,
    pub referral: Option<Referral>,
    pub topic: Option<Topic>,
    pub words: Option<Sealed>,
    pub new_key: Option<NewKey>,
}

/// Say which report or which incident an entry led to: one of the two. What is known of a person stands there.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct TurnLogEntry {
    pub entry_id: LogEntryId,
    pub report_id: Option<ReportId>,
    pub incident_id: Option<IncidentId>,
}

/// [`TurnLogEntry`] where the path names the entry.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Turning {
    pub report_id: Option<ReportId>,
    pub incident_id: Option<IncidentId>,
}

/// Take back an entry, because it was wrong or names somebody. It is gone.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct TakeLogEntryBack {
    pub entry_id: LogEntryId,
}

/// Write down that a platform was told of something that stands there. It does not say of whom.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct SendNotice {
    /// Made on the device.
    pub notice_id: NoticeId,
    /// Where it stood, and so on which platform.
    pub quarter_id: QuarterId,
    /// The patrol on which it was seen.
    pub patrol_id: Option<PatrolId>,
    pub matter: EventKind,
    pub target: NoticeTarget,
    pub channel: NoticeChannel,
}

/// Write down what came of a notice. Written again, what was written last counts, by the phones' clocks.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct AnswerNotice {
    pub notice_id: NoticeId,
    pub outcome: NoticeOutcome,
    /// With `removed`, when it was seen to be gone, not before the notice and not to come; left out: now.
    pub removed_at: Option<Timestamp>,
}

/// [`AnswerNotice`] where the path names the notice.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct NoticeAnswer {
    pub outcome: NoticeOutcome,
    /// With `removed`, when it was seen to be gone, not before the notice and not to come; left out: now.
    pub removed_at: Option<Timestamp>,
}

/// What a patrol saw or did.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LogEntry {
    pub entry_id: LogEntryId,
    pub quarter_id: QuarterId,
    pub public_number: Option<String>,
    /// The caller has written it.
    pub mine: bool,
    pub kind: LogKind,
    pub intervention: Option<Intervention>,
    pub referral: Option<Referral>,
    pub topic: Option<Topic>,
    pub text: Option<String>,
    /// What it says cannot be read any more.
    pub damaged: bool,
    /// What it led to.
    pub report_id: Option<ReportId>,
    pub incident_id: Option<IncidentId>,
    /// As of any act on a patrol.
    pub at: Timestamp,
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
    pub revision: i64,
}

/// That a platform was told of something, and what came of it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Notice {
    pub notice_id: NoticeId,
    pub quarter_id: QuarterId,
    pub patrol_id: Option<PatrolId>,
    pub public_number: Option<String>,
    pub matter: EventKind,
    pub target: NoticeTarget,
    pub channel: NoticeChannel,
    /// As of any act on a patrol.
    pub at: Timestamp,
    pub recorded_at: Timestamp,
    pub received_at: Timestamp,
    /// Nothing: no answer is known.
    pub outcome: Option<NoticeOutcome>,
    pub answered_at: Option<Timestamp>,
    pub removed_at: Option<Timestamp>,
    /// From the notice to its removal, to the nearest whole hour.
    pub hours_to_removal: Option<i64>,
    pub revision: i64,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct NoticePage {
    /// The newest first.
    pub items: Vec<Notice>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}
