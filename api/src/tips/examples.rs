use entities::words::{AgeBand, TipAction, Topic};
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

const LULEÅ: &str = "2580";
const WORDS: &str = "Delas adressen till din fest vidare? Skriv till oss innan det kommer folk som du inte känner.";

const IN_ENGLISH: &str =
    "Is the address of your party being passed on? Write to us before people you do not know turn up.";
const EASY: &str = "Har du fest? Får många veta var? Skriv till oss. Gör det innan okända kommer.";
const DAY: i64 = 24 * 3600;

impl Example for PublishTip {
    fn example() -> Self {
        Self {
            tip_id: TIP,
            topic: Topic::Meetups,
            municipality: None,
            municipalities: vec![text(LULEÅ)],
            age_bands: vec![AgeBand::From16],
            languages: vec![],
            text: text(WORDS),
            text_en: Some(text(IN_ENGLISH)),
            text_easy: Some(text(EASY)),
            action: TipAction::Chat,
            publish_at: Some(after(0)),
            expires_at: Some(after(5 * DAY)),
            urgent: false,
        }
    }
}

impl Example for Tip {
    fn example() -> Self {
        Self {
            tip_id: TIP,
            topic: Topic::Meetups,
            municipalities: vec![LULEÅ.to_owned()],
            text: WORDS.to_owned(),
            text_en: Some(IN_ENGLISH.to_owned()),
            text_easy: Some(EASY.to_owned()),
            action: TipAction::Chat,
            published_at: after(0),
            expires_at: after(5 * DAY),
            urgent: false,
            recalled_at: None,
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

impl Example for Correction {
    fn example() -> Self {
        Self {
            expected_revision: 1,
            correction: text("Tipset om fester hade fel dag. Det gäller nästa helg."),
            correction_en: None,
            correction_easy: None,
        }
    }
}

impl Example for PlannedTip {
    fn example() -> Self {
        Self {
            tip: Tip::example(),
            state: TipState::Published,
            age_bands: vec![AgeBand::From16],
            languages: vec![],
            recalled_by: None,
        }
    }
}

impl Example for PlannedTipPage {
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
