//! The alarm of a talk in danger. It rings the officers on shift, then everyone who is out, then the leads too, again and
//! again, until a person has answered.
//!
//! A step is one transaction: what it does, its row and the job of the next one stand together or not at all. So a program
//! that is killed between any two steps, or two programs that work at once, lose none and do none twice.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::{
    alarm, alarm_step, conversation, job,
    words::{AccountId, ConversationId, ConversationState, Priority, SettingName, Timestamp},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::store;
use crate::{
    base::{
        db::Tx,
        jobs::{self, NewJob},
        refusal::Refusal,
        settings,
        uses::{self, Limit},
    },
    deps::Deps,
    identity,
    push::{self, Address, Ring},
    quarters::{self, OnShift},
};

pub const QUEUE: &str = "alarm";
/// Steps that share one transaction.
const AT_ONCE: u64 = 100;
/// How often an alarm that is quiet is looked at.
const LOOK_SECONDS: i64 = 60;
/// Steps that are late, as after a stop, follow each other no faster.
const CLOSEST_SECONDS: i64 = 5;

#[derive(Serialize, Deserialize)]
struct Step {
    conversation_id: ConversationId,
    round: i64,
}

/// Whom a step rings. Each holds the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Circle {
    /// Officers who are counted as there.
    There,
    /// All who are on a shift.
    Out,
    /// And the leads, on a shift or not.
    Leads,
}

/// When a step is due, in seconds from the start, and whom it rings.
pub fn step(nth: i32) -> (i64, Circle) {
    let nth = i64::from(nth);
    match nth {
        ..=2 => (20 * nth.max(0), Circle::There),
        3..=5 => (20 * nth, Circle::Out),
        // Each minute for an hour, then every five.
        6..=66 => (120 + 60 * (nth - 6), Circle::Leads),
        _ => (3720 + 300 * (nth - 66), Circle::Leads),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Ring,
    /// From the first step, because whoever answered is gone.
    RingAnew,
    /// Quiet until then.
    Look(Timestamp),
    End,
}

/// What an alarm does when its time has come. `heard`: whoever holds the talk was heard from of late.
pub fn next(
    row: &conversation::Model,
    alarm: &alarm::Model,
    heard: bool,
    first_answer_seconds: i64,
    now: Timestamp,
) -> Move {
    if row.state == ConversationState::Closed || row.priority != Priority::P1 {
        return Move::End;
    }
    let waits = row.last_youth_pos > row.officer_read_pos;
    if row.last_officer_pos > alarm.cause_pos {
        return if waits && !heard { Move::RingAnew } else { Move::Look(now.plus_seconds(LOOK_SECONDS)) };
    }
    if row.state == ConversationState::Taken && heard {
        let since = row.taken_at.map_or(alarm.started_at, |at| at.max(alarm.started_at));
        let until = since.plus_seconds(first_answer_seconds);
        if now < until {
            return Move::Look(until);
        }
    }
    Move::Ring
}

/// Starts alarms of talks whose newest message tells of danger. One that rings already and was not answered goes on.
pub async fn start(deps: &Deps, tx: &Tx, now: Timestamp, talks: &[&conversation::Model]) -> Result<(), DbErr> {
    if talks.is_empty() {
        return Ok(());
    }
    // While it is closed nobody is rung; what still waits when it opens rings then.
    let Some(from) = quarters::open_from(&**tx, now).await? else { return Ok(()) };
    let known = store::alarms(tx, talks.iter().map(|row| row.conversation_id).collect()).await?;
    let mut rows = Vec::new();
    for row in talks {
        let before = known.get(&row.conversation_id);
        let rings = |alarm: &alarm::Model| alarm.ended_at.is_none() && row.last_officer_pos <= alarm.cause_pos;
        // One that waits for an opening begins at once when it is open before that.
        if before.is_some_and(|alarm| rings(alarm) && alarm.started_at <= from) {
            continue;
        }
        rows.push(anew(row, before, from));
    }
    let new = rows.iter().map(|alarm| job_of(alarm, from)).collect();
    store::save_alarms(tx, rows).await?;
    jobs::enqueue(tx, &*deps.chance, now, new).await
}

/// An alarm at its first step. Jobs of rounds before it find nothing to do.
fn anew(row: &conversation::Model, before: Option<&alarm::Model>, from: Timestamp) -> alarm::Model {
    alarm::Model {
        conversation_id: row.conversation_id,
        round: before.map_or(1, |alarm| alarm.round + 1),
        step: 0,
        started_at: from,
        cause_pos: row.last_officer_pos,
        ended_at: None,
    }
}

fn job_of(alarm: &alarm::Model, run_at: Timestamp) -> NewJob {
    let step = Step { conversation_id: alarm.conversation_id, round: alarm.round };
    NewJob { queue: QUEUE, body: serde_json::to_value(step).unwrap_or_default(), run_at }
}

/// Does the steps that are due. Says how many jobs there were.
pub async fn ring_due(deps: &Deps) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    if !jobs::any_due(&deps.db, QUEUE, now).await? {
        return Ok(0);
    }
    let tx = deps.db.begin_in_turn().await?;
    let due = jobs::due(&tx, QUEUE, now, AT_ONCE).await?;
    let done = due.len();
    steps(deps, &tx, now, due).await?;
    tx.commit().await?;
    Ok(done)
}

/// One alarm whose time has come.
struct Due {
    job: job::Model,
    row: conversation::Model,
    alarm: alarm::Model,
}

async fn steps(deps: &Deps, tx: &Tx, now: Timestamp, jobs_due: Vec<job::Model>) -> Result<(), DbErr> {
    let due = find(tx, jobs_due).await?;
    let open_from = quarters::open_from(&**tx, now).await?;
    let first_answer_seconds = settings::value(&**tx, SettingName::FirstAnswerSeconds, now).await?;
    let out = quarters::on_shift(&**tx, now).await?;
    let mut ringing = Vec::new();
    let mut saved = Vec::new();
    for Due { job, row, mut alarm } in due {
        let heard = out.iter().any(|shift| Some(shift.officer_id) == row.holder_id && shift.heard);
        match next(&row, &alarm, heard, first_answer_seconds, now) {
            // It was to open by now, and somebody has decided otherwise.
            Move::Ring if alarm.step == 0 && open_from != Some(now) => {
                let at = open_from.unwrap_or(now.plus_seconds(LOOK_SECONDS)).max(now.plus_seconds(LOOK_SECONDS));
                jobs::again(tx, job.job_id, at).await?;
            }
            Move::End => {
                alarm.ended_at = Some(now);
                jobs::done(tx, job.job_id).await?;
                saved.push(alarm);
            }
            Move::Look(at) => jobs::again(tx, job.job_id, at).await?,
            Move::RingAnew => {
                let alarm = anew(&row, Some(&alarm), now);
                ringing.push(Due { job, row, alarm });
            }
            Move::Ring => ringing.push(Due { job, row, alarm }),
        }
    }
    let ringing = bounded(tx, now, ringing).await?;
    let rang = ring(deps, tx, now, &out, &ringing).await?;
    let (mut steps_done, mut new) = (Vec::new(), Vec::new());
    for Due { job, mut alarm, .. } in ringing {
        steps_done.push(alarm_step::Model {
            conversation_id: alarm.conversation_id,
            round: alarm.round,
            step: alarm.step,
            at: now,
            rang: rang.get(&alarm.conversation_id).copied().unwrap_or(0),
        });
        alarm.step += 1;
        let at = alarm.started_at.plus_seconds(step(alarm.step).0).max(now.plus_seconds(CLOSEST_SECONDS));
        new.push(job_of(&alarm, at));
        jobs::done(tx, job.job_id).await?;
        saved.push(alarm);
    }
    store::insert_steps(tx, steps_done).await?;
    store::save_alarms(tx, saved).await?;
    jobs::enqueue(tx, &*deps.chance, now, new).await
}

/// The alarms behind jobs, in the order of the queue. A job whose talk is gone, or of a round that is over, goes.
async fn find(tx: &Tx, jobs_due: Vec<job::Model>) -> Result<Vec<Due>, DbErr> {
    let mut asked = Vec::new();
    for job in jobs_due {
        match serde_json::from_str::<Step>(&job.body) {
            Ok(step) => asked.push((job, step)),
            Err(error) => {
                tracing::error!(%error, "an alarm's job cannot be read and is dropped");
                jobs::done(tx, job.job_id).await?;
            }
        }
    }
    let ids: Vec<_> = asked.iter().map(|(_, step)| step.conversation_id).collect();
    let mut alarms = store::alarms(tx, ids.clone()).await?;
    let mut rows: HashMap<_, _> =
        store::in_danger(tx, ids).await?.into_iter().map(|row| (row.conversation_id, row)).collect();
    let mut due = Vec::new();
    for (job, step) in asked {
        let id = step.conversation_id;
        // A job of a round that is over may be due together with that of the round that goes on.
        let goes_on = alarms.get(&id).is_some_and(|alarm| alarm.round == step.round && alarm.ended_at.is_none());
        let found = if goes_on { rows.remove(&id).zip(alarms.remove(&id)) } else { None };
        match found {
            Some((row, alarm)) => due.push(Due { job, row, alarm }),
            None => jobs::done(tx, job.job_id).await?,
        }
    }
    due.sort_by_key(|due| (due.row.queue_key, due.row.conversation_id));
    Ok(due)
}

/// Those that may ring now: one youth's talks begin to ring one a minute, the rest waits its turn.
async fn bounded(tx: &Tx, now: Timestamp, ringing: Vec<Due>) -> Result<Vec<Due>, DbErr> {
    let mut begins: BTreeMap<AccountId, i64> = BTreeMap::new();
    for due in ringing.iter().filter(|due| due.alarm.step == 0) {
        *begins.entry(due.row.youth_id).or_default() += 1;
    }
    let over = uses::count(tx, now, &[uses::ALARMS], &begins).await?;
    let mut room: HashMap<AccountId, i64> =
        begins.into_iter().map(|(id, count)| (id, count - over.get(&id).map_or(0, |(by, _)| *by))).collect();
    let mut may = Vec::new();
    for due in ringing {
        let room = room.entry(due.row.youth_id).or_default();
        if due.alarm.step == 0 && *room <= 0 {
            jobs::again(tx, due.job.job_id, uses::ALARMS.ends_at(now)).await?;
            continue;
        }
        *room -= i64::from(due.alarm.step == 0);
        may.push(due);
    }
    Ok(may)
}

/// Rings the phones of each one's circle, or of the next one where nobody has any. Says how many rang for which.
async fn ring(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    out: &[OnShift],
    ringing: &[Due],
) -> Result<HashMap<ConversationId, i32>, DbErr> {
    if ringing.is_empty() {
        return Ok(HashMap::new());
    }
    let phones = push::addresses(&**tx, out.iter().map(|shift| shift.device_id).collect()).await?;
    let own = |shift: &&OnShift| phones.get(&shift.device_id).filter(|phone| phone.account_id == shift.officer_id);
    let there: Vec<Address> =
        out.iter().filter(|shift| shift.counted).filter_map(|shift| own(&shift).copied()).collect();
    let on_shift: Vec<Address> = out.iter().filter_map(|shift| own(&shift).copied()).collect();
    let mut leads = on_shift.clone();
    for phone in push::addresses_of(&**tx, identity::leads(&**tx).await?).await? {
        if leads.iter().all(|known| known.subscription_id != phone.subscription_id) {
            leads.push(phone);
        }
    }
    let circle = |of: Circle| match of {
        Circle::There if !there.is_empty() => &there,
        Circle::There | Circle::Out if !on_shift.is_empty() => &on_shift,
        _ => &leads,
    };
    let mut rings = Vec::new();
    for (first, limit) in [(true, uses::FIRST_RINGS), (false, uses::MORE_RINGS)] {
        let wanted = ringing
            .iter()
            .filter(|due| (due.alarm.step == 0) == first)
            .flat_map(|due| circle(step(due.alarm.step).1).iter().map(|address| (*address, due.row.conversation_id)));
        rings.extend(within(tx, now, limit, wanted.collect()).await?);
    }
    let mut rang: HashMap<ConversationId, i32> = HashMap::new();
    for (_, id) in &rings {
        *rang.entry(*id).or_default() += 1;
    }
    let rings = rings.into_iter().map(|(address, id)| Ring { address, entity_id: id.0 });
    push::alarm(deps, tx, now, rings.collect()).await?;
    Ok(rang)
}

/// As many rings of each officer as a minute holds, the first in the queue first.
async fn within(
    tx: &Tx,
    now: Timestamp,
    limit: Limit,
    wanted: Vec<(Address, ConversationId)>,
) -> Result<Vec<(Address, ConversationId)>, DbErr> {
    let mut asked: BTreeMap<AccountId, HashSet<ConversationId>> = BTreeMap::new();
    for (address, id) in &wanted {
        asked.entry(address.account_id).or_default().insert(*id);
    }
    let asked: BTreeMap<AccountId, i64> =
        asked.into_iter().map(|(id, talks)| (id, i64::try_from(talks.len()).unwrap_or(i64::MAX))).collect();
    let over = uses::count(tx, now, &[limit], &asked).await?;
    let mut room: HashMap<AccountId, i64> =
        asked.into_iter().map(|(id, count)| (id, count - over.get(&id).map_or(0, |(by, _)| *by))).collect();
    let mut seen: HashSet<(AccountId, ConversationId)> = HashSet::new();
    Ok(wanted
        .into_iter()
        .filter(|(address, id)| {
            // All phones of one officer ring together.
            let room = room.entry(address.account_id).or_default();
            if seen.contains(&(address.account_id, *id)) {
                return true;
            }
            *room -= 1;
            *room >= 0 && seen.insert((address.account_id, *id))
        })
        .collect())
}
