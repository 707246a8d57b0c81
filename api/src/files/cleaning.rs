//! What becomes of a file once it is whole: a virus check looks at it, and a copy for daily use is made of it, one file at a time.
//! Whatever a stranger's bytes do, the outcome is a state of the file.

use std::io::{self, Seek, Write};

use entities::{
    file_copy, job, report_file,
    words::{Actor, FileCopyState, FileId, FileState, ScanState},
};
use futures_util::{StreamExt, pin_mut};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::{
    clamd::{self, Found},
    film, picture, service,
    service::By,
    store,
};
use crate::{
    base::{
        blobs::{self, PART, SealedFile, Shelf},
        crypto::hex,
        jobs, journal,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
};

/// The queue of files that became whole. The job's id is the file's.
pub const CLEAN: &str = "file-clean";
/// After so many tries that ended with the program, a file is let be.
const MOST_ATTEMPTS: i32 = 3;

/// Cleans until told to stop. Apart from the chores: a film may take its time.
pub async fn work(deps: Deps) {
    jobs::work(&deps.stop, "copies of files", || due(&deps)).await;
}

/// Does what is due until nothing is.
pub async fn run_due(deps: &Deps) -> Result<(), Refusal> {
    while due(deps).await? > 0 {}
    Ok(())
}

async fn due(deps: &Deps) -> Result<usize, Refusal> {
    let jobs = jobs::claim(&deps.db, CLEAN, deps.clock.now(), 1).await?;
    for job in &jobs {
        settle(deps, job).await?;
    }
    Ok(jobs.len())
}

/// What is cleaned: whole, and withheld from nobody.
fn wanted(row: &report_file::Model) -> bool {
    row.state == FileState::Complete && row.withheld_at.is_none()
}

async fn settle(deps: &Deps, job: &job::Model) -> Result<(), Refusal> {
    let file_id = FileId(job.job_id.0);
    let (mut scan, mut made) = (ScanState::NotScanned, None);
    if let Some(row) = store::stored(deps.db.read(), file_id).await?.filter(wanted)
        && job.attempts <= MOST_ATTEMPTS
    {
        match look(deps, &row).await {
            Ok(seen) => (scan, made) = seen,
            // It is being erased, or lost its bytes: there is nothing to copy.
            Err(refusal) if matches!(refusal.kind, Kind::Erased | Kind::Damaged | Kind::Internal) => {
                tracing::warn!(cause = refusal.cause, %file_id, "a file could not be copied");
            }
            Err(refusal) => return Err(refusal),
        }
    }
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    let row = store::stored(&*tx, file_id).await?.filter(wanted);
    if let Some(row) = &row {
        let state = if made.is_some() { FileCopyState::Made } else { FileCopyState::NotCleaned };
        let made = made.unwrap_or_default();
        let copy = file_copy::Model {
            file_id,
            state,
            media_type: made.media_type.map(str::to_owned),
            size: made.size,
            sha256: made.sha256,
            width: made.width,
            height: made.height,
            made_at: now,
        };
        store::keep_copy(&tx, copy, scan).await?;
        let entries = service::changed(&tx, By { actor: Actor::System, actor_id: None }, row).await?;
        journal::append(&tx, now, entries).await?;
    }
    jobs::done(&tx, job.job_id).await?;
    tx.commit().await?;
    if row.is_none() {
        blobs::remove(&*deps.blobs, Shelf::Copies, file_id.0).await;
    }
    Ok(())
}

/// A copy that stands in the blob store.
#[derive(Default)]
struct Made {
    media_type: Option<&'static str>,
    size: Option<i64>,
    sha256: Option<String>,
    width: Option<i32>,
    height: Option<i32>,
}

async fn look(deps: &Deps, row: &report_file::Model) -> Result<(ScanState, Option<Made>), Refusal> {
    let blob = service::sealed(deps, row).await?;
    let scan = scan(deps, row, &blob).await;
    if scan == ScanState::Infected {
        return Ok((scan, None));
    }
    let copy = SealedFile { shelf: Shelf::Copies, ..blob.clone() };
    // Nothing of a try that broke off is taken for this one's.
    blobs::remove(&*deps.blobs, Shelf::Copies, row.file_id.0).await;
    let made = if picture::format(&row.media_type).is_some() {
        draw(row, &blob, &copy).await?
    } else if film::packing(&row.media_type).is_some() {
        pack(deps, row, &blob, &copy).await?
    } else {
        None
    };
    Ok((scan, made))
}

async fn scan(deps: &Deps, row: &report_file::Model, blob: &SealedFile) -> ScanState {
    let Some(address) = &deps.config.clamd else { return ScanState::NotScanned };
    let size = row.size.unsigned_abs();
    match clamd::ask(address, blob.clone().stream(size, 0..size)).await {
        Ok(Found::Nothing) => ScanState::Clean,
        Ok(Found::Virus) => {
            tracing::warn!(file_id = %row.file_id, "a file is infected; it is given to nobody");
            ScanState::Infected
        }
        Err(cause) => {
            tracing::warn!(cause, file_id = %row.file_id, "a file was not checked for viruses");
            ScanState::NotScanned
        }
    }
}

/// Draws a picture anew, on a thread where a decoder may end as it likes.
async fn draw(row: &report_file::Model, blob: &SealedFile, copy: &SealedFile) -> Result<Option<Made>, Refusal> {
    let Some(format) = picture::format(&row.media_type).filter(|_| row.size <= picture::LARGEST_PICTURE) else {
        return Ok(None);
    };
    let bytes = blob.whole(row.size.unsigned_abs()).await?;
    let drawn = match tokio::task::spawn_blocking(move || picture::draw(format, &bytes)).await {
        Ok(Ok(drawn)) => drawn,
        Ok(Err(error)) => {
            tracing::info!(%error, file_id = %row.file_id, "a picture could not be drawn anew");
            None
        }
        Err(error) => {
            tracing::error!(%error, file_id = %row.file_id, "a decoder broke off");
            None
        }
    };
    let Some(drawn) = drawn else { return Ok(None) };
    let mut received = 0;
    for chunk in drawn.bytes.chunks(PART * 4) {
        copy.append(received, chunk).await?;
        received += chunk.len() as u64;
    }
    Ok(Some(Made {
        media_type: Some(drawn.media_type),
        size: i64::try_from(received).ok(),
        sha256: Some(hex(&Sha256::digest(&drawn.bytes))),
        width: i32::try_from(drawn.width).ok(),
        height: i32::try_from(drawn.height).ok(),
    }))
}

/// Packs film or sound anew.
async fn pack(
    deps: &Deps,
    row: &report_file::Model,
    blob: &SealedFile,
    copy: &SealedFile,
) -> Result<Option<Made>, Refusal> {
    let Some(packing) = film::packing(&row.media_type) else { return Ok(None) };
    let packed = async {
        let fault = |error: io::Error| error.to_string();
        let from = plain(deps, row, blob).await.map_err(fault)?;
        let to = film::nameless(deps.chance.uuid_v4()).map_err(fault)?;
        film::pack(&packing, from, to.try_clone().map_err(fault)?, row.size).await?;
        Ok::<_, String>(to)
    };
    let to = match packed.await {
        Ok(to) => to,
        Err(cause) => {
            tracing::info!(cause, file_id = %row.file_id, "film or sound could not be packed anew");
            return Ok(None);
        }
    };
    let mut to = tokio::fs::File::from_std(to);
    to.rewind().await.map_err(Refusal::unavailable)?;
    let (mut received, mut hash) = (0, Sha256::new());
    loop {
        let mut chunk = Vec::new();
        (&mut to).take(PART as u64 * 4).read_to_end(&mut chunk).await.map_err(Refusal::unavailable)?;
        if chunk.is_empty() {
            break;
        }
        hash.update(&chunk);
        copy.append(received, &chunk).await?;
        received += chunk.len() as u64;
    }
    Ok((received > 0).then(|| Made {
        media_type: Some(packing.media_type),
        size: i64::try_from(received).ok(),
        sha256: Some(hex(&hash.finalize())),
        ..Made::default()
    }))
}

/// The file as it was sent, in memory.
async fn plain(deps: &Deps, row: &report_file::Model, blob: &SealedFile) -> io::Result<std::fs::File> {
    let mut file = film::nameless(deps.chance.uuid_v4())?;
    let size = row.size.unsigned_abs();
    let bytes = blob.clone().stream(size, 0..size);
    pin_mut!(bytes);
    while let Some(piece) = bytes.next().await {
        file.write_all(&piece?)?;
    }
    file.rewind()?;
    Ok(file)
}

/// Sees to files that no copy was made of: older ones, and all after a restore.
pub async fn catch_up(deps: &Deps, batch: u64) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let ids = store::without_copy(deps.db.read(), after, batch).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        let tx = deps.db.begin().await?;
        for id in ids {
            jobs::enqueue_once(&tx, id.0, CLEAN, deps.clock.now()).await?;
        }
        tx.commit().await?;
    }
}

/// Copies are in no backup: they are made anew.
pub async fn make_all_anew(deps: &Deps) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    store::forget_copies(&tx).await?;
    Ok(tx.commit().await?)
}
