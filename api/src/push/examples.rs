use entities::words::{Locale, Topic};
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
            replies: true,
            topics: vec![Topic::Meetups],
            municipalities: vec![text(LULEÅ)],
            locale: Locale::Sv,
            hours: Some(SafeHours::example()),
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
            hours: Some(SafeHours::example()),
            telling: false,
            plain: false,
        }
    }
}

impl Example for SafeHours {
    fn example() -> Self {
        Self { from: text("07:00"), until: text("22:00") }
    }
}
