use entities::words::{AccountId, BundleReason, Timestamp};
use poem_openapi::Object;

/// Take a report out of here, whole.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct TakeBundle {
    /// Why; the audit log keeps it.
    pub reason: BundleReason,
}

/// A link to one bundle for one session.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct BundleLink {
    /// A path on this host, good without a bearer token. Keep it out of logs.
    pub url: String,
    pub expires_at: Timestamp,
}

/// Who took a bundle, and why.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    pub account_id: AccountId,
    pub reason: BundleReason,
}
