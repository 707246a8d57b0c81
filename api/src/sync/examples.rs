use std::collections::HashMap;

use entities::words::Actor;
use poem_openapi::types::{Any, Example, ToJSON};

use super::{command::KINDS, model::*};
use crate::{
    base::journal::Position,
    chat::{Message, SendMessage},
    http::story::*,
};

fn stream() -> String {
    format!("conversation:{CONVERSATION}")
}

impl Example for Push {
    fn example() -> Self {
        let envelope = ActionEnvelope {
            action_id: ACTION,
            lane: text(&stream()),
            kind: text("message-send"),
            v: 2,
            after: Vec::new(),
            recorded_at: after(0),
            attempt: 0,
            body: Any(SendMessage::example().to_json().unwrap_or_default()),
        };
        Self {
            device_id: PHONE,
            account_id: YOUTH,
            envelope: 1,
            app_version: text("0.1.0"),
            actions: vec![Any(envelope.to_json().unwrap_or_default())],
        }
    }
}

impl Example for ActionResult {
    fn example() -> Self {
        Self {
            action_id: Some(ACTION),
            outcome: ActionOutcome::Applied,
            original: None,
            entity: Some(EntityRef { id: CONVERSATION.0, revision: 1 }),
            at: Some(Position { stream: stream(), epoch: 1, pos: 1 }),
            problem: None,
            retry_after_ms: None,
        }
    }
}

impl Example for Pushed {
    fn example() -> Self {
        Self { server_time: after(2), results: vec![Example::example()] }
    }
}

impl Example for Delivered {
    fn example() -> Self {
        Self { results: vec![DeliveredResult::of(Example::example())] }
    }
}

impl Example for Parcel {
    fn example() -> Self {
        Self { parcel_id: PARCEL, key_id: PARCEL_KEY, enc: text(POINT), ciphertext: text(SECRET) }
    }
}

impl Example for Pull {
    fn example() -> Self {
        let cursor = Cursor { epoch: Some(1), pos: Some(0), tail: None, before: None };
        Self { device_id: PHONE, envelope: 1, limit: 200, streams: HashMap::from([(stream(), cursor)]) }
    }
}

impl Example for Pulled {
    fn example() -> Self {
        let event = Event {
            pos: 1,
            kind: "message-created".to_owned(),
            v: 1,
            entity_id: MESSAGE.0,
            revision: 1,
            action_id: Some(ACTION),
            by: Actor::Youth,
            at: after(2),
            message: Some(Message::example()),
            conversation: None,
            report: None,
        };
        let events = StreamEvents { epoch: 1, head: 1, more: false, reset: false, from: 1, events: vec![event] };
        Self {
            server_time: after(3),
            streams: HashMap::from([(stream(), events)]),
            gone: Vec::new(),
            min_supported: KINDS.iter().map(|(kind, lowest, _)| ((*kind).to_owned(), *lowest)).collect(),
        }
    }
}
