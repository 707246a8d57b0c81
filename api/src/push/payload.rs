//! What a push says: that something came. The words are neutral, because a lock screen is read by others; a youth may have
//! it say of what kind, and never what.

use entities::words::Locale;
use serde_json::{Value, json};
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Message,
    Report,
    Device,
    Copy,
    /// A dialogue begins that she wanted to be told of.
    Dialogue,
    Tip,
    /// A tip was taken back: in its place.
    TipRecalled,
    Test,
    /// Something that came while it was not safe to tell, or several things.
    Gathered,
    /// Somebody in danger waits for an officer.
    Alarm,
    TestAlarm,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Message => "message",
            Kind::Report => "report",
            Kind::Device => "device",
            Kind::Copy => "copy",
            Kind::Dialogue => "dialogue",
            Kind::Tip => "tip",
            Kind::TipRecalled => "tip-recalled",
            Kind::Test => "test",
            Kind::Gathered => "gathered",
            Kind::Alarm => "alarm",
            Kind::TestAlarm => "test-alarm",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        use Kind::{Alarm, Copy, Device, Dialogue, Gathered, Message, Report, Test, TestAlarm, Tip, TipRecalled};
        [Message, Report, Device, Copy, Dialogue, Tip, TipRecalled, Test, Gathered, Alarm, TestAlarm]
            .into_iter()
            .find(|kind| kind.word() == word)
    }

    /// One that comes late says what is not so any more.
    pub fn is_of_its_moment(self) -> bool {
        self.is_alarm() || self == Kind::Dialogue
    }

    /// One that comes late is worth nothing: another one follows it.
    pub fn is_alarm(self) -> bool {
        matches!(self, Kind::Alarm | Kind::TestAlarm)
    }

    /// How soon a phone that saves its battery is to hear of it (RFC 8030).
    pub fn urgency(self) -> &'static str {
        if self.waits_for_morning() { "normal" } else { "high" }
    }

    /// What is not written to its reader waits while the phone is to be left alone.
    pub fn waits_for_morning(self) -> bool {
        matches!(self, Kind::Tip | Kind::TipRecalled)
    }

    /// A tip may wait for a better moment; an answer may not.
    pub fn ttl_seconds(self) -> u32 {
        match self {
            Kind::Tip | Kind::TipRecalled => 24 * 3600,
            Kind::Dialogue => 3600,
            Kind::Test | Kind::Alarm | Kind::TestAlarm => 60,
            _ => 7 * 24 * 3600,
        }
    }
}

/// Of the app under its plain name.
const PLAIN_ICON: &str = "/icons/calendar-192.png";

fn words(kind: Kind, locale: Locale) -> (&'static str, &'static str) {
    match (locale, kind) {
        (Locale::Sv, Kind::Tip) => ("Något nytt", "Öppna appen för att läsa."),
        (Locale::Sv, Kind::TipRecalled) => ("Något är rättat", "Öppna appen för att läsa."),
        (Locale::Sv, Kind::Test) => ("Det fungerar", "Så här ser det ut."),
        (Locale::Sv, Kind::Alarm) => ("Larm", "Öppna appen nu."),
        (Locale::Sv, Kind::TestAlarm) => ("Provlarm", "Tryck här för att svara på det."),
        (Locale::Sv, _) => ("Nytt meddelande", "Öppna appen för att läsa."),
        (Locale::En, Kind::Tip) => ("Something new", "Open the app to read it."),
        (Locale::En, Kind::TipRecalled) => ("Something was corrected", "Open the app to read it."),
        (Locale::En, Kind::Test) => ("It works", "This is what it looks like."),
        (Locale::En, Kind::Alarm) => ("Alarm", "Open the app now."),
        (Locale::En, Kind::TestAlarm) => ("Test alarm", "Press here to answer it."),
        (Locale::En, _) => ("New message", "Open the app to read it."),
    }
}

/// What it says where a youth has chosen that it may say more.
fn telling(kind: Kind, locale: Locale) -> Option<(&'static str, &'static str)> {
    Some(match (locale, kind) {
        (Locale::Sv, Kind::Message) => ("Svar från en nätpolis", "Öppna appen för att läsa."),
        (Locale::Sv, Kind::Report) => ("Nytt om din rapport", "Öppna appen för att läsa."),
        (Locale::Sv, Kind::Device) => ("En annan telefon", "Dina samtal öppnades på en annan telefon."),
        (Locale::Sv, Kind::Copy) => ("Din kopia är klar", "Öppna appen för att hämta den."),
        (Locale::Sv, Kind::Dialogue) => ("Du bad om en påminnelse", "Öppna appen."),
        (Locale::Sv, Kind::Tip) => ("Nytt trygghetstips", "Öppna appen för att läsa."),
        (Locale::Sv, Kind::TipRecalled) => ("Ett trygghetstips är rättat", "Öppna appen för att läsa."),
        (Locale::En, Kind::Message) => ("An officer has answered", "Open the app to read it."),
        (Locale::En, Kind::Report) => ("News of your report", "Open the app to read it."),
        (Locale::En, Kind::Device) => ("Another phone", "Your chats were opened on another phone."),
        (Locale::En, Kind::Copy) => ("Your copy is ready", "Open the app to fetch it."),
        (Locale::En, Kind::Dialogue) => ("You asked for a reminder", "Open the app."),
        (Locale::En, Kind::Tip) => ("A new safety tip", "Open the app to read it."),
        (Locale::En, Kind::TipRecalled) => ("A safety tip was corrected", "Open the app to read it."),
        (_, Kind::Test | Kind::Gathered | Kind::Alarm | Kind::TestAlarm) => return None,
    })
}

/// How a device is to show it.
#[derive(Clone, Copy)]
pub struct Shown {
    pub locale: Locale,
    pub telling: bool,
    pub plain: bool,
}

/// The declarative form, which every worker reads too. `entity` is the talk, report or tip it leads to; `proof` comes back
/// with the answer to a test alarm.
pub fn payload(base: &Url, kind: Kind, shown: Shown, entity: &str, proof: &str) -> Value {
    let neutral = words(kind, shown.locale);
    let (title, body) = if shown.telling { telling(kind, shown.locale).unwrap_or(neutral) } else { neutral };
    let path = match kind {
        Kind::Message | Kind::Alarm => format!("/talk/{entity}"),
        Kind::Report => format!("/reports/{entity}"),
        Kind::Device => "/settings".to_owned(),
        Kind::Copy => "/data".to_owned(),
        Kind::Dialogue => format!("/dialogues/{entity}"),
        Kind::Tip | Kind::TipRecalled => format!("/tips/{entity}"),
        Kind::Test | Kind::Gathered => "/".to_owned(),
        Kind::TestAlarm => format!("/shift#{proof}"),
    };
    let address = |path: &str| base.join(path).map(String::from).unwrap_or_default();
    let mut notification =
        json!({"title": title, "body": body, "lang": shown.locale.word(), "navigate": address(&path)});
    if shown.plain {
        notification["icon"] = address(PLAIN_ICON).into();
    }
    if kind.is_alarm() {
        notification["requireInteraction"] = true.into();
        notification["renotify"] = true.into();
        notification["vibrate"] = json!([600, 200, 600, 200, 600]);
    }
    json!({
        "web_push": 8030,
        "kind": kind.word(),
        // A worker opens this at its own address, which need not be `base` (the demo's youth is on another).
        "path": path,
        // What was taken back is covered by what says so.
        "tag": format!("{}:{entity}", if kind == Kind::TipRecalled { Kind::Tip } else { kind }.word()),
        // The same of the icon.
        "plain": shown.plain,
        "notification": notification,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::unwrap_used, reason = "constants")]
    fn only_a_test_alarm_carries_what_answers_it() {
        let base = Url::parse("https://patrull.example.org").unwrap();
        let shown = Shown { locale: Locale::Sv, telling: false, plain: false };
        assert_eq!(payload(&base, Kind::TestAlarm, shown, "7", "answer")["path"], "/shift#answer");
        for kind in [Kind::Alarm, Kind::Message, Kind::Test] {
            assert!(!payload(&base, kind, shown, "7", "answer").to_string().contains("answer"), "{}", kind.word());
        }
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "constants")]
    fn a_push_leads_to_its_talk_under_any_of_the_servers_names() {
        let base = Url::parse("https://patrull.example.org").unwrap();
        let shown = Shown { locale: Locale::Sv, telling: false, plain: false };
        let told = payload(&base, Kind::Message, shown, "7", "");
        assert_eq!(
            (&told["path"], told["notification"]["navigate"].as_str()),
            (&json!("/talk/7"), Some("https://patrull.example.org/talk/7"))
        );
        let begins = payload(&base, Kind::Dialogue, shown, "7", "");
        assert_eq!((&begins["kind"], &begins["path"]), (&json!("dialogue"), &json!("/dialogues/7")));
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "constants")]
    fn a_notice_says_of_what_kind_it_is_only_where_that_was_chosen() {
        let base = Url::parse("https://patrull.example.org").unwrap();
        let title = |kind, shown| payload(&base, kind, shown, "7", "")["notification"]["title"].clone();
        for locale in [Locale::Sv, Locale::En] {
            let [neutral, telling] = [false, true].map(|telling| Shown { locale, telling, plain: false });
            let usual = title(Kind::Gathered, neutral);
            for kind in [Kind::Message, Kind::Report, Kind::Device, Kind::Copy, Kind::Dialogue] {
                assert_eq!(title(kind, neutral), usual, "one neutral text for all");
                assert_ne!(title(kind, telling), usual);
            }
            assert_eq!(title(Kind::Gathered, telling), usual, "of several things none is named");
        }
        let plain = Shown { locale: Locale::Sv, telling: false, plain: true };
        let told = payload(&base, Kind::Message, plain, "7", "");
        assert_eq!(
            (&told["plain"], told["notification"]["icon"].as_str()),
            (&json!(true), Some("https://patrull.example.org/icons/calendar-192.png"))
        );
    }
}
