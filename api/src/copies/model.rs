use entities::words::Timestamp;
use poem_openapi::{Enum, Object};

/// How far a copy has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum CopyState {
    /// It is being made; a push tells when it is ready.
    BeingMade,
    /// It can be fetched, once.
    Ready,
    /// It was fetched, has expired, or could not be made. Another may be asked for.
    Ended,
}

/// A copy of all that is kept of the caller's account.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct AccountCopy {
    pub state: CopyState,
    pub asked_at: Timestamp,
    /// When a ready copy is destroyed, fetched or not.
    pub expires_at: Option<Timestamp>,
    /// Of a ready copy, in bytes.
    pub size: Option<i64>,
}
