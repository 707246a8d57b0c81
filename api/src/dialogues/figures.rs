//! What a dialogue was, in numbers: counted while it is known, and kept when who asked is forgotten.

use entities::{
    dialogue,
    words::{DialogueId, Timestamp},
};
use sea_orm::ConnectionTrait;

use super::{model_around::*, store, store_around};
use crate::{
    base::{
        db::Tx,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    polls,
};

pub async fn find(deps: &Deps, id: DialogueId) -> Result<DialogueFigures, Refusal> {
    let row = store::dialogue(deps.db.read(), id).await?.ok_or(Kind::NotFound)?;
    match &row.figures {
        Some(kept) => serde_json::from_str(kept).map_err(Refusal::fault),
        None => counted(deps.db.read(), deps.clock.now(), &row).await,
    }
}

/// Writes down the figures of what was over before a moment, unless they are.
pub async fn keep(tx: &Tx, now: Timestamp, before: Timestamp) -> Result<(), Refusal> {
    for row in store_around::without_figures(&**tx, before).await? {
        let figures = counted(&**tx, now, &row).await?;
        let figures = serde_json::to_string(&figures).map_err(Refusal::fault)?;
        store_around::keep_figures(tx, row.dialogue_id, figures).await?;
    }
    Ok(())
}

async fn counted(db: &impl ConnectionTrait, now: Timestamp, row: &dialogue::Model) -> Result<DialogueFigures, Refusal> {
    let asked = store_around::counts(db, row.dialogue_id).await?;
    let muted = store_around::count_mutes(db, row.dialogue_id).await?;
    let polls = polls::count_of_dialogue(db, row.dialogue_id).await?;
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let of_many = |count: i64| (count >= LEAST_PEOPLE).then_some(count);
    Ok(DialogueFigures {
        most_viewers: row.most_viewers.unwrap_or_default(),
        asked: asked.asked,
        shown: asked.shown,
        answered_by_mark: asked.answered_by_mark,
        answered_in_writing: asked.answered_in_writing,
        merged: asked.merged,
        not_shown: asked.not_shown,
        votes: asked.votes.unwrap_or_default(),
        talks: of_many(asked.talks),
        muted: of_many(whole(muted)),
        polls: whole(polls),
        minutes: row.opened_at.map(|opened| row.ended_at.unwrap_or(now).since(opened) / 60_000),
    })
}
