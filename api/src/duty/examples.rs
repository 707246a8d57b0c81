use entities::words::{DutyDecision, DutyId, DutyMatter};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

const DUTY: DutyId = DutyId(uuid!("019ab2cb-7f20-7d46-8b35-2c9e6a0f1d58"));
const REASON: &str = "Hon är 14 och skriver att pappan slår.";
const LAW: &str = "Socialtjänstlagen om orosanmälan, brottsbalken 1 kap. 6 §.";
const SV: &str = "Några saker måste polisen göra något åt:\nAtt någon under {child_age} år kan ha det illa.";
const EN: &str = "Some things the police must act on:\nThat someone under {child_age} may be treated badly.";
const EASY: &str = "Några saker måste polisen göra något åt:\nEtt barn har det illa.";

impl Example for RecordDuty {
    fn example() -> Self {
        Self {
            duty_id: DUTY,
            conversation_id: CONVERSATION,
            matter: DutyMatter::ChildHarmed,
            decision: Some(DutyDecision::Made),
            reason: Some(text(REASON)),
            text_version: 1,
        }
    }
}

impl Example for DutyRecord {
    fn example() -> Self {
        Self {
            duty_id: DUTY,
            conversation_id: CONVERSATION,
            matter: DutyMatter::ChildHarmed,
            decision: Some(DutyDecision::Made),
            reason: Some(REASON.to_owned()),
            text_version: 1,
            at: after(900),
            by: Some(OFFICER.to_owned()),
        }
    }
}

impl Example for DutyRecords {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for DutyText {
    fn example() -> Self {
        Self {
            version: 2,
            valid_from: after(-86_400),
            law: LAW.to_owned(),
            sv: SV.to_owned(),
            en: EN.to_owned(),
            easy: EASY.to_owned(),
            child_age: 18,
            criminal_age: 15,
        }
    }
}

impl Example for PutDutyText {
    fn example() -> Self {
        Self { expected_version: 1, law: text(LAW), sv: text(SV), en: text(EN), easy: text(EASY) }
    }
}
