use entities::words::{AgeBand, Locale, Text, Timestamp, TipAction, TipId, Topic};
use poem_openapi::{Enum, Object};

/// The longest tip, in words.
pub const MOST_WORDS: usize = 60;
/// Tips of one topic that may come to a phone within a week, but for urgent ones.
pub const MOST_A_WEEK: usize = 2;
/// How long a tip is shown, if nobody says.
pub const USUAL_DAYS: i64 = 14;
/// The longest that one is shown, and the furthest ahead that one is planned.
pub const MOST_DAYS: i64 = 60;

/// Publish a tip to those who asked for its topic, now or later.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PublishTip {
    /// Made on the device.
    pub tip_id: TipId,
    pub topic: Topic,
    /// As version 1 had it: the one municipality.
    #[oai(validator(pattern = "^[0-9]{4}$"))]
    pub municipality: Option<Text>,
    /// For those who asked for one of these, by their four digits; none means everybody who asked for the topic.
    #[oai(default, validator(max_items = 44))]
    pub municipalities: Vec<Text>,
    /// Only phones of these ages are woken; none means all.
    #[oai(default, validator(max_items = 4))]
    pub age_bands: Vec<AgeBand>,
    /// Only phones in these languages are woken; none means all.
    #[oai(default, validator(max_items = 2))]
    pub languages: Vec<Locale>,
    /// 1 to 60 words, in Swedish.
    pub text: Text,
    /// The same in English.
    pub text_en: Option<Text>,
    /// The same in easy Swedish.
    pub text_easy: Option<Text>,
    /// What the tip asks its reader to do.
    pub action: TipAction,
    /// Nothing: at once. At most 60 days ahead.
    pub publish_at: Option<Timestamp>,
    /// From then on it is shown to nobody and wakes nobody. Nothing: after 14 days. At most 60 days after it is published.
    pub expires_at: Option<Timestamp>,
    /// It comes although two of its topic have come this week. For leads.
    #[oai(default)]
    pub urgent: bool,
}

/// Take a tip back. Whoever was not woken by it yet is not; where it was shown, a notice that it was corrected takes its
/// place.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct RecallTip {
    pub tip_id: TipId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Stands in the place of the tip: 1 to 60 words, in Swedish.
    pub correction: Text,
    pub correction_en: Option<Text>,
    pub correction_easy: Option<Text>,
}

/// The same of the tip that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Correction {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// 1 to 60 words, in Swedish.
    pub correction: Text,
    /// In English.
    pub correction_en: Option<Text>,
    /// In easy Swedish.
    pub correction_easy: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Tip {
    pub tip_id: TipId,
    pub topic: Topic,
    /// None means all.
    pub municipalities: Vec<String>,
    /// In Swedish. Of one that was taken back this is the correction, as are the next two.
    pub text: String,
    /// In English.
    pub text_en: Option<String>,
    /// In easy Swedish.
    pub text_easy: Option<String>,
    pub action: TipAction,
    pub published_at: Timestamp,
    pub expires_at: Timestamp,
    pub urgent: bool,
    pub recalled_at: Option<Timestamp>,
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

/// Where a tip stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum TipState {
    /// It will be published.
    Planned,
    Published,
    Expired,
    /// It was taken back, before or after it was published.
    Recalled,
}

/// A tip as officers see it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PlannedTip {
    pub tip: Tip,
    pub state: TipState,
    pub age_bands: Vec<AgeBand>,
    pub languages: Vec<Locale>,
    /// The officer who took it back.
    pub recalled_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PlannedTipPage {
    /// The last to be published first.
    pub items: Vec<PlannedTip>,
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
