use entities::words::{ConversationId, PosterId, QuarterId, RoomInviteId, RoomInviteState, Text, Timestamp};
use poem_openapi::Object;

/// How long an invite lasts.
pub const INVITE_SECONDS: i64 = 15 * 60;
/// How long it is still known where the link of an invite came from.
pub const KNOWN_SECONDS: i64 = 30 * 24 * 3600;
/// So many wrong words close an invite.
pub const MOST_WRONG: i32 = 5;

/// Make an invite to a talk.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct MakeInvite {
    /// Where the youth is met.
    pub quarter_id: QuarterId,
    /// 32 random bytes in base64url, made on the device: what stands behind `#` in the link.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub secret: Text,
}

/// An invite, for officers.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct RoomInvite {
    pub invite_id: RoomInviteId,
    pub quarter_id: QuarterId,
    pub state: RoomInviteState,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub wrong_words: i32,
    /// Say it in another way than the link was sent. Only in the answer to making it.
    pub word: Option<String>,
    /// The talk that it led to; nothing when that was erased.
    pub conversation_id: Option<ConversationId>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct RoomInvites {
    /// The newest first.
    pub items: Vec<RoomInvite>,
}

/// Make a poster.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct MakePoster {
    pub quarter_id: QuarterId,
    /// Where it hangs: 1 to 100 characters.
    pub place: Text,
}

/// A lasting link of a quarter: its id stands behind `#`.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Poster {
    pub poster_id: PosterId,
    pub quarter_id: QuarterId,
    pub place: String,
    /// The public number of whoever made it.
    pub made_by: Option<String>,
    pub made_at: Timestamp,
    /// From then on its link leads to an ordinary talk.
    pub ended_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Posters {
    /// Those that count first, then by age, the newest first.
    pub items: Vec<Poster>,
}
