use entities::words::PollKind;
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

const QUESTION: &str = "Vad vill du att vi gör mer av?";
const QUESTION_EN: &str = "What do you want us to do more of?";
const ANSWERS: [(&str, &str); 2] = [("Är med i spel", "Join games"), ("Svarar på nätterna", "Answer at night")];
const DAY: i64 = 24 * 3600;

impl Example for PublishPoll {
    fn example() -> Self {
        let option = |(sv, en): (&str, &str)| NewOption { text: text(sv), text_en: Some(text(en)) };
        Self {
            poll_id: POLL,
            kind: PollKind::One,
            question: text(QUESTION),
            question_en: Some(text(QUESTION_EN)),
            question_easy: None,
            options: ANSWERS.map(option).into(),
            opens_at: Some(after(0)),
            closes_at: Some(after(7 * DAY)),
            dialogue_id: Some(DIALOGUE),
        }
    }
}

impl Example for Closing {
    fn example() -> Self {
        Self { expected_revision: 1 }
    }
}

impl Example for Vote {
    fn example() -> Self {
        Self { places: vec![0] }
    }
}

impl Example for Poll {
    fn example() -> Self {
        let option = |(place, (sv, en)): (i32, (&str, &str))| PollOption {
            place,
            text: sv.to_owned(),
            text_en: Some(en.to_owned()),
            votes: None,
        };
        Self {
            poll_id: POLL,
            kind: PollKind::One,
            question: QUESTION.to_owned(),
            question_en: Some(QUESTION_EN.to_owned()),
            question_easy: None,
            options: (0..).zip(ANSWERS).map(option).collect(),
            opens_at: after(0),
            closes_at: after(7 * DAY),
            dialogue_id: None,
            voters: None,
            public_number: Some(OFFICER.to_owned()),
            revision: 1,
        }
    }
}

impl Example for PollOption {
    fn example() -> Self {
        Self { place: 0, text: ANSWERS[0].0.to_owned(), text_en: None, votes: None }
    }
}

impl Example for PollPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}
