//! The rules of reports, in order. A write takes every command of its kind in the group: one read, decisions in memory,
//! one insert a table.

use std::collections::{HashMap, HashSet};

use entities::{
    report,
    words::{
        AccountId, ActionId, Actor, AuditSubject, FileId, PersonRole, Regime, ReportId, ReportState, Role, Sealed,
        Text, Timestamp,
    },
};
use sea_orm::DbErr;
use serde_json::json;
use uuid::Uuid;

use super::{model::*, store};
use crate::{
    audit,
    base::{
        actions::{Act, Decided, Effect, Who},
        db::Tx,
        erased,
        jobs::{self, NewJob},
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        vault::{ContentKey, Opener},
    },
    deps::Deps,
    files::{self, SentFile},
    push::QUEUES,
};

/// Where a report's words stand, as the vault's places.
const WHAT: &str = "report.what";
const HAPPENED: &str = "report.happened_words";
const PLACE: &str = "report.place";
/// Where it stands why a report is not erased.
pub const ERASURE_REFUSAL: &str = "report.erasure_refusal";

/// Checks texts and files and seals the words under the report's key, before the writer's turn.
pub fn prepare(deps: &Deps, key: &ContentKey, command: SubmitReport) -> Result<SealedReport, Refusal> {
    let row = command.report_id.0;
    let what = command.what.trim();
    if what.is_empty() {
        return Err(Kind::TextEmpty.into());
    }
    let happened_words = note(command.happened.words.as_deref())?;
    let place = note(command.place.as_deref())?;
    fits(what, LONGEST_ACCOUNT)?;

    files::check(Role::Youth, &command.files)?;

    let seal = |place: &str, text: &str| key.cipher.seal(place, row, text.as_bytes(), &*deps.chance);
    Ok(SealedReport {
        report_id: command.report_id,
        event_kind: command.event_kind,
        what: seal(WHAT, what)?,
        certainty: command.happened.certainty,
        happened_at: command.happened.at,
        happened_words: happened_words.map(|text| seal(HAPPENED, text)).transpose()?,
        place: place.map(|text| seal(PLACE, text)).transpose()?,
        files: command.files,
        new_key: key.new.clone(),
    })
}

pub fn well_formed(command: SubmitReport) -> Result<SubmitReport, Refusal> {
    files::named_once(&command.files)?;
    Ok(command)
}

/// A short text that may be left out; an empty one is left out.
fn note(text: Option<&str>) -> Result<Option<&str>, Refusal> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map_or(Ok(()), |text| fits(text, LONGEST_NOTE))?;
    Ok(text)
}

fn fits(text: &str, longest: usize) -> Result<(), Refusal> {
    if text.chars().count() <= longest {
        Ok(())
    } else {
        Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {longest} characters")))
    }
}

/// `report-changed` for the two who follow it: the youth's inbox and the desk.
pub fn changed(
    youth_id: AccountId,
    report_id: ReportId,
    revision: i64,
    action_id: Option<ActionId>,
    actor: Actor,
    actor_id: AccountId,
) -> [NewEntry; 2] {
    [journal::inbox(youth_id), journal::DESK.to_owned()].map(|stream| NewEntry {
        stream,
        kind: "report-changed",
        entity_id: report_id.0,
        revision,
        action_id,
        actor,
        actor_id: Some(actor_id),
    })
}

/// Stores reports. Whose a known id is, is not told: every other answer to it is `conflict`.
pub async fn submit(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedReport>]) -> Result<Vec<Decided>, DbErr> {
    let erased = erased::among(&**tx, acts.iter().map(|act| act.command.report_id.0)).await?;
    let mut known: HashSet<ReportId> =
        store::lock(tx, acts.iter().map(|act| act.command.report_id).collect()).await?.into_keys().collect();
    let named = acts.iter().flat_map(|act| &act.command.files).map(|file| file.file_id).collect();
    let mut known_files: HashSet<FileId> = files::known_files(tx, named).await?.into_iter().collect();

    let (mut reports, mut named, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    let mut decided: Vec<Result<usize, Refusal>> = Vec::with_capacity(acts.len());
    for act in acts {
        decided.push(may_submit(&erased, &mut known, &mut known_files, act).map(|()| {
            let at = entries.len();
            let (report_id, youth_id) = (act.command.report_id, act.who.account_id);
            entries.extend(changed(youth_id, report_id, 1, Some(act.action_id), Actor::Youth, youth_id));
            reports.push(row(act, now));
            named.extend(files::rows(report_id.0, None, &act.command.files));
            at
        }));
    }

    let positions = journal::append(tx, now, entries).await?;
    store::insert(tx, reports).await?;
    files::insert_files(tx, named).await?;
    let sealed = acts.iter().zip(&decided).filter(|(_, decided)| decided.is_ok());
    deps.vault.store(tx, &*deps.chance, now, sealed.filter_map(|(act, _)| act.command.new_key.as_ref())).await?;
    Ok(acts
        .iter()
        .zip(decided)
        .map(|(act, decided)| {
            let at = decided?;
            Ok(Effect { entity_id: act.command.report_id.0, revision: 1, at: positions.get(at).cloned() })
        })
        .collect())
}

fn may_submit(
    erased: &HashSet<Uuid>,
    known: &mut HashSet<ReportId>,
    known_files: &mut HashSet<FileId>,
    act: &Act<SealedReport>,
) -> Result<(), Refusal> {
    if act.who.role != Role::Youth {
        return Err(Kind::RoleRefused.into());
    }
    if erased.contains(&act.command.report_id.0) {
        return Err(Kind::Erased.into());
    }
    let files = &act.command.files;
    if known.contains(&act.command.report_id) || files.iter().any(|file| known_files.contains(&file.file_id)) {
        return Err(Kind::Conflict.into());
    }
    known.insert(act.command.report_id);
    known_files.extend(files.iter().map(|file| file.file_id));
    Ok(())
}

fn row(act: &Act<SealedReport>, now: Timestamp) -> report::Model {
    let command = act.command.clone();
    report::Model {
        report_id: command.report_id,
        youth_id: act.who.account_id,
        state: ReportState::Received,
        revision: 1,
        event_kind: command.event_kind,
        what: command.what,
        certainty: command.certainty,
        happened_at: command.happened_at,
        happened_words: command.happened_words,
        place: command.place,
        reader_id: None,
        reader_number: None,
        action_id: act.action_id,
        recorded_at: act.recorded_at,
        received_at: now,
        regime: Regime::Crime,
        person_role: PersonRole::Unknown,
        erasure_asked_at: None,
        erasure_refused_at: None,
        erasure_refusal: None,
    }
}

/// Changes reports that stand and that who asks may see. `decide` leaves one as it will stand and says whether that is a change.
async fn transition<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    id: impl Fn(&C) -> ReportId,
    mut decide: impl FnMut(&mut report::Model, &Act<C>) -> Result<bool, Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let erased = erased::among(&**tx, acts.iter().map(|act| id(&act.command).0)).await?;
    let mut rows = store::lock(tx, acts.iter().map(|act| id(&act.command)).collect()).await?;
    let mut touched = HashSet::new();
    let mut entries = Vec::new();
    let mut decided: Vec<Result<(i64, Option<usize>), Refusal>> = Vec::with_capacity(acts.len());
    for act in acts {
        let outcome = visible(&erased, &mut rows, &act.who, id(&act.command)).and_then(|row| {
            if !decide(row, act)? {
                return Ok((row.revision, None));
            }
            row.revision += 1;
            touched.insert(row.report_id);
            let Who { account_id, .. } = act.who;
            let place = entries.len() + usize::from(act.who.is_officer());
            let (action_id, actor) = (Some(act.action_id), act.who.actor());
            entries.extend(changed(row.youth_id, row.report_id, row.revision, action_id, actor, account_id));
            Ok((row.revision, Some(place)))
        });
        decided.push(outcome);
    }

    let positions = journal::append(tx, now, entries).await?;
    let mut rows: Vec<_> = rows.into_values().filter(|row| touched.contains(&row.report_id)).collect();
    rows.sort_unstable_by_key(|row| row.report_id);
    store::save(tx, rows).await?;
    Ok(acts
        .iter()
        .zip(decided)
        .map(|(act, decided)| {
            let (revision, at) = decided?;
            let at = at.and_then(|at| positions.get(at).cloned());
            Ok(Effect { entity_id: id(&act.command).0, revision, at })
        })
        .collect())
}

/// A report that stands, if it is the youth's own or an officer asks.
fn visible<'a>(
    erased: &HashSet<Uuid>,
    rows: &'a mut HashMap<ReportId, report::Model>,
    who: &Who,
    id: ReportId,
) -> Result<&'a mut report::Model, Refusal> {
    if erased.contains(&id.0) {
        return Err(Kind::Erased.into());
    }
    let row = rows.get_mut(&id).filter(|row| who.is_officer() || row.youth_id == who.account_id);
    Ok(row.ok_or(Kind::NotFound)?)
}

/// Marks reports as being read. The first officer to open one stays its reader; a later one changes nothing.
pub async fn read(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<ReadReport>]) -> Result<Vec<Decided>, DbErr> {
    let mut pushes = Vec::new();
    let decided = transition(
        tx,
        now,
        acts,
        |command| command.report_id,
        |row, act| {
            let begins = begins_reading(row, act)?;
            if begins {
                pushes.push(json!({"kind": "report", "account_id": row.youth_id, "entity_id": row.report_id}));
            }
            Ok(begins)
        },
    )
    .await?;
    push(deps, tx, now, pushes).await?;
    Ok(decided)
}

fn begins_reading(row: &mut report::Model, act: &Act<ReadReport>) -> Result<bool, Refusal> {
    if !act.who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    if row.state == ReportState::BeingRead {
        return Ok(false);
    }
    // Until it is read only arriving files give a report a new revision, so an officer who saw an earlier one has seen
    // all of its words.
    if !(1..=row.revision).contains(&act.command.expected_revision) {
        return Err(Kind::RevisionConflict.into());
    }
    row.state = ReportState::BeingRead;
    row.reader_id = Some(act.who.account_id);
    row.reader_number = act.who.public_number.clone();
    Ok(true)
}

/// The writer asks for erasure. Asked again after it was refused, it is to be decided anew.
pub async fn ask_erasure(tx: &Tx, now: Timestamp, acts: &[Act<AskReportErasure>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.report_id,
        |row, act| {
            if act.who.role != Role::Youth {
                return Err(Kind::RoleRefused.into());
            }
            if asked(row) {
                return Ok(false);
            }
            row.erasure_asked_at = Some(now);
            row.erasure_refused_at = None;
            row.erasure_refusal = None;
            Ok(true)
        },
    )
    .await
}

/// Whether its writer waits for a decision.
fn asked(row: &report::Model) -> bool {
    row.erasure_asked_at.is_some() && row.erasure_refused_at.is_none()
}

/// The police keep a report that its writer asked to erase, and say why.
pub async fn refuse_erasure(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    who: &Who,
    id: ReportId,
    why: Sealed,
) -> Result<(), Refusal> {
    if !erased::among(&**tx, [id.0]).await?.is_empty() {
        return Err(Kind::Erased.into());
    }
    let mut row = store::lock(tx, vec![id]).await?.remove(&id).filter(asked).ok_or(Kind::NotFound)?;
    row.erasure_refused_at = Some(now);
    row.erasure_refusal = Some(why);
    row.revision += 1;
    let entries = changed(row.youth_id, id, row.revision, None, who.actor(), who.account_id);
    journal::append(tx, now, entries.into()).await?;
    let body = json!({"kind": "report", "account_id": row.youth_id, "entity_id": id});
    store::save(tx, vec![row]).await?;
    Ok(push(deps, tx, now, vec![body]).await?)
}

async fn push(deps: &Deps, tx: &Tx, now: Timestamp, bodies: Vec<serde_json::Value>) -> Result<(), DbErr> {
    let jobs = bodies.into_iter().map(|body| NewJob { queue: "push", body, run_at: now }).collect();
    jobs::enqueue(tx, &*deps.chance, now, jobs).await
}

/// Removes a report that is being erased, with all that points to it, and tells who followed it. Gives how many files
/// there were; nothing, if it was not here.
pub async fn remove(deps: &Deps, tx: &Tx, now: Timestamp, id: ReportId, actor: Actor) -> Result<Option<i64>, DbErr> {
    let files = files::remove(deps, tx, now, id.0).await?;
    let Some(row) = store::remove(tx, id).await? else { return Ok(None) };
    journal::forget(tx, id.0, None, row.youth_id).await?;
    for queue in QUEUES {
        jobs::forget(tx, queue, id.0).await?;
    }
    let entries = [journal::inbox(row.youth_id), journal::DESK.to_owned()].map(|stream| NewEntry {
        stream,
        kind: "report-erased",
        entity_id: id.0,
        revision: row.revision + 1,
        action_id: None,
        actor,
        actor_id: None,
    });
    journal::append(tx, now, entries.into()).await?;
    Ok(Some(files))
}

// Reading

/// Reports by id, as far as the caller may see them.
pub async fn views(deps: &Deps, who: &Who, ids: &[ReportId]) -> Result<HashMap<ReportId, Report>, Refusal> {
    let rows = store::find(deps.db.read(), who, ids).await?;
    Ok(open_all(deps, who, rows).await?.into_iter().map(|report| (report.report_id, report)).collect())
}

pub async fn list(
    deps: &Deps,
    who: &Who,
    state: Option<ReportState>,
    after: Option<(i64, ReportId)>,
    limit: u64,
) -> Result<Vec<Report>, Refusal> {
    let rows = store::list(deps.db.read(), who, state, after, limit).await?;
    open_all(deps, who, rows).await
}

/// Opens reports on the way to their views, once it is written down who looks.
async fn open_all(deps: &Deps, who: &Who, rows: Vec<report::Model>) -> Result<Vec<Report>, Refusal> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keyed = deps.vault.keyed(&deps.db, rows, |row| row.report_id.0).await?;
    audit::looked(deps, who, AuditSubject::Report, keyed.iter().map(|(row, _)| row.report_id.0)).await?;
    let mut files = files::of_reports(deps.db.read(), who, keyed.iter().map(|(row, _)| row.report_id)).await?;
    Ok(keyed
        .into_iter()
        .map(|(row, opener)| {
            let files = files.remove(&row.report_id).unwrap_or_default();
            open(who, &opener, row, files)
        })
        .collect())
}

/// Opens the words of one report on the way to its view.
fn open(who: &Who, opener: &Opener, row: report::Model, files: Vec<SentFile>) -> Report {
    let mut damaged = false;
    let mut words = |place, sealed: &Sealed| {
        let words = opener.words(place, row.report_id.0, sealed);
        damaged |= words.is_none();
        words
    };
    let what = words(WHAT, &row.what).unwrap_or_default();
    let happened_words = row.happened_words.as_ref().and_then(|sealed| words(HAPPENED, sealed));
    let place = row.place.as_ref().and_then(|sealed| words(PLACE, sealed));
    let erasure_refusal = row.erasure_refusal.as_ref().and_then(|sealed| words(ERASURE_REFUSAL, sealed));
    Report {
        report_id: row.report_id,
        state: row.state,
        revision: row.revision,
        event_kind: row.event_kind,
        what,
        happened: Happened { certainty: row.certainty, at: row.happened_at, words: happened_words.map(Text) },
        place,
        damaged,
        submitted_at: row.received_at,
        recorded_at: row.recorded_at,
        reader: row.reader_number,
        regime: who.is_officer().then_some(row.regime),
        person_role: who.is_officer().then_some(row.person_role),
        erasure_asked_at: row.erasure_asked_at,
        erasure_refused_at: row.erasure_refused_at,
        erasure_refusal,
        files,
    }
}
