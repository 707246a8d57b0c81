//! The rules of files. Bytes come in order and are stored unchanged; an offset is confirmed only when they have reached
//! the disk; the whole is looked at once more before it counts.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::Arc,
};

use entities::{
    report_file,
    words::{AuditSubject, FileId, FileState, ReportId, Timestamp},
};
use poem::Body;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};

use super::{
    model::*,
    service,
    store::{self, Grown},
};
use crate::{
    audit,
    base::{
        actions::Who,
        blobs::{self, SealedFile},
        crypto::hex,
        db::{Db, Tx},
        erased,
        jobs::{self, NewJob},
        journal,
        refusal::{Kind, Refusal},
        uses,
    },
    deps::Deps,
};

pub fn allowed(media_type: &str) -> bool {
    FileBytes::of(media_type, Body::empty()).is_some()
}

/// One writer at a time for each file. Files that share a turn only wait for each other.
#[derive(Clone)]
pub struct Turns(Arc<[Mutex<()>; 64]>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(std::array::from_fn(|_| Mutex::new(()))))
    }
}

impl Turns {
    async fn of(&self, file_id: FileId) -> MutexGuard<'_, ()> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(file_id);
        self.0[(hash % 64) as usize].lock().await
    }
}

async fn sealed(deps: &Deps, row: &report_file::Model) -> Result<SealedFile, Refusal> {
    let cipher = deps.vault.one(&deps.db, row.report_id.0).await?;
    Ok(SealedFile { store: deps.blobs.clone(), cipher, chance: deps.chance.clone(), file_id: row.file_id.0 })
}

/// How a file stands, or why it was refused: a refused file stays refused.
fn progress(row: &report_file::Model) -> Result<FileProgress, Refusal> {
    if row.state == FileState::Refused {
        let kind = row.refused_for.as_deref().and_then(Kind::from_word).unwrap_or(Kind::FileMismatch);
        return Err(kind.into());
    }
    Ok(FileProgress { file_id: row.file_id, offset: row.received, complete: row.state == FileState::Complete })
}

async fn file(deps: &Deps, who: &Who, file_id: FileId) -> Result<report_file::Model, Refusal> {
    Ok(store::file(deps.db.read(), who, file_id).await?.ok_or(Kind::NotFound)?)
}

/// Tells where a file goes on, if the youth's report names it just so.
pub async fn announce(deps: &Deps, who: &Who, command: AnnounceFile) -> Result<FileProgress, Refusal> {
    let row = match file(deps, who, command.file_id).await {
        Err(refusal) if refusal.kind == Kind::NotFound => {
            let erased = erased::among(deps.db.read(), [command.report_id.0]).await?;
            return Err(if erased.is_empty() { refusal } else { Kind::Erased.into() });
        }
        row => row?,
    };
    if row.report_id != command.report_id {
        return Err(Kind::NotFound.into());
    }
    if (&*row.sha256, row.size, &*row.media_type) != (&*command.sha256, command.size, &*command.media_type) {
        return Err(Refusal::of(Kind::FileMismatch).detail("the report names this file otherwise"));
    }
    progress(&row)
}

/// Takes the bytes from `offset` on. Bytes that are here already are passed over: the answer says where to go on.
pub async fn append(
    deps: &Deps,
    turns: &Turns,
    who: &Who,
    file_id: FileId,
    offset: i64,
    chunk: &[u8],
) -> Result<FileProgress, Refusal> {
    // Asked before the turn, so that a stranger cannot hold one.
    file(deps, who, file_id).await?;
    let _turn = turns.of(file_id).await;
    let row = file(deps, who, file_id).await?;
    let stands = progress(&row)?;
    if offset > row.received {
        return Err(Refusal { offset: Some(row.received), ..Kind::FileOffset.into() });
    }
    if stands.complete || offset < row.received || chunk.is_empty() {
        return Ok(stands);
    }
    let received = row.received.saturating_add(i64::try_from(chunk.len()).unwrap_or(i64::MAX));
    if received > row.size {
        return Err(Refusal::of(Kind::FileMismatch).detail("more bytes than were announced"));
    }

    let (now, size) = (deps.clock.now(), i64::try_from(chunk.len()).unwrap_or(i64::MAX));
    if uses::FILE_BYTES.passed(deps.db.read(), now, who.account_id, size).await? {
        return Err(uses::FILE_BYTES.refusal(now));
    }
    let blob = sealed(deps, &row).await?;
    blob.append(row.received.unsigned_abs(), chunk).await?;
    if received < row.size {
        let tx = deps.db.begin().await?;
        uses::count(&tx, now, &[uses::FILE_BYTES], &BTreeMap::from([(who.account_id, size)])).await?;
        let to = Grown { received, state: FileState::Arriving, refused_for: None };
        let moved = store::grow(&tx, file_id, row.received, to).await?;
        tx.commit().await?;
        if moved {
            blob.forget_tail(row.received.unsigned_abs()).await;
        }
    } else {
        finish(deps, who, &row, &blob, size).await?;
    }
    progress(&file(deps, who, file_id).await?)
}

/// All bytes are here: looks whether they are the announced file, and lets the report say so.
async fn finish(deps: &Deps, who: &Who, row: &report_file::Model, blob: &SealedFile, last: i64) -> Result<(), Refusal> {
    let size = row.size.unsigned_abs();
    let seen = blob.look(size).await?;
    let refused_for = if hex(&seen.sha256) != row.sha256 {
        Some(Kind::FileMismatch)
    } else if !is_of_type(&seen.face, &row.media_type) {
        Some(Kind::FileTypeRefused)
    } else {
        None
    };
    let to = match refused_for {
        None => Grown { received: row.size, state: FileState::Complete, refused_for: None },
        Some(kind) => Grown { received: 0, state: FileState::Refused, refused_for: Some(kind.word().to_owned()) },
    };

    let tx = deps.db.begin_in_turn().await?;
    let now = deps.clock.now();
    uses::count(&tx, now, &[uses::FILE_BYTES], &BTreeMap::from([(who.account_id, last)])).await?;
    let moved = store::grow(&tx, row.file_id, row.received, to).await?;
    if moved && let Some((youth_id, revision)) = store::touch(&tx, row.report_id).await? {
        let entries = service::changed(youth_id, row.report_id, revision, None, who.actor(), who.account_id);
        journal::append(&tx, now, entries.into()).await?;
    }
    if moved && refused_for.is_some() {
        remove_later(deps, &tx, now, row.file_id).await?;
    }
    tx.commit().await?;
    if moved && refused_for.is_none() {
        blob.tidy(size).await;
    }
    Ok(())
}

/// The queue of files whose bytes are to go.
pub const REMOVE_BYTES: &str = "remove-bytes";

async fn remove_later(deps: &Deps, tx: &Tx, now: Timestamp, file_id: FileId) -> Result<(), DbErr> {
    let job = NewJob { queue: REMOVE_BYTES, body: json!(file_id), run_at: now };
    jobs::enqueue(tx, &*deps.chance, now, vec![job]).await
}

/// Removes the bytes of a file of which nothing counts as received.
pub async fn remove_bytes(deps: &Deps, file_id: FileId) -> Result<(), Refusal> {
    if store::stored(deps.db.read(), file_id).await?.is_none_or(|row| row.received == 0) {
        blobs::remove(&*deps.blobs, file_id.0).await;
    }
    Ok(())
}

/// All files of which bytes are stored, and how many.
pub async fn stored_files(db: &impl ConnectionTrait) -> Result<Vec<(FileId, u64)>, DbErr> {
    let files = store::stored_files(db).await?;
    Ok(files.into_iter().map(|(file_id, received)| (file_id, received.unsigned_abs())).collect())
}

/// Whether all bytes of a file are said to be stored.
pub async fn is_whole(db: &Db, file_id: FileId) -> Result<bool, DbErr> {
    Ok(store::stored(db.read(), file_id).await?.is_some_and(|row| row.state == FileState::Complete))
}

/// Lets files that were arriving go on from the bytes that are here: in a backup the last of them may be missing, because
/// longer tails take the place of shorter ones. Phones ask where to go on.
pub async fn go_on_from_what_is_here(deps: &Deps) -> Result<(), Refusal> {
    let mut after = None;
    loop {
        let rows = store::arriving(deps.db.read(), after, 500).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.file_id);
        for row in rows {
            let stands = blobs::stands(&*deps.blobs, row.file_id.0, row.received.unsigned_abs()).await?;
            let received = i64::try_from(stands).unwrap_or(i64::MAX);
            if received < row.received {
                let tx = deps.db.begin().await?;
                let to = Grown { received, state: FileState::Arriving, refused_for: None };
                store::grow(&tx, row.file_id, row.received, to).await?;
                tx.commit().await?;
            }
        }
    }
}

/// Removes the bytes of a report that is being erased.
pub async fn remove_all_bytes(deps: &Deps, report_id: ReportId) -> Result<(), Refusal> {
    for file_id in store::all_files(deps.db.read(), report_id).await? {
        blobs::remove(&*deps.blobs, file_id.0).await;
    }
    Ok(())
}

/// Longer than any request that brings bytes may take.
const STRAGGLER_SECONDS: i64 = 600;

/// Removes later what a request may still be storing now, and what could not be removed before.
pub async fn remove_stragglers(deps: &Deps, tx: &Tx, now: Timestamp, files: &[FileId]) -> Result<(), DbErr> {
    let job = |run_at| move |file_id: &FileId| NewJob { queue: REMOVE_BYTES, body: json!(file_id), run_at };
    let soon = files.iter().map(job(now));
    let later = files.iter().map(job(now.plus_seconds(STRAGGLER_SECONDS)));
    jobs::enqueue(tx, &*deps.chance, now, soon.chain(later).collect()).await
}

/// How long half a file waits for its other half.
const PARTIAL_SECONDS: i64 = 14 * 24 * 3600;

/// Lets go of bytes of files that stopped half way long ago. A phone that comes back begins again: nothing is refused.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let now = deps.clock.now();
    let rows = store::partial(deps.db.read(), now.plus_seconds(-PARTIAL_SECONDS), batch).await?;
    let tx = deps.db.begin().await?;
    for row in &rows {
        let to = Grown { received: 0, state: FileState::Arriving, refused_for: None };
        if store::grow(&tx, row.file_id, row.received, to).await? {
            remove_later(deps, &tx, now, row.file_id).await?;
        }
    }
    tx.commit().await?;
    Ok(rows.len() as u64 >= batch)
}

fn is_of_type(face: &[u8], media_type: &str) -> bool {
    let known = infer::get(face).map(|known| match known.mime_type() {
        // A HEIC is an HEIF; phones say the first.
        "image/heif" => "image/heic",
        other => other,
    });
    allowed(media_type) && known == Some(media_type)
}

/// A whole file that the caller may see: the only kind that a link is made to. The link is the look.
pub async fn whole(deps: &Deps, who: &Who, file_id: FileId) -> Result<(), Refusal> {
    let row = file(deps, who, file_id).await?;
    if row.state != FileState::Complete {
        return Err(Kind::NotFound.into());
    }
    audit::looked(deps, who, AuditSubject::File, [file_id.0]).await?;
    // The file's row goes with its report, and who looked must be found by what stays.
    audit::looked(deps, who, AuditSubject::Report, [row.report_id.0]).await
}

/// A whole file, behind a link that was checked or for the copy of whose it is.
pub async fn linked(deps: &Deps, file_id: FileId) -> Result<(report_file::Model, SealedFile), Refusal> {
    let row = store::whole_file(deps.db.read(), file_id).await?.ok_or(Kind::NotFound)?;
    if !erased::among(deps.db.read(), [row.report_id.0]).await?.is_empty() {
        return Err(Kind::Erased.into());
    }
    let blob = sealed(deps, &row).await?;
    Ok((row, blob))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_no_picture() {
        assert!(is_of_type(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"));
        assert!(!is_of_type(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/png"));
        assert!(!is_of_type(b"<!doctype html><script>", "image/jpeg"));
        assert!(!is_of_type(b"", "image/gif"));
        assert!(is_of_type(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"));
        assert!(!allowed("image/svg+xml"));
    }
}
