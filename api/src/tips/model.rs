use entities::words::{Text, Timestamp, TipAction, TipId, Topic};
use poem_openapi::Object;

/// The longest tip, in words.
pub const MOST_WORDS: usize = 60;

/// Publish a tip to those who asked for its topic in its municipality.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PublishTip {
    /// Made on the device.
    pub tip_id: TipId,
    pub topic: Topic,
    /// The municipality's four digits.
    #[oai(validator(pattern = "^[0-9]{4}$"))]
    pub municipality: Text,
    /// 1 to 60 words.
    pub text: Text,
    /// What the tip asks its reader to do.
    pub action: TipAction,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Tip {
    pub tip_id: TipId,
    pub topic: Topic,
    pub municipality: String,
    pub text: String,
    pub action: TipAction,
    pub published_at: Timestamp,
    /// The officer who wrote it.
    pub public_number: Option<String>,
    pub revision: i64,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct TipPage {
    /// Newest first.
    pub items: Vec<Tip>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Places {
    pub counties: Vec<County>,
    pub topics: Vec<Topic>,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct County {
    pub code: String,
    pub name: String,
    pub municipalities: Vec<Municipality>,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct Municipality {
    pub code: String,
    pub name: String,
}
