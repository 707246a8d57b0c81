use entities::{
    conversation,
    words::{
        ActionId, Actor, CameBy, ConversationId, ConversationState, DangerAnswer, DutyState, HurtAnswer, IncidentId,
        LocationId, LocationState, MessageId, MuteId, MuteKind, MuteReason, OutcomeCode, PersonRole, Priority,
        QuarterId, Regime, Sealed, SurveyAnswer, SurveyQuestion, Text, Timestamp,
    },
};
use poem_openapi::Object;

use super::triage::Judgement;
use crate::{
    base::{
        refusal::{Kind, Refusal},
        vault::NewKey,
    },
    files::{NamedFile, SentFile},
    quarters::QuarterName,
    rooms::{Knock, Link},
};

/// The longest message, in characters.
pub const LONGEST_MESSAGE: usize = 4000;
/// The longest words of where it happens, and of why a talk is lowered, in characters.
pub const LONGEST_PLACE: usize = 300;
pub const LONGEST_WHY: usize = 1000;

/// Write a message. A youth's first message opens the conversation; an officer writes in one that he or she holds.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct SendMessage {
    /// Made on the device.
    pub message_id: MessageId,
    /// Made on the device by whoever opens the conversation.
    pub conversation_id: ConversationId,
    /// 1 to 4,000 characters; it may be empty where there are files.
    pub text: Text,
    /// Files that will follow by the files' operations. With them the version is 4.
    #[oai(validator(max_items = 4))]
    pub files: Option<Vec<NamedFile>>,
    /// A youth's answers to the questions of danger, with the first message or a later one. With it the version is 2.
    pub triage: Option<Triage>,
    /// What stood behind `#` in the link of an invite or a poster that a youth followed, with her first message: the talk
    /// remembers the quarter. What is not known or counts no more changes nothing. With it the version is 3.
    pub room: Option<Text>,
}

/// The questions of danger. Each may be left out.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Triage {
    /// Is someone hurt, or about to be?
    pub danger: Option<DangerAnswer>,
    /// Is somebody hurt already, or is there a weapon?
    pub hurt: Option<HurtAnswer>,
    /// Where is it? To 300 characters.
    #[oai(rename = "where")]
    pub whereabouts: Option<Text>,
}

/// A message whose words are sealed already.
#[derive(Clone, Debug)]
pub struct SealedMessage {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub text: Sealed,
    pub files: Vec<NamedFile>,
    /// What the rules say of a youth's answers and words.
    pub judgement: Option<Judgement>,
    pub whereabouts: Option<Sealed>,
    /// The link that its youth followed.
    pub link: Option<Link>,
    /// It tells of extortion: nobody is asked what the talk was like.
    pub unsurveyed: bool,
    /// How it came, where that was by no link.
    pub came_by: Option<CameBy>,
    /// The talk's key, if it does not stand in the database yet.
    pub new_key: Option<NewKey>,
}

/// Take a conversation that waits, or take it over from a colleague. Refused when it has come to another officer since.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct TakeConversation {
    pub conversation_id: ConversationId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Why it is taken over, 1 to 1,000 characters; for officers. Needed from a colleague who was heard from of late. With it
    /// the version is 2.
    pub why: Option<Text>,
}

/// A taking whose reason is sealed already.
#[derive(Clone, Debug)]
pub struct SealedTaking {
    pub conversation_id: ConversationId,
    pub expected_revision: i64,
    pub why: Option<Sealed>,
}

/// Close a conversation. Refused while the youth has written something that no officer has read.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CloseConversation {
    pub conversation_id: ConversationId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// How it ended. With it the version is 2, and must have it; only older apps leave it out.
    pub outcome: Option<OutcomeCode>,
}

/// Say how far one has read. Positions only grow; an older one changes nothing.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ReadConversation {
    pub conversation_id: ConversationId,
    /// The position of the last message that was on the screen.
    #[oai(validator(minimum(value = "0")))]
    pub pos: i64,
}

/// Ask the police to erase a conversation. They decide: what came to them is an official document.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AskConversationErasure {
    pub conversation_id: ConversationId,
}

/// Answer one question about a talk. Nobody reads the answer; sums alone are made of it.
#[derive(Clone, Copy, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AnswerSurvey {
    pub conversation_id: ConversationId,
    /// One of the talk's `asks`.
    pub asked: SurveyQuestion,
    pub answer: SurveyAnswer,
}

/// The same of the conversation that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct SurveyReply {
    /// One of the talk's `asks`.
    pub asked: SurveyQuestion,
    pub answer: SurveyAnswer,
}

/// Make a talk more urgent. One that is as urgent already stays as it is.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct RaiseConversation {
    pub conversation_id: ConversationId,
    pub priority: Priority,
}

/// Make a talk less urgent, and say why. Refused when it was raised since.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct LowerConversation {
    pub conversation_id: ConversationId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    pub priority: Priority,
    /// 1 to 1,000 characters; for officers.
    pub why: Text,
}

/// A lowering whose reason is sealed already.
#[derive(Clone, Debug)]
pub struct SealedLowering {
    pub conversation_id: ConversationId,
    pub expected_revision: i64,
    pub priority: Priority,
    pub why: Sealed,
}

/// Come into a talk by an officer's invite and its word. It opens, or an own one that waits is marked, and the officer who
/// made the invite has it at once. The same account may say it again.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ClaimConversation {
    /// Made on the device, or of an own talk that waits.
    pub conversation_id: ConversationId,
    /// What stood behind `#` in the link.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub secret: Text,
    /// As it was said; capitals do not matter.
    #[oai(validator(pattern = "\\S", max_length = 100))]
    pub word: Text,
}

/// A claim whose link and word were looked at.
#[derive(Clone, Debug)]
pub struct KnockedClaim {
    pub conversation_id: ConversationId,
    pub knock: Knock,
    pub new_key: Option<NewKey>,
}

/// Leave the queue's screen, to be told by push. The talk keeps its place.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct StepAway {
    pub conversation_id: ConversationId,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct RaiseTo {
    pub priority: Priority,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct LowerTo {
    pub expected_revision: i64,
    pub priority: Priority,
    /// 1 to 1,000 characters; for officers.
    pub why: Text,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct ClaimBy {
    /// What stood behind `#` in the link.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub secret: Text,
    /// As it was said; capitals do not matter.
    #[oai(validator(pattern = "\\S", max_length = 100))]
    pub word: Text,
}

/// How a talk that the path names is taken.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct TakeWith {
    pub expected_revision: i64,
    /// Why it is taken over, 1 to 1,000 characters; for officers. Needed from a colleague who was heard from of late.
    pub why: Option<Text>,
}

/// How a talk that the path names is closed.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct CloseWith {
    pub expected_revision: i64,
    pub outcome: OutcomeCode,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct ReadTo {
    #[oai(validator(minimum(value = "0")))]
    pub pos: i64,
}

/// A conversation as its reader may see it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Conversation {
    pub conversation_id: ConversationId,
    pub state: ConversationState,
    pub revision: i64,
    pub opened_at: Timestamp,
    pub last_at: Timestamp,
    /// The public number of the officer who holds it.
    pub holder: Option<String>,
    pub held_by_me: bool,
    /// The public number of the officer who has read furthest; nothing: no person has read it.
    pub read_by: Option<String>,
    /// How far an officer has read, as a position of the conversation's stream.
    pub officer_read_pos: i64,
    pub youth_read_pos: i64,
    /// The position of the last message.
    pub head: i64,
    /// The other side has written something that the reader's side has not read.
    pub unread: bool,
    pub last_by: Actor,
    /// The last message, cut to 120 characters; empty if it is damaged or a file without words.
    pub last_text: String,
    /// How many files the last message names; nothing: none.
    pub last_files: Option<i64>,
    /// The law that it falls under; for officers.
    pub regime: Option<Regime>,
    /// What its youth is to what happened, as far as an officer has said; for officers.
    pub person_role: Option<PersonRole>,
    /// When its youth asked the police to erase it.
    pub erasure_asked_at: Option<Timestamp>,
    /// When the police decided to keep it all the same. Nothing: they have not decided yet.
    pub erasure_refused_at: Option<Timestamp>,
    /// Why they keep it; nothing if those words are damaged.
    pub erasure_refusal: Option<String>,
    /// It has told of danger, and no officer has judged otherwise since.
    pub in_danger: bool,
    /// It tells of danger that no person has read. Say so, large, with 112.
    pub unread_danger: bool,
    /// It tells of danger that no person has answered. After a minute say so, large, with 112.
    pub unanswered_danger: bool,
    /// Words of wanting to die or of harming oneself were seen.
    pub self_harm: bool,
    /// Where it happens, in its youth's words; nothing if she has not said or they are damaged.
    #[oai(rename = "where")]
    pub whereabouts: Option<String>,
    pub waiting_since: Timestamp,
    /// When its youth left the queue's screen to be told by push: she is not looking.
    pub stepped_away_at: Option<Timestamp>,
    /// The quarter that its youth came from.
    pub quarter: Option<QuarterName>,
    /// How she came; for officers.
    pub came_by: Option<CameBy>,
    /// What its youth was last told of what came back from 112 or 114 14; nothing if she was not or the words are damaged.
    pub told: Option<String>,
    pub told_at: Option<Timestamp>,
    /// The last question for its youth's place. `given` stays when the place itself has expired.
    pub location_id: Option<LocationId>,
    pub location_state: Option<LocationState>,
    pub location_asked_at: Option<Timestamp>,
    /// Since when a hand-over card waits to be acknowledged; for officers.
    pub red_since: Option<Timestamp>,
    /// What it is a part of, together with other talks; for officers.
    pub incident: Option<InIncident>,
    /// Whether it was raised or decided that a child may be harmed; for officers.
    pub child_duty: Option<DutyState>,
    /// The same for a crime of the youth's own; for officers.
    pub crime_duty: Option<DutyState>,
    /// What the queue goes by, to be compared as text: what is smaller comes first; for officers.
    pub queue_key: Option<String>,
    /// How it ended, as far as its officer's app knew to say; for officers.
    pub outcome: Option<OutcomeCode>,
    /// The version of the list that `outcome` is of; for officers.
    pub outcome_version: Option<i32>,
    /// It was with an officer and has gone back to the queue, since then. Nothing: no, or somebody has taken it since.
    pub returned_at: Option<Timestamp>,
    /// How many notes officers have on it; for officers.
    pub notes: Option<i32>,
    /// The reader is named in a note and has not looked; for officers.
    pub mentioned: Option<bool>,
    /// Its youth may not write for a while, but of danger. It ends by itself.
    pub muted: Option<Muted>,
    /// What may be asked of it, each in one press and none required; for its youth. Nothing: nothing.
    pub asks: Option<Vec<SurveyQuestion>>,
    /// How soon it needs a person; for officers.
    pub priority: Option<Priority>,
    /// Why, in stable codes: `not-asked`, `danger-now`, `hurt-or-weapon`, `danger-unsure`, `hurt-unsure`, `no-danger`,
    /// `nobody-hurt`, `only-asking`, `self-harm`, `weapon-words`, `violence-words`, `at-the-door-words`, `raised`, `lowered`;
    /// for officers.
    pub reasons: Option<Vec<String>>,
    /// The version of the rules that judged it; 0: none did; for officers.
    pub rules_version: Option<i32>,
}

/// What is counted of a talk: no word of it, and not whose it is.
#[derive(Clone, Debug)]
pub struct CountedTalk {
    pub conversation_id: ConversationId,
    pub opened_at: Timestamp,
    pub came_by: Option<CameBy>,
    pub closed: bool,
    pub outcome: Option<OutcomeCode>,
    /// When an officer wrote first, and whether its youth has read that.
    pub answered_at: Option<Timestamp>,
    pub answer_read: bool,
    /// Nobody is asked what it was like.
    pub unsurveyed: bool,
    pub would_have_called: Option<SurveyAnswer>,
    pub would_have_told: Option<SurveyAnswer>,
    pub helped: Option<SurveyAnswer>,
}

/// What keeps a youth from writing.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Muted {
    pub mute_id: MuteId,
    pub kind: MuteKind,
    pub reason: MuteReason,
    pub until: Timestamp,
}

impl Muted {
    /// As it stands with a talk, until its time.
    pub fn of(row: &conversation::Model, now: Timestamp) -> Option<Self> {
        Some(Self {
            mute_id: row.mute_id?,
            kind: row.mute_kind?,
            reason: row.mute_reason?,
            until: row.muted_until.filter(|until| *until > now)?,
        })
    }

    pub fn refusal(&self) -> Refusal {
        let kind = match self.kind {
            MuteKind::Muted => Kind::Muted,
            MuteKind::Blocked => Kind::Blocked,
        };
        Refusal { until: Some(self.until), ..kind.into() }
    }
}

/// What a talk is a part of.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct InIncident {
    pub incident_id: IncidentId,
    pub number: String,
    /// Nothing if it is damaged.
    pub title: Option<String>,
}

/// What officers look for talks by. What is left out may be anything.
#[derive(Default)]
pub struct Search {
    pub state: Option<ConversationState>,
    /// Of an incident or of a hand-over card.
    pub number: Option<String>,
    pub priority: Option<Priority>,
    pub quarter_id: Option<QuarterId>,
    /// The public number of whoever holds it.
    pub holder: Option<String>,
    /// When it was opened.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl Search {
    /// By what it looks, as the log of looks says it: never for what.
    pub fn by(&self) -> Vec<&'static str> {
        let named = [
            ("number", self.number.is_some()),
            ("priority", self.priority.is_some()),
            ("quarter", self.quarter_id.is_some()),
            ("holder", self.holder.is_some()),
            ("time", self.from.is_some() || self.until.is_some()),
        ];
        named.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect()
    }
}

/// How a youth's talk waits, as it stands at this moment.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Wait {
    pub state: ConversationState,
    /// 1 is next. Nothing: it does not wait.
    pub place: Option<i64>,
    /// An honest range of minutes from how long talks really took; nothing: there is none.
    pub least_minutes: Option<i64>,
    pub most_minutes: Option<i64>,
    /// Whether any person has read anything of it.
    pub read: bool,
    /// It tells of danger that no person has read. Say so, large, with 112.
    pub unread_danger: bool,
    pub open: bool,
    /// An officer is out who can be reached.
    pub staffed: bool,
    /// While it is closed: nobody reads it before then. Nothing: it is open, or no opening is planned.
    pub nobody_reads_before: Option<Timestamp>,
    /// Very many wrote for the first time when this youth did, and the talk stands behind theirs who gave a proof of work: get a
    /// puzzle of so many bits, solve it while she waits, and give the answer. Never asked for in danger.
    pub proof_bits: Option<u32>,
}

/// How urgent a talk was judged at one time.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct TriageDecision {
    pub at: Timestamp,
    /// `youth`: the rules, from her answers and words.
    pub by: Actor,
    /// The officer's.
    pub public_number: Option<String>,
    pub priority: Priority,
    pub reasons: Vec<String>,
    pub self_harm: bool,
    pub rules_version: i32,
    /// Why it was lowered; nothing if it was not, or those words are damaged.
    pub why: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct TriageDecisions {
    /// The newest first.
    pub items: Vec<TriageDecision>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Message {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    /// Its place in the talk.
    pub pos: i64,
    pub by: Actor,
    /// The officer's public number.
    pub public_number: Option<String>,
    pub mine: bool,
    /// Empty if it is damaged.
    pub text: String,
    /// The words do not open any more, by a fault on the server.
    pub damaged: bool,
    /// What came with the words, as far as it has come. Nothing: no file.
    pub files: Option<Vec<SentFile>>,
    /// By the writer's phone.
    pub recorded_at: Timestamp,
    /// By the server.
    pub received_at: Timestamp,
    /// The action that sent it.
    pub action_id: ActionId,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ConversationPage {
    pub items: Vec<Conversation>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct MessagePage {
    /// Oldest first.
    pub items: Vec<Message>,
    /// Pass it as `before` for older ones; nothing: this was the beginning.
    pub before: Option<i64>,
}
