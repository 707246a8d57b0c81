use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::polls::Poll;

/// The most dialogues that an account is reminded of.
pub const MOST_REMINDERS: usize = 20;
/// What fewer people did is in no figures: it could lead to one of them.
pub const LEAST_PEOPLE: i64 = 5;

/// All that was asked of all in a dialogue.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct DialoguePolls {
    /// The last to open first.
    pub items: Vec<Poll>,
}

/// Whether an account is told when a dialogue begins.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Reminder {
    pub reminds: bool,
}

/// What a dialogue was, in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct DialogueFigures {
    /// How many followed at once.
    pub most_viewers: i32,
    /// Questions that came; those that were taken back are in no number.
    pub asked: i64,
    /// Of these, those that all could read.
    pub shown: i64,
    /// Answered, at a mark.
    pub answered_by_mark: i64,
    /// Answered, in writing.
    pub answered_in_writing: i64,
    /// They count with another.
    pub merged: i64,
    /// Not shown in the end, or not any more.
    pub not_shown: i64,
    /// For what stands, with those who asked it.
    pub votes: i64,
    /// Questions that became a talk. Nothing: fewer than five.
    pub talks: Option<i64>,
    /// Devices that were kept from asking. Nothing: fewer than five.
    pub muted: Option<i64>,
    /// Polls that were asked.
    pub polls: i64,
    /// How long it was open, or has been. Nothing: it has not opened.
    pub minutes: Option<i64>,
}
