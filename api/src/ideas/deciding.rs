//! What officers make of ideas: each act by the revision that was seen.

use std::collections::{HashMap, HashSet};

use entities::{
    idea,
    words::{AccountId, IdeaHiding, IdeaId, IdeaKind, IdeaState, Timestamp},
};
use sea_orm::DbErr;

use super::{
    model::*,
    service::{changed, release},
    store,
};
use crate::{
    base::{
        actions::{Act, Decided, effects},
        db::Tx,
        journal,
        listed::words_of,
        refusal::{Kind, Refusal},
    },
    chat::{self, About, Judgement},
    deps::Deps,
};

type Rows = HashMap<IdeaId, idea::Model>;

/// Which idea an act is about, as the officer saw it.
type Seen = (IdeaId, i64);

/// The idea of an act, if the officer saw it as it stands.
fn seen<C>(rows: &Rows, act: &Act<C>, (idea_id, revision): Seen) -> Result<idea::Model, Refusal> {
    if !act.who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    let row = rows.get(&idea_id).ok_or(Kind::NotFound)?;
    if row.revision == revision { Ok(row.clone()) } else { Err(Kind::RevisionConflict.into()) }
}

/// What an act makes of its idea.
struct Changed {
    row: idea::Model,
    /// Another that counts otherwise by it.
    other: Option<idea::Model>,
    /// What counted with it stands for itself again: it would be seen by nobody.
    releases: bool,
    /// Whether it is decided by that, and stands in its list as what was decided now.
    decides: bool,
}

impl Changed {
    fn to(row: idea::Model) -> Self {
        Self { row, other: None, releases: false, decides: true }
    }
}

/// Decides the acts one after another, each on what the one before left.
async fn decide<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    mut rows: Rows,
    named: impl Fn(&C) -> Seen,
    mut to: impl FnMut(&Rows, &Act<C>, idea::Model) -> Result<Changed, Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let twins = store::twins(&**tx, acts.iter().map(|act| named(&act.command).0)).await?;
    let (mut entries, mut decided) = (Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let outcome = seen(&rows, act, named(&act.command)).and_then(|row| to(&rows, act, row));
        let Changed { mut row, other, releases, decides } = match outcome {
            Ok(changed) => changed,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        if decides {
            row.decided_at = Some(now);
            row.decided_by_number = act.who.public_number.clone();
            row.box_key = chat::closed_key(now);
        }
        row.revision += 1;
        let counted = twins.iter().filter(|twin| twin.merged_into == Some(row.idea_id));
        let writers: HashSet<AccountId> = counted.filter_map(|twin| twin.account_id).chain(row.account_id).collect();
        entries.extend(changed(act, &row, writers));
        decided.push(Ok((row.idea_id.0, row.revision, entries.len() - 1)));
        if releases {
            let (told, support) = release(tx, now, act, row.idea_id).await?;
            row.support -= support;
            entries.extend(told);
        }
        for row in [Some(row), other].into_iter().flatten() {
            store::save(tx, row.clone()).await?;
            rows.insert(row.idea_id, row);
        }
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

fn decided_already() -> Refusal {
    Refusal::of(Kind::Conflict).detail("it counts with another, or its talk goes on")
}

pub async fn show(tx: &Tx, now: Timestamp, acts: &[Act<ShowIdea>]) -> Result<Vec<Decided>, DbErr> {
    let rows = store::some(&**tx, acts.iter().map(|act| act.command.idea_id)).await?;
    let named = |command: &ShowIdea| (command.idea_id, command.expected_revision);
    decide(tx, now, acts, rows, named, |_, _, mut row| {
        let hidden = matches!(row.state, IdeaState::Waiting | IdeaState::NotShown);
        if !hidden || row.conversation_id.is_some() {
            return Err(decided_already());
        }
        let state = if row.outcome.is_some() { IdeaState::Answered } else { IdeaState::Shown };
        (row.state, row.hiding) = (state, None);
        Ok(Changed::to(row))
    })
    .await
}

pub async fn hide(tx: &Tx, now: Timestamp, acts: &[Act<HideIdea>]) -> Result<Vec<Decided>, DbErr> {
    let rows = store::some(&**tx, acts.iter().map(|act| act.command.idea_id)).await?;
    let named = |command: &HideIdea| (command.idea_id, command.expected_revision);
    decide(tx, now, acts, rows, named, |_, act, mut row| {
        if row.state == IdeaState::Merged {
            return Err(decided_already());
        }
        (row.state, row.hiding) = (IdeaState::NotShown, Some(act.command.hiding));
        Ok(Changed { releases: true, ..Changed::to(row) })
    })
    .await
}

pub async fn merge(tx: &Tx, now: Timestamp, acts: &[Act<MergeIdea>]) -> Result<Vec<Decided>, DbErr> {
    let mut decided = Vec::with_capacity(acts.len());
    // One by one: what one merged may be merged by the next.
    for act in acts {
        decided.extend(merge_one(tx, now, act).await?);
    }
    Ok(decided)
}

async fn merge_one(tx: &Tx, now: Timestamp, act: &Act<MergeIdea>) -> Result<Vec<Decided>, DbErr> {
    let MergeIdea { idea_id, into, .. } = act.command;
    let rows = store::some(&**tx, [idea_id, into]).await?;
    let of_twins: i64 = store::twins(&**tx, [idea_id]).await?.iter().map(|twin| twin.support).sum();
    let named = |command: &MergeIdea| (command.idea_id, command.expected_revision);
    let decided = decide(tx, now, std::slice::from_ref(act), rows, named, |rows, _, mut row| {
        let root = rows.get(&into).filter(|root| root.idea_id != row.idea_id && root.kind == row.kind);
        let shown = |state| matches!(state, IdeaState::Shown | IdeaState::Answered);
        let Some(mut root) = root.filter(|root| shown(root.state)).cloned() else {
            return Err(Refusal::invalid("into"));
        };
        if !matches!(row.state, IdeaState::Waiting | IdeaState::Shown) {
            return Err(decided_already());
        }
        root.support += row.support;
        // It keeps its own share: what counted with it counts with the other by itself.
        row.support -= of_twins;
        (row.state, row.merged_into) = (IdeaState::Merged, Some(into));
        Ok(Changed { other: Some(root), ..Changed::to(row) })
    })
    .await?;
    if decided.iter().all(Result::is_ok) {
        store::move_twins(tx, idea_id, into).await?;
    }
    Ok(decided)
}

pub async fn answer(tx: &Tx, now: Timestamp, acts: &[Act<AnswerIdea>]) -> Result<Vec<Decided>, DbErr> {
    let rows = store::some(&**tx, acts.iter().map(|act| act.command.idea_id)).await?;
    let quarters = store::known_quarters(&**tx, acts.iter().filter_map(|act| act.command.quarter_id)).await?;
    let named = |command: &AnswerIdea| (command.idea_id, command.expected_revision);
    decide(tx, now, acts, rows, named, |_, act, mut row| {
        if !matches!(row.state, IdeaState::Waiting | IdeaState::Shown | IdeaState::Answered) {
            return Err(decided_already());
        }
        let AnswerIdea { outcome, answer, answer_en, quarter_id, .. } = &act.command;
        if quarter_id.is_some_and(|id| row.kind != IdeaKind::Quarter || !quarters.contains(&id)) {
            return Err(Refusal::invalid("quarter_id"));
        }
        (row.state, row.outcome, row.quarter_id) = (IdeaState::Answered, Some(*outcome), quarter_id.or(row.quarter_id));
        (row.answer, row.answer_en) = (Some(answer.0.clone()), answer_en.as_ref().map(|text| text.0.clone()));
        Ok(Changed::to(row))
    })
    .await
}

/// Lets wishes count with quarters of the register.
pub async fn locate(tx: &Tx, now: Timestamp, acts: &[Act<LocateIdea>]) -> Result<Vec<Decided>, DbErr> {
    let rows = store::some(&**tx, acts.iter().map(|act| act.command.idea_id)).await?;
    let quarters = store::known_quarters(&**tx, acts.iter().filter_map(|act| act.command.quarter_id)).await?;
    let named = |command: &LocateIdea| (command.idea_id, command.expected_revision);
    decide(tx, now, acts, rows, named, |_, act, mut row| {
        let quarter_id = act.command.quarter_id;
        if row.kind != IdeaKind::Quarter || quarter_id.is_some_and(|id| !quarters.contains(&id)) {
            return Err(Refusal::invalid("quarter_id"));
        }
        row.quarter_id = quarter_id;
        Ok(Changed { decides: false, ..Changed::to(row) })
    })
    .await
}

/// As her words were judged when they came.
fn urgency(row: &idea::Model) -> Judgement {
    let reasons: Vec<String> = words_of(&row.reasons).map(str::to_owned).collect();
    if reasons.is_empty() {
        return chat::unasked();
    }
    Judgement { priority: row.priority, reasons, self_harm: row.self_harm }
}

/// Begins the talk with a writer. One press: the idea is not shown from then on, and the officer holds the talk.
pub async fn open_talk(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<KeyedIdeaTalk>],
) -> Result<Vec<Decided>, DbErr> {
    let rows = store::some(&**tx, acts.iter().map(|act| act.command.command.idea_id)).await?;
    let named = |keyed: &KeyedIdeaTalk| (keyed.command.idea_id, keyed.command.expected_revision);
    // Whether a talk can begin is known before its idea is told of it.
    let mut first = HashSet::new();
    let mut begins = |act: &Act<KeyedIdeaTalk>| {
        let row = seen(&rows, act, named(&act.command)).ok()?;
        let stands = row.state != IdeaState::Merged && row.conversation_id.is_none();
        let youth_id = row.account_id.filter(|_| stands && first.insert(row.idea_id))?;
        Some(About {
            conversation_id: act.command.command.conversation_id,
            youth_id,
            action_id: act.action_id,
            officer: act.who.clone(),
            new_key: act.command.new_key.clone(),
            urgency: urgency(&row),
            unsurveyed: false,
        })
    };
    let talks: Vec<About> = acts.iter().filter_map(&mut begins).collect();
    let ids: Vec<_> = talks.iter().map(|talk| talk.action_id).collect();
    let mut begun: HashMap<_, _> = ids.into_iter().zip(chat::begin_about(deps, tx, now, talks).await?).collect();
    decide(tx, now, acts, rows, named, |_, act, mut row| {
        begun.remove(&act.action_id).unwrap_or_else(|| Err(decided_already()))?;
        (row.state, row.hiding) = (IdeaState::NotShown, Some(IdeaHiding::Talk));
        row.conversation_id = Some(act.command.command.conversation_id);
        Ok(Changed { releases: true, ..Changed::to(row) })
    })
    .await
}
