//! Asking, making, fetching and ending. A copy that broke off is made anew, into another file; each file is sure to go,
//! because the job that ends it stands before its first byte.

use std::{collections::BTreeMap, io, sync::Arc};

use bytes::Bytes;
use entities::{
    account_copy, job,
    words::{AccountId, Role},
};
use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{archive, model::*, store};
use crate::{
    base::{
        actions::Who,
        blobs::{self, SealedFile, Shelf},
        crypto::Cipher,
        jobs::{self, NewJob},
        refusal::{Kind, Refusal},
        uses,
    },
    deps::Deps,
    files,
};

/// How long a copy waits to be fetched, from when it was begun.
const LIFE_SECONDS: i64 = 24 * 3600;
/// How long it stays once it was sent to its end, if the phone does not say that it has it.
const SENT_LIFE_SECONDS: i64 = 600;
/// A copy that is not ready by then was broken off.
const BROKEN_OFF_SECONDS: i64 = 1800;
const TRY_AGAIN_SECONDS: i64 = 60;
const MOST_ATTEMPTS: i32 = 5;

/// The queues: copies to make, and files of copies to end.
const MAKE: &str = "copy";
const END: &str = "copy-end";

/// What the bodies of their jobs hold.
#[derive(Serialize, Deserialize)]
struct Wanted {
    account_id: AccountId,
}

#[derive(Serialize, Deserialize)]
struct Ending {
    account_id: AccountId,
    file_id: Uuid,
}

fn view(row: &account_copy::Model) -> AccountCopy {
    let state = match (row.ended_at, row.ready_at) {
        (Some(_), _) => CopyState::Ended,
        (None, Some(_)) => CopyState::Ready,
        (None, None) => CopyState::BeingMade,
    };
    AccountCopy {
        state,
        asked_at: row.asked_at,
        expires_at: row.expires_at.filter(|_| state == CopyState::Ready),
        size: row.size.filter(|_| state == CopyState::Ready),
    }
}

pub async fn ask(deps: &Deps, who: &Who) -> Result<AccountCopy, Refusal> {
    let now = deps.clock.now();
    // In turn, so that two phones that ask at once get one copy.
    let tx = deps.db.begin_in_turn().await?;
    if let Some(row) = store::find(&*tx, who.account_id).await?.filter(|row| row.ended_at.is_none()) {
        return Ok(view(&row));
    }
    if !uses::count(&tx, now, &[uses::COPIES], &BTreeMap::from([(who.account_id, 1)])).await?.is_empty() {
        return Err(uses::COPIES.refusal(now));
    }
    let row = account_copy::Model {
        account_id: who.account_id,
        asked_at: now,
        file_id: None,
        expires_at: None,
        ready_at: None,
        size: None,
        ended_at: None,
    };
    store::ask(&tx, row.clone()).await?;
    let body = json!(Wanted { account_id: who.account_id });
    jobs::enqueue(&tx, &*deps.chance, now, vec![NewJob { queue: MAKE, body, run_at: now }]).await?;
    tx.commit().await?;
    Ok(view(&row))
}

pub async fn get(deps: &Deps, who: &Who) -> Result<AccountCopy, Refusal> {
    let row = store::find(deps.db.read(), who.account_id).await?.ok_or(Kind::NotFound)?;
    Ok(view(&row))
}

/// The bytes of a ready copy. What was sent to its end may still be on its way: the phone says when it has it, and
/// otherwise the copy ends soon.
pub async fn fetch(
    deps: &Deps,
    who: &Who,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static + use<>, Refusal> {
    let row = store::find(deps.db.read(), who.account_id).await?.ok_or(Kind::NotFound)?;
    let now = deps.clock.now();
    if row.ended_at.is_some() || row.expires_at.is_some_and(|end| end <= now) {
        return Err(Kind::CopyEnded.into());
    }
    let (Some(file_id), Some(size), Some(_)) = (row.file_id, row.size, row.ready_at) else {
        return Err(Refusal::of(Kind::NotFound).detail("the copy is being made"));
    };
    let cipher = deps.vault.one(&deps.db, file_id).await?;
    let size = size.unsigned_abs();
    let bytes = file(deps, cipher, file_id).stream(size, 0..size);
    let (deps, account_id) = (deps.clone(), row.account_id);
    let sent = stream::once(async move {
        if let Err(refusal) = end_soon(&deps, account_id, file_id).await {
            tracing::warn!(cause = refusal.cause, "a copy that was sent ends only when it expires");
        }
    });
    Ok(bytes.chain(sent.filter_map(|()| std::future::ready(None))))
}

async fn end_soon(deps: &Deps, account_id: AccountId, file_id: Uuid) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let until = now.plus_seconds(SENT_LIFE_SECONDS);
    let tx = deps.db.begin().await?;
    if store::shorten(&tx, account_id, file_id, until).await? {
        let body = json!(Ending { account_id, file_id });
        jobs::enqueue(&tx, &*deps.chance, now, vec![NewJob { queue: END, body, run_at: until }]).await?;
    }
    Ok(tx.commit().await?)
}

/// The phone has the whole of it: the copy is destroyed. One that is still being made goes on.
pub async fn arrived(deps: &Deps, who: &Who) -> Result<(), Refusal> {
    let row = store::find(deps.db.read(), who.account_id).await?;
    let ready = row.filter(|row| row.ready_at.is_some() && row.ended_at.is_none());
    match ready.and_then(|row| row.file_id) {
        Some(file_id) => end(deps, who.account_id, file_id).await,
        None => Ok(()),
    }
}

fn file(deps: &Deps, cipher: Arc<Cipher>, file_id: Uuid) -> SealedFile {
    SealedFile { store: deps.blobs.clone(), shelf: Shelf::Files, cipher, chance: deps.chance.clone(), file_id }
}

/// Destroys a copy: its key first, then its bytes.
async fn end(deps: &Deps, account_id: AccountId, file_id: Uuid) -> Result<(), Refusal> {
    let tx = deps.db.begin_in_turn().await?;
    deps.vault.remove(&tx, file_id).await?;
    store::end(&tx, deps.clock.now(), account_id, Some(file_id)).await?;
    tx.commit().await?;
    deps.vault.forget(file_id);
    blobs::remove(&*deps.blobs, Shelf::Files, file_id).await;
    Ok(())
}

/// Destroys whatever copy an account has, because something that it may hold is erased. One that is being made does not
/// become ready.
pub async fn end_of(deps: &Deps, account_id: AccountId) -> Result<(), Refusal> {
    let Some(row) = store::find(deps.db.read(), account_id).await? else { return Ok(()) };
    let tx = deps.db.begin_in_turn().await?;
    store::end(&tx, deps.clock.now(), account_id, None).await?;
    tx.commit().await?;
    match row.file_id {
        Some(file_id) => end(deps, account_id, file_id).await,
        None => Ok(()),
    }
}

/// Destroys all copies that could be fetched: their files are in no backup, since they hold again what is in it.
pub async fn end_all(deps: &Deps) -> Result<(), Refusal> {
    for (account_id, file_id) in store::fetchable(deps.db.read()).await? {
        end(deps, account_id, file_id).await?;
    }
    Ok(())
}

/// Makes copies until told to stop. Apart from the chores: a copy may take its time.
pub async fn work(deps: Deps) {
    jobs::work(&deps.stop, "copies", || due(&deps)).await;
}

/// Does what is due until nothing is.
pub async fn run_due(deps: &Deps) -> Result<(), Refusal> {
    while due(deps).await? > 0 {}
    Ok(())
}

async fn due(deps: &Deps) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    let mut done = 0;
    for job in jobs::claim(&deps.db, END, now, 20).await? {
        if let Ok(Ending { account_id, file_id }) = serde_json::from_str(&job.body) {
            end(deps, account_id, file_id).await?;
        }
        forget(deps, &job).await?;
        done += 1;
    }
    for job in jobs::claim(&deps.db, files::VOID_COPY, now, 20).await? {
        if let Ok(account_id) = serde_json::from_str(&job.body)
            // One that was asked for since holds nothing of it.
            && store::find(deps.db.read(), account_id).await?.is_some_and(|row| row.asked_at <= job.run_at)
        {
            end_of(deps, account_id).await?;
        }
        forget(deps, &job).await?;
        done += 1;
    }
    for job in jobs::claim(&deps.db, MAKE, now, 1).await? {
        match serde_json::from_str(&job.body) {
            Ok(Wanted { account_id }) => make(deps, &job, account_id).await?,
            Err(_) => forget(deps, &job).await?,
        }
        done += 1;
    }
    Ok(done)
}

async fn forget(deps: &Deps, job: &job::Model) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    jobs::done(&tx, job.job_id).await?;
    Ok(tx.commit().await?)
}

async fn make(deps: &Deps, job: &job::Model, account_id: AccountId) -> Result<(), Refusal> {
    if job.attempts > MOST_ATTEMPTS {
        let tx = deps.db.begin().await?;
        store::end(&tx, deps.clock.now(), account_id, None).await?;
        jobs::done(&tx, job.job_id).await?;
        return Ok(tx.commit().await?);
    }
    let (now, file_id) = (deps.clock.now(), deps.chance.uuid_v4());
    let made = deps.vault.for_sealing(&deps.db, &*deps.chance, [file_id].into()).await?;
    let key = made.get(&file_id).ok_or_else(|| Refusal::fault("a copy got no key"))?;
    let tx = deps.db.begin_in_turn().await?;
    if !store::begin(&tx, account_id, file_id, now.plus_seconds(LIFE_SECONDS)).await? {
        // It is made, or not wanted any more.
        jobs::done(&tx, job.job_id).await?;
        tx.commit().await?;
        deps.vault.forget(file_id);
        return Ok(());
    }
    deps.vault.store(&tx, &*deps.chance, now, key.new.iter()).await?;
    let ending = json!(Ending { account_id, file_id });
    let ends = NewJob { queue: END, body: ending, run_at: now.plus_seconds(LIFE_SECONDS) };
    jobs::enqueue(&tx, &*deps.chance, now, vec![ends]).await?;
    jobs::again(&tx, job.job_id, now.plus_seconds(BROKEN_OFF_SECONDS)).await?;
    tx.commit().await?;
    deps.vault.stored(key.new.iter());

    let who = Who { account_id, role: Role::Youth, public_number: None };
    let written = archive::write(deps, &who, &file(deps, key.cipher.clone(), file_id)).await;
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    let whole = match &written {
        Ok(size) => store::ready(&tx, now, account_id, file_id, i64::try_from(*size).unwrap_or(i64::MAX)).await?,
        Err(_) => false,
    };
    if whole {
        let body = json!({"kind": "copy", "account_id": account_id, "entity_id": file_id});
        jobs::enqueue(&tx, &*deps.chance, now, vec![NewJob { queue: "push", body, run_at: now }]).await?;
        jobs::done(&tx, job.job_id).await?;
        return Ok(tx.commit().await?);
    }
    jobs::again(&tx, job.job_id, now.plus_seconds(TRY_AGAIN_SECONDS)).await?;
    // Its key goes with it; the row stays, and is made into another file.
    deps.vault.remove(&tx, file_id).await?;
    tx.commit().await?;
    deps.vault.forget(file_id);
    blobs::remove(&*deps.blobs, Shelf::Files, file_id).await;
    written.map(drop)
}
