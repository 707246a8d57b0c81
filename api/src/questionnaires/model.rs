use entities::words::{EventKind, QuestionForm, Text, Timestamp};
use poem_openapi::Object;

/// The longest answer in words, in characters, where a question sets no other bound.
pub const LONGEST_ANSWER: usize = 2000;

/// The questions about each kind of event, and their guides. A version is never changed.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Questionnaire {
    pub version: i32,
    /// From when on it is asked. Of those that are valid the newest version counts.
    pub valid_from: Timestamp,
    /// Every kind once, in the order in which they are shown.
    pub kinds: Vec<KindOfEvent>,
    pub questions: Vec<Question>,
}

/// One kind of event: what it is called, what to do, and what is asked.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct KindOfEvent {
    pub kind: EventKind,
    pub name: InLanguages,
    /// One line that says what belongs to it.
    pub hint: InLanguages,
    pub guide: Guide,
    /// The ids of its questions, in order.
    pub questions: Vec<String>,
}

/// What to do when it has happened.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Guide {
    pub do_now: Lines,
    pub save: Lines,
    pub never_send: Lines,
    pub who_helps: Vec<Helper>,
}

/// Somebody who helps.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Helper {
    pub name: InLanguages,
    /// Digits alone.
    pub tel: Option<String>,
    /// An https address.
    pub url: Option<String>,
}

/// A text in Swedish, English and, where it is said simpler, easy Swedish.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct InLanguages {
    pub sv: String,
    pub en: String,
    pub easy: Option<String>,
}

/// Lines in Swedish, English and easy Swedish.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Lines {
    pub sv: Vec<String>,
    pub en: Vec<String>,
    pub easy: Vec<String>,
}

/// One question, on a screen of its own.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Question {
    /// Small letters, figures and hyphens, at most 40. It keeps its meaning in all versions.
    pub id: String,
    pub form: QuestionForm,
    pub ask: InLanguages,
    pub hint: Option<InLanguages>,
    /// Of words: the most characters, if not 2,000.
    pub longest: Option<i32>,
    /// Of `one` and `many`.
    pub options: Option<Vec<AnswerOption>>,
    /// It is asked only when a question before it has one of these answers.
    pub when: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct AnswerOption {
    pub id: String,
    pub label: InLanguages,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Condition {
    pub question: String,
    pub any_of: Vec<String>,
}

/// The answer to a question of the forms `one`, `many` and `words`. What was passed over is left out.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct QuestionAnswer {
    #[oai(validator(max_length = 40))]
    pub question_id: Text,
    /// The ids of what was chosen: exactly one where one is asked for.
    #[oai(validator(max_items = 40))]
    pub options: Option<Vec<Text>>,
    pub words: Option<Text>,
}
