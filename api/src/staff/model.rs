use entities::words::{AccountId, InviteId, InvitedRole, Role, Text, Timestamp};
use poem_openapi::Object;

/// One who serves or has served. Nobody's name stands here.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct StaffMember {
    pub account_id: AccountId,
    pub public_number: Option<String>,
    pub role: Role,
    /// The lead who asks.
    pub mine: bool,
    pub created_at: Timestamp,
    /// On how many devices.
    pub signed_in: i64,
    pub on_shift: bool,
    /// On a shift, to the minute. Nothing: on none so far.
    pub heard_at: Option<Timestamp>,
    /// When a lead ended the account.
    pub ended_at: Option<Timestamp>,
}

/// An invite that nobody has used yet. Its link is only with whoever made it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct StaffInvite {
    pub invite_id: InviteId,
    pub public_number: String,
    pub role: Role,
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct StaffList {
    /// By number.
    pub items: Vec<StaffMember>,
    /// The first to expire first.
    pub invites: Vec<StaffInvite>,
}

/// Invite somebody to serve, or one who serves to a further passkey.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct InviteStaff {
    /// As in "Nätpolis 07".
    #[oai(validator(pattern = "^[A-Za-z0-9]{1,8}$"))]
    pub public_number: Text,
    pub role: InvitedRole,
    /// 32 random bytes in base64url, made on the device: what stands in the link.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub token: Text,
}

/// What becomes of the talks that are held.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Relieve {
    /// The colleague on a shift who has them from now on. Left out: they wait again.
    pub to: Option<AccountId>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct Relieved {
    pub shift_ended: bool,
    pub sessions_ended: u32,
    /// So many talks have gone back, or to the colleague.
    pub talks: u32,
}
