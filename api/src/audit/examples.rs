use entities::words::{AuditAct, AuditEntryId, AuditSubject};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

impl Example for AuditEntry {
    fn example() -> Self {
        Self {
            entry_id: AuditEntryId(uuid!("019ab2c5-2a40-7c1d-8e02-b7d3f9a0c641")),
            at: after(30),
            public_number: Some(OFFICER.to_owned()),
            act: AuditAct::Change,
            subject_kind: AuditSubject::Conversation,
            subject_id: CONVERSATION.0,
            detail: Some("conversation-take".to_owned()),
        }
    }
}

impl Example for AuditPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}
