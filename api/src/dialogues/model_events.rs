use entities::words::{QuestionId, Timestamp};
use poem_openapi::Object;

use super::{Dialogue, model_questions::AskedQuestion};
use crate::polls::Poll;

/// Something that all who follow a dialogue are told. It says how one thing stands when it is read: one of its last fields.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct DialogueEvent {
    /// Its place among all that was told: each place once, without a gap but for what was told of the same thing again later.
    pub pos: i64,
    pub at: Timestamp,
    pub dialogue: Option<Dialogue>,
    /// A question that is shown, answered or not.
    pub question: Option<AskedQuestion>,
    /// A question that is shown no more, or for itself no more.
    pub gone: Option<QuestionId>,
    /// A poll that was opened or closed.
    pub poll: Option<Poll>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct DialogueEvents {
    /// It grows when places are given out anew: then what was read before is read anew.
    pub epoch: i32,
    /// In the order of their places.
    pub items: Vec<DialogueEvent>,
    /// Nothing comes to this page any more.
    pub complete: bool,
}
