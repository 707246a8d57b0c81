use entities::words::{TipAction, Topic};
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

const LULEÅ: &str = "2580";
const WORDS: &str = "Delas adressen till din fest vidare? Skriv till oss innan det kommer folk som du inte känner.";

impl Example for PublishTip {
    fn example() -> Self {
        Self {
            tip_id: TIP,
            topic: Topic::Meetups,
            municipality: text(LULEÅ),
            text: text(WORDS),
            action: TipAction::Chat,
        }
    }
}

impl Example for Tip {
    fn example() -> Self {
        Self {
            tip_id: TIP,
            topic: Topic::Meetups,
            municipality: LULEÅ.to_owned(),
            text: WORDS.to_owned(),
            action: TipAction::Chat,
            published_at: after(0),
            public_number: Some(OFFICER.to_owned()),
            revision: 1,
        }
    }
}

impl Example for TipPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}

impl Example for Places {
    fn example() -> Self {
        let municipality = Municipality { code: LULEÅ.to_owned(), name: "Luleå".to_owned() };
        Self {
            counties: vec![County {
                code: "25".to_owned(),
                name: "Norrbotten".to_owned(),
                municipalities: vec![municipality],
            }],
            topics: vec![Topic::Meetups, Topic::Scams],
        }
    }
}
