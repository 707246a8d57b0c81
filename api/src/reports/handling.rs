//! What officers make of a report, and what its youth adds to it. Each is a change of the report by the revision that was seen, and
//! each is told to its youth.

use std::collections::HashMap;

use entities::{
    report,
    words::{
        AuditAct, AuditSubject, ConversationState, OUTCOMES_VERSION, ReportId, ReportState, Role, Sealed, Timestamp,
    },
};
use poem_openapi::types::ToJSON;
use sea_orm::DbErr;
use serde_json::json;

use super::{
    model::*,
    service::{
        CLOSING, INCIDENT, INTRODUCTION, PASSED_TO, POLICE_NUMBER, inbox_key, note, push, transition, unsurveyed,
    },
    store,
};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided},
        db::Tx,
        erased,
        refusal::{Kind, Refusal},
        text,
        vault::ContentKey,
    },
    chat::{self, About},
    deps::Deps,
    incidents,
};

fn seal(deps: &Deps, key: &ContentKey, place: &str, id: ReportId, words: &str) -> Result<Sealed, Refusal> {
    key.cipher.seal(place, id.0, words.as_bytes(), &*deps.chance)
}

pub fn prepare_passing_on(deps: &Deps, key: &ContentKey, command: PassReportOn) -> Result<Handling<Sealed>, Refusal> {
    let PassReportOn { report_id, expected_revision, to } = command;
    let with = seal(deps, key, PASSED_TO, report_id, text::checked(&to, LONGEST_NAME)?)?;
    Ok(Handling { report_id, expected_revision: Some(expected_revision), with })
}

pub fn prepare_registration(
    deps: &Deps,
    key: &ContentKey,
    command: RegisterReport,
) -> Result<Handling<Sealed>, Refusal> {
    let RegisterReport { report_id, expected_revision, police_number } = command;
    let number = text::checked(&police_number, LONGEST_POLICE_NUMBER)?;
    let with = seal(deps, key, POLICE_NUMBER, report_id, number)?;
    Ok(Handling { report_id, expected_revision: Some(expected_revision), with })
}

pub fn prepare_closing(
    deps: &Deps,
    key: &ContentKey,
    command: CloseReport,
) -> Result<Handling<SealedClosing>, Refusal> {
    let CloseReport { report_id, expected_revision, outcome, why } = command;
    let why = seal(deps, key, CLOSING, report_id, text::checked(&why, LONGEST_CLOSING)?)?;
    let with = SealedClosing { outcome, why };
    Ok(Handling { report_id, expected_revision: Some(expected_revision), with })
}

pub fn prepare_introduction(
    deps: &Deps,
    key: &ContentKey,
    command: IntroduceYouth,
) -> Result<Handling<Sealed>, Refusal> {
    let IntroduceYouth { report_id, name, reach } = command;
    let name = text::checked(&name, LONGEST_NAME)?.to_owned();
    let reach = note(reach.as_deref())?.map(str::to_owned);
    let with = seal(deps, key, INTRODUCTION, report_id, &Introduction { name, reach }.to_json_string())?;
    Ok(Handling { report_id, expected_revision: None, with })
}

pub fn prepare_joining(deps: &Deps, key: &ContentKey, command: JoinReport) -> Result<Handling<SealedJoining>, Refusal> {
    let JoinReport { report_id, incident_id, title } = command;
    let title = seal(deps, key, INCIDENT, report_id, text::checked(&title, LONGEST_TITLE)?)?;
    Ok(Handling { report_id, expected_revision: None, with: SealedJoining { incident_id, title } })
}

/// An officer changes an open report as it was seen.
fn handled<T>(row: &mut report::Model, act: &Act<Handling<T>>) -> Result<(), Refusal> {
    if !act.who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    if row.state == ReportState::Closed {
        return Err(Kind::ReportClosed.into());
    }
    if act.command.expected_revision.is_some_and(|seen| seen != row.revision) {
        return Err(Kind::RevisionConflict.into());
    }
    Ok(())
}

/// Changes reports by `handle`, and wakes their youths.
async fn handle<T>(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<Handling<T>>],
    mut handle: impl FnMut(&mut report::Model, &Act<Handling<T>>) -> Result<(), Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let mut pushes = Vec::new();
    let decided = transition(
        tx,
        now,
        acts,
        |command| command.report_id,
        |row, act| {
            handled(row, act)?;
            handle(row, act)?;
            // What its youth is told comes from whoever did it.
            row.reader_id = Some(act.who.account_id);
            row.reader_number = act.who.public_number.clone();
            row.inbox_key = inbox_key(row);
            pushes.push(json!({"kind": "report", "account_id": row.youth_id, "entity_id": row.report_id}));
            Ok(true)
        },
    )
    .await?;
    push(deps, tx, now, pushes).await?;
    Ok(decided)
}

pub async fn pass_on(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<Handling<Sealed>>],
) -> Result<Vec<Decided>, DbErr> {
    handle(deps, tx, now, acts, |row, act| {
        row.state = ReportState::PassedOn;
        row.passed_to = Some(act.command.with.clone());
        Ok(())
    })
    .await
}

pub async fn register(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<Handling<Sealed>>],
) -> Result<Vec<Decided>, DbErr> {
    handle(deps, tx, now, acts, |row, act| {
        row.state = ReportState::Registered;
        row.police_number = Some(act.command.with.clone());
        row.registered_at = Some(now);
        Ok(())
    })
    .await
}

pub async fn close(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<Handling<SealedClosing>>],
) -> Result<Vec<Decided>, DbErr> {
    handle(deps, tx, now, acts, |row, act| {
        row.state = ReportState::Closed;
        row.outcome = Some(act.command.with.outcome);
        row.outcome_version = Some(OUTCOMES_VERSION);
        row.closing_words = Some(act.command.with.why.clone());
        row.closed_at = Some(now);
        Ok(())
    })
    .await
}

/// A youth says who she is; said again, it counts as it was said last.
pub async fn introduce(tx: &Tx, now: Timestamp, acts: &[Act<Handling<Sealed>>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.report_id,
        |row, act| {
            if act.who.role != Role::Youth {
                return Err(Kind::RoleRefused.into());
            }
            row.introduction = Some(act.command.with.clone());
            row.introduced_at = Some(now);
            Ok(true)
        },
    )
    .await
}

/// Begins the talk in which a youth is asked about her report. One that goes on already is the place for it.
pub async fn open_talk(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<KeyedTalk>]) -> Result<Vec<Decided>, DbErr> {
    let rows = store::lock(tx, acts.iter().map(|act| act.command.command.report_id).collect()).await?;
    let mut open = HashMap::new();
    for row in rows.values() {
        if let Some(id) = row.conversation_id {
            let goes_on = chat::state(tx, id).await?.is_some_and(|state| state != ConversationState::Closed);
            open.insert(row.report_id, goes_on);
        }
    }
    let acts: Vec<Act<Handling<&KeyedTalk>>> = acts
        .iter()
        .map(|act| Act {
            action_id: act.action_id,
            who: act.who.clone(),
            recorded_at: act.recorded_at,
            command: Handling {
                report_id: act.command.command.report_id,
                expected_revision: Some(act.command.command.expected_revision),
                with: &act.command,
            },
        })
        .collect();
    let going = erased::among(&**tx, rows.keys().map(|id| id.0)).await?;
    // Whether a talk can begin is known before its report is told of it.
    let mut begun = HashMap::new();
    let mut first: std::collections::HashSet<ReportId> = std::collections::HashSet::new();
    let talks: Vec<(usize, About)> = acts
        .iter()
        .enumerate()
        .filter_map(|(at, act)| {
            let row = rows.get(&act.command.report_id)?;
            let may = handled(&mut row.clone(), act).is_ok()
                && !going.contains(&row.report_id.0)
                && !open.get(&row.report_id).copied().unwrap_or_default()
                && first.insert(row.report_id);
            may.then(|| {
                let KeyedTalk { command, new_key } = act.command.with;
                let (conversation_id, new_key) = (command.conversation_id, new_key.clone());
                let (action_id, officer) = (act.action_id, act.who.clone());
                let (youth_id, urgency) = (row.youth_id, chat::unasked());
                let unsurveyed = unsurveyed(row);
                (at, About { conversation_id, youth_id, action_id, officer, new_key, urgency, unsurveyed })
            })
        })
        .collect();
    let (places, talks): (Vec<_>, Vec<_>) = talks.into_iter().unzip();
    for (at, outcome) in places.into_iter().zip(chat::begin_about(deps, tx, now, talks).await?) {
        begun.insert(acts[at].action_id, outcome);
    }
    handle(deps, tx, now, &acts, |row, act| {
        let outcome = begun.remove(&act.action_id);
        outcome.unwrap_or_else(|| Err(Refusal::of(Kind::Conflict).detail("its talk goes on")))?;
        row.state = ReportState::QuestionAsked;
        row.conversation_id = Some(act.command.with.command.conversation_id);
        Ok(())
    })
    .await
}

pub async fn join(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<Handling<SealedJoining>>],
) -> Result<Vec<Decided>, DbErr> {
    let ids = acts.iter().map(|act| act.command.with.incident_id).collect();
    let mut numbers = incidents::Numbers::of(deps, tx, now, ids).await?;
    let decided = transition(
        tx,
        now,
        acts,
        |command| command.report_id,
        |row, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            let SealedJoining { incident_id, ref title } = act.command.with;
            if row.incident_id.is_some_and(|other| other != incident_id) {
                return Err(Refusal::of(Kind::Conflict).detail("the report is in another incident"));
            }
            row.incident_id = Some(incident_id);
            row.incident_number = Some(numbers.number(incident_id, &act.who));
            row.incident_title = Some(title.clone());
            Ok(true)
        },
    )
    .await?;
    numbers.save(tx).await?;
    let joined = acts.iter().zip(&decided).filter(|(_, decided)| decided.is_ok()).filter_map(|(act, _)| {
        let subject = (AuditSubject::Incident, act.command.with.incident_id.0);
        Line::of(&act.who, AuditAct::Join, subject, Some("report-join"))
    });
    audit::write(deps, tx, now, joined).await?;
    Ok(decided)
}

pub async fn leave(tx: &Tx, now: Timestamp, acts: &[Act<LeaveReport>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.report_id,
        |row, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            if row.incident_id != Some(act.command.incident_id) {
                return Ok(false);
            }
            (row.incident_id, row.incident_number, row.incident_title) = (None, None, None);
            Ok(true)
        },
    )
    .await
}
