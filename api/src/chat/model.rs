use entities::words::{
    ActionId, Actor, ConversationId, ConversationState, MessageId, PersonRole, Regime, Sealed, Text, Timestamp,
};
use poem_openapi::Object;

use crate::base::vault::NewKey;

/// The longest message, in characters.
pub const LONGEST_MESSAGE: usize = 4000;

/// Write a message. A youth's first message opens the conversation; an officer writes in one that he or she holds.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct SendMessage {
    /// Made on the device.
    pub message_id: MessageId,
    /// Made on the device by whoever opens the conversation.
    pub conversation_id: ConversationId,
    /// 1 to 4,000 characters.
    pub text: Text,
}

/// A message whose words are sealed already.
#[derive(Clone, Debug)]
pub struct SealedMessage {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub text: Sealed,
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
}

/// Close a conversation. Refused while the youth has written something that no officer has read.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CloseConversation {
    pub conversation_id: ConversationId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
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

/// Where an action is sent to when it names its conversation in the path.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct ExpectedRevision {
    pub expected_revision: i64,
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
    /// The last message, cut to 120 characters; empty if it is damaged.
    pub last_text: String,
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
