//! What a push says: that something came. The words are neutral, because a lock screen is read by others.

use entities::words::Locale;
use serde_json::{Value, json};
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Message,
    Report,
    Device,
    Copy,
    Tip,
    Test,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Message => "message",
            Kind::Report => "report",
            Kind::Device => "device",
            Kind::Copy => "copy",
            Kind::Tip => "tip",
            Kind::Test => "test",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Kind::Message, Kind::Report, Kind::Device, Kind::Copy, Kind::Tip, Kind::Test]
            .into_iter()
            .find(|kind| kind.word() == word)
    }

    /// A tip may wait for a better moment; an answer may not.
    pub fn ttl_seconds(self) -> u32 {
        match self {
            Kind::Tip => 24 * 3600,
            Kind::Test => 60,
            _ => 7 * 24 * 3600,
        }
    }
}

fn words(kind: Kind, locale: Locale) -> (&'static str, &'static str) {
    match (locale, kind) {
        (Locale::Sv, Kind::Tip) => ("Något nytt", "Öppna appen för att läsa."),
        (Locale::Sv, Kind::Test) => ("Det fungerar", "Så här ser det ut."),
        (Locale::Sv, _) => ("Nytt meddelande", "Öppna appen för att läsa."),
        (Locale::En, Kind::Tip) => ("Something new", "Open the app to read it."),
        (Locale::En, Kind::Test) => ("It works", "This is what it looks like."),
        (Locale::En, _) => ("New message", "Open the app to read it."),
    }
}

/// The declarative form, which every worker reads too. `entity` is the talk, report or tip it leads to.
pub fn payload(base: &Url, kind: Kind, locale: Locale, entity: &str) -> Value {
    let (title, body) = words(kind, locale);
    let path = match kind {
        Kind::Message => format!("/talk/{entity}"),
        Kind::Report => format!("/reports/{entity}"),
        Kind::Device => "/settings".to_owned(),
        Kind::Copy => "/data".to_owned(),
        Kind::Tip => "/tips".to_owned(),
        Kind::Test => "/".to_owned(),
    };
    let navigate = base.join(&path).map(String::from).unwrap_or_default();
    json!({
        "web_push": 8030,
        "kind": kind.word(),
        // A worker opens this at its own address, which need not be `base` (the demo's youth is on another).
        "path": path,
        "tag": format!("{}:{entity}", kind.word()),
        "notification": {"title": title, "body": body, "lang": locale.word(), "navigate": navigate},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::unwrap_used, reason = "constants")]
    fn a_push_leads_to_its_talk_under_any_of_the_servers_names() {
        let base = Url::parse("https://patrull.example.org").unwrap();
        let told = payload(&base, Kind::Message, Locale::Sv, "7");
        assert_eq!(
            (&told["path"], told["notification"]["navigate"].as_str()),
            (&json!("/talk/7"), Some("https://patrull.example.org/talk/7"))
        );
    }
}
