//! From the journal into figures: whatever the desk hears of is looked at, and counted once nothing changes it any more. A step is one
//! transaction with how far was read.

use std::collections::{BTreeSet, HashMap};

use entities::{
    insight_event,
    words::{ConversationId, InsightMeasure, ReportId, Timestamp},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    counting::{Parts, Report, SETTLES_SECONDS, Talk, began},
    store::{self, Sums},
};
use crate::{
    base::{
        db::Tx,
        jobs,
        journal::{self, DESK},
        refusal::Refusal,
    },
    chat,
    deps::Deps,
    quarters, reports,
};

/// Entries and events of one step.
const BATCH: u64 = 200;

/// Works until told to stop.
pub async fn work(deps: Deps) {
    jobs::work(&deps.stop, "figures", || run_due(&deps)).await;
}

/// Reads on and settles what is due. Says how much there was.
pub async fn run_due(deps: &Deps) -> Result<usize, Refusal> {
    Ok(read_on(deps).await? + settle(deps).await?)
}

/// What the desk has heard of since the last step.
async fn read_on(deps: &Deps) -> Result<usize, Refusal> {
    let (epoch, head) = journal::head(deps.db.read(), DESK).await?;
    let before = store::cursor(deps.db.read()).await?;
    // After a restore positions begin anew: all that the stream holds is looked at again, and counted once all the same.
    let known = |(of, pos): (i32, i64)| if of == epoch { pos } else { 0 };
    if before.is_some_and(|before| known(before) >= head && before.0 == epoch) || (before.is_none() && head == 0) {
        return Ok(0);
    }
    let tx = deps.db.begin_in_turn().await?;
    let from = store::cursor(&*tx).await?.map_or(0, known);
    let entries = journal::after(&*tx, DESK, from, BATCH).await?;
    let to = if entries.len() < BATCH as usize { head.max(from) } else { entries.last().map_or(head, |last| last.pos) };
    let of = |kind: &str| -> BTreeSet<Uuid> {
        entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.entity_id).collect()
    };
    let rows = Looked::at(deps, &tx, of("conversation-changed"), of("report-changed")).await?;
    store::save(&tx, &rows).await?;
    store::move_cursor(&tx, (epoch, to.max(entries.last().map_or(0, |last| last.pos)))).await?;
    tx.commit().await?;
    Ok(entries.len().max(1))
}

struct Looked;

impl Looked {
    /// Talks and reports as the figures know them now, but those that are settled.
    async fn at(
        deps: &Deps,
        tx: &Tx,
        talks: BTreeSet<Uuid>,
        told: BTreeSet<Uuid>,
    ) -> Result<Vec<insight_event::Model>, Refusal> {
        let zone = quarters::zone().map_err(Refusal::fault)?;
        let id = |measure: &str, id: Uuid| deps.keys.content_id(measure, id);
        let ids = talks.iter().map(|talk| id(TALK, *talk)).chain(told.iter().map(|report| id(REPORT, *report)));
        let known = store::events(&**tx, ids.collect()).await?;
        let mut rows = Vec::new();
        let talks = chat::counted(&**tx, talks.into_iter().map(ConversationId).collect()).await?;
        for talk in talks {
            let (entity_id, event_id) = (talk.conversation_id.0, id(TALK, talk.conversation_id.0));
            let before: Option<Talk> = known.get(&event_id).map(facts).transpose()?;
            let open = match &before {
                Some(before) => before.was_open(),
                None => quarters::is_open(&**tx, talk.opened_at).await?,
            };
            let began = began(&zone, talk.opened_at).map_err(Refusal::fault)?;
            let now = Talk::of(&talk, began, open);
            rows.extend(event(
                &known,
                (InsightMeasure::Talks, event_id, entity_id),
                (began.week, talk.opened_at),
                &now,
            )?);
        }
        for report in reports::counted(&**tx, told.into_iter().map(ReportId).collect()).await? {
            let (entity_id, event_id) = (report.report_id.0, id(REPORT, report.report_id.0));
            let began = began(&zone, report.received_at).map_err(Refusal::fault)?;
            let now = Report::of(&report);
            rows.extend(event(
                &known,
                (InsightMeasure::Reports, event_id, entity_id),
                (began.week, report.received_at),
                &now,
            )?);
        }
        Ok(rows)
    }
}

/// What events are known by.
const TALK: &str = "insight-talk";
const REPORT: &str = "insight-report";

fn facts<F: DeserializeOwned>(row: &insight_event::Model) -> Result<F, Refusal> {
    serde_json::from_str(&row.facts).map_err(Refusal::fault)
}

/// The event as it stands now; nothing if it is settled.
fn event(
    known: &HashMap<Uuid, insight_event::Model>,
    (measure, event_id, entity_id): (InsightMeasure, Uuid, Uuid),
    (week, at): (i32, Timestamp),
    facts: &impl Serialize,
) -> Result<Option<insight_event::Model>, Refusal> {
    if known.get(&event_id).is_some_and(|row| row.settled) {
        return Ok(None);
    }
    let facts = serde_json::to_string(facts).map_err(Refusal::fault)?;
    let settles_at = at.plus_seconds(SETTLES_SECONDS);
    let entity_id = Some(entity_id);
    Ok(Some(insight_event::Model { event_id, measure, week, facts, entity_id, settles_at, settled: false }))
}

/// Counts some of what nothing changes any more. What was erased before counts as it was known last.
async fn settle(deps: &Deps) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    if store::to_settle(deps.db.read(), now, 1).await?.is_empty() {
        return Ok(0);
    }
    let tx = deps.db.begin_in_turn().await?;
    let due = store::to_settle(&*tx, now, BATCH).await?;
    let of = |measure: InsightMeasure| -> BTreeSet<Uuid> {
        due.iter().filter(|row| row.measure == measure).filter_map(|row| row.entity_id).collect()
    };
    let newest = Looked::at(deps, &tx, of(InsightMeasure::Talks), of(InsightMeasure::Reports)).await?;
    let mut newest: HashMap<Uuid, insight_event::Model> = newest.into_iter().map(|row| (row.event_id, row)).collect();
    let rows: Vec<_> = due
        .into_iter()
        .map(|row| newest.remove(&row.event_id).unwrap_or(row))
        .map(|row| insight_event::Model { entity_id: None, settled: true, ..row })
        .collect();
    let mut sums = Sums::new();
    for row in &rows {
        store::sum(&mut sums, (row.measure, row.week), parts(row)?);
    }
    store::save(&tx, &rows).await?;
    store::add(&tx, sums).await?;
    tx.commit().await?;
    Ok(rows.len())
}

fn parts(row: &insight_event::Model) -> Result<Parts, Refusal> {
    Ok(match row.measure {
        InsightMeasure::Talks => facts::<Talk>(row)?.parts(),
        InsightMeasure::Reports => facts::<Report>(row)?.parts(),
    })
}

/// Makes all sums anew from what was settled, at once.
pub async fn rebuild(deps: &Deps) -> Result<u64, Refusal> {
    let tx = deps.db.begin_in_turn().await?;
    store::clear(&tx).await?;
    let (mut sums, mut last, mut counted) = (Sums::new(), None, 0);
    loop {
        let rows = store::settled_after(&tx, last, 1000).await?;
        let Some(end) = rows.last() else { break };
        last = Some(end.event_id);
        counted += rows.len() as u64;
        for row in &rows {
            store::sum(&mut sums, (row.measure, row.week), parts(row)?);
        }
    }
    store::add(&tx, sums).await?;
    tx.commit().await?;
    Ok(counted)
}
