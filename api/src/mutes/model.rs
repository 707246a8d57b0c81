use entities::words::{ConversationId, MuteId, MuteKind, MuteReason, Sealed, Text, Timestamp};
use poem_openapi::Object;

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 1000;

/// Keep the account of a talk's youth from writing for a while. What tells of danger still comes through.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct MuteAccount {
    /// Made on the device.
    pub mute_id: MuteId,
    pub conversation_id: ConversationId,
    pub kind: MuteKind,
    /// `muted`: 1, 6 or 24. `blocked`: 24, 168 or 720.
    pub hours: u32,
    /// Its youth is told this.
    pub reason: MuteReason,
    /// What colleagues should know: 1 to 1,000 characters; for officers.
    pub note: Option<Text>,
}

/// One whose note is sealed already.
#[derive(Clone, Debug)]
pub struct SealedMute {
    pub mute_id: MuteId,
    pub conversation_id: ConversationId,
    pub kind: MuteKind,
    pub hours: u32,
    pub reason: MuteReason,
    pub note: Option<Sealed>,
}

/// Let the account write again before the time. Of what has ended it changes nothing.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct EndMute {
    pub mute_id: MuteId,
    /// A talk of the same youth.
    pub conversation_id: ConversationId,
}

/// In which talk it is ended.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct EndMuteIn {
    /// A talk of the same youth.
    pub conversation_id: ConversationId,
}

/// How an account was kept from writing at one time.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Mute {
    pub mute_id: MuteId,
    /// The talk in which it was decided.
    pub conversation_id: ConversationId,
    pub kind: MuteKind,
    pub reason: MuteReason,
    /// Nothing if there is none or it is damaged.
    pub note: Option<String>,
    pub at: Timestamp,
    pub until: Timestamp,
    /// The officer's public number.
    pub by: Option<String>,
    /// When it was ended before its time, and by whom.
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Mutes {
    /// The newest first.
    pub items: Vec<Mute>,
}
