//! From sums to what is told: a month at a time, once nothing changes it any more. Week by week more would have to be hidden.

use std::collections::BTreeMap;

use entities::{
    insight_release,
    words::{InsightMeasure, Timestamp},
};
use jiff::civil::{ISOWeekDate, Weekday};
use sea_orm::Iterable;

use super::{
    counting::SETTLES_SECONDS,
    layout::layout,
    released::Released,
    store,
    tables::{Counts, Of, Period, Shown, Week},
};
use crate::{base::refusal::Refusal, deps::Deps, quarters};

const WEEK_SECONDS: i64 = 7 * 24 * 3600;

/// A column's cells as they are kept: dimension and part, empty for all; period; how it is told.
pub type Told = Vec<(String, String, String, String)>;
type Counted = Vec<(String, String, String, u64)>;

/// Tells what is due of each measure. What cannot be told safely is not told, and the log says why.
pub async fn release(deps: &Deps) -> Result<(), Refusal> {
    let now = deps.clock.now();
    for measure in InsightMeasure::iter() {
        let before = store::releases(deps.db.read(), measure).await?;
        let counts = counts(store::counts(deps.db.read(), measure).await?);
        let Some(released) = known(&before, &counts)? else { continue };
        let Some(through) = last_month(released.open, settled(now)?) else { continue };
        let next = match released.next(&layout(measure), &counts, through) {
            Ok(next) => next,
            Err(unfit) => {
                tracing::error!(cause = %unfit, measure = ?measure, "figures could not be released");
                continue;
            }
        };
        let told: Told = (next.cells.iter())
            .filter(|(place, _)| !released.cells.contains_key(place))
            .map(|((of, period), shown)| {
                let (dimension, part) = names(of);
                (dimension, part, period.to_string(), shown.to_string())
            })
            .collect();
        let counted: Counted = next
            .counted
            .0
            .iter()
            .flat_map(|(of, weeks)| {
                weeks.iter().filter(|(_, count)| **count > 0).map(move |(week, count)| (of, week, count))
            })
            .map(|(of, week, count)| {
                let (dimension, part) = names(of);
                (dimension, part, Period::Week(*week).to_string(), *count)
            })
            .collect();
        let row = insight_release::Model {
            measure,
            through: Period::Week(through).to_string(),
            since: Period::Week(next.first).to_string(),
            told: serde_json::to_string(&told).map_err(Refusal::fault)?,
            counted: serde_json::to_string(&counted).map_err(Refusal::fault)?,
            released_at: now,
        };
        let tx = deps.db.begin().await?;
        // Another program on this database may have been quicker: what it told stands.
        store::insert_release(&tx, row).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The last week that nothing changes any more: seven days before a day that is settled it is a week that is over.
fn settled(now: Timestamp) -> Result<Week, Refusal> {
    Ok(Week::of(quarters::today(now.plus_seconds(-SETTLES_SECONDS - WEEK_SECONDS))?))
}

/// The end of the last month that is over by a week and not told yet.
fn last_month(open: Week, settled: Week) -> Option<Week> {
    let weeks = std::iter::successors(Some(open), |week| Some(week.next())).take_while(|week| *week <= settled);
    weeks.filter(|week| week.ends_month()).last()
}

fn names(of: &Of) -> (String, String) {
    match of {
        Of::All => (String::new(), String::new()),
        Of::Part { dimension, part } => (dimension.clone(), part.clone()),
    }
}

fn of(dimension: &str, part: &str) -> Of {
    if dimension.is_empty() { Of::All } else { Of::part(dimension, part) }
}

fn counts(rows: Vec<entities::insight_count::Model>) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        let count = u64::try_from(row.count).unwrap_or_default();
        counts.add(of(&row.dimension, &row.part), Week::of_days(row.week), count);
    }
    counts
}

/// All that was told until now; nothing while nothing was ever counted.
fn known(rows: &[insight_release::Model], counts: &Counts) -> Result<Option<Released>, Refusal> {
    let Some(last) = rows.last() else {
        let first = counts.0.get(&Of::All).and_then(|weeks| weeks.keys().next()).copied();
        return Ok(first.map(Released::starting));
    };
    let mut cells = BTreeMap::new();
    for row in rows {
        for (dimension, part, at, shown) in read::<Told>(&row.told)? {
            cells.insert((of(&dimension, &part), period(&at)?), Shown::read(&shown).ok_or_else(unreadable)?);
        }
    }
    let mut counted = Counts::default();
    for (dimension, part, at, count) in read::<Counted>(&last.counted)? {
        counted.add(of(&dimension, &part), week(&at)?, count);
    }
    Ok(Some(Released { first: week(&last.since)?, open: week(&last.through)?.next(), cells, counted }))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(Refusal::fault)
}

fn unreadable() -> Refusal {
    Refusal::fault("a release cannot be read")
}

/// `2026-W48`.
fn week(text: &str) -> Result<Week, Refusal> {
    let (year, week) = text.split_once("-W").ok_or_else(unreadable)?;
    let (year, week) = (year.parse().map_err(Refusal::fault)?, week.parse().map_err(Refusal::fault)?);
    let thursday = ISOWeekDate::new(year, week, Weekday::Thursday).map_err(Refusal::fault)?;
    Ok(Week::of(thursday.date()))
}

/// A week, `2026-11` or `2026`.
fn period(text: &str) -> Result<Period, Refusal> {
    if text.contains("-W") {
        return Ok(Period::Week(week(text)?));
    }
    match text.split_once('-') {
        None => Ok(Period::Year(text.parse().map_err(Refusal::fault)?)),
        Some((year, month)) => Ok(Period::Month {
            year: year.parse().map_err(Refusal::fault)?,
            month: month.parse().map_err(Refusal::fault)?,
        }),
    }
}
