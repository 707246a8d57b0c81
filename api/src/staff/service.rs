//! The rules, in order. All of it is asked for at once and waits in no outbox: it must not happen later than it was decided.

use std::collections::HashSet;

use entities::{
    invite,
    words::{AccountId, AuditAct, AuditSubject, InviteId},
};

use super::model::*;
use crate::{
    audit::{self, Line},
    base::{
        actions::Who,
        db::Tx,
        refusal::{Kind, Refusal},
    },
    chat,
    deps::Deps,
    identity::officers,
    quarters,
};

pub async fn list(deps: &Deps, who: &Who) -> Result<StaffList, Refusal> {
    let (db, now) = (deps.db.read(), deps.clock.now());
    let signed_in = officers::signed_in(db, now).await?;
    let heard = quarters::last_heard(db).await?;
    let out: HashSet<AccountId> =
        quarters::on_shift(db, now).await?.into_iter().map(|shift| shift.officer_id).collect();
    let items = officers::all(db).await?.into_iter().map(|row| StaffMember {
        account_id: row.account_id,
        public_number: row.public_number,
        role: row.role,
        mine: row.account_id == who.account_id,
        created_at: row.created_at,
        signed_in: signed_in.get(&row.account_id).copied().unwrap_or(0),
        on_shift: out.contains(&row.account_id),
        heard_at: heard.get(&row.account_id).copied(),
        ended_at: row.ended_at,
    });
    let invites = officers::open_invites(db, now).await?.into_iter().map(invite_view);
    Ok(StaffList { items: items.collect(), invites: invites.collect() })
}

fn invite_view(row: invite::Model) -> StaffInvite {
    let invite::Model { invite_id, public_number, role, expires_at, .. } = row;
    StaffInvite { invite_id, public_number, role, expires_at }
}

pub async fn invite(deps: &Deps, who: &Who, id: InviteId, command: InviteStaff) -> Result<StaffInvite, Refusal> {
    let InviteStaff { public_number, role, token } = command;
    officers::put_invite(deps, who, id, &token, (role, &public_number)).await.map(invite_view)
}

pub async fn end_invite(deps: &Deps, who: &Who, id: InviteId) -> Result<(), Refusal> {
    officers::end_invite(deps, who, id).await
}

/// How far an officer is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Relieve,
    SignOut,
    End,
}

impl How {
    fn word(self) -> &'static str {
        match self {
            Self::Relieve => "officer-relieve",
            Self::SignOut => "officer-sign-out",
            Self::End => "officer-end",
        }
    }
}

pub async fn relieve(
    deps: &Deps,
    who: &Who,
    officer: AccountId,
    command: Relieve,
    how: How,
) -> Result<Relieved, Refusal> {
    if officer == who.account_id {
        return Err(Kind::OwnAccount.into());
    }
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    // Of two leads who end each other at once one is too late.
    if officers::held(&tx, who.account_id).await?.ended_at.is_some() {
        return Err(Kind::SessionEnded.into());
    }
    let row = officers::held(&tx, officer).await?;
    let colleague = match command.to {
        Some(to) => Some(colleague(deps, &tx, officer, to).await?),
        None => None,
    };
    let sessions = match how {
        How::Relieve => Vec::new(),
        How::SignOut | How::End => officers::sign_out_everywhere(&tx, officer, now).await?,
    };
    if how == How::End {
        officers::end_account(&tx, &row, now).await?;
    }
    let shift_ended = quarters::send_home(deps, &tx, now, who, officer).await?;
    let talks = chat::relieve(deps, &tx, now, who, officer, colleague).await?;
    let subject = (AuditSubject::Account, officer.0);
    audit::write(deps, &tx, now, Line::of(who, AuditAct::Change, subject, Some(how.word()))).await?;
    tx.commit().await?;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let relieved = Relieved { shift_ended, sessions_ended: count(sessions.len()), talks: count(talks) };
    deps.ended.add(sessions, now);
    Ok(relieved)
}

/// Whoever has the talks from now on.
async fn colleague(
    deps: &Deps,
    tx: &Tx,
    officer: AccountId,
    to: AccountId,
) -> Result<(AccountId, Option<String>), Refusal> {
    if to == officer {
        return Err(Refusal::invalid("to"));
    }
    let out = quarters::on_shift(&**tx, deps.clock.now()).await?;
    if out.iter().all(|shift| shift.officer_id != to) {
        return Err(Kind::ColleagueAway.into());
    }
    Ok((to, officers::held(tx, to).await?.public_number))
}
