//! The rules of reports, in order. A write takes every command of its kind in the group: one read, decisions in memory,
//! one insert a table.

use std::collections::{HashMap, HashSet};

use entities::{
    report, report_clue,
    words::{
        AccountId, ActionId, Actor, AuditAct, AuditSubject, ConversationId, EventKind, FileId, PersonRole, Priority,
        Regime, ReportId, ReportState, Role, Sealed, Text, Timestamp,
    },
};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use sea_orm::DbErr;
use serde_json::json;
use uuid::Uuid;

use super::{links, model::*, store};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Effect, Who},
        db::Tx,
        erased,
        jobs::{self, NewJob},
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        vault::{ContentKey, Opener},
    },
    chat,
    deps::Deps,
    files::{self, SentFile},
    handovers,
    http::fallback::malformed,
    push::QUEUES,
    quarters,
    questionnaires::{self, QuestionAnswer, Questionnaire},
};

/// Where a report's words stand, as the vault's places.
const WHAT: &str = "report.what";
const HAPPENED: &str = "report.happened_words";
const PLACE: &str = "report.place";
const ANSWERS: &str = "report.answers";
const LINKS: &str = "report.links";
const EXCERPT: &str = "report.excerpt";
pub(super) const INTRODUCTION: &str = "report.introduction";
pub(super) const PASSED_TO: &str = "report.passed_to";
pub(super) const POLICE_NUMBER: &str = "report.police_number";
pub(super) const CLOSING: &str = "report.closing_words";
pub(super) const INCIDENT: &str = "report.incident_title";
/// Where it stands why a report is not erased.
pub const ERASURE_REFUSAL: &str = "report.erasure_refusal";

/// What has to be known before a report can be checked and sealed: the questions that it answers, and what it takes from a talk.
#[derive(Default)]
pub struct Beside {
    pub questionnaires: HashMap<i32, Questionnaire>,
    pub excerpts: HashMap<ReportId, Result<Vec<ExcerptMessage>, Refusal>>,
}

/// Reads what these reports go by.
pub async fn beside(deps: &Deps, who: &Who, commands: &[&SubmitReport]) -> Result<Beside, Refusal> {
    let wanted = commands.iter().filter_map(|command| command.questionnaire_version).collect();
    let mut beside = Beside { questionnaires: questionnaires::versions(deps, wanted).await?, ..Beside::default() };
    for command in commands {
        if command.conversation_id.is_some() {
            beside.excerpts.insert(command.report_id, excerpt(deps, who, command).await);
        }
    }
    Ok(beside)
}

/// The messages of her own talk that a youth chose, in their order.
async fn excerpt(deps: &Deps, who: &Who, command: &SubmitReport) -> Result<Vec<ExcerptMessage>, Refusal> {
    let chosen = command.message_ids.as_deref().unwrap_or_default();
    let Some(conversation_id) = command.conversation_id else { return Ok(Vec::new()) };
    let talk = chat::talk(deps.db.read(), who, conversation_id).await?;
    if talk.youth_id != who.account_id {
        return Err(Kind::NotFound.into());
    }
    let messages = chat::messages_by_id(deps, who, chosen.iter().map(|id| id.0).collect()).await?;
    let mut messages: Vec<_> =
        messages.into_values().filter(|message| message.conversation_id == conversation_id).collect();
    let distinct: HashSet<_> = chosen.iter().collect();
    if messages.len() != distinct.len() || messages.iter().any(|message| message.damaged) {
        return Err(Refusal::of(Kind::NotFound).detail("a message that was chosen is not there"));
    }
    messages.sort_unstable_by_key(|message| message.pos);
    let taken = messages.into_iter().map(|message| ExcerptMessage {
        message_id: message.message_id,
        by: message.by,
        public_number: message.public_number,
        received_at: message.received_at,
        text: message.text,
    });
    Ok(taken.collect())
}

/// Checks texts, answers and files and seals the words under the report's key, before the writer's turn. They are judged first:
/// later nobody here can read them.
pub fn prepare(
    deps: &Deps,
    key: &ContentKey,
    beside: &mut Beside,
    command: SubmitReport,
) -> Result<SealedReport, Refusal> {
    let row = command.report_id.0;
    let what = command.what.trim();
    if what.is_empty() {
        return Err(Kind::TextEmpty.into());
    }
    let happened_words = note(command.happened.words.as_deref())?;
    let place = note(command.place.as_deref())?;
    fits(what, LONGEST_ACCOUNT)?;

    files::check(Role::Youth, &command.files)?;

    let answers = command.answers.unwrap_or_default();
    if !answers.is_empty() {
        let asked = command.questionnaire_version.and_then(|version| beside.questionnaires.get(&version));
        let asked =
            asked.ok_or_else(|| Refusal::of(Kind::AnswersUnfit).detail("these questions are not known here"))?;
        questionnaires::fits(asked, command.event_kind, &answers)?;
    }
    let said = command.links.unwrap_or_default();
    for link in &said {
        fits(link.trim(), LONGEST_LINK)?;
    }
    let said = said.iter().map(|link| link.trim()).filter(|link| !link.is_empty());
    let found: Vec<ReportLink> = said.map(links::understood).collect();
    let clues: HashSet<Vec<u8>> = found.iter().flat_map(links::clues).map(|clue| digest(deps, &clue)).collect();
    let excerpt = beside.excerpts.remove(&command.report_id).transpose()?;

    let words = answers.iter().filter_map(|answer| answer.words.as_deref());
    let judged = chat::judge(&words.fold(what.to_owned(), |all, words| all + "\n" + words));
    let urgency = Urgency {
        priority: judged.priority,
        reasons: judged.reasons,
        rules_version: chat::rules_version(),
        self_harm: judged.self_harm,
    };

    let seal = |place: &str, text: &str| key.cipher.seal(place, row, text.as_bytes(), &*deps.chance);
    let list = |place, json: String, empty: bool| (!empty).then(|| seal(place, &json)).transpose();
    Ok(SealedReport {
        report_id: command.report_id,
        event_kind: command.event_kind,
        what: seal(WHAT, what)?,
        certainty: command.happened.certainty,
        happened_at: command.happened.at,
        happened_words: happened_words.map(|text| seal(HAPPENED, text)).transpose()?,
        place: place.map(|text| seal(PLACE, text)).transpose()?,
        files: command.files,
        questionnaire_version: command.questionnaire_version,
        answers: list(ANSWERS, answers.to_json_string(), answers.is_empty())?,
        area: command.area.map(|area| area.0),
        links: list(LINKS, found.to_json_string(), found.is_empty())?,
        clues: clues.into_iter().collect(),
        conversation_id: command.conversation_id,
        excerpt: excerpt
            .map(|excerpt| list(EXCERPT, excerpt.to_json_string(), excerpt.is_empty()))
            .transpose()?
            .flatten(),
        urgency,
        new_key: key.new.clone(),
    })
}

/// What a link or a user name is found by, and nothing can be read from.
fn digest(deps: &Deps, clue: &str) -> Vec<u8> {
    deps.keys.mac("report.clue", &[clue.as_bytes()]).to_vec()
}

pub fn well_formed(command: SubmitReport) -> Result<SubmitReport, Refusal> {
    files::named_once(&command.files)?;
    if command.conversation_id.is_some() != command.message_ids.as_ref().is_some_and(|ids| !ids.is_empty()) {
        return Err(malformed("messages are chosen from the talk that is named"));
    }
    Ok(command)
}

/// A short text that may be left out; an empty one is left out.
pub(super) fn note(text: Option<&str>) -> Result<Option<&str>, Refusal> {
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

    let (mut reports, mut named, mut entries, mut clues) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut decided: Vec<Result<usize, Refusal>> = Vec::with_capacity(acts.len());
    for act in acts {
        decided.push(may_submit(&erased, &mut known, &mut known_files, act).map(|()| {
            let at = entries.len();
            let (report_id, youth_id) = (act.command.report_id, act.who.account_id);
            entries.extend(changed(youth_id, report_id, 1, Some(act.action_id), Actor::Youth, youth_id));
            reports.push(row(deps, act, now));
            let found = act.command.clues.iter().cloned();
            clues.extend(found.map(|digest| report_clue::Model { digest, report_id }));
            named.extend(files::rows(report_id.0, None, &act.command.files));
            at
        }));
    }

    let told_in = reports.iter().filter(|row| unsurveyed(row)).filter_map(|row| row.source_conversation_id);
    chat::leave_unsurveyed(tx, now, told_in.collect()).await?;
    let positions = journal::append(tx, now, entries).await?;
    wake_for_danger(deps, tx, now, &reports).await?;
    store::insert(tx, reports).await?;
    store::insert_clues(tx, clues).await?;
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

/// Danger in a report wakes whoever is out. It does not ring: nobody is promised that a report is read at once.
async fn wake_for_danger(deps: &Deps, tx: &Tx, now: Timestamp, reports: &[report::Model]) -> Result<(), DbErr> {
    let in_danger: Vec<_> = reports.iter().filter(|row| row.priority == Priority::P1).collect();
    if in_danger.is_empty() {
        return Ok(());
    }
    let out = quarters::on_shift(&**tx, now).await?;
    let bodies = in_danger.iter().flat_map(|row| {
        out.iter().map(|shift| json!({"kind": "report", "account_id": shift.officer_id, "entity_id": row.report_id}))
    });
    push(deps, tx, now, bodies.collect()).await
}

/// Whether nobody is asked what a talk about it was like.
pub(super) fn unsurveyed(row: &report::Model) -> bool {
    matches!(row.event_kind, EventKind::SexualImage | EventKind::Grooming)
}

/// Its place among all: open ones by urgency and then age, closed ones behind them.
pub(super) fn inbox_key(row: &report::Model) -> i64 {
    row.closed_at.map_or_else(|| chat::queue_key(row.priority, 0, row.received_at), chat::closed_key)
}

fn row(deps: &Deps, act: &Act<SealedReport>, now: Timestamp) -> report::Model {
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
        // One that is taken already, which hardly ever happens, makes the group fail; run again, another one is drawn.
        number: format!("R-{}", handovers::draw_number(&*deps.chance)),
        inbox_key: chat::queue_key(command.urgency.priority, 0, now),
        questionnaire_version: command.questionnaire_version,
        answers: command.answers,
        links: command.links,
        area: command.area,
        priority: command.urgency.priority,
        reasons: command.urgency.reasons.join(","),
        rules_version: command.urgency.rules_version,
        self_harm: command.urgency.self_harm,
        conversation_id: command.conversation_id,
        source_conversation_id: command.conversation_id,
        excerpt: command.excerpt,
        introduction: None,
        introduced_at: None,
        passed_to: None,
        police_number: None,
        registered_at: None,
        outcome: None,
        outcome_version: None,
        closing_words: None,
        closed_at: None,
        incident_id: None,
        incident_number: None,
        incident_title: None,
    }
}

/// Changes reports that stand and that who asks may see. `decide` leaves one as it will stand and says whether that is a change.
pub(super) async fn transition<C>(
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
pub(super) fn visible<'a>(
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
    if !matches!(row.state, ReportState::Received | ReportState::QuestionAsked) {
        // A colleague was quicker. Whoever did not see that is told before anything else is done on the word of it.
        let behind = act.command.expected_revision != row.revision && row.reader_id != Some(act.who.account_id);
        return if behind { Err(Kind::RevisionConflict.into()) } else { Ok(false) };
    }
    // After a question has been answered it is read on, by whoever does.
    if row.state == ReportState::QuestionAsked && act.command.expected_revision != row.revision {
        return Err(Kind::RevisionConflict.into());
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

pub(super) async fn push(deps: &Deps, tx: &Tx, now: Timestamp, bodies: Vec<serde_json::Value>) -> Result<(), DbErr> {
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

/// The talk in which the youth of a report was asked about it, if that is not the one that it was made from.
pub async fn asked_in(deps: &Deps, who: &Who, id: ReportId) -> Result<Option<ConversationId>, Refusal> {
    let row = store::find(deps.db.read(), who, &[id]).await?.pop();
    Ok(row.and_then(|row| row.conversation_id.filter(|talk| Some(*talk) != row.source_conversation_id)))
}

/// A page of reports, each with its place in the list.
pub async fn list(
    deps: &Deps,
    who: &Who,
    narrowed: &Narrowed,
    after: Option<(i64, ReportId)>,
    limit: u64,
) -> Result<Vec<(i64, Report)>, Refusal> {
    let rows = store::list(deps.db.read(), who, narrowed, after, limit).await?;
    let places: HashMap<ReportId, i64> =
        rows.iter().map(|row| (row.report_id, store::place(who, narrowed, row))).collect();
    let found = open_all(deps, who, rows).await?;
    Ok(found.into_iter().map(|report| (places.get(&report.report_id).copied().unwrap_or_default(), report)).collect())
}

/// The most that one search finds.
const MOST_FOUND: u64 = 100;

/// Reports by number, or by a link or a user name in them, the newest first.
pub async fn search(deps: &Deps, who: &Who, command: SearchReports) -> Result<Vec<Report>, Refusal> {
    let (by, wanted) = match (&command.number, &command.clue) {
        (Some(number), None) => ("number", number),
        (None, Some(clue)) => ("clue", clue),
        _ => return Err(malformed("one of number and clue is given")),
    };
    let wanted = wanted.trim();
    if wanted.is_empty() {
        return Err(Kind::TextEmpty.into());
    }
    // By what and why, and never for what: which reports came up is written down as any look.
    let detail = format!("report-search {by} {}", command.reason.word());
    let (tx, now) = (deps.db.begin().await?, deps.clock.now());
    let subject = (AuditSubject::Account, who.account_id.0);
    audit::write(deps, &tx, now, Line::of(who, AuditAct::Read, subject, Some(&detail))).await?;
    tx.commit().await?;
    let rows = if by == "number" {
        let plain: String = wanted.to_uppercase().chars().filter(|sign| sign.is_ascii_alphanumeric()).collect();
        let incident = |signs: &str| signs.is_char_boundary(4).then(|| format!("{}-{}", &signs[..4], &signs[4..]));
        let numbers = match plain.len() {
            9 if plain.starts_with('R') => incident(&plain[1..]).map(|rest| vec![format!("R-{rest}")]),
            8 => incident(&plain).map(|number| vec![format!("R-{number}"), number]),
            _ => None,
        };
        store::by_number(deps.db.read(), who, &numbers.unwrap_or_default(), MOST_FOUND).await?
    } else {
        let digests = links::clues(&links::understood(wanted)).iter().map(|clue| digest(deps, clue)).collect();
        store::by_clue(deps.db.read(), who, digests, MOST_FOUND).await?
    };
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
    let mut some = |place, sealed: &Option<Sealed>| sealed.as_ref().and_then(|sealed| words(place, sealed));
    let happened_words = some(HAPPENED, &row.happened_words);
    let place = some(PLACE, &row.place);
    let erasure_refusal = some(ERASURE_REFUSAL, &row.erasure_refusal);
    let answers = some(ANSWERS, &row.answers).and_then(|json| list_of::<QuestionAnswer>(&json));
    let links = some(LINKS, &row.links).and_then(|json| list_of::<ReportLink>(&json));
    let excerpt = some(EXCERPT, &row.excerpt).and_then(|json| list_of::<ExcerptMessage>(&json));
    let introduction = some(INTRODUCTION, &row.introduction);
    let introduction = introduction.and_then(|json| Introduction::parse_from_json_string(&json).ok());
    let passed_to = some(PASSED_TO, &row.passed_to);
    let police_number = some(POLICE_NUMBER, &row.police_number);
    let closing_words = some(CLOSING, &row.closing_words);
    let desk = who.is_officer();
    let incident_title = if desk { some(INCIDENT, &row.incident_title) } else { None };
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
        regime: desk.then_some(row.regime),
        person_role: desk.then_some(row.person_role),
        erasure_asked_at: row.erasure_asked_at,
        erasure_refused_at: row.erasure_refused_at,
        erasure_refusal,
        files,
        number: row.number,
        questionnaire_version: row.questionnaire_version,
        answers,
        area: row.area,
        links,
        self_harm: row.self_harm,
        in_danger: row.priority == Priority::P1,
        priority: desk.then_some(row.priority),
        reasons: desk.then(|| row.reasons.split(',').filter(|reason| !reason.is_empty()).map(str::to_owned).collect()),
        conversation_id: row.conversation_id,
        excerpt,
        as_tip: row.introduced_at.is_none() && row.registered_at.is_none(),
        introduction,
        passed_to,
        police_number,
        registered_at: row.registered_at,
        outcome: row.outcome,
        closing_words,
        closed_at: row.closed_at,
        incident_id: row.incident_id.filter(|_| desk),
        incident_number: row.incident_number.filter(|_| desk),
        incident_title,
    }
}

/// A list that was stored as JSON.
fn list_of<T: ParseFromJSON + ToJSON>(json: &str) -> Option<Vec<T>> {
    Vec::parse_from_json_string(json).ok()
}
