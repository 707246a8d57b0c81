//! What the program does in its own time: codes that wait for their hash, reminders and bytes of files that are to go, and apart from
//! them, so that no code waits behind it, what has aged out or is erased. Any number of programs on one database may do it.

use entities::words::FileId;
use uuid::Uuid;

use crate::{
    base::{jobs, refusal::Refusal, uses},
    deps::Deps,
    dialogues, erasure, files, handovers, ideas, identity, insight, patrols, polls, rooms, sync,
};

/// The one daily job.
const CLEAN: Uuid = Uuid::from_u128(0xc1ea_0000_0000_8000_8000_0000_0000_0001);
const DAY_SECONDS: i64 = 24 * 3600;
/// Rows that go in one transaction.
const BATCH: u64 = 500;

/// Works until told to stop.
pub async fn work(deps: Deps) {
    tokio::join!(
        jobs::work(&deps.stop, "codes and bytes", || soon(&deps)),
        jobs::work(&deps.stop, "what ages out or is erased", || in_its_time(&deps)),
    );
}

/// Does what is due until nothing is.
pub async fn run_due(deps: &Deps) -> Result<(), Refusal> {
    while soon(deps).await? + in_its_time(deps).await? > 0 {}
    Ok(())
}

async fn soon(deps: &Deps) -> Result<usize, Refusal> {
    let mut done = identity::hash_waiting_codes(deps).await? + dialogues::remind(deps, BATCH).await?;
    let now = deps.clock.now();
    for job in jobs::claim(&deps.db, files::REMOVE_BYTES, now, 20).await? {
        if let Ok(file_id) = serde_json::from_str::<FileId>(&job.body) {
            files::remove_bytes(deps, file_id).await?;
        }
        let tx = deps.db.begin().await?;
        jobs::done(&tx, job.job_id).await?;
        tx.commit().await?;
        done += 1;
    }
    Ok(done)
}

async fn in_its_time(deps: &Deps) -> Result<usize, Refusal> {
    let (now, mut done) = (deps.clock.now(), handovers::destroy_expired(deps).await?);
    jobs::ensure(&deps.db, CLEAN, "clean", now).await?;
    for job in jobs::claim(&deps.db, "clean", now, 1).await? {
        clean(deps).await?;
        let tx = deps.db.begin().await?;
        jobs::again(&tx, job.job_id, now.plus_seconds(DAY_SECONDS)).await?;
        tx.commit().await?;
        done += 1;
    }
    erasure::hear(deps).await?;
    Ok(done + erasure::finish_begun(deps).await? + erasure::scrub(deps).await?)
}

/// In batches, so that nobody who writes waits long behind it.
async fn clean(deps: &Deps) -> Result<(), Refusal> {
    while identity::clean(deps, BATCH).await? {}
    while sync::clean(deps, BATCH).await? {}
    while files::clean(deps, BATCH).await? {}
    files::catch_up(deps, BATCH).await?;
    while rooms::clean(deps, BATCH).await? {}
    while polls::forget_ballots(deps, BATCH).await? {}
    while polls::clean(deps, BATCH).await? {}
    while ideas::forget_supporters(deps, BATCH).await? {}
    while ideas::forget_writers(deps, BATCH).await? {}
    while ideas::clean(deps, BATCH).await? {}
    while dialogues::forget(deps, BATCH).await? {}
    while dialogues::clean(deps, BATCH).await? {}
    while patrols::clean(deps, BATCH).await? {}
    let tx = deps.db.begin().await?;
    uses::forget(&tx, deps.clock.now()).await?;
    tx.commit().await?;
    erasure::sweep(deps).await?;
    // Last: whatever figures lack, nothing that is to go waits for them.
    insight::release(deps).await
}
