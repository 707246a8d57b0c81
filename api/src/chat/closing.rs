//! Who has left the queue's screen to be told by push is told when the chat closes as well.

use uuid::{Uuid, uuid};

use super::{service, store};
use crate::{
    base::{jobs, refusal::Refusal},
    deps::Deps,
    quarters,
};

/// What was known last stands as a job of its own, which nobody claims: so the moment is missed by no restart, and told once by
/// however many programs.
const KNOWN: Uuid = uuid!("019ad1f0-6c00-7a10-9d52-3e8b5f0c7a41");
const QUEUE: &str = "closing";

/// Looks whether it has closed since the last look, and wakes all who wait elsewhere. Says how many.
pub async fn tell_closed(deps: &Deps) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    let state = |open: bool| if open { "open" } else { "closed" };
    let open = quarters::is_open(deps.db.read(), now).await?;
    if jobs::note(deps.db.read(), KNOWN).await?.as_deref() == Some(state(open)) {
        return Ok(0);
    }
    let tx = deps.db.begin_in_turn().await?;
    let before = jobs::note(&*tx, KNOWN).await?;
    jobs::write_note(&tx, KNOWN, QUEUE, state(open), now).await?;
    let mut waiting = Vec::new();
    if !open && before.as_deref() == Some(state(true)) {
        waiting = store::stepped_away(&tx).await?;
        let pushes = waiting.iter().map(|(youth_id, id)| ("message", *youth_id, *id)).collect();
        service::enqueue(deps, &tx, now, pushes).await?;
    }
    tx.commit().await?;
    Ok(waiting.len())
}
