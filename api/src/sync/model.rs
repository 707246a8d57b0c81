use std::collections::HashMap;

use entities::words::{AccountId, ActionId, Actor, DeviceId, Outcome, Text, Timestamp};
use poem_openapi::{Enum, NewType, Object, types::Any};
use uuid::Uuid;

use crate::{
    base::journal::Position,
    chat::{Conversation, Message},
    http::problem::Problem,
    reports::Report,
};

/// The id of an action (a UUID) in the header `Idempotency-Key`. A plain string in the contract, because generated clients
/// put headers on the wire as they are.
#[derive(Clone, Debug, NewType)]
#[oai(from_multipart = false, from_json = false, to_json = false, to_header = false)]
pub struct IdempotencyKey(pub String);

/// What a device did while nobody listened, in its order.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Push {
    pub device_id: DeviceId,
    pub account_id: AccountId,
    /// The version of this form: 1.
    #[oai(validator(minimum(value = "1"), maximum(value = "1")))]
    pub envelope: u32,
    #[oai(validator(max_length = 40))]
    pub app_version: Text,
    /// 1 to 100 envelopes: action_id, lane, kind, v, after, recorded_at, attempt, body; the guide in openapi/README.md
    /// gives each kind's body. Each is read apart, so that one that cannot be read does not hold back the others.
    #[oai(validator(min_items = 1, max_items = 100))]
    pub actions: Vec<Any<serde_json::Value>>,
}

/// One action on its way.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ActionEnvelope {
    /// UUIDv7, made once and kept over every retry.
    pub action_id: ActionId,
    /// Actions of one lane are applied in their order: `conversation:<id>`, `report:<id>`, `shift:<id>`, `patrol:<id>`, `tips` or `prefs`.
    #[oai(validator(min_length = 1, max_length = 80))]
    pub lane: Text,
    /// One of those that the guide names, as `message-send`.
    #[oai(validator(max_length = 40))]
    pub kind: Text,
    /// The version of the body's form.
    pub v: u32,
    /// Actions that must have been applied before this one.
    #[oai(default, validator(max_items = 20))]
    pub after: Vec<ActionId>,
    /// By the device's clock.
    pub recorded_at: Timestamp,
    /// How often it was tried before.
    #[oai(default)]
    pub attempt: u32,
    pub body: Any<serde_json::Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum ActionOutcome {
    /// It stands.
    Applied,
    /// It was decided before; `original` says how.
    Duplicate,
    /// A rule, or its form, said no; `problem` says why. Sending it again gives the same.
    Refused,
    /// Not decided, because of a fault on our side or, with the problem `rate-limited`, because there were too many; nothing
    /// is stored: send it again.
    Retry,
    /// Not looked at because one before it in its lane, or one that it needs, is to be sent again, is not known to this
    /// server, or was not decided yet.
    Blocked,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct EntityRef {
    pub id: Uuid,
    pub revision: i64,
}

/// How one action ended.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ActionResult {
    /// Absent when the envelope's id could not be read; results stand in the order of the envelopes.
    pub action_id: Option<ActionId>,
    pub outcome: ActionOutcome,
    /// With `duplicate`: how it ended the first time.
    pub original: Option<Outcome>,
    pub entity: Option<EntityRef>,
    /// Where it stands in the journal.
    pub at: Option<Position>,
    pub problem: Option<Problem>,
    pub retry_after_ms: Option<u64>,
}

impl ActionResult {
    pub fn plain(action_id: Option<ActionId>, outcome: ActionOutcome) -> Self {
        Self { action_id, outcome, original: None, entity: None, at: None, problem: None, retry_after_ms: None }
    }

    /// Whether a rule, or its form, said no, now or the first time.
    pub fn is_refused(&self) -> bool {
        self.outcome == ActionOutcome::Refused || self.original == Some(Outcome::Refused)
    }
}

#[derive(Debug, Object)]
#[oai(example)]
pub struct Pushed {
    pub server_time: Timestamp,
    /// One for each envelope, in the same order.
    pub results: Vec<ActionResult>,
}

/// How one action ended that came without a session: that, and nothing of what stands here.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DeliveredResult {
    /// Absent when the envelope's id could not be read; results stand in the order of the envelopes.
    pub action_id: Option<ActionId>,
    /// As in push, but that a repeat of what was refused is `refused`.
    pub outcome: ActionOutcome,
    pub retry_after_ms: Option<u64>,
}

impl DeliveredResult {
    pub fn of(result: ActionResult) -> Self {
        let outcome = if result.is_refused() { ActionOutcome::Refused } else { result.outcome };
        Self { action_id: result.action_id, outcome, retry_after_ms: result.retry_after_ms }
    }
}

#[derive(Debug, Object)]
#[oai(example)]
pub struct Delivered {
    /// One for each envelope, in the same order.
    pub results: Vec<DeliveredResult>,
}

/// Words that left a phone sealed: HPKE (RFC 9180) in base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, with the
/// info `natpatrull parcel 1` and the 16 bytes of `key_id` beside. What is in it stands in the guide.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Parcel {
    pub parcel_id: Uuid,
    /// The key that it is sealed to.
    pub key_id: Uuid,
    /// The encapsulated key: an uncompressed point (65 bytes) in base64url.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{87}$"))]
    pub enc: Text,
    /// Base64url.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]+$"))]
    pub ciphertext: Text,
}

/// Where a reader stands: `epoch` and `pos`; or `tail` for the newest so many; or `before`, alone, for older ones.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Cursor {
    pub epoch: Option<i32>,
    #[oai(validator(minimum(value = "0")))]
    pub pos: Option<i64>,
    #[oai(validator(minimum(value = "0"), maximum(value = "200")))]
    pub tail: Option<i64>,
    #[oai(validator(minimum(value = "1")))]
    pub before: Option<i64>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Pull {
    pub device_id: DeviceId,
    #[oai(validator(minimum(value = "1"), maximum(value = "1")))]
    pub envelope: u32,
    /// Events a stream, 1 to 200.
    #[oai(default = "usual_limit", validator(minimum(value = "1"), maximum(value = "200")))]
    pub limit: u32,
    /// At most 50 streams.
    #[oai(validator(max_properties = 50))]
    pub streams: HashMap<String, Cursor>,
}

fn usual_limit() -> u32 {
    200
}

/// One journal entry with what it is about, as it stands now.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Event {
    pub pos: i64,
    /// `message-created`, `message-changed` (a file of it stands otherwise), `conversation-changed`, `conversation-erased`, `report-changed`, `report-erased`, `tip-changed`, `poll-changed`, `idea-changed`, `dialogue-changed`, `question-changed`, `post-changed`,
    /// `shift-changed`, `patrol-changed`, `log-changed`, `notice-changed`, `quarter-changed`, `opening-changed`, `invite-changed`, `poster-changed` or `device-added`. What was erased is to be dropped. A kind that the reader does not know is kept as it is.
    pub kind: String,
    /// The version of the event's form.
    pub v: u32,
    pub entity_id: Uuid,
    pub revision: i64,
    pub action_id: Option<ActionId>,
    pub by: Actor,
    pub at: Timestamp,
    pub message: Option<Message>,
    pub conversation: Option<Conversation>,
    pub report: Option<Report>,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct StreamEvents {
    pub epoch: i32,
    /// The last position there is.
    pub head: i64,
    /// There is more after the last event given; with none given, there was no room for this stream: ask again.
    pub more: bool,
    /// Drop what you have of this stream and keep what is given here.
    pub reset: bool,
    /// The position of the first event given, or the one after the reader's own.
    pub from: i64,
    pub events: Vec<Event>,
}

#[derive(Debug, Object)]
#[oai(example)]
pub struct Pulled {
    pub server_time: Timestamp,
    pub streams: HashMap<String, StreamEvents>,
    /// Streams that the caller may not read, or no longer.
    pub gone: Vec<String>,
    /// The lowest version of each kind of action that is still taken.
    pub min_supported: HashMap<String, u32>,
}
