use entities::words::{
    Actor, Certainty, ConversationId, EventKind, IncidentId, MessageId, OutcomeCode, PersonRole, Priority, Regime,
    ReportId, ReportState, Sealed, SearchReason, Text, Timestamp,
};
use poem_openapi::Object;

use crate::{
    base::vault::NewKey,
    files::{NamedFile, SentFile},
    questionnaires::QuestionAnswer,
};

/// The longest account of what happened, in characters.
pub const LONGEST_ACCOUNT: usize = 8000;
/// The longest place, and the longest time in words.
pub const LONGEST_NOTE: usize = 300;
/// The longest link or user name, in characters, and the most of them.
pub const LONGEST_LINK: usize = 2000;
pub const MOST_LINKS: usize = 20;
/// The longest that a youth is told of why her report is closed, in characters.
pub const LONGEST_CLOSING: usize = 2000;
/// The longest name of who goes on with it, of who its youth is, and of an incident, in characters.
pub const LONGEST_NAME: usize = 200;
pub const LONGEST_TITLE: usize = 100;
/// The longest number of a polisanmälan, in characters.
pub const LONGEST_POLICE_NUMBER: usize = 60;

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
    #[oai(validator(max_items = 10))]
    pub files: Vec<NamedFile>,
    /// The version of the questions that it answers.
    pub questionnaire_version: Option<i32>,
    /// To questions that have no field of their own.
    #[oai(validator(max_items = 60))]
    pub answers: Option<Vec<QuestionAnswer>>,
    /// The municipality where it happened, by its four digits.
    #[oai(validator(pattern = "^[0-9]{4}$"))]
    pub area: Option<Text>,
    /// Links and user names as they were written, each at most 2,000 characters; a platform's name and a colon may stand before.
    #[oai(validator(max_items = 20))]
    pub links: Option<Vec<Text>>,
    /// The talk that it is made from.
    pub conversation_id: Option<ConversationId>,
    /// Which messages of that talk go into it.
    #[oai(validator(max_items = 200))]
    pub message_ids: Option<Vec<MessageId>>,
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
    pub questionnaire_version: Option<i32>,
    pub answers: Option<Sealed>,
    pub area: Option<String>,
    pub links: Option<Sealed>,
    /// Keyed hashes of what the links say.
    pub clues: Vec<Vec<u8>>,
    pub conversation_id: Option<ConversationId>,
    pub excerpt: Option<Sealed>,
    pub urgency: Urgency,
    /// The report's key, if it does not stand in the database yet.
    pub new_key: Option<NewKey>,
}

/// How urgent its words make a report, before they are sealed.
#[derive(Clone, Debug)]
pub struct Urgency {
    pub priority: Priority,
    pub reasons: Vec<String>,
    pub rules_version: i32,
    pub self_harm: bool,
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

/// Ask a youth about her report, in a talk that begins with it. What is asked follows as a message of that talk.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct OpenReportTalk {
    pub report_id: ReportId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Made on the device.
    pub conversation_id: ConversationId,
}

/// A talk whose key may be new.
#[derive(Clone, Debug)]
pub struct KeyedTalk {
    pub command: OpenReportTalk,
    pub new_key: Option<NewKey>,
}

/// Say that somebody else goes on with a report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct PassReportOn {
    pub report_id: ReportId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// To whom, as its youth is told: 1 to 200 characters.
    pub to: Text,
}

/// Say that a polisanmälan was made of a report in the police's own system.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct RegisterReport {
    pub report_id: ReportId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Its number there: 1 to 60 characters.
    pub police_number: Text,
}

/// Close a report with an outcome, and say why.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CloseReport {
    pub report_id: ReportId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    pub outcome: OutcomeCode,
    /// What its youth is told: 1 to 2,000 characters.
    pub why: Text,
}

/// Say who one is, in a report that was sent without a name.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct IntroduceYouth {
    pub report_id: ReportId,
    /// 1 to 200 characters.
    pub name: Text,
    /// How to be reached, at most 300 characters.
    pub reach: Option<Text>,
}

/// Join a report to an incident. The first talk or report opens it. One that is in it already gets the new title.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct JoinReport {
    pub report_id: ReportId,
    /// Made on the device of whoever joins the first one.
    pub incident_id: IncidentId,
    /// How officers call it: 1 to 100 characters.
    pub title: Text,
}

/// Take a report out of its incident.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct LeaveReport {
    pub report_id: ReportId,
    pub incident_id: IncidentId,
}

/// What changes a report, with the words in it sealed already.
#[derive(Clone, Debug)]
pub struct Handling<T> {
    pub report_id: ReportId,
    /// Nothing: it may have changed.
    pub expected_revision: Option<i64>,
    pub with: T,
}

#[derive(Clone, Debug)]
pub struct SealedClosing {
    pub outcome: OutcomeCode,
    pub why: Sealed,
}

#[derive(Clone, Debug)]
pub struct SealedJoining {
    pub incident_id: IncidentId,
    pub title: Sealed,
}

/// [`OpenReportTalk`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct TalkAbout {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Made on the device.
    pub conversation_id: ConversationId,
}

/// [`PassReportOn`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PassedTo {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// To whom, as its youth is told: 1 to 200 characters.
    pub to: Text,
}

/// [`RegisterReport`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct RegisteredAs {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Its number there: 1 to 60 characters.
    pub police_number: Text,
}

/// [`CloseReport`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct ClosedWith {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    pub outcome: OutcomeCode,
    /// What its youth is told: 1 to 2,000 characters.
    pub why: Text,
}

/// [`IntroduceYouth`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct WhoSheIs {
    /// 1 to 200 characters.
    pub name: Text,
    /// How to be reached, at most 300 characters.
    pub reach: Option<Text>,
}

/// [`JoinReport`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PartOf {
    /// Made on the device of whoever joins the first one.
    pub incident_id: IncidentId,
    /// How officers call it: 1 to 100 characters.
    pub title: Text,
}

/// [`LeaveReport`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct NoPartOf {
    pub incident_id: IncidentId,
}

/// What a list of reports is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    pub state: Option<ReportState>,
    pub event_kind: Option<EventKind>,
    pub area: Option<String>,
    pub priority: Option<Priority>,
    pub received_from: Option<Timestamp>,
    pub received_until: Option<Timestamp>,
}

impl Narrowed {
    /// By time the newest stand first, whoever asks.
    pub fn is_by_time(&self) -> bool {
        self.received_from.is_some() || self.received_until.is_some()
    }
}

/// Look for reports by what stands in them. One of number and clue is given. It is logged, with the reason and without the words.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct SearchReports {
    pub reason: SearchReason,
    /// Of a report or of an incident that reports are in.
    #[oai(validator(max_length = 40))]
    pub number: Option<Text>,
    /// A link or a user name. It is found where a report names just that; there is no search over what people wrote.
    #[oai(validator(max_length = 2000))]
    pub clue: Option<Text>,
}

/// A link or a user name in a report.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ReportLink {
    /// As it was written.
    pub said: String,
    /// The platform that was recognised.
    pub platform: Option<String>,
    /// In small letters, without what stands before it.
    pub user_name: Option<String>,
    /// The address, without what only follows people around.
    pub url: Option<String>,
}

/// A message that went into a report.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExcerptMessage {
    pub message_id: MessageId,
    pub by: Actor,
    pub public_number: Option<String>,
    /// When the server received it.
    pub received_at: Timestamp,
    pub text: String,
}

/// Who a youth said that she is.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Introduction {
    pub name: String,
    pub reach: Option<String>,
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
    /// What people call it, as `R-7K4M-92XR`.
    pub number: String,
    /// The version of the questions that it answers.
    pub questionnaire_version: Option<i32>,
    pub answers: Option<Vec<QuestionAnswer>>,
    /// The municipality, by its four digits.
    pub area: Option<String>,
    pub links: Option<Vec<ReportLink>>,
    /// Its words tell of wanting to die or of harming oneself: what is shown beside it is help.
    pub self_harm: bool,
    /// Its words tell of danger. Nobody is alarmed by a report: call 112.
    pub in_danger: bool,
    /// How urgent it is, and why; for officers.
    pub priority: Option<Priority>,
    pub reasons: Option<Vec<String>>,
    /// The talk that belongs to it.
    pub conversation_id: Option<ConversationId>,
    /// Messages that its youth chose from the talk that it was made from.
    pub excerpt: Option<Vec<ExcerptMessage>>,
    /// Without a name it is handled as a tip.
    pub as_tip: bool,
    pub introduction: Option<Introduction>,
    /// Who goes on with it.
    pub passed_to: Option<String>,
    /// The number of the polisanmälan that an officer made of it.
    pub police_number: Option<String>,
    pub registered_at: Option<Timestamp>,
    pub outcome: Option<OutcomeCode>,
    /// Why it is closed.
    pub closing_words: Option<String>,
    pub closed_at: Option<Timestamp>,
    /// What it is a part of; for officers.
    pub incident_id: Option<IncidentId>,
    pub incident_number: Option<String>,
    pub incident_title: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ReportPage {
    /// A youth's own, and what is asked for by time, the newest first. For officers else the most urgent first and of those the
    /// oldest; then the closed ones, the newest first.
    pub items: Vec<Report>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}

/// What is counted of a report: no word of it, and not whose it is.
#[derive(Clone, Debug)]
pub struct CountedReport {
    pub report_id: ReportId,
    pub received_at: Timestamp,
    pub event_kind: EventKind,
    /// It has become one in the police's own system.
    pub registered: bool,
    pub passed_on: bool,
    pub closed: bool,
    pub outcome: Option<OutcomeCode>,
}
