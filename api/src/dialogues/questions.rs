//! Who reads questions, and who votes for them.

use std::collections::HashMap;

use entities::{
    dialogue, question,
    words::{AuditSubject, DialogueId, DialogueState, QuestionId, QuestionState, Timestamp},
};
use sea_orm::ConnectionTrait;

use super::{
    asking::{WORDS, content_id},
    model_questions::*,
    store,
};
use crate::{
    audit,
    base::{
        actions::Who,
        keys::Keys,
        listed::words_of,
        refusal::{Kind, Refusal},
        vault::Opener,
    },
    deps::Deps,
    http::caller::Caller,
};

/// Questions on a public page: the same for all who follow, so that one answer serves them.
const PAGE: u64 = 50;

async fn views(deps: &Deps, rows: Vec<question::Model>, reader: Reader) -> Result<Vec<AskedQuestion>, Refusal> {
    let keyed = deps.vault.keyed(&deps.db, rows, |row| content_id(&deps.keys, row.question_id)).await?;
    Ok(keyed.into_iter().map(|(row, opener)| view(row, &opener, reader)).collect())
}

fn view(row: question::Model, opener: &Opener, reader: Reader) -> AskedQuestion {
    let words = opener.words(WORDS, row.question_id.0, &row.words);
    let (inside, officer) = (reader != Reader::Anyone, reader == Reader::Officer);
    AskedQuestion {
        question_id: row.question_id,
        dialogue_id: row.dialogue_id,
        damaged: words.is_none(),
        text: words.unwrap_or_default(),
        state: row.state,
        votes: row.votes,
        voted: None,
        mark_seconds: row.mark_seconds,
        answer: row.answer,
        answer_en: row.answer_en,
        answered_at: row.answered_at,
        shown_at: row.shown_at,
        revision: row.revision,
        asked_at: inside.then_some(row.asked_at),
        hiding: row.hiding.filter(|_| inside),
        merged_into: row.merged_into.filter(|_| inside),
        conversation_id: row.conversation_id.filter(|_| inside),
        harm: (reader == Reader::Writer).then(|| words_of(&row.reasons).next().is_some()),
        priority: officer.then_some(row.priority),
        reasons: officer.then(|| words_of(&row.reasons).map(str::to_owned).collect()),
        seat: row.seat.filter(|_| officer),
        public_number: row.decided_by_number.filter(|_| officer),
    }
}

/// Those of some questions that are shown, as anyone sees them.
pub async fn shown(
    deps: &Deps,
    ids: impl IntoIterator<Item = QuestionId>,
) -> Result<HashMap<QuestionId, AskedQuestion>, Refusal> {
    let mut rows: Vec<_> = store::questions(deps.db.read(), ids).await?.into_values().collect();
    rows.retain(|row| matches!(row.state, QuestionState::Shown | QuestionState::Answered));
    let views = views(deps, rows, Reader::Anyone).await?.into_iter().filter(|question| !question.damaged);
    Ok(views.map(|question| (question.question_id, question)).collect())
}

/// A page, and the place of its last row.
pub type Listed = (Vec<AskedQuestion>, Option<(i64, QuestionId)>);

/// The place of the last of a full page.
fn last(rows: &[question::Model], limit: u64, key: impl Fn(&question::Model) -> i64) -> Option<(i64, QuestionId)> {
    rows.last().filter(|_| rows.len() as u64 >= limit).map(|row| (key(row), row.question_id))
}

async fn room(deps: &Deps, id: DialogueId) -> Result<dialogue::Model, Refusal> {
    Ok(store::dialogue(deps.db.read(), id).await?.ok_or(Kind::NotFound)?)
}

pub async fn list(
    deps: &Deps,
    dialogue_id: DialogueId,
    order: QuestionOrder,
    after: Option<(i64, QuestionId)>,
) -> Result<Listed, Refusal> {
    room(deps, dialogue_id).await?;
    let rows = store::shown(deps.db.read(), dialogue_id, order, after, PAGE).await?;
    let last = last(&rows, PAGE, |row| match order {
        QuestionOrder::Votes => row.votes,
        QuestionOrder::Newest => row.shown_at.map_or(0, Timestamp::millis),
    });
    let mut items = views(deps, rows, Reader::Anyone).await?;
    items.retain(|question| !question.damaged);
    Ok((items, last))
}

/// The questions of one state, as officers see them.
pub async fn in_box(
    deps: &Deps,
    who: &Who,
    dialogue_id: DialogueId,
    state: QuestionState,
    after: Option<(i64, QuestionId)>,
    limit: u64,
) -> Result<Listed, Refusal> {
    room(deps, dialogue_id).await?;
    let rows = store::in_box(deps.db.read(), dialogue_id, state, after, limit).await?;
    let last = last(&rows, limit, |row| row.box_key);
    audit::looked(deps, who, AuditSubject::Question, rows.iter().map(|row| row.question_id.0)).await?;
    Ok((views(deps, rows, Reader::Officer).await?, last))
}

/// A youth's own, the newest first.
pub async fn mine(
    deps: &Deps,
    who: &Who,
    dialogue_id: Option<DialogueId>,
    after: Option<(i64, QuestionId)>,
    limit: u64,
) -> Result<Listed, Refusal> {
    let rows = store::of_account(deps.db.read(), who.account_id, dialogue_id, after, limit).await?;
    let last = last(&rows, limit, |row| row.asked_at.millis());
    Ok((views(deps, rows, Reader::Writer).await?, last))
}

/// All that an account asked and that is known to be its own.
pub async fn of_account(deps: &Deps, who: &Who) -> Result<Vec<AskedQuestion>, Refusal> {
    Ok(mine(deps, who, None, None, u64::from(u32::MAX)).await?.0)
}

// Voting. It is no action: an action's receipt would say who did.

fn ballot(keys: &Keys, id: QuestionId, caller: &Caller) -> Vec<u8> {
    keys.mac("question-vote", &[id.0.as_bytes(), caller.device_id.0.as_bytes()]).to_vec()
}

/// A question that is shown. Of one that counts with another, the other.
async fn root(db: &impl ConnectionTrait, id: QuestionId) -> Result<question::Model, Refusal> {
    let mut row = store::questions(db, [id]).await?.remove(&id).ok_or(Kind::NotFound)?;
    if let Some(root) = row.merged_into {
        row = store::questions(db, [root]).await?.remove(&root).ok_or(Kind::NotFound)?;
    }
    let shown = matches!(row.state, QuestionState::Shown | QuestionState::Answered);
    if shown { Ok(row) } else { Err(Kind::NotFound.into()) }
}

/// Counts a device's vote, or takes it back. Taken back once more, it changes nothing.
pub async fn vote(deps: &Deps, caller: &Caller, id: QuestionId, votes: bool) -> Result<AskedQuestion, Refusal> {
    // In turn from the first look on: it may be merged, hidden or answered meanwhile, and the dialogue may end.
    let tx = deps.db.begin_in_turn().await?;
    let mut row = root(&*tx, id).await?;
    let room = store::dialogue(&*tx, row.dialogue_id).await?.ok_or(Kind::NotFound)?;
    if room.state != DialogueState::Live {
        return Err(Kind::DialogueNotOpen.into());
    }
    if row.state != QuestionState::Shown {
        return Err(Refusal::of(Kind::Conflict).detail("it is answered"));
    }
    let own = |row: &question::Model| row.account_id == Some(caller.who.account_id);
    let twins = store::twins(&*tx, [row.question_id]).await?;
    let asked = own(&row) || twins.iter().any(own);
    if asked && votes {
        return Err(Kind::VotedAlready.into());
    }
    if !asked {
        let among = twins.iter().map(|twin| twin.question_id).chain([row.question_id]);
        let stood = store::voted(&*tx, among.map(|id| (id, ballot(&deps.keys, id, caller))).collect()).await?;
        if votes {
            let mac = ballot(&deps.keys, row.question_id, caller);
            if !stood.is_empty() || !store::insert_vote(&tx, row.question_id, mac).await? {
                return Err(Kind::VotedAlready.into());
            }
            store::add_votes(&tx, row.question_id, 1).await?;
            row.votes += 1;
        } else {
            // What counts with another counts there, and keeps its own share.
            for (id, _) in &stood {
                store::add_votes(&tx, row.question_id, -1).await?;
                row.votes -= 1;
                if *id != row.question_id {
                    store::add_votes(&tx, *id, -1).await?;
                }
            }
            store::remove_votes(&tx, stood).await?;
        }
        tx.commit().await?;
    }
    let question = views(deps, vec![row], Reader::Anyone).await?.pop().ok_or(Kind::NotFound)?;
    Ok(AskedQuestion { voted: Some(votes || asked), ..question })
}
