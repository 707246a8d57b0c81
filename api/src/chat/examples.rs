use entities::words::{Actor, ConversationState, PersonRole, Regime};
use poem_openapi::types::Example;

use super::model::*;
use crate::http::story::*;

const WORDS: &str = "Hej, det står folk utanför som inte är bjudna. Vad ska jag göra?";

impl Example for SendMessage {
    fn example() -> Self {
        Self { message_id: MESSAGE, conversation_id: CONVERSATION, text: text(WORDS) }
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
        }
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
