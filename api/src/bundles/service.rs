//! Who may take a bundle, by which link, and how it is made while it is read.

use std::{io, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use entities::words::{AuditAct, AuditSubject, ReportId, Role, SessionId};
use futures_util::{Stream, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::{
    contents::{self, Contents},
    model::*,
};
use crate::{
    audit::{self, Line},
    base::{
        actions::Who,
        archive::{Archive, Sink},
        keys::{Keys, same},
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    http::caller::Caller,
    identity,
};

const LINK_SECONDS: i64 = 300;
/// Pieces that may wait for whoever reads.
const AHEAD: usize = 4;

pub async fn link(deps: &Deps, caller: &Caller, id: ReportId, command: TakeBundle) -> Result<BundleLink, Refusal> {
    let (who, now) = (&caller.who, deps.clock.now());
    let contents = contents::gather(deps, who, id, command.reason).await?;
    let taken = Taken { account_id: who.account_id, reason: command.reason };
    // Each thing that leaves tells it, and not the report alone, which may be erased before them.
    let mut subjects = vec![(AuditSubject::Report, id.0)];
    subjects.extend(contents.asked_in.map(|id| (AuditSubject::Conversation, id.0)));
    let files = contents.files().filter(|file| contents::left_out(file).is_none());
    subjects.extend(files.map(|file| (AuditSubject::File, file.file_id.0)));
    let detail = format!("report-bundle {}", taken.reason.word());
    let lines = subjects.into_iter().filter_map(|subject| Line::of(who, AuditAct::Release, subject, Some(&detail)));
    let tx = deps.db.begin().await?;
    audit::write(deps, &tx, now, lines).await?;
    tx.commit().await?;
    let expires_at = now.plus_seconds(LINK_SECONDS);
    let seal = BASE64_URL_SAFE_NO_PAD.encode(mac(&deps.keys, id, taken, caller.session_id, expires_at.millis()));
    let query = format!(
        "account={}&session={}&reason={}&expires={}&seal={seal}",
        taken.account_id,
        caller.session_id,
        taken.reason.word(),
        expires_at.millis(),
    );
    Ok(BundleLink { url: format!("/api/v1/reports/{id}/bundle?{query}"), expires_at })
}

/// A link that was changed, one that has expired and one whose session has ended get the same answer.
pub fn check(
    deps: &Deps,
    id: ReportId,
    taken: Taken,
    session_id: SessionId,
    expires: i64,
    seal: &str,
) -> Result<(), Refusal> {
    let given = BASE64_URL_SAFE_NO_PAD.decode(seal).unwrap_or_default();
    let ours = same(&given, &mac(&deps.keys, id, taken, session_id, expires));
    let stands = ours && deps.clock.now().millis() < expires && !deps.ended.holds(session_id);
    if stands { Ok(()) } else { Err(Kind::LinkExpired.into()) }
}

fn mac(keys: &Keys, id: ReportId, taken: Taken, session_id: SessionId, expires: i64) -> [u8; 32] {
    let Taken { account_id, reason } = taken;
    let ids = [id.0, account_id.0, session_id.0].map(|id| id.into_bytes());
    keys.mac("bundle-link", &[&ids[0], &ids[1], &ids[2], reason.word().as_bytes(), &expires.to_be_bytes()])
}

/// Its name, and its bytes as they are made.
pub async fn read(
    deps: &Deps,
    turn: &Arc<Semaphore>,
    id: ReportId,
    taken: Taken,
) -> Result<(String, impl Stream<Item = io::Result<Bytes>> + Send + 'static), Refusal> {
    let account = identity::account(deps.db.read(), taken.account_id).await?.ok_or(Kind::LinkExpired)?;
    if account.ended_at.is_some() || !matches!(account.role, Role::Officer | Role::Lead) {
        return Err(Kind::LinkExpired.into());
    }
    let who = Who { account_id: taken.account_id, role: account.role, public_number: account.public_number };
    // A talk may be long, and all of it is at hand while its paper is made.
    let turn = turn.clone().try_acquire_owned().map_err(|_| Refusal::unavailable("another bundle is being made"))?;
    let mut contents = contents::gather(deps, &who, id, taken.reason).await?;
    contents::gather_log(deps, &mut contents).await?;
    let name = format!("{}.zip", contents.report.number);
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(put(deps.clone(), turn, contents, sender));
    let bytes = stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|piece| (piece, receiver)) });
    Ok((name, bytes))
}

async fn put(deps: Deps, _turn: OwnedSemaphorePermit, contents: Contents, sender: mpsc::Sender<io::Result<Bytes>>) {
    let put = contents::write(&deps, contents, Archive::new(Sink::Reader(sender.clone()))).await;
    // Whoever has stopped reading is told nothing.
    if let Err(refusal) = put
        && !sender.is_closed()
    {
        tracing::error!(cause = refusal.cause, "a bundle broke off");
        drop(sender.send(Err(io::Error::other("broken off"))).await);
    }
}
