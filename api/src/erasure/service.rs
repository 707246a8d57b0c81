//! How a record goes, step by step. Each step may be done again, so that an erasure that was broken off anywhere is
//! finished by whoever comes next.

use entities::{
    erasure, hold, review,
    words::{Actor, AuditAct, AuditSubject, ConversationId, ErasureReason, Regime, ReportId, SubjectKind, Timestamp},
};
use uuid::Uuid;

use super::{
    model::*,
    store::{self, Due},
};
use crate::{
    audit::{self, Line},
    base::{
        actions::Who,
        db::Tx,
        ledger,
        refusal::{Kind, Refusal},
    },
    care, chat, copies,
    deps::Deps,
    duty, files, handovers, insight, mutes, patrols, reports, work,
};

/// Where a hold's reason stands, as the vault's place.
const REASON: &str = "hold.reason";

pub struct Request<'a> {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub reason: ErasureReason,
    /// Nobody: a rule.
    pub by: Option<&'a Who>,
    /// As a rule found it: of this law, and no younger than this. Nothing: whatever it is.
    pub due: Option<(Regime, Timestamp)>,
}

/// Erases a record. Once more, it finishes what was begun and changes nothing.
pub async fn erase(deps: &Deps, request: Request<'_>) -> Result<Erasure, Refusal> {
    let begun = begin(deps, request).await?;
    finish(deps, &begun).await?;
    view_of(deps, begun.subject_id).await
}

async fn view_of(deps: &Deps, subject_id: Uuid) -> Result<Erasure, Refusal> {
    Ok(view(store::erasure(deps.db.read(), subject_id).await?.ok_or(Kind::NotFound)?))
}

async fn finish(deps: &Deps, begun: &erasure::Model) -> Result<(), Refusal> {
    if begun.removed_at.is_some() {
        return Ok(());
    }
    // Its owner's copy holds it too, and opens without its key.
    if let Some(youth_id) = store::youth(deps.db.read(), begun.subject_kind, begun.subject_id).await? {
        copies::end_of(deps, youth_id).await?;
    }
    write_down(deps, vec![entry(begun)]).await?;
    destroy_key(deps, begun.subject_id).await?;
    remove(deps, begun).await
}

/// Lets it stand that the record is erased: from here on it is shown to nobody, and nobody can write in it.
pub async fn begin(deps: &Deps, request: Request<'_>) -> Result<erasure::Model, Refusal> {
    let Request { subject_kind, subject_id, reason, by, due } = request;
    let now = deps.clock.now();
    // In turn with those who write: none of them has looked before and stores after.
    let tx = deps.db.begin_in_turn().await?;
    if let Some(begun) = store::erasure(&*tx, subject_id).await? {
        return if begun.subject_kind == subject_kind { Ok(begun) } else { Err(Kind::NotFound.into()) };
    }
    if !store::known(&*tx, subject_kind, subject_id).await? {
        return Err(Kind::NotFound.into());
    }
    if store::is_held(&*tx, subject_id, now).await? {
        return Err(Kind::Held.into());
    }
    // It may have been written in, or tagged, since the rule found it.
    if let Some((regime, before)) = due
        && store::due(&*tx, now, (subject_kind, regime), before, Due::One(subject_id)).await?.is_empty()
    {
        return Err(Kind::Held.into());
    }
    let row = erasure::Model {
        subject_id,
        subject_kind,
        reason,
        by_id: by.map(|who| who.account_id),
        by_number: by.and_then(|who| who.public_number.clone()),
        at: now,
        messages: 0,
        files: 0,
        removed_at: None,
        scrubbed_at: None,
    };
    store::begin(&tx, row.clone()).await?;
    log_erasure(deps, &tx, now, &row, by).await?;
    tx.commit().await?;
    Ok(row)
}

async fn log_erasure(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    row: &erasure::Model,
    by: Option<&Who>,
) -> Result<(), Refusal> {
    let line = Line {
        actor_id: by.map(|who| who.account_id),
        actor_number: by.and_then(|who| who.public_number.clone()),
        act: AuditAct::Erase,
        subject: (logged(row.subject_kind), row.subject_id),
        detail: Some(row.reason.word().to_owned()),
    };
    Ok(audit::write(deps, tx, now, [line]).await?)
}

fn entry(begun: &erasure::Model) -> ledger::Entry {
    ledger::Entry { subject_kind: begun.subject_kind, subject_id: begun.subject_id, at: begun.at }
}

/// Lines in this node's ledger, on the disk before anything goes.
async fn write_down(deps: &Deps, entries: Vec<ledger::Entry>) -> Result<(), Refusal> {
    let ledger = deps.ledger.clone();
    let written = tokio::task::spawn_blocking(move || ledger.append(&entries)).await;
    written.map_err(Refusal::fault)?.map_err(Refusal::fault)
}

/// How long this node may not know what another erased.
const HEAR_SECONDS: i64 = 60;
/// How far clocks, and what one transaction takes, may be apart.
const APART_SECONDS: i64 = 3600;

/// Takes note of what other nodes erased: their keys are kept at hand no more, and this node's ledger names them too, so that
/// one that is lost with its machine is missed by no restore.
pub async fn hear(deps: &Deps) -> Result<(), Refusal> {
    let now = deps.clock.now();
    if !deps.erasing.may_hear(now) {
        return Ok(());
    }
    deps.erasing.hears_not_before(now.plus_seconds(HEAR_SECONDS));
    let since = deps.erasing.heard().plus_seconds(-APART_SECONDS);
    let begun = store::begun_since(deps.db.read(), since).await?;
    for erasure in &begun {
        deps.vault.forget(erasure.subject_id);
    }
    write_down(deps, begun.iter().map(entry).collect()).await?;
    deps.erasing.has_heard(now);
    Ok(())
}

/// From here on nothing of the record opens, in any copy of the database that is made later.
pub async fn destroy_key(deps: &Deps, subject_id: Uuid) -> Result<(), Refusal> {
    deps.vault.destroy(&deps.db, subject_id).await
}

/// Removes bytes and rows, and tells who followed the record.
pub async fn remove(deps: &Deps, begun: &erasure::Model) -> Result<(), Refusal> {
    let (id, now) = (begun.subject_id, deps.clock.now());
    let actor = if begun.by_id.is_some() { Actor::Officer } else { Actor::System };
    files::remove_all_bytes(deps, id).await?;
    let tx = deps.db.begin_in_turn().await?;
    let counts = match begun.subject_kind {
        SubjectKind::Conversation => {
            handovers::remove(&tx, ConversationId(id)).await?;
            duty::remove(&tx, ConversationId(id)).await?;
            care::remove(&tx, ConversationId(id)).await?;
            mutes::remove(&tx, now, ConversationId(id)).await?;
            work::remove(&tx, ConversationId(id)).await?;
            chat::remove(deps, &tx, now, ConversationId(id), actor).await?
        }
        SubjectKind::Report => {
            patrols::forget_report(&tx, ReportId(id)).await?;
            reports::remove(deps, &tx, now, ReportId(id), actor).await?.map(|files| (0, files))
        }
    };
    insight::forget(&tx, id).await?;
    store::lift_hold(&tx, id).await?;
    store::forget_review(&tx, id).await?;
    store::removed(&tx, now, id, counts).await?;
    Ok(tx.commit().await?)
}

/// How long an erasure may be under way before somebody else finishes it.
const UNDER_WAY_SECONDS: i64 = 120;

/// Finishes what was begun and broken off. Says how many were finished.
pub async fn finish_begun(deps: &Deps) -> Result<usize, Refusal> {
    let before = deps.clock.now().plus_seconds(-UNDER_WAY_SECONDS);
    let mut done = 0;
    for begun in store::begun(deps.db.read(), before, 20).await? {
        finish(deps, &begun).await?;
        done += 1;
    }
    Ok(done)
}

/// The tables whose words, keys and marks of files are erased.
const TABLES: [&str; 14] = [
    "content_key",
    "conversation",
    "triage_decision",
    "message",
    "handover",
    "handover_answer",
    "location",
    "duty_record",
    "mute",
    "note",
    "report",
    "report_file",
    "file_copy",
    "hold",
];
/// PostgreSQL writes those tables anew and locks each meanwhile; what was erased within this time goes together.
const SCRUB_SECONDS: i64 = 3600;
/// How long whoever stood in the way is left alone.
const SCRUB_AGAIN_SECONDS: i64 = 60;

/// Cleans the database's free room of what was erased. Says how many erasures it did so for.
pub async fn scrub(deps: &Deps) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    if !deps.erasing.may_scrub(now) {
        return Ok(0);
    }
    let ids = store::unscrubbed(deps.db.read()).await?;
    let wait = if deps.db.rewrites() { SCRUB_SECONDS } else { 0 };
    let last = store::last_scrubbed(deps.db.read()).await?;
    if ids.is_empty() || last.is_some_and(|last| now < last.plus_seconds(wait)) {
        return Ok(0);
    }
    deps.erasing.scrubs_not_before(now.plus_seconds(SCRUB_AGAIN_SECONDS));
    if !deps.db.scrub(&TABLES).await? {
        return Ok(0);
    }
    deps.erasing.scrubs_not_before(now);
    let (tx, done) = (deps.db.begin().await?, ids.len());
    store::scrubbed(&tx, now, ids).await?;
    tx.commit().await?;
    Ok(done)
}

/// Each waits for a while itself.
const SCRUB_TRIES: u32 = 60;

/// As [`scrub`], where nobody else is on the database and nothing may wait: after a restore.
pub async fn scrub_at_once(deps: &Deps) -> Result<(), Refusal> {
    let ids = store::unscrubbed(deps.db.read()).await?;
    let mut tries = 0;
    while !deps.db.scrub(&TABLES).await? {
        tries += 1;
        if tries == SCRUB_TRIES {
            return Err(Refusal::fault(
                "somebody else is on this database: what was erased cannot be cleaned out of it",
            ));
        }
    }
    let tx = deps.db.begin().await?;
    store::scrubbed(&tx, deps.clock.now(), ids).await?;
    Ok(tx.commit().await?)
}

/// Erases again what the ledgers name, after an older backup was put back. What the backup does not hold is kept from
/// coming back all the same.
pub async fn replay(deps: &Deps, entries: impl IntoIterator<Item = ledger::Entry>) -> Result<usize, Refusal> {
    let mut replayed = 0;
    for ledger::Entry { subject_kind, subject_id, at } in entries {
        let row = erasure::Model {
            subject_id,
            subject_kind,
            reason: ErasureReason::Restored,
            by_id: None,
            by_number: None,
            at,
            messages: 0,
            files: 0,
            removed_at: None,
            scrubbed_at: None,
        };
        let tx = deps.db.begin_in_turn().await?;
        if store::begin(&tx, row.clone()).await? {
            log_erasure(deps, &tx, deps.clock.now(), &row, None).await?;
        }
        tx.commit().await?;
        let begun = store::erasure(deps.db.read(), subject_id).await?.ok_or(Kind::NotFound)?;
        finish(deps, &begun).await?;
        replayed += 1;
    }
    Ok(replayed)
}

// What leads do

/// Erases a record by a lead's word. The one place where a person erases.
pub async fn erase_by_lead(
    deps: &Deps,
    who: &Who,
    (subject_kind, subject_id): Record,
    command: EraseRecord,
) -> Result<Erasure, Refusal> {
    erase(deps, Request { subject_kind, subject_id, reason: command.reason.into(), by: Some(who), due: None }).await
}

/// What an operation's path names.
pub type Record = (SubjectKind, Uuid);

/// A kind of record, as the audit log names it.
fn logged(kind: SubjectKind) -> AuditSubject {
    match kind {
        SubjectKind::Conversation => AuditSubject::Conversation,
        SubjectKind::Report => AuditSubject::Report,
    }
}

async fn log_change(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    who: &Who,
    (kind, id): Record,
    detail: &str,
) -> Result<(), Refusal> {
    Ok(audit::write(deps, tx, now, Line::of(who, AuditAct::Change, (logged(kind), id), Some(detail))).await?)
}

/// The record, if it is here.
async fn known(deps: &Deps, (kind, id): Record) -> Result<(), Refusal> {
    if store::known(deps.db.read(), kind, id).await? { Ok(()) } else { Err(Kind::NotFound.into()) }
}

pub async fn tag(deps: &Deps, who: &Who, record: Record, command: TagRecord) -> Result<(), Refusal> {
    known(deps, record).await?;
    let tx = deps.db.begin().await?;
    store::tag(&tx, record.0, record.1, command.regime, command.person_role).await?;
    log_change(deps, &tx, deps.clock.now(), who, record, "tag").await?;
    Ok(tx.commit().await?)
}

pub async fn hold(deps: &Deps, who: &Who, record: Record, command: HoldRecord) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let reason = reason(&command.reason)?;
    if command.until <= now || command.until > now.plus_seconds(LONGEST_HOLD_SECONDS) {
        return Err(Refusal::invalid("until").detail("a hold ends after now and within 366 days"));
    }
    known(deps, record).await?;
    let cipher = deps.vault.one(&deps.db, record.1).await?;
    let row = hold::Model {
        subject_id: record.1,
        subject_kind: record.0,
        reason: cipher.seal(REASON, record.1, reason.as_bytes(), &*deps.chance)?,
        by_id: who.account_id,
        by_number: who.public_number.clone(),
        at: now,
        until: command.until,
    };
    let tx = deps.db.begin_in_turn().await?;
    // It may have been erased since.
    if !store::known(&*tx, record.0, record.1).await? {
        return Err(Kind::NotFound.into());
    }
    store::set_hold(&tx, row).await?;
    log_change(deps, &tx, now, who, record, "hold").await?;
    Ok(tx.commit().await?)
}

fn reason(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Kind::TextEmpty.into());
    }
    if text.chars().count() > LONGEST_REASON {
        return Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {LONGEST_REASON} characters")));
    }
    Ok(text)
}

/// What youths asked to erase and nobody has decided on, the oldest first.
pub async fn asked(deps: &Deps) -> Result<Vec<AskedErasure>, Refusal> {
    let mut asked = store::asked(deps.db.read(), 100).await?;
    asked.sort_by_key(|asked| asked.asked_at);
    Ok(asked)
}

/// Keeps what a youth asked to erase, and says why.
pub async fn refuse(deps: &Deps, who: &Who, record: Record, command: RefuseErasure) -> Result<(), Refusal> {
    let (kind, id) = record;
    let reason = reason(&command.reason)?;
    known(deps, record).await?;
    let cipher = deps.vault.one(&deps.db, id).await?;
    let place = match kind {
        SubjectKind::Conversation => chat::ERASURE_REFUSAL,
        SubjectKind::Report => reports::ERASURE_REFUSAL,
    };
    let why = cipher.seal(place, id, reason.as_bytes(), &*deps.chance)?;
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    match kind {
        SubjectKind::Conversation => chat::refuse_erasure(deps, &tx, now, who, ConversationId(id), why).await?,
        SubjectKind::Report => reports::refuse_erasure(deps, &tx, now, who, ReportId(id), why).await?,
    }
    log_change(deps, &tx, now, who, record, "erasure-refuse").await?;
    Ok(tx.commit().await?)
}

pub async fn lift(deps: &Deps, who: &Who, record: Record) -> Result<(), Refusal> {
    known(deps, record).await?;
    let tx = deps.db.begin().await?;
    if store::lift_hold(&tx, record.1).await? {
        log_change(deps, &tx, deps.clock.now(), who, record, "hold-lift").await?;
    }
    Ok(tx.commit().await?)
}

pub async fn holds(deps: &Deps, who: &Who, subject_id: Option<Uuid>) -> Result<Vec<Hold>, Refusal> {
    let rows = store::holds(deps.db.read(), deps.clock.now(), subject_id).await?;
    let keyed = deps.vault.keyed(&deps.db, rows, |row| row.subject_id).await?;
    for kind in [SubjectKind::Conversation, SubjectKind::Report] {
        let ids = keyed.iter().map(|(row, _)| row).filter(|row| row.subject_kind == kind).map(|row| row.subject_id);
        audit::looked(deps, who, logged(kind), ids).await?;
    }
    Ok(keyed
        .into_iter()
        .map(|(row, opener)| {
            let reason = opener.words(REASON, row.subject_id, &row.reason);
            Hold {
                subject_kind: row.subject_kind,
                subject_id: row.subject_id,
                damaged: reason.is_none(),
                reason: reason.unwrap_or_default(),
                by: row.by_number,
                at: row.at,
                until: row.until,
            }
        })
        .collect())
}

pub async fn review(deps: &Deps, who: &Who, record: Record) -> Result<(), Refusal> {
    known(deps, record).await?;
    let now = deps.clock.now();
    let row = review::Model {
        subject_id: record.1,
        subject_kind: record.0,
        reviewed_at: now,
        by_id: who.account_id,
        by_number: who.public_number.clone(),
    };
    let tx = deps.db.begin_in_turn().await?;
    if !store::known(&*tx, record.0, record.1).await? {
        return Err(Kind::NotFound.into());
    }
    store::reviewed(&tx, row).await?;
    log_change(deps, &tx, now, who, record, "review").await?;
    Ok(tx.commit().await?)
}

pub async fn erasures(deps: &Deps, after: Option<(i64, Uuid)>, limit: u64) -> Result<Vec<Erasure>, Refusal> {
    Ok(store::erasures(deps.db.read(), after, limit).await?.into_iter().map(view).collect())
}

fn view(row: erasure::Model) -> Erasure {
    Erasure {
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        reason: row.reason,
        by: row.by_number,
        at: row.at,
        messages: row.messages,
        files: row.files,
        removed_at: row.removed_at,
        scrubbed_at: row.scrubbed_at,
    }
}
