//! Officers' accounts, as leads see and end them. The `staff` slice asks for it, in its own transactions.

use std::collections::HashMap;

use entities::{
    account, invite,
    words::{AccountId, AuditAct, AuditSubject, InviteId, InvitedRole, Role, SessionId, Timestamp},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{passkeys, store};
use crate::{
    audit::{self, Line},
    base::{
        actions::Who,
        db::Tx,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
};

/// All who serve or have served, by number.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<account::Model>, DbErr> {
    store::staff(db).await
}

/// On how many devices each is signed in.
pub async fn signed_in(db: &impl ConnectionTrait, now: Timestamp) -> Result<HashMap<AccountId, i64>, DbErr> {
    store::officers_signed_in(db, now).await
}

/// Invites that still open.
pub async fn open_invites(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<invite::Model>, DbErr> {
    store::open_invites(db, now).await
}

/// One who serves or has served, held until the transaction ends: nobody comes in meanwhile.
pub async fn held(tx: &Tx, id: AccountId) -> Result<account::Model, Refusal> {
    let row = store::lock_account(tx, id).await?.filter(|row| row.role != Role::Youth);
    row.ok_or(Kind::NotFound.into())
}

/// Makes an invite of a link that a lead's phone made. The same again gives the same.
pub async fn put_invite(
    deps: &Deps,
    who: &Who,
    id: InviteId,
    token: &str,
    (role, number): (InvitedRole, &str),
) -> Result<invite::Model, Refusal> {
    let role = match role {
        InvitedRole::Officer => Role::Officer,
        InvitedRole::Lead => Role::Lead,
        InvitedRole::Evaluator => Role::Evaluator,
    };
    let (now, token_mac) = (deps.clock.now(), passkeys::invite_mac(deps, token));
    let tx = deps.db.begin().await?;
    if let Some(known) = store::lock_invite(&tx, id).await? {
        let same = (&known.token_mac, known.role, &*known.public_number) == (&token_mac, role, number);
        return if same { Ok(known) } else { Err(Refusal::of(Kind::Conflict).detail("the invite id is taken")) };
    }
    passkeys::free_for(store::officer_by_number(&*tx, number).await?.as_ref(), role)?;
    let row = invite::Model {
        invite_id: id,
        token_mac,
        role,
        public_number: number.to_owned(),
        expires_at: now.plus_seconds(passkeys::INVITE_SECONDS),
        used_at: None,
    };
    store::insert_invite(&tx, row.clone()).await?;
    let subject = (AuditSubject::Invite, id.0);
    audit::write(deps, &tx, now, Line::of(who, AuditAct::Change, subject, Some("invite-make"))).await?;
    tx.commit().await?;
    Ok(row)
}

/// Nobody comes in by it any more.
pub async fn end_invite(deps: &Deps, who: &Who, id: InviteId) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let row = store::lock_invite(&tx, id).await?.ok_or(Kind::NotFound)?;
    if row.used_at.is_some() {
        return Err(Kind::InviteUsed.into());
    }
    if row.expires_at > now {
        store::end_invite(&tx, id, now).await?;
        let subject = (AuditSubject::Invite, id.0);
        audit::write(deps, &tx, now, Line::of(who, AuditAct::Change, subject, Some("invite-end"))).await?;
    }
    Ok(tx.commit().await?)
}

/// Signs an account out on all its devices; none of them is woken any more. The caller tells `Deps::ended` after the commit.
pub async fn sign_out_everywhere(tx: &Tx, id: AccountId, now: Timestamp) -> Result<Vec<SessionId>, DbErr> {
    store::end_devices(tx, id, None, None, now).await?;
    store::forget_addresses_of(tx, id).await?;
    store::end_sessions_of(tx, id, now).await
}

/// Ends an account for good: no passkey and no invite opens it again.
pub async fn end_account(tx: &Tx, row: &account::Model, now: Timestamp) -> Result<(), DbErr> {
    store::end_account(tx, row.account_id, now).await?;
    store::forget_passkeys(tx, row.account_id).await?;
    match &row.public_number {
        Some(number) => store::end_invites_of(tx, number, now).await,
        None => Ok(()),
    }
}
