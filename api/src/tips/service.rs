//! The rules, in order.

use std::collections::HashSet;

use entities::{
    tip,
    words::{Timestamp, TipId, Topic},
};
use sea_orm::DbErr;
use serde_json::json;

use super::{model::*, places, store};
use crate::{
    base::{
        actions::{Act, Decided, Effect},
        db::Tx,
        jobs::{self, NewJob},
        journal::{self, NewEntry},
        refusal::{Field, Kind, Refusal},
    },
    deps::Deps,
};

/// What can be refused before the writer's turn.
pub fn check(command: PublishTip) -> Result<PublishTip, Refusal> {
    let words = command.text.split_whitespace().count();
    if words == 0 {
        return Err(Kind::TextEmpty.into());
    }
    if words > MOST_WORDS || command.text.chars().count() > 1000 {
        return Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {MOST_WORDS} words")));
    }
    Ok(command)
}

/// What belongs to reading: a place that there is not.
pub fn well_formed(command: PublishTip) -> Result<PublishTip, Refusal> {
    if places::known_municipality(&command.municipality) {
        return Ok(command);
    }
    let fields = vec![Field { field: "municipality".into(), kind: "invalid" }];
    Err(Refusal { fields, ..Kind::Malformed.into() })
}

/// Stores tips and asks for their push.
pub async fn publish(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<PublishTip>]) -> Result<Vec<Decided>, DbErr> {
    let mut known: HashSet<TipId> =
        store::known(tx, acts.iter().map(|act| act.command.tip_id).collect()).await?.into_iter().collect();
    let (mut decided, mut rows, mut entries, mut pushes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for act in acts {
        let tip_id = act.command.tip_id;
        if !act.who.is_officer() {
            decided.push(Err(Kind::RoleRefused.into()));
            continue;
        }
        if !known.insert(tip_id) {
            decided.push(Err(Refusal::of(Kind::Conflict).detail("the tip id is taken")));
            continue;
        }
        rows.push(tip::Model {
            tip_id,
            topic: act.command.topic,
            municipality: act.command.municipality.to_string(),
            text: act.command.text.trim().to_owned(),
            action: act.command.action,
            author_id: act.who.account_id,
            public_number: act.who.public_number.clone(),
            published_at: now,
            revision: 1,
        });
        entries.push(NewEntry {
            stream: journal::DESK.to_owned(),
            kind: "tip-changed",
            entity_id: tip_id.0,
            revision: 1,
            action_id: Some(act.action_id),
            actor: act.who.actor(),
            actor_id: Some(act.who.account_id),
        });
        pushes.push(NewJob { queue: "push-tip", body: json!({"tip_id": tip_id}), run_at: now });
        decided.push(Ok(Effect { entity_id: tip_id.0, revision: 1, at: None }));
    }
    let mut positions = journal::append(tx, now, entries).await?.into_iter();
    store::insert(tx, rows).await?;
    jobs::enqueue(tx, &*deps.chance, now, pushes).await?;
    Ok(decided.into_iter().map(|one| one.map(|effect| Effect { at: positions.next(), ..effect })).collect())
}

/// Whom a tip is for.
pub async fn audience(deps: &Deps, id: TipId) -> Result<Option<(Topic, String)>, DbErr> {
    Ok(store::find(deps.db.read(), id).await?.map(|row| (row.topic, row.municipality)))
}

pub async fn list(
    deps: &Deps,
    municipality: Option<&str>,
    topic: Option<Topic>,
    after: Option<(i64, TipId)>,
    limit: u64,
) -> Result<Vec<Tip>, Refusal> {
    let rows = store::list(deps.db.read(), municipality, topic, after, limit).await?;
    Ok(rows
        .into_iter()
        .map(|row| Tip {
            tip_id: row.tip_id,
            topic: row.topic,
            municipality: row.municipality,
            text: row.text,
            action: row.action,
            published_at: row.published_at,
            public_number: row.public_number,
            revision: row.revision,
        })
        .collect())
}

pub fn places() -> Places {
    use sea_orm::Iterable;
    Places {
        counties: places::COUNTIES
            .iter()
            .map(|county| County {
                code: county.code.to_owned(),
                name: county.name.to_owned(),
                municipalities: county
                    .municipalities
                    .iter()
                    .map(|(code, name)| Municipality { code: (*code).to_owned(), name: (*name).to_owned() })
                    .collect(),
            })
            .collect(),
        topics: Topic::iter().collect(),
    }
}

/// Lets go some of those that were published before a moment. Says whether there may be more.
pub async fn clean(deps: &Deps, before: Timestamp, batch: u64) -> Result<bool, Refusal> {
    let tx = deps.db.begin().await?;
    let gone = store::remove_old(&tx, before, batch).await?;
    tx.commit().await?;
    Ok(gone >= batch)
}
