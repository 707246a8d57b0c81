use entities::words::{MuteId, MuteKind, MuteReason};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

const MUTE: MuteId = MuteId(uuid!("019ab2cc-3b10-7e52-9c47-1f6d8a0b5e29"));
const NOTE: &str = "Skrev samma hot tre gånger efter en varning.";

impl Example for MuteAccount {
    fn example() -> Self {
        Self {
            mute_id: MUTE,
            conversation_id: CONVERSATION,
            kind: MuteKind::Muted,
            hours: 6,
            reason: MuteReason::Threats,
            note: Some(text(NOTE)),
        }
    }
}

impl Example for EndMuteIn {
    fn example() -> Self {
        Self { conversation_id: CONVERSATION }
    }
}

impl Example for Mute {
    fn example() -> Self {
        Self {
            mute_id: MUTE,
            conversation_id: CONVERSATION,
            kind: MuteKind::Muted,
            reason: MuteReason::Threats,
            note: Some(NOTE.to_owned()),
            at: after(900),
            until: after(900 + 6 * 3600),
            by: Some(OFFICER.to_owned()),
            ended_at: None,
            ended_by: None,
        }
    }
}

impl Example for Mutes {
    fn example() -> Self {
        Self { items: vec![Example::example()] }
    }
}
