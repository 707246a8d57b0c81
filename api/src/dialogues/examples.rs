use entities::words::{DialogueState, IdeaHiding, QuestionId, QuestionState, Seat};
use poem_openapi::types::Example;
use uuid::uuid;

use super::{model::*, model_around::*, model_events::*, model_questions::*};
use crate::{files::NamedFile, http::story::*, polls::Poll};

const TITLE: &str = "Fråga oss om falska konton";
const TITLE_EN: &str = "Ask us about fake accounts";
const ABOUT: &str = "Två poliser svarar i en timme. Du behöver inte säga vem du är.";
const ABOUT_EN: &str = "Two officers answer for an hour. You need not say who you are.";
const FILM: &str = "https://film.example.org/live/kvall.m3u8";
const CAPTIONS: &str = "WEBVTT\n\n00:00.500 --> 00:03.500\nHej och välkomna.";
const ASKED: &str = "Vad gör ni om någon låtsas vara mig?";
const ANSWER: &str = "Spara länken och skriv till oss, så hjälper vi dig att få bort kontot.";
const ANSWER_EN: &str = "Keep the link and write to us. We help you to have the account removed.";
const OTHER: QuestionId = QuestionId(uuid!("019ab2e8-1c31-7d54-9b07-4f8e2a6c0d93"));
/// An hour, counted from the story's beginning.
const HOUR: i64 = 3600;

impl Example for AnnounceDialogue {
    fn example() -> Self {
        Self {
            dialogue_id: DIALOGUE,
            title: text(TITLE),
            title_en: Some(text(TITLE_EN)),
            about: Some(text(ABOUT)),
            about_en: Some(text(ABOUT_EN)),
            starts_at: after(24 * HOUR),
            film_url: Some(text(FILM)),
        }
    }
}

impl Example for DialogueChange {
    fn example() -> Self {
        Self {
            expected_revision: 1,
            title: text(TITLE),
            title_en: Some(text(TITLE_EN)),
            about: Some(text(ABOUT)),
            about_en: Some(text(ABOUT_EN)),
            starts_at: after(25 * HOUR),
            film_url: Some(text(FILM)),
        }
    }
}

impl Example for AsSeen {
    fn example() -> Self {
        Self { expected_revision: 2 }
    }
}

impl Example for Seating {
    fn example() -> Self {
        Self { expected_revision: 2, seat: Seat::Reader, takes: true }
    }
}

impl Example for Pinning {
    fn example() -> Self {
        Self { expected_revision: 4, question_id: Some(QUESTION) }
    }
}

impl Example for Slowing {
    fn example() -> Self {
        Self { expected_revision: 5, slow_seconds: 30 }
    }
}

impl Example for DialogueFilming {
    fn example() -> Self {
        Self {
            expected_revision: 6,
            film_url: None,
            film: Some(NamedFile {
                file_id: FILE,
                sha256: text(SHA256),
                size: 48_210_944,
                media_type: text("video/mp4"),
            }),
            captions: Some(text(CAPTIONS)),
        }
    }
}

impl Example for Dialogue {
    fn example() -> Self {
        Self {
            dialogue_id: DIALOGUE,
            state: DialogueState::Live,
            title: TITLE.to_owned(),
            title_en: Some(TITLE_EN.to_owned()),
            about: Some(ABOUT.to_owned()),
            about_en: Some(ABOUT_EN.to_owned()),
            starts_at: after(24 * HOUR),
            opened_at: Some(after(24 * HOUR + 40)),
            ended_at: None,
            archived_at: None,
            film_url: Some(FILM.to_owned()),
            film: None,
            speaker: Some(OFFICER.to_owned()),
            reader: None,
            slow_seconds: 30,
            pinned_question_id: Some(QUESTION),
            public_number: Some(OFFICER.to_owned()),
            revision: 6,
        }
    }
}

impl Example for DialoguePage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}

impl Example for DialoguePolls {
    fn example() -> Self {
        Self { items: vec![Poll { dialogue_id: Some(DIALOGUE), ..Example::example() }] }
    }
}

impl Example for Reminder {
    fn example() -> Self {
        Self { reminds: true }
    }
}

impl Example for DialogueFigures {
    fn example() -> Self {
        Self {
            most_viewers: 940,
            asked: 212,
            shown: 96,
            answered_by_mark: 61,
            answered_in_writing: 22,
            merged: 13,
            not_shown: 41,
            votes: 3120,
            talks: Some(6),
            muted: None,
            polls: 3,
            minutes: Some(62),
        }
    }
}

impl Example for AskQuestion {
    fn example() -> Self {
        Self { question_id: QUESTION, dialogue_id: DIALOGUE, text: text(ASKED), accepts_rules: true }
    }
}

impl Example for QuestionHiding {
    fn example() -> Self {
        Self { expected_revision: 1, hiding: IdeaHiding::NamesSomebody }
    }
}

impl Example for QuestionMerging {
    fn example() -> Self {
        Self { expected_revision: 1, into: OTHER }
    }
}

impl Example for QuestionAssignment {
    fn example() -> Self {
        Self { expected_revision: 2, seat: Some(Seat::Speaker) }
    }
}

impl Example for QuestionAnswering {
    fn example() -> Self {
        Self {
            expected_revision: 3,
            mark_seconds: Some(760),
            answer: Some(text(ANSWER)),
            answer_en: Some(text(ANSWER_EN)),
        }
    }
}

impl Example for AskedQuestion {
    fn example() -> Self {
        Self {
            question_id: QUESTION,
            dialogue_id: DIALOGUE,
            text: ASKED.to_owned(),
            damaged: false,
            state: QuestionState::Answered,
            votes: 128,
            voted: None,
            mark_seconds: Some(760),
            answer: Some(ANSWER.to_owned()),
            answer_en: Some(ANSWER_EN.to_owned()),
            answered_at: Some(after(25 * HOUR)),
            shown_at: Some(after(24 * HOUR + 300)),
            revision: 4,
            asked_at: None,
            hiding: None,
            merged_into: None,
            conversation_id: None,
            harm: None,
            priority: None,
            reasons: None,
            seat: None,
            public_number: None,
        }
    }
}

impl Example for QuestionPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], epoch: Some(1_780_000_000), pos: Some(14), next: None }
    }
}

impl Example for DialogueEvent {
    fn example() -> Self {
        Self {
            pos: 12,
            at: after(24 * HOUR + 300),
            dialogue: None,
            question: Some(Example::example()),
            gone: None,
            poll: None,
        }
    }
}

impl Example for DialogueEvents {
    fn example() -> Self {
        let goes = DialogueEvent {
            pos: 14,
            at: after(24 * HOUR + 360),
            dialogue: None,
            question: None,
            gone: Some(OTHER),
            poll: None,
        };
        Self { epoch: 1_780_000_000, items: vec![Example::example(), goes], complete: false }
    }
}
