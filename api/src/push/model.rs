use entities::words::{Locale, Text, Topic};
use poem_openapi::Object;

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
    pub hours: Option<SafeHours>,
    /// A notice says what kind of thing came, still without its words. For youths.
    #[oai(default)]
    pub telling: bool,
    /// Notices come under the plain icon. For youths.
    #[oai(default)]
    pub plain: bool,
}

/// When it is safe to write to somebody, by the clock in Stockholm. An `until` before `from` is one of the next day.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, example)]
pub struct SafeHours {
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
    pub hours: Option<SafeHours>,
    pub telling: bool,
    pub plain: bool,
}
