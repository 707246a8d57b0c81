use entities::words::{EventKind, QuestionForm, Timestamp};
use poem_openapi::types::Example;

use super::model::*;

fn said(sv: &str, en: &str) -> InLanguages {
    InLanguages { sv: sv.to_owned(), en: en.to_owned(), easy: None }
}

fn lines(sv: &str, en: &str, easy: &str) -> Lines {
    Lines { sv: vec![sv.to_owned()], en: vec![en.to_owned()], easy: vec![easy.to_owned()] }
}

impl Example for Questionnaire {
    fn example() -> Self {
        let yes = AnswerOption { id: "yes".to_owned(), label: said("Ja", "Yes") };
        Self {
            version: 1,
            // 2026-12-01.
            valid_from: Timestamp::from_millis(1_796_083_200_000),
            kinds: vec![KindOfEvent {
                kind: EventKind::Threat,
                name: said("Hot", "Threats"),
                hint: said("Någon skriver att de ska göra dig illa.", "Somebody writes that they will hurt you."),
                guide: Guide {
                    do_now: lines("Svara inte.", "Do not answer.", "Svara inte."),
                    save: lines("Ta en skärmbild.", "Take a screenshot.", "Ta en bild av skärmen."),
                    never_send: lines(
                        "Ge inte ut din adress.",
                        "Do not give away your address.",
                        "Säg inte var du bor.",
                    ),
                    who_helps: vec![Helper { name: said("Bris", "Bris"), tel: Some("116111".to_owned()), url: None }],
                },
                questions: vec!["what".to_owned(), "knows-who".to_owned()],
            }],
            questions: vec![
                Question {
                    id: "what".to_owned(),
                    form: QuestionForm::Account,
                    ask: said("Vad har hänt?", "What has happened?"),
                    hint: None,
                    longest: None,
                    options: None,
                    when: None,
                },
                Question {
                    id: "knows-who".to_owned(),
                    form: QuestionForm::One,
                    ask: said("Vet du vem det är?", "Do you know who it is?"),
                    hint: None,
                    longest: None,
                    options: Some(vec![yes]),
                    when: None,
                },
            ],
        }
    }
}
