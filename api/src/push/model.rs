use entities::words::{AgeBand, Locale, SendingKind, SendingState, Text, Timestamp, Topic};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::sendings::LEAST_PHONES;

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct PushKey {
    /// Changes when the key does: a device with another one subscribes again.
    pub key_id: String,
    /// The VAPID key for `applicationServerKey`, in base64url.
    pub public_key: String,
    /// Older keys by which devices are still woken until they have subscribed again.
    pub still_valid: Vec<String>,
}

/// Where and for what this device is woken. Sending it again replaces it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Subscribe {
    /// From the browser; https and public.
    #[oai(validator(max_length = 1000))]
    pub endpoint: Text,
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{80,100}=*$"))]
    pub p256dh: Text,
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{20,30}=*$"))]
    pub auth: Text,
    /// Of the key that the browser subscribed with. Nothing: the newest.
    #[oai(validator(max_length = 40))]
    pub key_id: Option<Text>,
    /// Answers in one's own talks and reports.
    pub replies: bool,
    /// Tips on these topics…
    #[oai(validator(max_items = 20))]
    pub topics: Vec<Topic>,
    /// …in these municipalities, by their four digits.
    #[oai(validator(max_items = 44))]
    pub municipalities: Vec<Text>,
    pub locale: Locale,
    /// Only then is a youth's device woken; what comes at other times waits, and becomes one. For youths.
    pub hours: Option<TimesOfDay>,
    /// Meanwhile no tip wakes it; answers do. Nothing: from ten in the evening to seven. For youths.
    pub quiet_hours: Option<TimesOfDay>,
    /// Tips wake it at any time. For youths.
    #[oai(default)]
    pub tips_at_night: bool,
    /// Some tips are for some ages only. It stands here and nowhere else. For youths.
    pub age_band: Option<AgeBand>,
    /// A notice says what kind of thing came, still without its words. For youths.
    #[oai(default)]
    pub telling: bool,
    /// Notices come under the plain icon. For youths.
    #[oai(default)]
    pub plain: bool,
}

/// A part of each day, by the clock in Stockholm. An `until` before `from` is one of the next day.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, example)]
pub struct TimesOfDay {
    #[oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub from: Text,
    #[oai(validator(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub until: Text,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Subscription {
    pub replies: bool,
    pub topics: Vec<Topic>,
    pub municipalities: Vec<String>,
    /// Nothing: the device may be woken at any time.
    pub hours: Option<TimesOfDay>,
    /// Nothing: tips wake it at any time.
    pub quiet_hours: Option<TimesOfDay>,
    pub age_band: Option<AgeBand>,
    pub telling: bool,
    pub plain: bool,
}

/// Phones that asked for a topic, and what narrows them further.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Audience {
    pub topic: Topic,
    /// In one of these, by their four digits; none means all.
    #[oai(default, validator(max_items = 44))]
    #[serde(default)]
    pub municipalities: Vec<String>,
    /// Of one of these ages; none means all, also those of whom it is not known.
    #[oai(default, validator(max_items = 4))]
    #[serde(default)]
    pub age_bands: Vec<AgeBand>,
    /// In one of these languages; none means all.
    #[oai(default, validator(max_items = 2))]
    #[serde(default)]
    pub languages: Vec<Locale>,
}

impl Audience {
    /// Whether it is less than all who asked for the topic.
    pub fn is_narrowed(&self) -> bool {
        !(self.municipalities.is_empty() && self.age_bands.is_empty() && self.languages.is_empty())
    }
}

/// How many phones, so that no one of them is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PhoneCount {
    /// In whole tens, rounded down. Nothing: fewer than `least`.
    pub phones: Option<u64>,
    pub least: u64,
}

impl PhoneCount {
    pub fn of(phones: u64) -> Self {
        Self { phones: (phones >= LEAST_PHONES).then_some(phones / 10 * 10), least: LEAST_PHONES }
    }
}

/// What became of something that was told to many phones.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct SendingSums {
    pub kind: SendingKind,
    pub state: SendingState,
    pub begins_at: Timestamp,
    /// A push service took it for so many phones.
    pub told: PhoneCount,
    /// Their address was dead or not ours to use, or it came too late.
    pub not_reached: PhoneCount,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct SendingList {
    /// The first first.
    pub items: Vec<SendingSums>,
}
