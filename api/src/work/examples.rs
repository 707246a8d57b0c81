use entities::words::{NoteKind, OutcomeCode, TalkFate};
use poem_openapi::types::Example;

use super::model::*;
use crate::{http::story::*, quarters::TalkEnd};

const WORDS: &str = "Hon är ensam hemma till sju. Storasyster vet om det.";

impl Example for PassTo {
    fn example() -> Self {
        Self { to: text("12"), note: Some(text(WORDS)) }
    }
}

impl Example for GiveBackWith {
    fn example() -> Self {
        Self { note: Some(text(WORDS)) }
    }
}

impl Example for NoteWith {
    fn example() -> Self {
        Self { text: text(WORDS), mentions: vec![text("12")] }
    }
}

impl Example for EndWith {
    fn example() -> Self {
        let end = TalkEnd {
            conversation_id: CONVERSATION,
            fate: TalkFate::Close,
            to: None,
            outcome: Some(OutcomeCode::AdviceGiven),
        };
        Self { talks: vec![end] }
    }
}

impl Example for Note {
    fn example() -> Self {
        Self {
            kind: NoteKind::Passed,
            at: after(900),
            by: Some(OFFICER.to_owned()),
            colleague: Some("12".to_owned()),
            mentions: Vec::new(),
            text: Some(WORDS.to_owned()),
            damaged: false,
        }
    }
}

impl Example for Notes {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}
