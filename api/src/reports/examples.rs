use entities::words::{
    Certainty, EventKind, FileCopyState, FileState, OutcomeCode, PersonRole, Priority, Regime, ReportState, ScanState,
    SearchReason,
};
use poem_openapi::types::Example;

use super::model::*;
use crate::{
    files::{FileCopy, NamedFile, SentFile},
    http::story::*,
};

/// Luleå.
const AREA: &str = "2580";
const LINK: &str = "https://www.twitch.tv/elak99";
const WHAT: &str = "Någon på spelet skriver att de vet var jag bor och ska komma hit.";

fn happened() -> Happened {
    Happened { certainty: Certainty::About, at: None, words: Some(text("i fredags kväll")) }
}

impl Example for SubmitReport {
    fn example() -> Self {
        Self {
            report_id: REPORT,
            event_kind: EventKind::Threat,
            what: text(WHAT),
            happened: happened(),
            place: Some(text("i spelet, och hemma")),
            files: vec![NamedFile { file_id: FILE, sha256: text(SHA256), size: PICTURE_SIZE, media_type: text(JPEG) }],
            questionnaire_version: Some(1),
            answers: None,
            area: Some(text(AREA)),
            links: Some(vec![text(LINK)]),
            conversation_id: None,
            message_ids: None,
        }
    }
}

impl Example for TalkAbout {
    fn example() -> Self {
        Self { expected_revision: 2, conversation_id: CONVERSATION }
    }
}

impl Example for PassedTo {
    fn example() -> Self {
        Self { expected_revision: 2, to: text("gruppen mot brott på nätet i Luleå") }
    }
}

impl Example for RegisteredAs {
    fn example() -> Self {
        Self { expected_revision: 2, police_number: text("5000-K123456-26") }
    }
}

impl Example for ClosedWith {
    fn example() -> Self {
        let why = "Vi har bett plattformen ta bort kontot, och den har gjort det. Skriv igen om det händer mer.";
        Self { expected_revision: 2, outcome: OutcomeCode::PlatformNotified, why: text(why) }
    }
}

impl Example for WhoSheIs {
    fn example() -> Self {
        Self { name: text("Kim"), reach: Some(text("här i appen, efter klockan 16")) }
    }
}

impl Example for PartOf {
    fn example() -> Self {
        Self { incident_id: INCIDENT, title: text("hot i spelet") }
    }
}

impl Example for NoPartOf {
    fn example() -> Self {
        Self { incident_id: INCIDENT }
    }
}

impl Example for SearchReports {
    fn example() -> Self {
        Self { reason: SearchReason::SamePerson, number: None, clue: Some(text(LINK)) }
    }
}

impl Example for ReadFrom {
    fn example() -> Self {
        Self { expected_revision: 1 }
    }
}

impl Example for Report {
    fn example() -> Self {
        Self {
            report_id: REPORT,
            state: ReportState::BeingRead,
            revision: 2,
            event_kind: EventKind::Threat,
            what: WHAT.to_owned(),
            happened: happened(),
            place: Some("i spelet, och hemma".to_owned()),
            damaged: false,
            submitted_at: after(62),
            recorded_at: after(60),
            reader: Some(OFFICER.to_owned()),
            regime: Some(Regime::Crime),
            person_role: Some(PersonRole::Unknown),
            erasure_asked_at: None,
            erasure_refused_at: None,
            erasure_refusal: None,
            number: "R-7K4M-92XR".to_owned(),
            questionnaire_version: Some(1),
            answers: None,
            area: Some(AREA.to_owned()),
            links: Some(vec![ReportLink {
                said: LINK.to_owned(),
                platform: Some("twitch".to_owned()),
                user_name: Some("elak99".to_owned()),
                url: Some(LINK.to_owned()),
            }]),
            self_harm: false,
            in_danger: false,
            priority: Some(Priority::P3),
            reasons: Some(Vec::new()),
            conversation_id: None,
            excerpt: None,
            as_tip: true,
            introduction: None,
            passed_to: None,
            police_number: None,
            registered_at: None,
            outcome: None,
            closing_words: None,
            closed_at: None,
            incident_id: None,
            incident_number: None,
            incident_title: None,
            files: vec![SentFile {
                file_id: FILE,
                media_type: JPEG.to_owned(),
                size: PICTURE_SIZE,
                sha256: SHA256.to_owned(),
                received: PICTURE_SIZE,
                complete: true,
                state: FileState::Complete,
                copy: Some(FileCopy {
                    state: FileCopyState::Made,
                    media_type: Some(JPEG.to_owned()),
                    size: Some(PICTURE_SIZE / 2),
                    width: Some(1920),
                    height: Some(2560),
                }),
                scan: Some(ScanState::NotScanned),
                withheld: None,
            }],
        }
    }
}

impl Example for ReportPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}
