use entities::words::{ConversationId, NoteKind, Sealed, Text, Timestamp};
use poem_openapi::Object;

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 1000;

/// Pass a talk on to a colleague who is out.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct PassConversation {
    pub conversation_id: ConversationId,
    /// The colleague's public number.
    #[oai(validator(max_length = 20))]
    pub to: Text,
    /// What the colleague should know: 1 to 1,000 characters; for officers.
    pub note: Option<Text>,
}

/// A passing whose note is sealed already.
#[derive(Clone, Debug)]
pub struct SealedPass {
    pub conversation_id: ConversationId,
    pub to: Text,
    pub note: Option<Sealed>,
}

/// Give a talk back to the queue. It stands there in the place that its age gives it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct GiveConversationBack {
    pub conversation_id: ConversationId,
    /// What the next one should know: 1 to 1,000 characters; for officers.
    pub note: Option<Text>,
}

/// A giving back whose note is sealed already.
#[derive(Clone, Debug)]
pub struct SealedGivingBack {
    pub conversation_id: ConversationId,
    pub note: Option<Sealed>,
}

/// Write something down about a talk, for officers alone.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct WriteNote {
    pub conversation_id: ConversationId,
    /// 1 to 1,000 characters.
    pub text: Text,
    /// Public numbers of the colleagues whom it concerns: they are told by push.
    #[oai(validator(max_items = 10))]
    pub mentions: Vec<Text>,
}

/// A note whose words are sealed already.
#[derive(Clone, Debug)]
pub struct SealedNote {
    pub conversation_id: ConversationId,
    pub text: Sealed,
    pub mentions: Vec<Text>,
}

/// Say that one has read a talk's notes.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ReadNotes {
    pub conversation_id: ConversationId,
}

/// To whom the talk that the path names is passed on.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct PassTo {
    /// The colleague's public number.
    #[oai(validator(max_length = 20))]
    pub to: Text,
    /// What the colleague should know: 1 to 1,000 characters; for officers.
    pub note: Option<Text>,
}

/// How the talk that the path names is given back.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct GiveBackWith {
    /// What the next one should know: 1 to 1,000 characters; for officers.
    pub note: Option<Text>,
}

/// What is written down about the talk that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct NoteWith {
    /// 1 to 1,000 characters.
    pub text: Text,
    /// Public numbers of the colleagues whom it concerns: they are told by push.
    #[oai(validator(max_items = 10))]
    pub mentions: Vec<Text>,
}

/// What becomes of each talk that an officer holds whose shift ends.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct EndWith {
    #[oai(validator(max_items = 200))]
    pub talks: Vec<crate::quarters::TalkEnd>,
}

/// What officers wrote down about a talk, or how it went from one to another.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Note {
    pub kind: NoteKind,
    pub at: Timestamp,
    /// The officer's public number; nothing: the program.
    pub by: Option<String>,
    /// Of the colleague whom it was passed on to, or who had it before.
    pub colleague: Option<String>,
    /// Of those whom it names.
    pub mentions: Vec<String>,
    /// Nothing: there are no words, or they are damaged.
    pub text: Option<String>,
    /// The words do not open any more, by a fault on the server.
    pub damaged: bool,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Notes {
    /// The newest first, at most 200.
    pub items: Vec<Note>,
}
