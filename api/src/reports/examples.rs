use entities::words::{Certainty, EventKind, FileCopyState, FileState, PersonRole, Regime, ReportState, ScanState};
use poem_openapi::types::Example;

use super::model::*;
use crate::{
    files::{FileCopy, NamedFile, SentFile},
    http::story::*,
};

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
        }
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
