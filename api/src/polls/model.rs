use entities::words::{DialogueId, PollId, PollKind, Text, Timestamp};
use poem_openapi::Object;

/// The longest question and the longest answer, in characters.
pub const LONGEST_QUESTION: usize = 200;
pub const LONGEST_OPTION: usize = 80;
/// The most answers to choose from, and the steps of a scale.
pub const MOST_OPTIONS: usize = 8;
pub const STEPS: usize = 5;
/// How long it is open, if nobody says.
pub const USUAL_DAYS: i64 = 14;
/// The longest that one is open, and the furthest ahead that one is planned.
pub const MOST_DAYS: i64 = 60;
/// The longest that one of a dialogue is open, and how long it is if neither its time nor the dialogue ends before.
pub const MOST_HOURS_IN_DIALOGUE: i64 = 12;
/// The most that are asked in one dialogue.
pub const MOST_IN_DIALOGUE: u64 = 50;

/// Ask all youths something, now or later.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct PublishPoll {
    /// Made on the device.
    pub poll_id: PollId,
    pub kind: PollKind,
    /// In Swedish: 1 to 200 characters.
    pub question: Text,
    pub question_en: Option<Text>,
    /// In easy Swedish.
    pub question_easy: Option<Text>,
    /// 2 to 8 answers; of a scale its two ends.
    #[oai(validator(min_items = 2, max_items = 8))]
    pub options: Vec<NewOption>,
    /// Nothing: at once. At most 60 days ahead; in a dialogue never.
    pub opens_at: Option<Timestamp>,
    /// Nothing: after 14 days. At most 60 days after it opens. In a dialogue nothing: when that ends; at most 12 hours.
    pub closes_at: Option<Timestamp>,
    /// The dialogue that it is asked in, which is live; of an officer in a seat there, or a lead. At most 50 in one. Nothing: it is asked
    /// everywhere.
    pub dialogue_id: Option<DialogueId>,
}

/// An answer to choose.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct NewOption {
    /// In Swedish: 1 to 80 characters.
    pub text: Text,
    pub text_en: Option<Text>,
}

/// A poll that can be stored.
#[derive(Clone, Debug)]
pub struct ReadyPoll {
    pub poll_id: PollId,
    pub kind: PollKind,
    pub question: String,
    pub question_en: Option<String>,
    pub question_easy: Option<String>,
    pub options: Vec<(String, Option<String>)>,
    pub opens_at: Option<Timestamp>,
    pub closes_at: Option<Timestamp>,
    pub dialogue_id: Option<DialogueId>,
}

/// Close a poll before its time; one that has not opened never does.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ClosePoll {
    pub poll_id: PollId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// The same of the poll that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Closing {
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// What a device votes.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Vote {
    /// The places of the answers: one, or some of them where several may be chosen.
    #[oai(validator(min_items = 1, max_items = 8))]
    pub places: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Poll {
    pub poll_id: PollId,
    pub kind: PollKind,
    /// In Swedish.
    pub question: String,
    pub question_en: Option<String>,
    /// In easy Swedish.
    pub question_easy: Option<String>,
    pub options: Vec<PollOption>,
    pub opens_at: Timestamp,
    /// Of one that is asked in a dialogue: at the latest.
    pub closes_at: Timestamp,
    /// The dialogue that it is asked in. Such a poll stands in no other list.
    pub dialogue_id: Option<DialogueId>,
    /// How many devices have voted. Only once it is over.
    pub voters: Option<i64>,
    /// The officer who asks.
    pub public_number: Option<String>,
    pub revision: i64,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PollOption {
    pub place: i32,
    /// In Swedish. Empty between the ends of a scale.
    pub text: String,
    pub text_en: Option<String>,
    /// Only once it is over.
    pub votes: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PollPage {
    /// The last to open first.
    pub items: Vec<Poll>,
    pub next: Option<String>,
}
