use entities::words::{ConversationId, Timestamp};
use poem_openapi::Object;

/// Say that a talk was hard on oneself.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct MarkHard {
    pub conversation_id: ConversationId,
}

/// How many hard cases an officer had in the last seven days.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct HardCases {
    pub public_number: Option<String>,
    pub mine: bool,
    pub count: i64,
    /// When the last of them was written in or marked.
    pub last_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct HardCaseList {
    /// Most first. Who had none is not among them.
    pub items: Vec<HardCases>,
}
