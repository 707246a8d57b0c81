//! What everyone may know of where the patrol is.

use std::collections::{HashMap, HashSet};

use entities::{
    patrol,
    words::{AccountId, PatrolId, QuarterId},
};

use super::{model_board::*, store};
use crate::{
    base::{listed::words_of, refusal::Refusal},
    deps::Deps,
    quarters::{self, LONGEST_SHIFT_SECONDS, PublicQuarter},
};

/// Planned patrols among which the next one is looked for.
const AHEAD: u64 = 20;

fn planned(row: &patrol::Model) -> impl Iterator<Item = QuarterId> {
    words_of(&row.quarters).filter_map(|id| id.parse().ok())
}

/// As they are called, each once. Neither their order nor their number tells where the patrol is at the moment.
fn named(ids: impl Iterator<Item = QuarterId>, shown: &HashMap<QuarterId, PublicQuarter>) -> Vec<PublicQuarter> {
    let mut quarters: Vec<PublicQuarter> = ids.filter_map(|id| shown.get(&id).cloned()).collect();
    quarters.sort_unstable();
    quarters.dedup();
    quarters
}

pub async fn board(deps: &Deps) -> Result<Board, Refusal> {
    let (db, now) = (deps.db.read(), deps.clock.now());
    let (opening, _) = quarters::opening_and_staff(db, now).await?;
    let out = store::out(db, now.plus_seconds(-LONGEST_SHIFT_SECONDS)).await?;
    let ahead = store::ahead(db, now, AHEAD).await?;
    let shown = out.iter().chain(&ahead).flat_map(planned).collect();
    let shown = quarters::shown_to_all(db, shown).await?;
    let heard = quarters::on_shift(db, now).await?.into_iter().filter(|shift| shift.heard);
    let heard: HashSet<AccountId> = heard.map(|shift| shift.officer_id).collect();
    let mut numbers: HashMap<PatrolId, Vec<String>> = HashMap::new();
    for officer in store::officers(db, out.iter().map(|row| row.patrol_id).collect()).await? {
        if heard.contains(&officer.officer_id) {
            numbers.entry(officer.patrol_id).or_default().push(officer.public_number);
        }
    }
    let on_patrol = |row: &patrol::Model| {
        let (numbers, quarters) = (numbers.remove(&row.patrol_id)?, named(planned(row), &shown));
        (!quarters.is_empty()).then_some(OnPatrol { quarters, numbers })
    };
    let next = |row: &patrol::Model| {
        let quarters = named(planned(row), &shown);
        let (starts_at, ends_at) = (row.starts_at, row.ends_at);
        (!quarters.is_empty()).then_some(NextPatrol { starts_at, ends_at, quarters })
    };
    Ok(Board {
        now: out.iter().filter_map(on_patrol).collect(),
        next: ahead.iter().find_map(next),
        chat: BoardChat {
            open: opening.open,
            open_until: opening.open_until,
            staffed: opening.staffed,
            next_opening: opening.next_opening,
        },
    })
}
