use entities::words::{ReplyFit, ReplyId, Text, Timestamp};
use poem_openapi::Object;

/// The longest name and the longest text, in characters.
pub const LONGEST_NAME: usize = 40;
pub const LONGEST_TEXT: usize = 1000;
/// What is filled in: the officer's public number, when the chat opens next, and a helpline with its number.
pub const FIELDS: [&str; 3] = ["number", "opening", "helpline"];

/// A canned reply as it stands now.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct CannedReply {
    pub reply_id: ReplyId,
    /// 1: as the program brings it.
    pub revision: i64,
    /// How officers call it.
    pub name: String,
    /// Which talks it is offered in first; none: it stands among the others.
    pub fits: Vec<ReplyFit>,
    /// In Swedish. `{number}`, `{opening}` and `{helpline}` are filled in before it is read.
    pub sv: String,
    pub en: String,
    /// In easy Swedish.
    pub easy: String,
    /// It is offered no more.
    pub ended: bool,
    pub changed_at: Option<Timestamp>,
    /// The lead's public number.
    pub changed_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct CannedReplies {
    /// Those that the program brings first, then the others by age.
    pub items: Vec<CannedReply>,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PutReply {
    /// The revision that was seen; 0: a new one.
    pub expected_revision: i64,
    /// How officers call it: 1 to 40 characters.
    pub name: Text,
    #[oai(validator(max_items = 6))]
    pub fits: Vec<ReplyFit>,
    /// 1 to 1,000 characters. It may hold the fields `{number}`, `{opening}` and `{helpline}`, and no others.
    pub sv: Text,
    pub en: Text,
    pub easy: Text,
    /// It is offered no more.
    pub ended: bool,
}
