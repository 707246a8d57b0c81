use entities::words::{AccountId, InviteId, InvitedRole, Role};
use poem_openapi::types::Example;
use uuid::uuid;

use super::model::*;
use crate::http::story::*;

const ACCOUNT: AccountId = AccountId(uuid!("4c8e2a70-9b15-4d3f-8a61-7f0e5d2c9b38"));
const COLLEAGUE: AccountId = AccountId(uuid!("e05b7c19-2d84-4f6a-b3c7-1a9f8e4d6025"));
const INVITE: InviteId = InviteId(uuid!("019ab2a2-1f06-7c48-9e3b-5d7a0c2f8e61"));

impl Example for StaffMember {
    fn example() -> Self {
        Self {
            account_id: ACCOUNT,
            public_number: Some(OFFICER.to_owned()),
            role: Role::Officer,
            mine: false,
            created_at: after(-90 * 86_400),
            signed_in: 1,
            on_shift: true,
            heard_at: Some(after(-60)),
            ended_at: None,
        }
    }
}

impl Example for StaffInvite {
    fn example() -> Self {
        Self { invite_id: INVITE, public_number: "12".to_owned(), role: Role::Officer, expires_at: after(86_400) }
    }
}

impl Example for StaffList {
    fn example() -> Self {
        Self { items: vec![Example::example()], invites: vec![Example::example()] }
    }
}

impl Example for InviteStaff {
    fn example() -> Self {
        Self { public_number: text("12"), role: InvitedRole::Officer, token: text(SECRET) }
    }
}

impl Example for Relieve {
    fn example() -> Self {
        Self { to: Some(COLLEAGUE) }
    }
}

impl Example for Relieved {
    fn example() -> Self {
        Self { shift_ended: true, sessions_ended: 1, talks: 2 }
    }
}
