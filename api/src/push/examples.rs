use entities::words::{AgeBand, Locale, SendingKind, SendingState, Topic};
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

const KEY: &str = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM";
const LULEÅ: &str = "2580";

impl Example for PushKey {
    fn example() -> Self {
        Self { key_id: "5f2c9a01".to_owned(), public_key: KEY.to_owned(), still_valid: vec![] }
    }
}

impl Example for Subscribe {
    fn example() -> Self {
        Self {
            endpoint: text("https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn"),
            p256dh: text(KEY),
            auth: text("BTBZMqHH6r4Tts7J_aSIgg"),
            key_id: Some(text("5f2c9a01")),
            replies: true,
            topics: vec![Topic::Meetups],
            municipalities: vec![text(LULEÅ)],
            locale: Locale::Sv,
            hours: Some(TimesOfDay::example()),
            quiet_hours: Some(TimesOfDay { from: text("22:00"), until: text("07:00") }),
            tips_at_night: false,
            age_band: Some(AgeBand::From13),
            telling: false,
            plain: false,
        }
    }
}

impl Example for Subscription {
    fn example() -> Self {
        Self {
            replies: true,
            topics: vec![Topic::Meetups],
            municipalities: vec![LULEÅ.to_owned()],
            hours: Some(TimesOfDay::example()),
            quiet_hours: Some(TimesOfDay { from: text("22:00"), until: text("07:00") }),
            age_band: Some(AgeBand::From13),
            telling: false,
            plain: false,
        }
    }
}

impl Example for TimesOfDay {
    fn example() -> Self {
        Self { from: text("07:00"), until: text("22:00") }
    }
}

impl Example for Audience {
    fn example() -> Self {
        let (municipalities, age_bands) = (vec![LULEÅ.to_owned()], vec![AgeBand::From13]);
        Self { topic: Topic::Meetups, municipalities, age_bands, languages: vec![Locale::Sv] }
    }
}

impl Example for PhoneCount {
    fn example() -> Self {
        Self::of(340)
    }
}

impl Example for SendingSums {
    fn example() -> Self {
        Self {
            kind: SendingKind::Tip,
            state: SendingState::Done,
            begins_at: after(0),
            told: PhoneCount::of(320),
            not_reached: PhoneCount::of(7),
        }
    }
}

impl Example for SendingList {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}
