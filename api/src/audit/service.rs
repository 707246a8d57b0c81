//! Writing lines, and reading them.

use std::sync::{Arc, Mutex, PoisonError};

use entities::{
    audit_entry,
    words::{AccountId, AuditAct, AuditEntryId, AuditSubject, Role, Timestamp},
};
use quick_cache::sync::Cache;
use sea_orm::DbErr;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{model::AuditEntry, store};
use crate::{
    base::{actions::Who, db::Tx, keys::Keys, refusal::Refusal},
    deps::Deps,
};

/// What is to be written down.
#[derive(Clone, Debug)]
pub struct Line {
    /// Nobody: the program by a rule, or the operator at the machine.
    pub actor_id: Option<AccountId>,
    pub actor_number: Option<String>,
    pub act: AuditAct,
    pub subject: (AuditSubject, Uuid),
    /// A word of the program, never of people.
    pub detail: Option<String>,
}

impl Line {
    /// What a person does, if it is one whose doings are logged: everyone but youths.
    pub fn of(who: &Who, act: AuditAct, subject: (AuditSubject, Uuid), detail: Option<&str>) -> Option<Self> {
        (who.role != Role::Youth).then(|| Self {
            actor_id: Some(who.account_id),
            actor_number: who.public_number.clone(),
            act,
            subject,
            detail: detail.map(str::to_owned),
        })
    }

    fn row(self, deps: &Deps, now: Timestamp) -> audit_entry::Model {
        let mut row = audit_entry::Model {
            entry_id: AuditEntryId(deps.chance.uuid_v7(now)),
            at: now,
            actor_id: self.actor_id,
            actor_number: self.actor_number,
            act: self.act,
            subject_kind: self.subject.0,
            subject_id: self.subject.1,
            detail: self.detail,
            row_mac: Vec::new(),
            position: None,
            chain: None,
        };
        row.row_mac = row_mac(&deps.keys, &row);
        row
    }
}

/// Over everything that a line says. What may be missing is told from what is empty.
pub fn row_mac(keys: &Keys, row: &audit_entry::Model) -> Vec<u8> {
    let actor = row.actor_id.map(|id| id.0.into_bytes());
    let flags = [actor.is_some(), row.actor_number.is_some(), row.detail.is_some()].map(u8::from);
    keys.mac(
        "audit-row",
        &[
            &flags,
            row.entry_id.0.as_bytes(),
            &row.at.millis().to_be_bytes(),
            actor.as_ref().map_or(&[], |id| id.as_slice()),
            row.actor_number.as_deref().unwrap_or_default().as_bytes(),
            row.act.word().as_bytes(),
            row.subject_kind.word().as_bytes(),
            row.subject_id.as_bytes(),
            row.detail.as_deref().unwrap_or_default().as_bytes(),
        ],
    )
    .to_vec()
}

/// Writes lines in the transaction of what they tell of.
pub async fn write(deps: &Deps, tx: &Tx, now: Timestamp, lines: impl IntoIterator<Item = Line>) -> Result<(), DbErr> {
    store::insert(tx, lines.into_iter().map(|line| line.row(deps, now)).collect()).await
}

/// How long a look stands for the same look by the same officer.
const SAME_LOOK_SECONDS: i64 = 60;
/// Looks that are remembered; a forgotten one is only written down again.
const REMEMBERED: usize = 20_000;

type Look = (AccountId, AuditSubject, Uuid);

struct Waiting {
    lines: Vec<Line>,
    answer: oneshot::Sender<Result<(), Refusal>>,
}

/// Where looks meet on their way into the log: whoever comes while one transaction is written shares the next.
#[derive(Clone)]
pub struct Log {
    waiting: Arc<Mutex<Vec<Waiting>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
    recent: Arc<Cache<Look, Timestamp>>,
}

impl Default for Log {
    fn default() -> Self {
        Self { waiting: Arc::default(), turn: Arc::default(), recent: Arc::new(Cache::new(REMEMBERED)) }
    }
}

impl Log {
    fn take(&self) -> Vec<Waiting> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes down that somebody looks, before anything is shown. What cannot be written down is not shown.
pub async fn looked(
    deps: &Deps,
    who: &Who,
    kind: AuditSubject,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let fresh = |at: Timestamp| (0..SAME_LOOK_SECONDS * 1000).contains(&now.since(at));
    let mut looks: Vec<Look> = ids.into_iter().map(|id| (who.account_id, kind, id)).collect();
    looks.sort_unstable();
    looks.dedup();
    looks.retain(|look| !deps.audit.recent.get(look).is_some_and(fresh));
    let lines: Vec<_> =
        looks.iter().filter_map(|&(_, kind, id)| Line::of(who, AuditAct::Read, (kind, id), None)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let (answer, mut answered) = oneshot::channel();
    deps.audit.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { lines, answer });
    let turn = deps.audit.turn.clone().lock_owned().await;
    let outcome = match answered.try_recv() {
        // Whoever had the turn before wrote these down as well.
        Ok(outcome) => outcome,
        Err(_) => {
            let group = deps.clone();
            // On its own, so that a caller who goes does not take the others' lines along.
            tokio::spawn(async move {
                together(&group).await;
                drop(turn);
            });
            answered.await.map_err(|_| Refusal::unavailable("the writer of the audit log stopped"))?
        }
    };
    outcome?;
    for look in looks {
        deps.audit.recent.insert(look, now);
    }
    Ok(())
}

/// Writes down all that waits, in one transaction.
async fn together(deps: &Deps) {
    let (lines, answers): (Vec<_>, Vec<_>) =
        deps.audit.take().into_iter().map(|waiting| (waiting.lines, waiting.answer)).unzip();
    let written = async {
        let tx = deps.db.begin().await?;
        write(deps, &tx, deps.clock.now(), lines.into_iter().flatten()).await?;
        tx.commit().await
    };
    let outcome = written.await.map_err(|error| Refusal::unavailable(format!("a look could not be logged: {error}")));
    for answer in answers {
        // A caller that has gone was shown nothing.
        drop(answer.send(outcome.clone()));
    }
}

pub async fn entries(
    deps: &Deps,
    id: Uuid,
    after: Option<(i64, AuditEntryId)>,
    limit: u64,
) -> Result<Vec<AuditEntry>, Refusal> {
    let rows = store::of_subject(deps.db.read(), id, after, limit).await?;
    Ok(rows
        .into_iter()
        .map(|row| AuditEntry {
            entry_id: row.entry_id,
            at: row.at,
            public_number: row.actor_number,
            act: row.act,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            detail: row.detail,
        })
        .collect())
}
