use entities::words::{Locale, Text, Topic};
use poem_openapi::Object;

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct PushKey {
    /// Changes when the key does: a device with another one subscribes again.
    pub key_id: String,
    /// The VAPID key for `applicationServerKey`, in base64url.
    pub public_key: String,
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
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Subscription {
    pub replies: bool,
    pub topics: Vec<Topic>,
    pub municipalities: Vec<String>,
}
