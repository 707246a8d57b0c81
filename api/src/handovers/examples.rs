use entities::words::{CameBack, LocationState, Receiver};
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

impl Example for Card {
    fn example() -> Self {
        Self {
            what: text("Okända försöker ta sig in på en fest. En har kniv."),
            place: Some(text("Strandgatan 4, Umeå, andra våningen")),
            when: Some(text("Sedan tio minuter, pågår")),
            people: Some(text("Åtta ungdomar inne, omkring 20 utanför")),
            danger: Some(text("Kniv. Ingen skadad än.")),
            last_words: Some(text("de sparkar på dörren")),
            youth_told: Some(text("Lås dörren, gå inte ut, ring 112")),
        }
    }
}

impl Example for MakeHandover {
    fn example() -> Self {
        Self {
            handover_id: HANDOVER,
            conversation_id: CONVERSATION,
            receiver: Receiver::Emergency,
            replaces: None,
            card: Example::example(),
        }
    }
}

impl Example for TakenBy {
    fn example() -> Self {
        Self { conversation_id: CONVERSATION, name: text("Operatör Lind") }
    }
}

impl Example for WhatCameBack {
    fn example() -> Self {
        Self { conversation_id: CONVERSATION, came_back: CameBack::Advice, told: Some(text(TOLD)) }
    }
}

impl Example for RedHandover {
    fn example() -> Self {
        Self {
            handover_id: HANDOVER,
            conversation_id: CONVERSATION,
            number: "7K4M-92XR".to_owned(),
            receiver: Receiver::Emergency,
            made_at: after(400),
            made_by: Some(OFFICER.to_owned()),
        }
    }
}

impl Example for RedHandovers {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for Handover {
    fn example() -> Self {
        let RedHandover { handover_id, conversation_id, number, receiver, made_at, made_by } = Example::example();
        Self {
            handover_id,
            conversation_id,
            number,
            receiver,
            made_at,
            made_by,
            red: false,
            card: Some(Example::example()),
            replaced_by: None,
            acknowledged_at: Some(after(460)),
            acknowledged_by: Some(OFFICER.to_owned()),
            taken_by: Some("Operatör Lind".to_owned()),
            answers: vec![HandoverAnswer {
                at: after(600),
                by: Some(OFFICER.to_owned()),
                came_back: CameBack::Advice,
                told: Some(TOLD.to_owned()),
            }],
        }
    }
}

impl Example for Handovers {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

fn fix() -> Fix {
    Fix { latitude: 63.8258, longitude: 20.263, accuracy: 25.0, fixed_at: after(318) }
}

impl Example for AskLocation {
    fn example() -> Self {
        Self { location_id: LOCATION, conversation_id: CONVERSATION }
    }
}

impl Example for GivenFix {
    fn example() -> Self {
        Self { conversation_id: CONVERSATION, fix: Some(fix()) }
    }
}

impl Example for Location {
    fn example() -> Self {
        Self {
            location_id: LOCATION,
            conversation_id: CONVERSATION,
            state: LocationState::Given,
            asked_at: after(300),
            asked_by: Some(OFFICER.to_owned()),
            answered_at: Some(after(320)),
            fix: Some(fix()),
            age_seconds: Some(62),
            expires_at: Some(after(320 + 1800)),
        }
    }
}

impl Example for Locations {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}
