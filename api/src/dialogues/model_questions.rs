use entities::words::{
    ConversationId, DialogueId, IdeaHiding, Priority, QuestionId, QuestionState, Sealed, Seat, Text, Timestamp,
};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::{
    base::vault::NewKey,
    chat::{Judgement, SealedMessage},
};

/// The longest question and the longest answer, in characters.
pub const LONGEST_QUESTION: usize = 300;
pub const LONGEST_ANSWER: usize = 1000;
/// The longest film that a mark stands in.
pub const LONGEST_SECONDS: u32 = 24 * 3600;

/// Ask something in a dialogue that is live.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct AskQuestion {
    /// Made on the device, of chance alone (UUID version 4): all see it, and version 7 would tell the time of her phone.
    pub question_id: QuestionId,
    pub dialogue_id: DialogueId,
    /// 1 to 300 characters.
    pub text: Text,
    /// That she has accepted the house rules: true.
    pub accepts_rules: bool,
}

/// A command with what its words are sealed by: nobody else can name that, and so nothing else comes under its key.
pub struct PlacedQuestion {
    pub content_id: Uuid,
    pub command: AskQuestion,
}

/// A question that can be stored.
#[derive(Clone, Debug)]
pub struct SealedQuestion {
    pub question_id: QuestionId,
    pub dialogue_id: DialogueId,
    pub device_mac: Vec<u8>,
    pub words: Sealed,
    pub urgency: Judgement,
    /// The same words as the first of a talk, where they tell of harm.
    pub talk: Option<SealedMessage>,
    pub new_key: NewKey,
}

/// Take back what one asked, while it waits.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct TakeQuestionBack {
    pub question_id: QuestionId,
}

/// Show a question to all.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ShowQuestion {
    pub question_id: QuestionId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// Do not show a question, or no more.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct HideQuestion {
    pub question_id: QuestionId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Its writer is told.
    pub hiding: IdeaHiding,
}

/// The same of the question that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct QuestionHiding {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Its writer is told.
    pub hiding: IdeaHiding,
}

/// Let a question count with another that asks the same.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MergeQuestion {
    pub question_id: QuestionId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// One of the same dialogue that is shown.
    pub into: QuestionId,
}

/// The same of the question that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct QuestionMerging {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// One of the same dialogue that is shown.
    pub into: QuestionId,
}

/// Say in which seat a question is to be answered.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct AssignQuestion {
    pub question_id: QuestionId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Nothing: in either.
    pub seat: Option<Seat>,
}

/// The same of the question that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct QuestionAssignment {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Nothing: in either.
    pub seat: Option<Seat>,
}

/// Say where in the dialogue a question is answered, or answer it in writing. One of the two at least; the other stands as it stood.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct AnswerQuestion {
    pub question_id: QuestionId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Seconds from the beginning of the dialogue.
    #[oai(validator(maximum(value = "86400")))]
    pub mark_seconds: Option<u32>,
    /// In Swedish, for all to read: 1 to 1,000 characters.
    pub answer: Option<Text>,
    /// Only with `answer`.
    pub answer_en: Option<Text>,
}

/// The same of the question that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct QuestionAnswering {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Seconds from the beginning of the dialogue.
    #[oai(validator(maximum(value = "86400")))]
    pub mark_seconds: Option<u32>,
    /// In Swedish, for all to read: 1 to 1,000 characters.
    pub answer: Option<Text>,
    /// Only with `answer`.
    pub answer_en: Option<Text>,
}

/// Keep the device that asked a question from asking more in its dialogue: for 1 minute, then 5, then 30, then to the end. What tells
/// of harm still comes through.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MuteAsker {
    pub question_id: QuestionId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// What somebody asked in a dialogue.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct AskedQuestion {
    pub question_id: QuestionId,
    pub dialogue_id: DialogueId,
    /// Empty if it is damaged.
    pub text: String,
    /// It cannot be read any more.
    pub damaged: bool,
    pub state: QuestionState,
    /// Its writer and those who voted for it, with those of the questions that were merged into it: who voted for two of them before counts
    /// twice.
    pub votes: i64,
    /// In what a device did: whether it votes for the question.
    pub voted: Option<bool>,
    /// Where in the dialogue it is answered, in seconds from its beginning.
    pub mark_seconds: Option<i32>,
    /// What is answered in writing, in Swedish.
    pub answer: Option<String>,
    pub answer_en: Option<String>,
    pub answered_at: Option<Timestamp>,
    /// When it was shown first.
    pub shown_at: Option<Timestamp>,
    pub revision: i64,
    /// For its writer and officers: when it came.
    pub asked_at: Option<Timestamp>,
    /// For its writer and officers: why it is not shown.
    pub hiding: Option<IdeaHiding>,
    /// For its writer and officers: with which it counts.
    pub merged_into: Option<QuestionId>,
    /// For its writer and officers: the talk that its words of harm began.
    pub conversation_id: Option<ConversationId>,
    /// For its writer: that it tells of harm. An app says that there is 112.
    pub harm: Option<bool>,
    /// For officers: how urgent its words make it, and why.
    pub priority: Option<Priority>,
    /// For officers.
    pub reasons: Option<Vec<String>>,
    /// For officers: who is to answer it.
    pub seat: Option<Seat>,
    /// For officers: who decided last.
    pub public_number: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct QuestionPage {
    pub items: Vec<AskedQuestion>,
    /// Of the public list: the epoch and the place of the last event that it holds at least. What was told since stands in the pages of
    /// `list_dialogue_events`.
    pub epoch: Option<i32>,
    pub pos: Option<i64>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}

/// How the public list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum QuestionOrder {
    /// What most vote for comes first.
    #[default]
    Votes,
    /// What was shown last comes first.
    Newest,
}

/// For whom a question is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Anyone,
    Writer,
    Officer,
}
