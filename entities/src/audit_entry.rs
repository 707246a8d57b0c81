//! One line of the audit log: who did what to what, and when. It refers to nothing that an erasure would take away.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, AuditAct, AuditEntryId, AuditSubject, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: AuditEntryId,
    pub at: Timestamp,
    /// Nobody: the program by a rule, or the operator at the machine.
    pub actor_id: Option<AccountId>,
    pub actor_number: Option<String>,
    pub act: AuditAct,
    pub subject_kind: AuditSubject,
    pub subject_id: Uuid,
    /// A word of the program, such as the kind of the action; never of people.
    pub detail: Option<String>,
    /// HMAC over all of the above, made with the row.
    pub row_mac: Vec<u8>,
    /// Dense from 1; nothing: not sealed yet.
    #[sea_orm(unique)]
    pub position: Option<i64>,
    /// HMAC over the chain of the position before, and this row.
    pub chain: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
