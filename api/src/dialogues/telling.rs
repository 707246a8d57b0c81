//! Telling those who follow a dialogue over this node. What is new is read once, written out once, and is the same bytes for all
//! of them ([`crate::http::Followers`]). A poke that is lost, or another node that cannot be heard, costs a second.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use entities::words::{DialogueId, DialogueState, QuestionId};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use super::{events, store, store_around};
use crate::{
    base::{
        bus::Ear,
        journal,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    http::{Follows, Told},
};
use poem_openapi::types::ToJSON;

/// How often it is looked whether something was missed, and who votes.
const LOOKS: Duration = Duration::from_secs(1);
/// How often it is said how many follow, and how long that counts with the other nodes.
const COUNTS: Duration = Duration::from_secs(4);
const COUNTS_SECONDS: i64 = 15;
/// What nobody has followed for so long is told no more.
const PATIENCE: Duration = Duration::from_secs(60);
/// Events that are read at once.
const AT_ONCE: u64 = 100;
/// A connection that ends is opened again after this, and up to four times as long: those who were let go together come back one after
/// another.
const RETRY_MILLIS: u32 = 1000;

/// A place among the followers of a dialogue on this node.
pub async fn follow(deps: &Deps, dialogue_id: DialogueId) -> Result<Follows, Refusal> {
    if deps.followers.is_full() {
        return Err(Kind::Unavailable.into());
    }
    if !deps.followers.is_open(dialogue_id.0) {
        let row = store::dialogue(deps.db.read(), dialogue_id).await?.ok_or(Kind::NotFound)?;
        // It listens before it looks: what is told meanwhile is not missed.
        let ear = deps.bus.listen_to(journal::dialogue(dialogue_id));
        let (epoch, pos) = journal::head(deps.db.read(), &journal::dialogue(dialogue_id)).await?;
        let live = row.state == DialogueState::Live;
        let telling = Telling { dialogue_id, epoch, pos, live, votes: HashMap::new(), viewers: 0, deps: deps.clone() };
        if deps.followers.open(dialogue_id.0, telling.here(), deps.stop.clone()) {
            tokio::spawn(telling.runs(ear));
        }
    }
    let retry = RETRY_MILLIS + u32::from_le_bytes(deps.chance.bytes()) % (3 * RETRY_MILLIS);
    let own = Bytes::from(format!("retry: {retry}\n\n"));
    Ok(Follows { followers: deps.followers.clone(), what: dialogue_id.0, own })
}

struct Telling {
    deps: Deps,
    dialogue_id: DialogueId,
    epoch: i32,
    /// How far it is told.
    pos: i64,
    live: bool,
    /// As they were told last.
    votes: HashMap<QuestionId, i64>,
    /// Over all nodes.
    viewers: i64,
}

fn frame(event: &str, data: &serde_json::Value) -> String {
    format!("event: {event}\ndata: {data}\n\n")
}

impl Telling {
    /// What whoever comes is told first.
    fn here(&self) -> Bytes {
        let here = json!({"epoch": self.epoch, "pos": self.pos, "viewers": self.viewers});
        frame("here", &here).into()
    }

    async fn runs(mut self, mut ear: Ear) {
        let mut looks = interval(LOOKS);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut counted, mut followed) = (None::<Instant>, Instant::now());
        loop {
            let looked = tokio::select! {
                // That some were missed says as much: there is something.
                heard = ear.hears() => {
                    drop(heard);
                    self.tell_events().await
                }
                _ = looks.tick() => {
                    if self.deps.followers.count(self.dialogue_id.0) > 0 {
                        followed = Instant::now();
                    } else if followed.elapsed() > PATIENCE {
                        break;
                    }
                    let counts = counted.is_none_or(|at| at.elapsed() > COUNTS);
                    if counts {
                        counted = Some(Instant::now());
                    }
                    self.look(counts).await
                }
                () = self.deps.stop.told() => return,
            };
            match looked {
                Ok(true) => {}
                Ok(false) => break,
                Err(refusal) => tracing::warn!(cause = refusal.cause, "followers could not be told"),
            }
        }
        self.deps.followers.close(self.dialogue_id.0);
        if let Err(refusal) = self.says_count(0).await {
            tracing::warn!(cause = refusal.cause, "that nobody follows could not be said");
        }
    }

    fn tell(&self, bytes: impl Into<Bytes>) {
        self.deps.followers.tell(self.dialogue_id.0, Told { bytes: bytes.into(), first: self.here() });
    }

    async fn look(&mut self, counts: bool) -> Result<bool, Refusal> {
        let goes_on = self.tell_events().await?;
        if self.live {
            self.tell_votes().await?;
        }
        if counts {
            self.tell_viewers().await?;
        }
        Ok(goes_on)
    }

    /// Tells what is new. Says whether it goes on from there.
    async fn tell_events(&mut self) -> Result<bool, Refusal> {
        let name = journal::dialogue(self.dialogue_id);
        let (epoch, head) = journal::head(self.deps.db.read(), &name).await?;
        // Places were given out anew, or all of it is gone: who follows begins anew.
        if epoch != self.epoch || head < self.pos {
            return Ok(false);
        }
        while self.pos < head {
            let entries = journal::after(self.deps.db.read(), &name, self.pos, AT_ONCE).await?;
            let Some(last) = entries.last().map(|entry| entry.pos) else { break };
            let events = events::told(&self.deps, self.dialogue_id, entries).await?;
            let mut bytes = BytesMut::new();
            for event in &events {
                if let Some(dialogue) = &event.dialogue {
                    self.live = dialogue.state == DialogueState::Live;
                }
                if let Some(question) = &event.question {
                    self.votes.insert(question.question_id, question.votes);
                }
                let data = event.to_json_string();
                bytes.extend_from_slice(format!("event: told\nid: {}\ndata: {data}\n\n", event.pos).as_bytes());
            }
            self.pos = last;
            self.tell(bytes);
        }
        Ok(true)
    }

    /// Tells the counts that are others than those that were told.
    async fn tell_votes(&mut self) -> Result<(), Refusal> {
        let counts = store::counts(self.deps.db.read(), self.dialogue_id).await?;
        let changed: Vec<_> = counts.into_iter().filter(|(id, votes)| self.votes.get(id) != Some(votes)).collect();
        if changed.is_empty() {
            return Ok(());
        }
        self.votes.extend(changed.iter().copied());
        let votes: Vec<_> =
            changed.iter().map(|(id, votes)| json!({"question_id": id.to_string(), "votes": votes})).collect();
        self.tell(frame("votes", &json!({"votes": votes})));
        Ok(())
    }

    async fn tell_viewers(&mut self) -> Result<(), Refusal> {
        let here = i32::try_from(self.deps.followers.count(self.dialogue_id.0)).unwrap_or(i32::MAX);
        let viewers = self.says_count(here).await?;
        if viewers != self.viewers {
            self.viewers = viewers;
            self.tell(frame("viewers", &json!({"viewers": viewers})));
        }
        Ok(())
    }

    /// Says to the other nodes how many follow over this one. Gives how many follow over all.
    async fn says_count(&self, here: i32) -> Result<i64, Refusal> {
        let tx = self.deps.db.begin_unflushed().await?;
        let now = self.deps.clock.now();
        store::say_viewers(&tx, self.dialogue_id, self.deps.bus.node, here, now).await?;
        let viewers = store::viewers(&*tx, self.dialogue_id, now.plus_seconds(-COUNTS_SECONDS)).await?;
        if self.live {
            let most = i32::try_from(viewers).unwrap_or(i32::MAX);
            store_around::note_viewers(&*tx, self.dialogue_id, most).await?;
        }
        tx.commit().await?;
        Ok(viewers)
    }
}
