use entities::words::{AuditAct, AuditEntryId, AuditSubject, Timestamp};
use poem_openapi::Object;
use uuid::Uuid;

/// One line of the log, as a lead sees it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct AuditEntry {
    pub entry_id: AuditEntryId,
    pub at: Timestamp,
    /// The officer's public number; nothing: the program by a rule, or the operator at the machine.
    pub public_number: Option<String>,
    pub act: AuditAct,
    pub subject_kind: AuditSubject,
    pub subject_id: Uuid,
    /// What was done, as in `conversation-take`.
    pub detail: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct AuditPage {
    /// Newest first.
    pub items: Vec<AuditEntry>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}
