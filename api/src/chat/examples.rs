use entities::words::{Actor, ConversationState, DangerAnswer, HurtAnswer, PersonRole, Priority, Regime};
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

const WORDS: &str = "Hej, det står folk utanför som inte är bjudna. Vad ska jag göra?";

impl Example for SendMessage {
    fn example() -> Self {
        let triage = Triage {
            danger: Some(DangerAnswer::Unsure),
            hurt: Some(HurtAnswer::No),
            whereabouts: Some(text("Hemma, på Strandgatan")),
        };
        Self { message_id: MESSAGE, conversation_id: CONVERSATION, text: text(WORDS), triage: Some(triage) }
    }
}

impl Example for ExpectedRevision {
    fn example() -> Self {
        Self { expected_revision: 1 }
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
            regime: Some(Regime::Crime),
            person_role: Some(PersonRole::Unknown),
            erasure_asked_at: None,
            erasure_refused_at: None,
            erasure_refusal: None,
            unread_danger: false,
            self_harm: false,
            whereabouts: Some("Hemma, på Strandgatan".to_owned()),
            waiting_since: after(2),
            stepped_away_at: None,
            priority: Some(Priority::P2),
            reasons: Some(vec!["danger-unsure".to_owned()]),
            rules_version: Some(1),
        }
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
