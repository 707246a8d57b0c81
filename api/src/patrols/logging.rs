//! What patrols write down, and what they told platforms of.

use std::collections::HashMap;

use entities::{
    log_entry, platform_notice,
    words::{LogEntryId, LogKind, NoticeId, NoticeOutcome, PatrolId, ReportId, Timestamp},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    model::*,
    model_log::*,
    service::{Squad, content_id, done_at},
    store_log as store,
};
use crate::{
    base::{
        actions::{Act, Decided, Who, effects},
        db::Tx,
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        text,
        vault::ContentKey,
    },
    deps::Deps,
    quarters::Walked,
};

/// Where what an entry says stands, as the vault's place.
const ENTRY: &str = "log_entry.words";
const HOUR_MILLIS: i64 = 3600 * 1000;

fn told<C>(act: &Act<C>, kind: &'static str, id: Uuid, revision: i64) -> NewEntry {
    NewEntry {
        stream: journal::DESK.to_owned(),
        kind,
        entity_id: id,
        revision,
        action_id: Some(act.action_id),
        actor: act.who.actor(),
        actor_id: Some(act.who.account_id),
    }
}

fn taken() -> Refusal {
    Refusal::of(Kind::Conflict).detail("the id is taken")
}

// The log

/// `key` is that of the patrol; what says nothing needs none.
pub fn prepare_entry(
    deps: &Deps,
    key: Result<&ContentKey, Refusal>,
    Placed { command, .. }: Placed<WriteLog>,
) -> Result<SealedEntry, Refusal> {
    let WriteLog { entry_id, patrol_id, quarter_id, kind, intervention, referral, topic, text } = command;
    if intervention.is_some() != (kind == LogKind::Intervention) {
        return Err(Refusal::invalid("intervention"));
    }
    if referral.is_some() != (kind == LogKind::Referral) {
        return Err(Refusal::invalid("referral"));
    }
    let (mut words, mut new_key) = (None, None);
    match text {
        Some(text) => {
            let (key, text) = (key?, text::checked(&text, LONGEST_ENTRY)?);
            words = Some(key.cipher.seal(ENTRY, entry_id.0, text.as_bytes(), &*deps.chance)?);
            new_key.clone_from(&key.new);
        }
        None if kind == LogKind::Observation => return Err(Kind::TextEmpty.into()),
        None => {}
    }
    Ok(SealedEntry { entry_id, patrol_id, quarter_id, kind, intervention, referral, topic, words, new_key })
}

pub async fn write_log(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedEntry>]) -> Result<Vec<Decided>, DbErr> {
    let squad = Squad::lock(tx, acts.iter().map(|act| act.command.patrol_id).collect()).await?;
    let mut known = store::lock(tx, acts.iter().map(|act| act.command.entry_id).collect()).await?;
    let walked = Walked::of(&**tx, acts.iter().map(|act| act.command.quarter_id).collect()).await?;
    let (mut rows, mut entries, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        let SealedEntry {
            entry_id,
            patrol_id,
            quarter_id,
            kind,
            intervention,
            referral,
            topic,
            ref words,
            ref new_key,
        } = act.command;
        let may = squad.own(act, patrol_id, now).and_then(|_| walked.allows(quarter_id));
        let may = may.and_then(|()| if known.contains_key(&entry_id) { Err(taken()) } else { Ok(()) });
        if let Err(refusal) = may {
            decided.push(Err(refusal));
            continue;
        }
        let row = log_entry::Model {
            entry_id,
            patrol_id,
            quarter_id,
            officer_id: act.who.account_id,
            public_number: act.who.public_number.clone(),
            kind,
            intervention,
            referral,
            topic,
            words: words.clone(),
            report_id: None,
            incident_id: None,
            at: done_at(act.recorded_at, now),
            recorded_at: act.recorded_at,
            received_at: now,
            revision: 1,
        };
        decided.push(Ok((entry_id.0, 1, entries.len())));
        entries.push(told(act, "log-changed", entry_id.0, 1));
        keys.extend(new_key.clone());
        known.insert(entry_id, row.clone());
        rows.push(row);
    }
    store::insert(tx, &rows).await?;
    deps.vault.store(tx, &*deps.chance, now, keys.iter()).await?;
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

/// The report or the incident of each is one that there is: a youth's, told the usual way.
pub async fn turn_entry(tx: &Tx, now: Timestamp, acts: &[Act<TurnLogEntry>]) -> Result<Vec<Decided>, DbErr> {
    let mut rows = store::lock(tx, acts.iter().map(|act| act.command.entry_id).collect()).await?;
    let reports = acts.iter().filter_map(|act| act.command.report_id).collect();
    let incidents = acts.iter().filter_map(|act| act.command.incident_id).collect();
    let (reports, incidents) = store::known(tx, reports, incidents).await?;
    let (mut entries, mut decided) = (Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let TurnLogEntry { entry_id, report_id, incident_id } = act.command;
        let there = match (report_id, incident_id) {
            (Some(id), None) => Ok(reports.contains(&id)),
            (None, Some(id)) => Ok(incidents.contains(&id)),
            _ => Err(Refusal::invalid("report_id")),
        };
        let row = match (act.who.is_officer(), there, rows.get_mut(&entry_id)) {
            (false, ..) => Err(Kind::RoleRefused.into()),
            (_, Err(refusal), _) => Err(refusal),
            (_, Ok(true), Some(row)) => Ok(row),
            _ => Err(Kind::NotFound.into()),
        };
        decided.push(row.map(|row| {
            (row.report_id, row.incident_id) = (report_id, incident_id);
            row.revision += 1;
            entries.push(told(act, "log-changed", entry_id.0, row.revision));
            (entry_id.0, row.revision, entries.len() - 1)
        }));
    }
    store::save(tx, &rows.into_values().collect::<Vec<_>>()).await?;
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

pub async fn take_entry_back(tx: &Tx, now: Timestamp, acts: &[Act<TakeLogEntryBack>]) -> Result<Vec<Decided>, DbErr> {
    let mut rows = store::lock(tx, acts.iter().map(|act| act.command.entry_id).collect()).await?;
    let (mut gone, mut entries, mut decided) = (Vec::new(), Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let entry_id = act.command.entry_id;
        let may = |row: &log_entry::Model| act.who.is_lead() || row.officer_id == act.who.account_id;
        let row = match rows.get(&entry_id) {
            _ if !act.who.is_officer() => Err(Kind::RoleRefused.into()),
            None => Err(Kind::NotFound.into()),
            Some(row) if may(row) => Ok(row.revision + 1),
            Some(_) => Err(Refusal::of(Kind::Conflict).detail("its writer or a lead takes it back")),
        };
        decided.push(row.map(|revision| {
            rows.remove(&entry_id);
            gone.push(entry_id);
            entries.push(told(act, "log-changed", entry_id.0, revision));
            (entry_id.0, revision, entries.len() - 1)
        }));
    }
    store::remove(tx, gone).await?;
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

/// Forgets that entries led to a report that is being erased.
pub async fn forget_report(tx: &Tx, id: ReportId) -> Result<(), DbErr> {
    store::forget_report(tx, id).await
}

// Notices

pub async fn send_notice(tx: &Tx, now: Timestamp, acts: &[Act<SendNotice>]) -> Result<Vec<Decided>, DbErr> {
    let mut rows = store::lock_notices(tx, acts.iter().map(|act| act.command.notice_id).collect()).await?;
    let walked = Walked::of(&**tx, acts.iter().map(|act| act.command.quarter_id).collect()).await?;
    let patrols = store::patrols(tx, acts.iter().filter_map(|act| act.command.patrol_id).collect()).await?;
    let (mut sent, mut entries, mut decided) = (Vec::new(), Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let SendNotice { notice_id, quarter_id, patrol_id, matter, target, channel } = act.command;
        let refusal = match walked.allows(quarter_id) {
            _ if !act.who.is_officer() => Some(Kind::RoleRefused.into()),
            Err(refusal) => Some(refusal),
            _ if rows.contains_key(&notice_id) => Some(taken()),
            _ if patrol_id.is_some_and(|id| !patrols.contains(&id)) => Some(Kind::NotFound.into()),
            Ok(()) => None,
        };
        if let Some(refusal) = refusal {
            decided.push(Err(refusal));
            continue;
        }
        let row = platform_notice::Model {
            notice_id,
            quarter_id,
            patrol_id,
            public_number: act.who.public_number.clone(),
            matter,
            target,
            channel,
            at: done_at(act.recorded_at, now),
            recorded_at: act.recorded_at,
            received_at: now,
            outcome: None,
            answered_at: None,
            answer_id: None,
            removed_at: None,
            revision: 1,
        };
        decided.push(Ok((notice_id.0, 1, entries.len())));
        entries.push(told(act, "notice-changed", notice_id.0, 1));
        rows.insert(notice_id, row.clone());
        sent.push(row);
    }
    store::save_notices(tx, &sent).await?;
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

pub async fn answer_notice(tx: &Tx, now: Timestamp, acts: &[Act<AnswerNotice>]) -> Result<Vec<Decided>, DbErr> {
    let mut rows = store::lock_notices(tx, acts.iter().map(|act| act.command.notice_id).collect()).await?;
    let (mut entries, mut decided) = (Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let answered = answered(&rows, now, act);
        decided.push(answered.map(|row| {
            let (id, revision) = (row.notice_id, row.revision);
            rows.insert(id, row);
            entries.push(told(act, "notice-changed", id.0, revision));
            (id.0, revision, entries.len() - 1)
        }));
    }
    store::save_notices(tx, &rows.into_values().collect::<Vec<_>>()).await?;
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

/// A notice with its outcome, unless a later one is known: then only its revision says that something came.
fn answered(
    rows: &HashMap<NoticeId, platform_notice::Model>,
    now: Timestamp,
    act: &Act<AnswerNotice>,
) -> Result<platform_notice::Model, Refusal> {
    let AnswerNotice { notice_id, outcome, removed_at } = act.command;
    if !act.who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    let mut row = rows.get(&notice_id).ok_or(Kind::NotFound)?.clone();
    let said = (done_at(act.recorded_at, now), act.action_id);
    let gone = (outcome == NoticeOutcome::Removed).then(|| removed_at.unwrap_or(said.0.max(row.at)));
    if removed_at.is_some_and(|at| outcome != NoticeOutcome::Removed || at < row.at || at > now) {
        return Err(Refusal::invalid("removed_at"));
    }
    if row.answered_at.zip(row.answer_id).is_none_or(|known| known < said) {
        (row.outcome, row.removed_at) = (Some(outcome), gone);
        (row.answered_at, row.answer_id) = (Some(said.0), Some(said.1));
    }
    row.revision += 1;
    Ok(row)
}

// Reading

/// What was written on a patrol, in its order.
pub(super) async fn entries(deps: &Deps, who: &Who, id: PatrolId) -> Result<Vec<LogEntry>, Refusal> {
    let rows = store::of_patrol(deps.db.read(), id).await?;
    let with_words: Vec<LogEntryId> = rows.iter().filter(|row| row.words.is_some()).map(|row| row.entry_id).collect();
    let keyed = deps.vault.keyed(&deps.db, with_words, |_| content_id(&deps.keys, id)).await?;
    let openers: HashMap<_, _> = keyed.into_iter().collect();
    let view = |row: log_entry::Model| {
        let opener = openers.get(&row.entry_id);
        let text = row.words.as_ref().map(|words| opener.and_then(|one| one.words(ENTRY, row.entry_id.0, words)));
        LogEntry {
            entry_id: row.entry_id,
            quarter_id: row.quarter_id,
            public_number: row.public_number,
            mine: row.officer_id == who.account_id,
            kind: row.kind,
            intervention: row.intervention,
            referral: row.referral,
            topic: row.topic,
            damaged: text == Some(None),
            text: text.flatten(),
            report_id: row.report_id,
            incident_id: row.incident_id,
            at: row.at,
            recorded_at: row.recorded_at,
            received_at: row.received_at,
            revision: row.revision,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

pub(super) async fn notices_of(deps: &Deps, id: PatrolId) -> Result<Vec<Notice>, Refusal> {
    Ok(store::notices_of(deps.db.read(), id).await?.into_iter().map(notice_view).collect())
}

/// A page of notices, each with its place in the list.
pub type ListedNotices = (Vec<Notice>, Option<(i64, NoticeId)>);

pub async fn notices(
    deps: &Deps,
    waiting: bool,
    after: Option<(i64, NoticeId)>,
    limit: u64,
) -> Result<ListedNotices, Refusal> {
    let rows = store::notices(deps.db.read(), waiting, after, limit).await?;
    let last = rows.last().filter(|_| rows.len() as u64 >= limit).map(|row| (row.at.millis(), row.notice_id));
    Ok((rows.into_iter().map(notice_view).collect(), last))
}

fn notice_view(row: platform_notice::Model) -> Notice {
    let hours = |gone: Timestamp| (gone.since(row.at) + HOUR_MILLIS / 2) / HOUR_MILLIS;
    Notice {
        notice_id: row.notice_id,
        quarter_id: row.quarter_id,
        patrol_id: row.patrol_id,
        public_number: row.public_number,
        matter: row.matter,
        target: row.target,
        channel: row.channel,
        at: row.at,
        recorded_at: row.recorded_at,
        received_at: row.received_at,
        outcome: row.outcome,
        answered_at: row.answered_at,
        removed_at: row.removed_at,
        hours_to_removal: row.removed_at.map(hours),
        revision: row.revision,
    }
}
