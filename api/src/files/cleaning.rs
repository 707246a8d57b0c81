//! What becomes of a file once it is whole: a virus check looks at it, and a copy for daily use is made of it, one file at a time;
//! of what all may see, smaller ones beside it. Whatever a stranger's bytes do, the outcome is a state of the file.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
};

use entities::{
    file_copy, file_rendition, job, report_file,
    words::{Actor, FileCopyState, FileId, FileState, Rendition, ScanState},
};
use futures_util::{StreamExt, pin_mut};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::{
    clamd::{self, Found},
    film, picture,
    posted::is_for_all,
    service,
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
const CLEAN: &str = "file-clean";
/// The same of what all may see. A film takes its time, and no youth's picture waits behind it.
const CLEAN_POST: &str = "file-clean-post";
/// For so long nobody else begins with what all may see.
const POST_SECONDS: i64 = 900;
/// After so many tries that ended with the program, a file is let be.
const MOST_ATTEMPTS: i32 = 3;

/// Where a file that became whole waits.
pub fn queue(row: &report_file::Model) -> &'static str {
    if is_for_all(row) { CLEAN_POST } else { CLEAN }
}

/// Cleans until told to stop. Apart from the chores: a film may take its time.
pub async fn work(deps: Deps) {
    tokio::join!(
        jobs::work(&deps.stop, "copies of files", || due(&deps, CLEAN)),
        jobs::work(&deps.stop, "what posts show", || due(&deps, CLEAN_POST)),
    );
}

/// Does what is due until nothing is.
pub async fn run_due(deps: &Deps) -> Result<(), Refusal> {
    while due(deps, CLEAN).await? + due(deps, CLEAN_POST).await? > 0 {}
    Ok(())
}

async fn due(deps: &Deps, queue: &str) -> Result<usize, Refusal> {
    let jobs = jobs::claim(&deps.db, queue, deps.clock.now(), 1).await?;
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
    let mut seen = Seen::of(ScanState::NotScanned);
    if let Some(row) = store::stored(deps.db.read(), file_id).await?.filter(wanted)
        && job.attempts <= MOST_ATTEMPTS
    {
        if is_for_all(&row) {
            let tx = deps.db.begin().await?;
            jobs::again(&tx, job.job_id, deps.clock.now().plus_seconds(POST_SECONDS)).await?;
            tx.commit().await?;
        }
        match look(deps, &row).await {
            Ok(looked) => seen = looked,
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
        let state = match &seen.copy {
            Some(_) => FileCopyState::Made,
            None if seen.as_sent => FileCopyState::AsSent,
            None => FileCopyState::NotCleaned,
        };
        let made = seen.copy.unwrap_or_default();
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
        store::keep_copy(&tx, copy, seen.scan).await?;
        let rendition = |(rendition, made): (Rendition, Made)| {
            Some(file_rendition::Model {
                file_id,
                rendition,
                media_type: made.media_type?.to_owned(),
                size: made.size?,
                sha256: made.sha256?,
                width: made.width,
                height: made.height,
            })
        };
        store::keep_renditions(&tx, file_id, seen.renditions.into_iter().filter_map(rendition).collect()).await?;
        let entries = service::changed(&tx, By { actor: Actor::System, actor_id: None }, row).await?;
        journal::append(&tx, now, entries).await?;
    }
    jobs::done(&tx, job.job_id).await?;
    tx.commit().await?;
    if row.is_none() {
        blobs::remove_made(&*deps.blobs, file_id.0).await;
    }
    Ok(())
}

/// What was made of a file and stands in the blob store.
#[derive(Default)]
struct Made {
    media_type: Option<&'static str>,
    size: Option<i64>,
    sha256: Option<String>,
    width: Option<i32>,
    height: Option<i32>,
}

/// What came of looking at a file.
struct Seen {
    scan: ScanState,
    copy: Option<Made>,
    /// There is no program that could make a copy, and it is shown without.
    as_sent: bool,
    renditions: Vec<(Rendition, Made)>,
}

impl Seen {
    fn of(scan: ScanState) -> Self {
        Self { scan, copy: None, as_sent: false, renditions: Vec::new() }
    }
}

async fn look(deps: &Deps, row: &report_file::Model) -> Result<Seen, Refusal> {
    let blob = service::sealed(deps, row).await?;
    let mut seen = Seen::of(scan(deps, row, &blob).await);
    if seen.scan == ScanState::Infected {
        return Ok(seen);
    }
    // Nothing of a try that broke off is taken for this one's.
    blobs::remove_made(&*deps.blobs, row.file_id.0).await;
    if picture::format(&row.media_type).is_some() {
        draw(row, &blob, &mut seen).await?;
    } else if let Some(packing) = film::packing(&row.media_type) {
        pack(deps, row, &packing, &blob, &mut seen).await?;
    }
    Ok(seen)
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

/// Draws a picture anew, on a thread where a decoder may end as it likes; what all may see, in a smaller size too.
async fn draw(row: &report_file::Model, blob: &SealedFile, seen: &mut Seen) -> Result<(), Refusal> {
    let Some(format) = picture::format(&row.media_type).filter(|_| row.size <= picture::LARGEST_PICTURE) else {
        return Ok(());
    };
    let (bytes, for_all) = (blob.whole(row.size.unsigned_abs()).await?, is_for_all(row));
    let drawing = move || {
        let Some(drawn) = picture::draw(format, &bytes)? else { return Ok((None, None)) };
        let small = if for_all { picture::smaller(&drawn)? } else { None };
        Ok((Some(drawn), small))
    };
    let (drawn, small) = within_thread(row, drawing).await.unwrap_or_default();
    if let Some(drawn) = drawn {
        seen.copy = Some(keep_picture(blob, Shelf::Copies, drawn).await?);
    }
    if let Some(small) = small {
        seen.renditions.push((Rendition::Small, keep_picture(blob, Shelf::Small, small).await?));
    }
    Ok(())
}

async fn within_thread<T: Send + 'static>(
    row: &report_file::Model,
    drawing: impl FnOnce() -> image::ImageResult<T> + Send + 'static,
) -> Option<T> {
    match tokio::task::spawn_blocking(drawing).await {
        Ok(Ok(drawn)) => Some(drawn),
        Ok(Err(error)) => {
            tracing::info!(%error, file_id = %row.file_id, "a picture could not be drawn anew");
            None
        }
        Err(error) => {
            tracing::error!(%error, file_id = %row.file_id, "a decoder broke off");
            None
        }
    }
}

async fn keep_picture(blob: &SealedFile, shelf: Shelf, drawn: picture::Drawn) -> Result<Made, Refusal> {
    let to = SealedFile { shelf, ..blob.clone() };
    let mut received = 0;
    for chunk in drawn.bytes.chunks(PART * 4) {
        to.append(received, chunk).await?;
        received += chunk.len() as u64;
    }
    Ok(Made {
        media_type: Some(drawn.media_type),
        size: i64::try_from(received).ok(),
        sha256: Some(hex(&Sha256::digest(&drawn.bytes))),
        width: i32::try_from(drawn.width).ok(),
        height: i32::try_from(drawn.height).ok(),
    })
}

/// Packs film or sound anew; of a film that all may see it draws a smaller one and takes a picture out.
async fn pack(
    deps: &Deps,
    row: &report_file::Model,
    packing: &film::Packing,
    blob: &SealedFile,
    seen: &mut Seen,
) -> Result<(), Refusal> {
    let from = match plain(deps, row, blob).await {
        Ok(from) => from,
        Err(error) => {
            tracing::info!(%error, file_id = %row.file_id, "film or sound could not be read");
            return Ok(());
        }
    };
    let packed = made(deps, &from, async |from, to| film::pack(packing, from, to, row.size).await).await;
    let Some(packed) = said(row, packed, seen) else { return Ok(()) };
    seen.copy = keep_film(blob, Shelf::Copies, packing.media_type, packed).await?;
    if !is_for_all(row) || seen.copy.is_none() {
        return Ok(());
    }
    let poster = made(deps, &from, async |from, to| film::poster(packing, from, to).await).await;
    if let Some(mut file) = said(row, poster, seen) {
        let drawing = move || {
            let mut bytes = Vec::new();
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
            picture::draw(image::ImageFormat::Jpeg, &bytes)
        };
        if let Some(drawn) = within_thread(row, drawing).await.flatten() {
            seen.renditions.push((Rendition::Poster, keep_picture(blob, Shelf::Posters, drawn).await?));
        }
    }
    let small = made(deps, &from, async |from, to| film::small(packing, from, to, row.size).await).await;
    if let Some(file) = said(row, small, seen)
        && let Some(small) = keep_film(blob, Shelf::Small, film::SMALL_TYPE, file).await?
    {
        seen.renditions.push((Rendition::Small, small));
    }
    Ok(())
}

/// What the program makes of a file, in another that has no name.
async fn made(
    deps: &Deps,
    from: &File,
    make: impl AsyncFnOnce(File, File) -> Result<(), film::Failure>,
) -> Result<File, film::Failure> {
    let fault = |error: io::Error| film::Failure::Because(error.to_string());
    let to = film::nameless(deps.chance.uuid_v4()).map_err(fault)?;
    make(from.try_clone().map_err(fault)?, to.try_clone().map_err(fault)?).await?;
    Ok(to)
}

/// What was made; where nothing was, the log says why.
fn said(row: &report_file::Model, made: Result<File, film::Failure>, seen: &mut Seen) -> Option<File> {
    match made {
        Ok(file) => return Some(file),
        Err(film::Failure::NoProgram) => {
            seen.as_sent = is_for_all(row);
            tracing::info!(file_id = %row.file_id, "film or sound is not packed anew: the program for it is not installed");
        }
        Err(film::Failure::Because(cause)) => {
            tracing::info!(cause, file_id = %row.file_id, "film or sound could not be packed anew");
        }
    }
    None
}

async fn keep_film(
    blob: &SealedFile,
    shelf: Shelf,
    media_type: &'static str,
    file: File,
) -> Result<Option<Made>, Refusal> {
    let to = SealedFile { shelf, ..blob.clone() };
    let mut file = tokio::fs::File::from_std(file);
    file.rewind().await.map_err(Refusal::unavailable)?;
    let (mut received, mut hash) = (0, Sha256::new());
    loop {
        let mut chunk = Vec::new();
        (&mut file).take(PART as u64 * 4).read_to_end(&mut chunk).await.map_err(Refusal::unavailable)?;
        if chunk.is_empty() {
            break;
        }
        hash.update(&chunk);
        to.append(received, &chunk).await?;
        received += chunk.len() as u64;
    }
    Ok((received > 0).then(|| Made {
        media_type: Some(media_type),
        size: i64::try_from(received).ok(),
        sha256: Some(hex(&hash.finalize())),
        ..Made::default()
    }))
}

/// The file as it was sent, in memory.
async fn plain(deps: &Deps, row: &report_file::Model, blob: &SealedFile) -> io::Result<File> {
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
        let rows = store::without_copy(deps.db.read(), after, batch).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.file_id);
        let tx = deps.db.begin().await?;
        for row in rows {
            jobs::enqueue_once(&tx, row.file_id.0, queue(&row), deps.clock.now()).await?;
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
