//! The rules, in order.

use std::collections::{BTreeMap, HashMap};

use entities::{
    hard_case,
    words::{AccountId, ConversationId, Role, Timestamp},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{model::*, store};
use crate::{
    base::{
        actions::{Act, Decided, Who},
        db::Tx,
        refusal::{Kind, Refusal},
    },
    chat,
    deps::Deps,
    files,
};

/// How long a case counts.
const COUNTED_SECONDS: i64 = 7 * 24 * 3600;

/// Nothing of the talk changes: it is told to nobody.
pub async fn mark(tx: &Tx, now: Timestamp, acts: &[Act<MarkHard>]) -> Result<Vec<Decided>, DbErr> {
    let mut rows = BTreeMap::new();
    let decided = chat::transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            let (conversation_id, officer_id) = (talk.conversation_id, act.who.account_id);
            let officer_number = act.who.public_number.clone();
            rows.insert(
                (conversation_id, officer_id),
                hard_case::Model { conversation_id, officer_id, officer_number, at: now },
            );
            Ok(false)
        },
    )
    .await?;
    store::insert(tx, rows.into_values().collect()).await?;
    Ok(decided)
}

/// Removes the marks of a talk that is being erased.
pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    store::remove(tx, id).await
}

pub async fn list(deps: &Deps, who: &Who) -> Result<HardCaseList, Refusal> {
    let (db, since) = (deps.db.read(), deps.clock.now().plus_seconds(-COUNTED_SECONDS));
    let marked = store::since(db, since).await?;
    let marked = marked.into_iter().map(|row| (row.officer_id, row.officer_number, row.conversation_id.0, row.at));
    let answered = chat::answered_in_danger(db, since).await?;
    let answered = answered.into_iter().map(|(officer_id, number, talk, at)| (officer_id, number, talk.0, at));
    let withheld = files::withheld_since(db, since).await?;
    let mut cases: HashMap<(AccountId, Uuid), Timestamp> = HashMap::new();
    let mut numbers = HashMap::new();
    for (officer_id, number, subject, at) in answered.chain(marked).chain(withheld) {
        let known = cases.entry((officer_id, subject)).or_insert(at);
        *known = (*known).max(at);
        numbers.insert(officer_id, number);
    }
    let mut items: HashMap<AccountId, HardCases> = HashMap::new();
    for ((officer_id, _), at) in cases {
        let mine = officer_id == who.account_id;
        if !mine && who.role != Role::Lead {
            continue;
        }
        let public_number = numbers.get(&officer_id).cloned().flatten();
        let of = items.entry(officer_id).or_insert(HardCases { public_number, mine, count: 0, last_at: at });
        of.count += 1;
        of.last_at = of.last_at.max(at);
    }
    let mut items: Vec<_> = items.into_values().collect();
    items.sort_by(|a, b| (b.count, &a.public_number).cmp(&(a.count, &b.public_number)));
    Ok(HardCaseList { items })
}
