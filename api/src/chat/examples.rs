use entities::words::{
    Actor, CameBy, ConversationState, DangerAnswer, DutyState, HurtAnswer, LocationState, OutcomeCode, PersonRole,
    Priority, Regime, SurveyAnswer, SurveyQuestion,
};
use poem_openapi::types::Example;

use super::model::*;
use crate::{files::NamedFile, http::story::*};

const WORDS: &str = "Hej, det står folk utanför som inte är bjudna. Vad ska jag göra?";

impl Example for SendMessage {
    fn example() -> Self {
        let triage = Triage {
            danger: Some(DangerAnswer::Unsure),
            hurt: Some(HurtAnswer::No),
            whereabouts: Some(text("Hemma, på Strandgatan")),
        };
        let picture = NamedFile { file_id: FILE, sha256: text(SHA256), size: PICTURE_SIZE, media_type: text(JPEG) };
        Self {
            message_id: MESSAGE,
            conversation_id: CONVERSATION,
            text: text(WORDS),
            files: Some(vec![picture]),
            triage: Some(triage),
            room: None,
        }
    }
}

impl Example for TakeWith {
    fn example() -> Self {
        Self { expected_revision: 1, why: Some(text("07 har gått till bilen, och hon väntar.")) }
    }
}

impl Example for CloseWith {
    fn example() -> Self {
        Self { expected_revision: 1, outcome: OutcomeCode::AdviceGiven }
    }
}

impl Example for ClaimBy {
    fn example() -> Self {
        Self { secret: text(SECRET), word: text("Pelikan") }
    }
}

impl Example for ReadTo {
    fn example() -> Self {
        Self { pos: 1 }
    }
}

impl Example for Conversation {
    fn example() -> Self {
        Self {
            conversation_id: CONVERSATION,
            state: ConversationState::Taken,
            revision: 3,
            opened_at: after(2),
            last_at: after(2),
            holder: Some(OFFICER.to_owned()),
            held_by_me: false,
            read_by: Some(OFFICER.to_owned()),
            officer_read_pos: 1,
            youth_read_pos: 1,
            head: 1,
            unread: false,
            last_by: Actor::Youth,
            last_text: WORDS.to_owned(),
            last_files: None,
            regime: Some(Regime::Crime),
            person_role: Some(PersonRole::Unknown),
            erasure_asked_at: None,
            erasure_refused_at: None,
            erasure_refusal: None,
            in_danger: false,
            unread_danger: false,
            unanswered_danger: false,
            self_harm: false,
            whereabouts: Some("Hemma, på Strandgatan".to_owned()),
            waiting_since: after(2),
            stepped_away_at: None,
            quarter: Some(Example::example()),
            came_by: Some(CameBy::Invite),
            told: Some(TOLD.to_owned()),
            told_at: Some(after(600)),
            location_id: Some(LOCATION),
            location_state: Some(LocationState::Asked),
            location_asked_at: Some(after(300)),
            red_since: None,
            incident: Some(InIncident {
                incident_id: INCIDENT,
                number: "4H7P-C2NX".to_owned(),
                title: Some(INCIDENT_TITLE.to_owned()),
            }),
            child_duty: Some(DutyState::Raised),
            crime_duty: None,
            queue_key: Some("20001764511331000".to_owned()),
            outcome: None,
            outcome_version: None,
            returned_at: None,
            notes: Some(1),
            mentioned: Some(false),
            muted: None,
            asks: None,
            priority: Some(Priority::P2),
            reasons: Some(vec!["danger-unsure".to_owned()]),
            rules_version: Some(1),
        }
    }
}

impl Example for SurveyReply {
    fn example() -> Self {
        Self { asked: SurveyQuestion::Helped, answer: SurveyAnswer::Yes }
    }
}

impl Example for RaiseTo {
    fn example() -> Self {
        Self { priority: Priority::P1 }
    }
}

impl Example for LowerTo {
    fn example() -> Self {
        Self { expected_revision: 2, priority: Priority::P3, why: text("De har gått, och alla är oskadda.") }
    }
}

impl Example for Wait {
    fn example() -> Self {
        Self {
            state: ConversationState::Waiting,
            place: Some(2),
            least_minutes: Some(5),
            most_minutes: Some(20),
            read: false,
            unread_danger: false,
            open: true,
            staffed: true,
            nobody_reads_before: None,
            proof_bits: None,
        }
    }
}

impl Example for TriageDecision {
    fn example() -> Self {
        Self {
            at: after(2),
            by: Actor::Youth,
            public_number: None,
            priority: Priority::P2,
            reasons: vec!["danger-unsure".to_owned()],
            self_harm: false,
            rules_version: 1,
            why: None,
        }
    }
}

impl Example for TriageDecisions {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}

impl Example for Message {
    fn example() -> Self {
        Self {
            message_id: MESSAGE,
            conversation_id: CONVERSATION,
            pos: 1,
            by: Actor::Youth,
            public_number: None,
            mine: true,
            text: WORDS.to_owned(),
            damaged: false,
            files: None,
            recorded_at: after(0),
            received_at: after(2),
            action_id: ACTION,
        }
    }
}

impl Example for ConversationPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}

impl Example for MessagePage {
    fn example() -> Self {
        Self { items: vec![Example::example()], before: None }
    }
}
