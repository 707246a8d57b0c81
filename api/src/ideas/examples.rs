use entities::words::{IdeaHiding, IdeaId, IdeaKind, IdeaOutcome, IdeaState};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

const IDEA_TEXT: &str = "Var med i vår spelserver på fredagskvällar.";
const OTHER: IdeaId = IdeaId(uuid!("019ab2e6-4d21-7c12-9e40-b7a2d8f1c053"));
const DONE: &str = "Vi är där varje fredag från klockan 20.";
const DONE_EN: &str = "We are there every Friday from 8 pm.";

impl Example for SendIdea {
    fn example() -> Self {
        Self { idea_id: IDEA, kind: IdeaKind::Quarter, text: text(IDEA_TEXT) }
    }
}

impl Example for Showing {
    fn example() -> Self {
        Self { expected_revision: 1 }
    }
}

impl Example for Hiding {
    fn example() -> Self {
        Self { expected_revision: 1, hiding: IdeaHiding::NamesSomebody }
    }
}

impl Example for Merging {
    fn example() -> Self {
        Self { expected_revision: 1, into: OTHER }
    }
}

impl Example for Locating {
    fn example() -> Self {
        Self { expected_revision: 1, quarter_id: Some(QUARTER) }
    }
}

impl Example for Answering {
    fn example() -> Self {
        Self {
            expected_revision: 2,
            outcome: IdeaOutcome::Done,
            answer: text(DONE),
            answer_en: Some(text(DONE_EN)),
            quarter_id: Some(QUARTER),
        }
    }
}

impl Example for IdeaTalk {
    fn example() -> Self {
        Self { expected_revision: 1, conversation_id: CONVERSATION }
    }
}

impl Example for Idea {
    fn example() -> Self {
        Self {
            idea_id: IDEA,
            kind: IdeaKind::Quarter,
            text: IDEA_TEXT.to_owned(),
            damaged: false,
            state: IdeaState::Answered,
            support: 41,
            supported: None,
            outcome: Some(IdeaOutcome::Done),
            answer: Some(DONE.to_owned()),
            answer_en: Some(DONE_EN.to_owned()),
            quarter_id: Some(QUARTER),
            decided_at: Some(after(3600)),
            revision: 3,
            sent_at: None,
            hiding: None,
            merged_into: None,
            conversation_id: None,
            priority: None,
            reasons: None,
            public_number: None,
        }
    }
}

impl Example for IdeaPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}
