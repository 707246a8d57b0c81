//! The rules of files. Bytes come in order and are stored unchanged; an offset is confirmed only when they have reached
//! the disk; the whole is looked at once more before it counts.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::Arc,
};

use entities::{
    investigator, report_file,
    words::{
        AccountId, Actor, AuditAct, AuditSubject, ConversationId, FileCopyState, FileId, FileState, MessageId,
        OpeningReason, ReportId, Role, ScanState, Timestamp,
    },
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

use super::{
    bare, cleaning, kinds,
    links::Linked,
    model::*,
    posted::is_for_all,
    store::{self, Grown},
};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Effect, Who},
        blobs::{self, SealedFile, Shelf},
        crypto::hex,
        db::{Db, Tx},
        erased,
        jobs::{self, NewJob},
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        uses,
    },
    deps::Deps,
    identity,
};

/// Whether files of such a sender are taken at all. Of an officer's it must be possible to tell that they give nobody away.
pub fn check(role: Role, files: &[NamedFile]) -> Result<(), Refusal> {
    let largest = if role == Role::Youth { LARGEST_FILE } else { LARGEST_BARE };
    for file in files {
        if !kinds::TYPES.contains(&&*file.media_type)
            || (role != Role::Youth && !bare::TYPES.contains(&&*file.media_type))
        {
            return Err(Kind::FileTypeRefused.into());
        }
        if file.size > largest {
            return Err(Refusal::of(Kind::TooLarge).detail(format!("a file has at most {largest} bytes")));
        }
    }
    Ok(())
}

/// What belongs to reading: a file that is named twice.
pub fn named_once(files: &[NamedFile]) -> Result<(), Refusal> {
    let mut named = HashSet::new();
    if files.iter().all(|file| named.insert(file.file_id)) {
        return Ok(());
    }
    Err(Refusal::invalid("files"))
}

/// The rows of files that a report, or a message of a talk, names.
pub fn rows(
    subject_id: Uuid,
    message_id: Option<MessageId>,
    files: &[NamedFile],
) -> impl Iterator<Item = report_file::Model> {
    (0..).zip(files).map(move |(place, file)| report_file::Model {
        file_id: file.file_id,
        subject_id,
        message_id,
        post_id: None,
        dialogue_id: None,
        place,
        media_type: file.media_type.to_string(),
        size: file.size,
        sha256: file.sha256.to_string(),
        state: FileState::Arriving,
        refused_for: None,
        received: 0,
        scan: None,
        withheld_at: None,
        withheld_by: None,
        withheld_by_number: None,
    })
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

pub async fn sealed(deps: &Deps, row: &report_file::Model) -> Result<SealedFile, Refusal> {
    let cipher = deps.vault.one(&deps.db, row.subject_id).await?;
    Ok(SealedFile {
        store: deps.blobs.clone(),
        shelf: Shelf::Files,
        cipher,
        chance: deps.chance.clone(),
        file_id: row.file_id.0,
    })
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

/// A file that the caller named: nobody else sends its bytes.
async fn own(deps: &Deps, who: &Who, file_id: FileId) -> Result<report_file::Model, Refusal> {
    let row = file(deps, who, file_id).await?;
    let writer = store::writer(deps.db.read(), &row).await?;
    if writer == Some(who.account_id) { Ok(row) } else { Err(Kind::NotFound.into()) }
}

/// Tells where a file goes on, if the caller's report or message names it just so.
pub async fn announce(deps: &Deps, who: &Who, command: AnnounceFile) -> Result<FileProgress, Refusal> {
    let subjects = [
        command.report_id.map(|id| id.0),
        command.conversation_id.map(|id| id.0),
        command.post_id.map(|id| id.0),
        command.dialogue_id.map(|id| id.0),
    ];
    let mut subjects = subjects.into_iter().flatten();
    let (Some(subject_id), None) = (subjects.next(), subjects.next()) else {
        let detail = "a file is of a report, of a conversation, of a post or of a dialogue";
        return Err(Refusal::invalid("report_id").detail(detail));
    };
    let row = match own(deps, who, command.file_id).await {
        Err(refusal) if refusal.kind == Kind::NotFound => {
            let erased = erased::among(deps.db.read(), [subject_id]).await?;
            return Err(if erased.is_empty() { refusal } else { Kind::Erased.into() });
        }
        row => row?,
    };
    let shown_by = row.post_id.map(|id| id.0).or(row.dialogue_id.map(|id| id.0));
    let named_by = shown_by.unwrap_or(row.subject_id);
    if named_by != subject_id
        || row.message_id.is_some() != command.conversation_id.is_some()
        || row.post_id != command.post_id
        || row.dialogue_id != command.dialogue_id
    {
        return Err(Kind::NotFound.into());
    }
    if (&*row.sha256, row.size, &*row.media_type) != (&*command.sha256, command.size, &*command.media_type) {
        return Err(Refusal::of(Kind::FileMismatch).detail("the file was named otherwise"));
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
    own(deps, who, file_id).await?;
    let _turn = turns.of(file_id).await;
    let row = own(deps, who, file_id).await?;
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

/// All bytes are here: looks whether they are the announced file, and lets those who follow it know.
async fn finish(deps: &Deps, who: &Who, row: &report_file::Model, blob: &SealedFile, last: i64) -> Result<(), Refusal> {
    let size = row.size.unsigned_abs();
    let mut watch = kinds::Watch::over(&row.media_type);
    let seen = blob.look(size, |bytes| watch.sees(bytes)).await?;
    let judged = watch.judges(&seen.face);
    let refused_for = if hex(&seen.sha256) != row.sha256 {
        Some(Kind::FileMismatch)
    } else if let Err(kind) = judged {
        Some(kind)
    } else if let Err(kind) = zip_opens(row, blob).await? {
        Some(kind)
    } else if who.is_officer() && !is_for_all(row) && !bare::is_bare(&row.media_type, &blob.whole(size).await?) {
        Some(Kind::FileMetadata)
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
    if moved {
        let by = By { actor: who.actor(), actor_id: Some(who.account_id) };
        let entries = changed(&tx, by, row).await?;
        journal::append(&tx, now, entries).await?;
    }
    if moved && refused_for.is_none() {
        jobs::enqueue_once(&tx, row.file_id.0, cleaning::queue(row), now).await?;
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

/// Whether a zip is whole and nothing in it is locked; anything else passes.
async fn zip_opens(row: &report_file::Model, blob: &SealedFile) -> Result<Result<(), Kind>, Refusal> {
    if row.media_type != kinds::ZIP {
        return Ok(Ok(()));
    }
    let size = row.size.unsigned_abs();
    let last = blob.part_of(size, size.saturating_sub(kinds::ZIP_END)..size).await?;
    let Some((place, names)) = kinds::zip_directory(&last, size) else { return Ok(Err(Kind::FileTypeRefused)) };
    Ok(kinds::zip_opens(&blob.part_of(size, place).await?, names))
}

/// Who changed how a file stands.
#[derive(Clone, Copy)]
pub struct By {
    pub actor: Actor,
    pub actor_id: Option<AccountId>,
}

impl By {
    fn entry(self, stream: String, kind: &'static str, entity_id: Uuid, revision: i64) -> NewEntry {
        NewEntry { stream, kind, entity_id, revision, action_id: None, actor: self.actor, actor_id: self.actor_id }
    }
}

/// Whoever follows the report, the talk, the post or the dialogue is told that a file of it stands otherwise.
pub async fn changed(tx: &Tx, by: By, row: &report_file::Model) -> Result<Vec<NewEntry>, DbErr> {
    let entry = |stream, kind, entity_id, revision| by.entry(stream, kind, entity_id, revision);
    if let Some(post_id) = row.post_id {
        // It says what it said: whoever corrects it has seen all of its words.
        let revision = store::post_revision(tx, post_id).await?;
        let told = revision.map(|revision| entry(journal::DESK.to_owned(), "post-changed", post_id.0, revision));
        return Ok(told.into_iter().collect());
    }
    if let Some(dialogue_id) = row.dialogue_id {
        let Some(revision) = store::dialogue_revision(tx, dialogue_id).await? else { return Ok(Vec::new()) };
        let told = |stream| entry(stream, "dialogue-changed", dialogue_id.0, revision);
        // What leads to whoever sent it is for the desk alone.
        let to_all = NewEntry { actor_id: None, ..told(journal::dialogue(dialogue_id)) };
        return Ok(vec![told(journal::DESK.to_owned()), to_all]);
    }
    let Some(message_id) = row.message_id else {
        let touched = store::touch(tx, ReportId(row.subject_id)).await?;
        return Ok(touched.map_or(Vec::new(), |(youth_id, revision)| {
            [journal::inbox(youth_id), journal::DESK.to_owned()]
                .map(|stream| entry(stream, "report-changed", row.subject_id, revision))
                .into()
        }));
    };
    let talk = ConversationId(row.subject_id);
    let Some((youth_id, revision, settled)) = store::of_talk(tx, talk, message_id).await? else {
        return Ok(Vec::new());
    };
    // The talk itself is as it was: whoever acts on it has seen all of its words.
    let told = [journal::inbox(youth_id), journal::DESK.to_owned()]
        .map(|stream| entry(stream, "conversation-changed", row.subject_id, revision));
    let message = entry(journal::conversation(talk), "message-changed", message_id.0, settled + 1);
    Ok([message].into_iter().chain(told).collect())
}

/// The queue of files whose bytes are to go.
pub const REMOVE_BYTES: &str = "remove-bytes";

async fn remove_later(deps: &Deps, tx: &Tx, now: Timestamp, file_id: FileId) -> Result<(), DbErr> {
    let job = NewJob { queue: REMOVE_BYTES, body: json!(file_id), run_at: now };
    jobs::enqueue(tx, &*deps.chance, now, vec![job]).await
}

/// Removes the bytes of a file of which nothing counts as received, and of a copy that nobody may see any more.
pub async fn remove_bytes(deps: &Deps, file_id: FileId) -> Result<(), Refusal> {
    let row = store::stored(deps.db.read(), file_id).await?;
    if row.as_ref().is_none_or(|row| row.withheld_at.is_some() || row.received == 0) {
        blobs::remove_made(&*deps.blobs, file_id.0).await;
    }
    if row.is_none_or(|row| row.received == 0) {
        blobs::remove(&*deps.blobs, Shelf::Files, file_id.0).await;
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

/// Removes the bytes of a report or a talk that is being erased.
pub async fn remove_all_bytes(deps: &Deps, subject_id: Uuid) -> Result<(), Refusal> {
    for file_id in store::all_files(deps.db.read(), subject_id).await? {
        blobs::remove_made(&*deps.blobs, file_id.0).await;
        blobs::remove(&*deps.blobs, Shelf::Files, file_id.0).await;
    }
    Ok(())
}

/// Longer than any request that brings bytes may take.
const STRAGGLER_SECONDS: i64 = 600;

/// Removes the rows of all files of a report or a talk that is being erased, and later what a request may still be storing now,
/// and what could not be removed before. Gives how many files there were.
pub async fn remove(deps: &Deps, tx: &Tx, now: Timestamp, subject_id: Uuid) -> Result<i64, DbErr> {
    let files = store::all_files(&**tx, subject_id).await?;
    store::remove(tx, subject_id).await?;
    let job = |run_at| move |file_id: &FileId| NewJob { queue: REMOVE_BYTES, body: json!(file_id), run_at };
    let soon = files.iter().map(job(now));
    let later = files.iter().map(job(now.plus_seconds(STRAGGLER_SECONDS)));
    jobs::enqueue(tx, &*deps.chance, now, soon.chain(later).collect()).await?;
    Ok(i64::try_from(files.len()).unwrap_or(i64::MAX))
}

/// Removes what a post or a dialogue keeps its files by: rows, bytes and their key.
pub async fn destroy(deps: &Deps, tx: &Tx, now: Timestamp, content_id: Uuid) -> Result<(), DbErr> {
    remove(deps, tx, now, content_id).await?;
    deps.vault.remove(tx, content_id).await?;
    deps.vault.forget(content_id);
    Ok(())
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

/// A whole file that the caller may open, and that the virus check let pass. Of one that is withheld a youth is told nothing
/// new.
async fn opening(deps: &Deps, who: &Who, file_id: FileId) -> Result<report_file::Model, Refusal> {
    let row = file(deps, who, file_id).await?;
    if row.state != FileState::Complete {
        return Err(Kind::NotFound.into());
    }
    if row.withheld_at.is_some() {
        if !who.is_officer() {
            return Err(Kind::NotFound.into());
        }
        if !store::is_investigator(deps.db.read(), who.account_id).await? {
            return Err(Kind::FileWithheld.into());
        }
    }
    match row.scan {
        Some(ScanState::Infected) => Err(Kind::FileInfected.into()),
        // What is withheld is looked at by nothing any more, and investigators know what they open.
        None if deps.config.clamd.is_some() && row.withheld_at.is_none() => Err(Kind::FileUnchecked.into()),
        _ => Ok(row),
    }
}

/// The file's row goes with its report, talk, post or dialogue, and who looked must be found by what stays.
fn subject(row: &report_file::Model) -> (AuditSubject, Uuid) {
    match (row.post_id, row.dialogue_id, row.message_id) {
        (Some(post_id), ..) => (AuditSubject::Post, post_id.0),
        (_, Some(dialogue_id), _) => (AuditSubject::Dialogue, dialogue_id.0),
        (.., Some(_)) => (AuditSubject::Conversation, row.subject_id),
        (None, None, None) => (AuditSubject::Report, row.subject_id),
    }
}

/// Opens a file as it was sent. Each time that an officer does so is a line of the log, with the reason.
pub async fn open_original(
    deps: &Deps,
    who: &Who,
    file_id: FileId,
    reason: Option<OpeningReason>,
) -> Result<Linked, Refusal> {
    let row = opening(deps, who, file_id).await?;
    if who.is_officer() {
        let detail = format!("original {}", reason.ok_or(Kind::ReasonNeeded)?.word());
        let of = |subject| Line::of(who, AuditAct::Read, subject, Some(&detail));
        let lines = [of((AuditSubject::File, file_id.0)), of(subject(&row))];
        let tx = deps.db.begin().await?;
        audit::write(deps, &tx, deps.clock.now(), lines.into_iter().flatten()).await?;
        tx.commit().await?;
    }
    Ok(if row.withheld_at.is_some() { Linked::Withheld } else { Linked::Original })
}

/// Opens the copy for daily use. The link is the look.
pub async fn open_copy(deps: &Deps, who: &Who, file_id: FileId) -> Result<(), Refusal> {
    let row = opening(deps, who, file_id).await?;
    let copy = store::copy(deps.db.read(), file_id).await?.ok_or(Kind::FileUnchecked)?;
    if copy.state != FileCopyState::Made {
        return Err(Kind::FileNotCleaned.into());
    }
    audit::looked(deps, who, AuditSubject::File, [file_id.0]).await?;
    let (kind, id) = subject(&row);
    audit::looked(deps, who, kind, [id]).await
}

/// What is read behind a link that was checked.
pub struct Readable {
    pub media_type: String,
    pub size: u64,
    pub blob: SealedFile,
}

/// What a link opens, as long as that still stands.
pub async fn linked(deps: &Deps, what: Linked, file_id: FileId) -> Result<Readable, Refusal> {
    let row = store::whole_file(deps.db.read(), file_id).await?.ok_or(Kind::NotFound)?;
    if !erased::among(deps.db.read(), [row.subject_id]).await?.is_empty() {
        return Err(Kind::Erased.into());
    }
    if row.withheld_at.is_some() != (what == Linked::Withheld) || row.scan == Some(ScanState::Infected) {
        return Err(Kind::LinkExpired.into());
    }
    let blob = sealed(deps, &row).await?;
    if what != Linked::Copy {
        return Ok(Readable { media_type: row.media_type, size: row.size.unsigned_abs(), blob });
    }
    let copy = store::copy(deps.db.read(), file_id).await?.ok_or(Kind::LinkExpired)?;
    let (Some(media_type), Some(size)) = (copy.media_type, copy.size) else { return Err(Kind::LinkExpired.into()) };
    let blob = SealedFile { shelf: Shelf::Copies, ..blob };
    Ok(Readable { media_type, size: size.unsigned_abs(), blob })
}

/// A whole file that leaves as it was sent, or in a word why it may not.
pub async fn exported(
    deps: &Deps,
    file_id: FileId,
) -> Result<Result<(report_file::Model, SealedFile), &'static str>, Refusal> {
    let row = store::whole_file(deps.db.read(), file_id).await?.ok_or(Kind::NotFound)?;
    if row.withheld_at.is_some() {
        return Ok(Err("withheld"));
    }
    match row.scan {
        Some(ScanState::Infected) => return Ok(Err("infected")),
        None if deps.config.clamd.is_some() => return Ok(Err("unchecked")),
        _ => {}
    }
    if !erased::among(deps.db.read(), [row.subject_id]).await?.is_empty() {
        return Err(Kind::Erased.into());
    }
    let blob = sealed(deps, &row).await?;
    Ok(Ok((row, blob)))
}

// Withholding

/// The queue of accounts whose copy of all that is kept holds what may leave in none.
pub const VOID_COPY: &str = "copy-void";

/// Marks files as sexual images of children. It is rare, so one after the other.
pub async fn withhold(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<WithholdFile>]) -> Result<Vec<Decided>, DbErr> {
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        decided.push(withhold_one(deps, tx, now, act).await?);
    }
    Ok(decided)
}

async fn withhold_one(deps: &Deps, tx: &Tx, now: Timestamp, act: &Act<WithholdFile>) -> Result<Decided, DbErr> {
    let (who, file_id) = (&act.who, act.command.file_id);
    if !who.is_officer() {
        return Ok(Err(Kind::RoleRefused.into()));
    }
    let row = store::file(&**tx, who, file_id).await?.filter(|row| row.state != FileState::Refused);
    let Some(row) = row else { return Ok(Err(Kind::NotFound.into())) };
    let Some((youth_id, revision)) = store::subject(tx, &row).await? else {
        return Ok(Err(Kind::NotFound.into()));
    };
    let effect = |at| Ok(Effect { entity_id: file_id.0, revision: 1, at });
    if row.withheld_at.is_some() {
        return Ok(effect(None));
    }
    store::withhold(tx, who, now, file_id).await?;
    // Of one that has not begun there is no copy, and its first bytes may be on their way.
    if row.received > 0 {
        remove_later(deps, tx, now, file_id).await?;
    }
    let void = NewJob { queue: VOID_COPY, body: json!(youth_id), run_at: now };
    jobs::enqueue(tx, &*deps.chance, now, vec![void]).await?;
    let line = Line::of(who, AuditAct::Change, subject(&row), Some("file-withhold"));
    audit::write(deps, tx, now, line).await?;

    // Officers alone are told, and of the talk that its youth reads only that a message is to be read again.
    let by = By { actor: who.actor(), actor_id: Some(who.account_id) };
    let kind = if row.message_id.is_some() { "conversation-changed" } else { "report-changed" };
    let mut entries = vec![by.entry(journal::DESK.to_owned(), kind, row.subject_id, revision)];
    entries[0].action_id = Some(act.action_id);
    let talk = ConversationId(row.subject_id);
    if let Some(message_id) = row.message_id
        && let Some((.., settled)) = store::of_talk(tx, talk, message_id).await?
    {
        let by = By { actor: Actor::System, actor_id: None };
        entries.push(by.entry(journal::conversation(talk), "message-changed", message_id.0, settled + 1));
    }
    let at = journal::append(tx, now, entries).await?.into_iter().next();
    Ok(effect(at))
}

/// Where the reason stands, as the cipher's place.
const REASON: &str = "investigator.reason";

/// Names an officer who may open what is withheld; nobody names herself.
pub async fn name_investigator(
    deps: &Deps,
    who: &Who,
    account_id: AccountId,
    command: NameInvestigator,
) -> Result<Investigator, Refusal> {
    let reason = command.reason.trim();
    if reason.is_empty() {
        return Err(Kind::TextEmpty.into());
    }
    if account_id == who.account_id {
        return Err(Kind::OwnAccount.into());
    }
    let account = identity::account(deps.db.read(), account_id).await?;
    let account = account.filter(|account| matches!(account.role, Role::Officer | Role::Lead));
    let account = account.filter(|account| account.ended_at.is_none()).ok_or(Kind::NotFound)?;
    let now = deps.clock.now();
    let row = investigator::Model {
        account_id,
        named_by: who.account_id,
        named_by_number: who.public_number.clone(),
        at: now,
        reason: deps.keys.data.seal(REASON, account_id.0, reason.as_bytes(), &*deps.chance)?,
    };
    let tx = deps.db.begin().await?;
    store::name_investigator(&tx, row).await?;
    log_investigator(deps, &tx, now, who, account_id, "investigator-name").await?;
    tx.commit().await?;
    Ok(Investigator {
        account_id,
        public_number: account.public_number,
        named_by: who.public_number.clone(),
        at: now,
        reason: Some(reason.to_owned()),
    })
}

pub async fn end_investigator(deps: &Deps, who: &Who, account_id: AccountId) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    if !store::end_investigator(&tx, account_id).await? {
        return Err(Kind::NotFound.into());
    }
    log_investigator(deps, &tx, deps.clock.now(), who, account_id, "investigator-end").await?;
    Ok(tx.commit().await?)
}

async fn log_investigator(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    who: &Who,
    id: AccountId,
    detail: &str,
) -> Result<(), DbErr> {
    audit::write(deps, tx, now, Line::of(who, AuditAct::Change, (AuditSubject::Account, id.0), Some(detail))).await
}

pub async fn investigators(deps: &Deps) -> Result<InvestigatorList, Refusal> {
    let mut items = Vec::new();
    for row in store::investigators(deps.db.read()).await? {
        let account = identity::account(deps.db.read(), row.account_id).await?;
        let reason = deps.keys.data.open(REASON, row.account_id.0, &row.reason);
        let reason = reason.inspect_err(|refusal| {
            tracing::error!(cause = refusal.cause, account_id = %row.account_id, "words are damaged");
        });
        items.push(Investigator {
            account_id: row.account_id,
            public_number: account.and_then(|account| account.public_number),
            named_by: row.named_by_number,
            at: row.at,
            reason: reason.ok().and_then(|plain| String::from_utf8(plain).ok()),
        });
    }
    Ok(InvestigatorList { items })
}
