//! Who wants to be told when a dialogue begins: once, and then nothing says any more that she did.

use std::collections::HashMap;

use entities::words::{AccountId, DialogueId, DialogueState};

use super::{model_around::*, store, store_around};
use crate::{
    base::{
        actions::Who,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    push,
};

/// How long before it begins.
const AHEAD_SECONDS: i64 = 10 * 60;

/// It is no action: an action's receipt would stay.
pub async fn set(deps: &Deps, who: &Who, dialogue_id: DialogueId) -> Result<Reminder, Refusal> {
    // In turn with whoever opens or ends it.
    let tx = deps.db.begin_in_turn().await?;
    let room = store::dialogue(&*tx, dialogue_id).await?.ok_or(Kind::NotFound)?;
    if room.state != DialogueState::Announced {
        return Err(Refusal::of(Kind::Conflict).detail("it has opened, or is over"));
    }
    let own = store_around::reminders_of(&*tx, who.account_id).await?;
    if !own.contains(&dialogue_id) {
        if own.len() >= MOST_REMINDERS {
            return Err(Refusal::of(Kind::Conflict).detail("she is reminded of twenty already"));
        }
        store_around::insert_reminder(&tx, who.account_id, dialogue_id).await?;
    }
    tx.commit().await?;
    Ok(Reminder { reminds: true })
}

pub async fn end(deps: &Deps, who: &Who, dialogue_id: DialogueId) -> Result<Reminder, Refusal> {
    let tx = deps.db.begin().await?;
    store_around::remove_reminders(&tx, dialogue_id, vec![who.account_id]).await?;
    tx.commit().await?;
    Ok(Reminder { reminds: false })
}

pub async fn find(deps: &Deps, who: &Who, dialogue_id: DialogueId) -> Result<Reminder, Refusal> {
    store::dialogue(deps.db.read(), dialogue_id).await?.ok_or(Kind::NotFound)?;
    Ok(Reminder { reminds: store_around::reminders_of(deps.db.read(), who.account_id).await?.contains(&dialogue_id) })
}

/// What an account wants to be reminded of.
pub async fn reminders_of(deps: &Deps, account_id: AccountId) -> Result<Vec<DialogueId>, Refusal> {
    Ok(store_around::reminders_of(deps.db.read(), account_id).await?)
}

/// Tells some of those whose dialogue begins. Says how many.
pub async fn remind(deps: &Deps, batch: u64) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    let soon = now.plus_seconds(AHEAD_SECONDS);
    // Looked at first without the writer's turn.
    if store_around::due_reminders(deps.db.read(), soon, 1).await?.is_empty() {
        return Ok(0);
    }
    // In turn: another program that does the same finds none of these.
    let tx = deps.db.begin_in_turn().await?;
    let due = store_around::due_reminders(&*tx, soon, batch).await?;
    let mut accounts: HashMap<DialogueId, Vec<AccountId>> = HashMap::new();
    for row in &due {
        accounts.entry(row.dialogue_id).or_default().push(row.account_id);
    }
    for (dialogue_id, accounts) in accounts {
        push::remind(deps, &tx, now, accounts.clone(), dialogue_id.0).await?;
        store_around::remove_reminders(&tx, dialogue_id, accounts).await?;
    }
    tx.commit().await?;
    Ok(due.len())
}
