//! Polls that hosts ask in the room. What a poll is and how it is counted is the slice `polls`'s; here is who may.

use std::collections::HashMap;

use entities::{
    dialogue,
    words::{DialogueId, DialogueState, Timestamp},
};
use sea_orm::DbErr;

use super::{service::may_host, store};
use crate::{
    base::{
        actions::{Act, Decided, Who},
        db::Tx,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    polls::{self, ClosePoll, Poll, ReadyPoll},
};

type Rooms = HashMap<DialogueId, dialogue::Model>;

async fn rooms(tx: &Tx, ids: Vec<DialogueId>) -> Result<Rooms, DbErr> {
    if ids.is_empty() { Ok(Rooms::new()) } else { store::dialogues(&**tx, ids).await }
}

/// Whether somebody may ask in a room now.
fn may_ask(rooms: &Rooms, who: &Who, id: DialogueId) -> Result<(), Refusal> {
    let room = rooms.get(&id).ok_or(Kind::NotFound)?;
    if room.state != DialogueState::Live {
        return Err(Kind::DialogueNotOpen.into());
    }
    may_host(who, room)
}

/// Publishes polls, in a dialogue or everywhere.
pub async fn publish_polls(tx: &Tx, now: Timestamp, acts: &[Act<ReadyPoll>]) -> Result<Vec<Decided>, DbErr> {
    let rooms = rooms(tx, acts.iter().filter_map(|act| act.command.dialogue_id).collect()).await?;
    polls::publish(tx, now, acts, |who, id| may_ask(&rooms, who, id)).await
}

/// Closes polls, of a dialogue or of all.
pub async fn close_polls(tx: &Tx, now: Timestamp, acts: &[Act<ClosePoll>]) -> Result<Vec<Decided>, DbErr> {
    let rooms = rooms(tx, polls::rooms(tx, acts.iter().map(|act| act.command.poll_id)).await?).await?;
    let may_close = |who: &Who, id| may_host(who, rooms.get(&id).ok_or(Kind::NotFound)?);
    polls::close(tx, now, acts, may_close).await
}

/// All that was asked in a dialogue.
pub async fn of_room(deps: &Deps, id: DialogueId) -> Result<Vec<Poll>, Refusal> {
    store::dialogue(deps.db.read(), id).await?.ok_or(Kind::NotFound)?;
    polls::of_dialogue(deps, id).await
}
