//! What goes in its time: who asked, who voted and who was muted; what nobody was shown; and at last all of it.

use entities::{
    question,
    words::{QuestionId, QuestionState},
};

use super::{asking::remove, figures, filming, store, store_around};
use crate::{
    base::{actions, refusal::Refusal},
    deps::Deps,
    polls,
};

const DAY: i64 = 24 * 3600;
/// What only askers do.
const ASKING: [&str; 2] = ["question-ask", "question-take-back"];
/// How long after the end it is known who asked what, and how long what was not shown stays.
const TRACE_DAYS: i64 = 30;
/// How long a dialogue that is over is shown and kept, with what was shown in it.
const KEPT_DAYS: i64 = 730;

/// Forgets some of those who took part in what ended some weeks ago. Says whether there may be more.
pub async fn forget(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let before = deps.clock.now().plus_seconds(-TRACE_DAYS * DAY);
    // In turn with officers, who write back whole rows.
    let tx = deps.db.begin_in_turn().await?;
    figures::keep(&tx, deps.clock.now(), before).await?;
    let mut more = store::forget_votes(&tx, before, batch).await? > 0;
    store::forget_mutes(&tx, before).await?;
    let some = store::to_forget(&tx, before, batch).await?;
    more |= some.len() as u64 >= batch;
    // Those too whose questions were refused, or taken back.
    let mut asked = actions::forget(&tx, &ASKING, before, batch).await?;
    more |= asked.len() as u64 >= batch;
    // An inbox also tells of what its own question was merged into, and of what was taken back.
    asked.extend(some.iter().filter_map(|row| row.account_id));
    store::forget_told(&tx, &asked, before).await?;
    let unseen = |row: &question::Model| matches!(row.state, QuestionState::Waiting | QuestionState::NotShown);
    let (gone, kept): (Vec<_>, Vec<_>) = some.into_iter().partition(unseen);
    let ids = |rows: Vec<question::Model>| rows.into_iter().map(|row| row.question_id).collect::<Vec<QuestionId>>();
    remove(deps, &tx, ids(gone)).await?;
    store::forget_askers(&tx, ids(kept)).await?;
    tx.commit().await?;
    Ok(more)
}

/// Lets go some of what was over long ago. Says whether there may be more.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let before = deps.clock.now().plus_seconds(-KEPT_DAYS * DAY);
    let tx = deps.db.begin_in_turn().await?;
    let old = store::old(&*tx, before, batch).await?;
    let asked = store::asked_in(&*tx, old.clone(), batch).await?;
    let more = asked.len() as u64 >= batch || old.len() as u64 >= batch;
    let whole = (asked.len() as u64) < batch;
    remove(deps, &tx, asked.into_iter().map(|row| row.question_id).collect()).await?;
    // A dialogue goes with the last of its questions.
    if whole {
        polls::remove_of_dialogues(&tx, old.clone()).await?;
        filming::remove(deps, &tx, deps.clock.now(), old.clone()).await?;
        store_around::remove_all_reminders(&tx, old.clone()).await?;
        store::remove_dialogues(&tx, old).await?;
    }
    tx.commit().await?;
    Ok(more)
}
