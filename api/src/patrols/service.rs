//! The rules, in order.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::{
    patrol, patrol_act, patrol_officer, patrol_reflection,
    words::{
        AccountId, ActionId, AuditSubject, Counter, PatrolActKind, PatrolId, PatrolMark, PatrolState, QuarterId, Text,
        Timestamp,
    },
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    logging,
    model::*,
    rules::{self, Mark},
    store, store_log,
};
use crate::{
    audit,
    base::{
        actions::{Act, Decided, Who, effects},
        db::Tx,
        journal::{self, NewEntry},
        keys::Keys,
        listed::{listed, words_of},
        refusal::{Kind, Refusal},
        text,
        vault::{ContentKey, Opener},
    },
    deps::Deps,
    identity,
    quarters::{self, LONGEST_SHIFT_SECONDS, Walked},
    rooms,
};

/// Where a reflection stands, as the vault's place.
const REFLECTION: &str = "patrol.reflection";
/// How long a patrol is kept, with all that belongs to it.
const KEPT_SECONDS: i64 = 730 * 24 * 3600;

/// What the words of a patrol are sealed by.
pub(super) fn content_id(keys: &Keys, patrol_id: PatrolId) -> Uuid {
    keys.content_id("patrol-content", patrol_id.0)
}

pub fn placed<C>(keys: &Keys, patrol_id: PatrolId, command: C) -> Placed<C> {
    Placed { content_id: content_id(keys, patrol_id), command }
}

/// When something was done, decided once: as the phone says, but neither later than it came nor so long before that no drawer
/// explains it.
pub(super) fn done_at(recorded_at: Timestamp, now: Timestamp) -> Timestamp {
    recorded_at.clamp(now.plus_seconds(-LATE_SECONDS), now)
}

/// What a write function does to patrols: rows as they will stand, and who is told.
pub(super) struct Squad {
    rows: HashMap<PatrolId, patrol::Model>,
    officers: HashSet<(PatrolId, AccountId)>,
    entries: Vec<NewEntry>,
    /// Where each that changed is told of, once for all acts of a group.
    told: BTreeMap<PatrolId, usize>,
}

impl Squad {
    pub async fn lock(tx: &Tx, ids: Vec<PatrolId>) -> Result<Self, DbErr> {
        let rows = store::lock(tx, ids.clone()).await?;
        let officers = store::officers(&**tx, ids).await?;
        let officers = officers.into_iter().map(|row| (row.patrol_id, row.officer_id)).collect();
        Ok(Self { rows, officers, entries: Vec::new(), told: BTreeMap::new() })
    }

    /// The patrol, if whoever acts is on it.
    pub fn own<C>(&self, act: &Act<C>, id: PatrolId, now: Timestamp) -> Result<patrol::Model, Refusal> {
        if !act.who.is_officer() {
            return Err(Kind::RoleRefused.into());
        }
        let row = self.rows.get(&id).ok_or(Kind::NotFound)?;
        if !self.officers.contains(&(id, act.who.account_id)) {
            return Err(Refusal::of(Kind::Conflict).detail("not one of the patrol's officers"));
        }
        if row.ends_at.plus_seconds(LATE_SECONDS) < now {
            return Err(Refusal::of(Kind::Conflict).detail("the patrol is long over"));
        }
        Ok(row.clone())
    }

    /// Gives the place of what is told.
    fn change<C>(&mut self, act: &Act<C>, mut row: patrol::Model) -> (Uuid, i64, usize) {
        row.revision += 1;
        let entry = NewEntry {
            stream: journal::DESK.to_owned(),
            kind: "patrol-changed",
            entity_id: row.patrol_id.0,
            revision: row.revision,
            action_id: Some(act.action_id),
            actor: act.who.actor(),
            actor_id: Some(act.who.account_id),
        };
        let place = *self.told.entry(row.patrol_id).or_insert(self.entries.len());
        match self.entries.get_mut(place) {
            Some(told) => *told = entry,
            None => self.entries.push(entry),
        }
        let changed = (row.patrol_id.0, row.revision, place);
        self.rows.insert(row.patrol_id, row);
        changed
    }

    /// How those that changed stand, from all that was ever pressed.
    async fn follow_marks(&mut self, tx: &Tx) -> Result<(), DbErr> {
        let mut marks: HashMap<PatrolId, Vec<Mark>> = HashMap::new();
        for row in store::marks(tx, self.told.keys().copied().collect()).await? {
            if let Some(mark) = mark_of(row.kind) {
                marks.entry(row.patrol_id).or_default().push(Mark { at: row.at, act_id: row.act_id, mark });
            }
        }
        for (id, marks) in marks {
            if let Some(row) = self.rows.get_mut(&id) {
                let course = rules::course(row.cancelled_at.is_some(), marks);
                (row.state, row.started_at, row.ended_at) = (course.state, course.started_at, course.ended_at);
                row.out_seconds = course.out_seconds;
            }
        }
        Ok(())
    }

    async fn save(
        self,
        tx: &Tx,
        now: Timestamp,
        decided: Vec<Result<(Uuid, i64, usize), Refusal>>,
    ) -> Result<Vec<Decided>, DbErr> {
        let Self { mut rows, told, entries, .. } = self;
        store::save(tx, told.keys().filter_map(|id| rows.remove(id)).collect()).await?;
        let positions = journal::append(tx, now, entries).await?;
        Ok(effects(decided, &positions))
    }
}

fn mark_of(kind: PatrolActKind) -> Option<PatrolMark> {
    match kind {
        PatrolActKind::Start => Some(PatrolMark::Start),
        PatrolActKind::Pause => Some(PatrolMark::Pause),
        PatrolActKind::Resume => Some(PatrolMark::Resume),
        PatrolActKind::End => Some(PatrolMark::End),
        PatrolActKind::Visit | PatrolActKind::Count => None,
    }
}

// The plan

/// Looks through what can be looked through without the database.
pub fn prepare_plan(command: PlanPatrol) -> Result<PlanPatrol, Refusal> {
    let PlanPatrol { starts_at, ends_at, mut officers, mut quarters, .. } = command;
    officers = officers.into_iter().map(|number| Text(number.trim().to_owned())).collect();
    let mut numbers: Vec<&str> = officers.iter().map(|number| &**number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    // One who is named twice is one.
    if numbers.len() < officers.len() {
        return Err(Refusal::invalid("officers"));
    }
    if !(1..=LONGEST_SHIFT_SECONDS * 1000).contains(&ends_at.since(starts_at)) {
        return Err(Refusal::invalid("ends_at"));
    }
    let mut seen = HashSet::new();
    quarters.retain(|id| seen.insert(*id));
    Ok(PlanPatrol { officers, quarters, ..command })
}

pub async fn plan(tx: &Tx, now: Timestamp, acts: &[Act<PlanPatrol>]) -> Result<Vec<Decided>, DbErr> {
    let mut squad = Squad::lock(tx, acts.iter().map(|act| act.command.patrol_id).collect()).await?;
    let named = acts.iter().flat_map(|act| &act.command.officers).map(|number| number.0.clone());
    let serving = identity::serving(&**tx, named.collect()).await?;
    let walked = Walked::of(&**tx, acts.iter().flat_map(|act| act.command.quarters.clone()).collect()).await?;
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        let planned = planned(&squad, &walked, now, act);
        let officers = planned.and_then(|row| Ok((row, officers_of(&serving, &act.command)?)));
        match officers {
            Ok((row, officers)) => {
                store::replace_officers(tx, row.patrol_id, &officers).await?;
                decided.push(Ok(squad.change(act, row)));
            }
            Err(refusal) => decided.push(Err(refusal)),
        }
    }
    squad.save(tx, now, decided).await
}

/// A patrol as it is planned, if it may be.
fn planned(squad: &Squad, walked: &Walked, now: Timestamp, act: &Act<PlanPatrol>) -> Result<patrol::Model, Refusal> {
    let PlanPatrol { patrol_id, expected_revision, starts_at, ends_at, ref quarters, .. } = act.command;
    if !act.who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    let known = squad.rows.get(&patrol_id);
    if known.map_or(0, |row| row.revision) != expected_revision {
        return Err(Kind::RevisionConflict.into());
    }
    if known.is_some_and(|row| row.state != PatrolState::Planned) {
        return Err(under_way());
    }
    if starts_at.since(now) > LONGEST_AHEAD_SECONDS * 1000 || ends_at.plus_seconds(LATE_SECONDS) < now {
        return Err(Refusal::invalid("starts_at"));
    }
    quarters.iter().try_for_each(|id| walked.allows(*id))?;
    let ids: Vec<String> = quarters.iter().map(ToString::to_string).collect();
    Ok(patrol::Model {
        patrol_id,
        quarters: listed(ids.iter().map(String::as_str)),
        starts_at,
        ends_at,
        planned_by: act.who.public_number.clone(),
        cancelled_at: None,
        state: PatrolState::Planned,
        started_at: None,
        ended_at: None,
        out_seconds: 0,
        revision: expected_revision,
    })
}

fn under_way() -> Refusal {
    Refusal::of(Kind::Conflict).detail("the patrol was started or cancelled")
}

fn officers_of(
    serving: &HashMap<String, AccountId>,
    command: &PlanPatrol,
) -> Result<Vec<patrol_officer::Model>, Refusal> {
    let officer = |number: &Text| {
        let officer_id = *serving.get(&number.0)?;
        Some(patrol_officer::Model { patrol_id: command.patrol_id, officer_id, public_number: number.0.clone() })
    };
    let officers: Option<Vec<_>> = command.officers.iter().map(officer).collect();
    officers.ok_or_else(|| Refusal::of(Kind::NotFound).detail("nobody serves under a number"))
}

pub async fn cancel(tx: &Tx, now: Timestamp, acts: &[Act<CancelPatrol>]) -> Result<Vec<Decided>, DbErr> {
    let mut squad = Squad::lock(tx, acts.iter().map(|act| act.command.patrol_id).collect()).await?;
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        let row = cancelled(&squad, now, act);
        decided.push(row.map(|row| squad.change(act, row)));
    }
    squad.save(tx, now, decided).await
}

fn cancelled(squad: &Squad, now: Timestamp, act: &Act<CancelPatrol>) -> Result<patrol::Model, Refusal> {
    if !act.who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    let row = squad.rows.get(&act.command.patrol_id).ok_or(Kind::NotFound)?.clone();
    if row.revision != act.command.expected_revision {
        return Err(Kind::RevisionConflict.into());
    }
    if row.state != PatrolState::Planned {
        return Err(under_way());
    }
    Ok(patrol::Model { state: PatrolState::Cancelled, cancelled_at: Some(now), ..row })
}

// On the way

/// What an act says was done.
struct Deed {
    patrol_id: PatrolId,
    kind: PatrolActKind,
    quarter_id: Option<QuarterId>,
    counter: Option<Counter>,
    step: i32,
}

pub async fn mark(tx: &Tx, now: Timestamp, acts: &[Act<MarkPatrol>]) -> Result<Vec<Decided>, DbErr> {
    keep(tx, now, acts, |MarkPatrol { patrol_id, mark }| Deed {
        patrol_id: *patrol_id,
        kind: match mark {
            PatrolMark::Start => PatrolActKind::Start,
            PatrolMark::Pause => PatrolActKind::Pause,
            PatrolMark::Resume => PatrolActKind::Resume,
            PatrolMark::End => PatrolActKind::End,
        },
        quarter_id: None,
        counter: None,
        step: 0,
    })
    .await
}

pub async fn visit(tx: &Tx, now: Timestamp, acts: &[Act<VisitQuarter>]) -> Result<Vec<Decided>, DbErr> {
    keep(tx, now, acts, |VisitQuarter { patrol_id, quarter_id }| Deed {
        patrol_id: *patrol_id,
        kind: PatrolActKind::Visit,
        quarter_id: Some(*quarter_id),
        counter: None,
        step: 0,
    })
    .await
}

pub async fn count(tx: &Tx, now: Timestamp, acts: &[Act<CountOnPatrol>]) -> Result<Vec<Decided>, DbErr> {
    keep(tx, now, acts, |CountOnPatrol { patrol_id, quarter_id, counter, takes_back }| Deed {
        patrol_id: *patrol_id,
        kind: PatrolActKind::Count,
        quarter_id: Some(*quarter_id),
        counter: Some(*counter),
        step: if *takes_back { -1 } else { 1 },
    })
    .await
}

/// Keeps what was done. None of it is refused for what another phone did meanwhile.
async fn keep<C>(tx: &Tx, now: Timestamp, acts: &[Act<C>], deed: impl Fn(&C) -> Deed) -> Result<Vec<Decided>, DbErr> {
    let deeds: Vec<Deed> = acts.iter().map(|act| deed(&act.command)).collect();
    let mut squad = Squad::lock(tx, deeds.iter().map(|deed| deed.patrol_id).collect()).await?;
    let walked = Walked::of(&**tx, deeds.iter().filter_map(|deed| deed.quarter_id).collect()).await?;
    let (mut rows, mut decided) = (Vec::new(), Vec::with_capacity(acts.len()));
    for (act, deed) in acts.iter().zip(deeds) {
        let own = squad.own(act, deed.patrol_id, now);
        let own = own.and_then(|row| deed.quarter_id.map_or(Ok(()), |id| walked.allows(id)).map(|()| row));
        decided.push(own.map(|row| {
            rows.push(patrol_act::Model {
                officer_id: act.who.account_id,
                act_id: act.action_id,
                patrol_id: deed.patrol_id,
                public_number: act.who.public_number.clone(),
                kind: deed.kind,
                quarter_id: deed.quarter_id,
                counter: deed.counter,
                step: deed.step,
                at: done_at(act.recorded_at, now),
                recorded_at: act.recorded_at,
                received_at: now,
            });
            squad.change(act, row)
        }));
    }
    store::insert_acts(tx, &rows).await?;
    if rows.iter().any(|row| mark_of(row.kind).is_some()) {
        squad.follow_marks(tx).await?;
    }
    squad.save(tx, now, decided).await
}

// What they think of it

type Lines = [Option<String>; 3];

pub fn prepare_reflection(
    deps: &Deps,
    key: &ContentKey,
    act_id: ActionId,
    Placed { command, .. }: Placed<ReflectOnPatrol>,
) -> Result<SealedReflection, Refusal> {
    let ReflectOnPatrol { patrol_id, went_well, was_hard, try_next } = command;
    let line = |line: Option<Text>| line.map(|line| text::checked(&line, LONGEST_LINE).map(str::to_owned)).transpose();
    let lines: Lines = [line(went_well)?, line(was_hard)?, line(try_next)?];
    if lines.iter().all(Option::is_none) {
        return Err(Kind::TextEmpty.into());
    }
    let plain = serde_json::to_vec(&lines).map_err(Refusal::fault)?;
    let words = key.cipher.seal(REFLECTION, act_id.0, &plain, &*deps.chance)?;
    Ok(SealedReflection { patrol_id, words, new_key: key.new.clone() })
}

pub async fn reflect(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<SealedReflection>],
) -> Result<Vec<Decided>, DbErr> {
    let ids: Vec<PatrolId> = acts.iter().map(|act| act.command.patrol_id).collect();
    let mut squad = Squad::lock(tx, ids.clone()).await?;
    let known = store::reflections(&**tx, ids).await?;
    let mut last: HashMap<(PatrolId, AccountId), (Timestamp, ActionId)> =
        known.into_iter().map(|row| ((row.patrol_id, row.officer_id), (row.at, row.act_id))).collect();
    let (mut decided, mut keys) = (Vec::with_capacity(acts.len()), Vec::new());
    for act in acts {
        let SealedReflection { patrol_id, ref words, ref new_key } = act.command;
        let row = match squad.own(act, patrol_id, now) {
            Ok(row) => row,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        // Of what she said on two phones the last counts, whichever came first.
        let (whose, said) = ((patrol_id, act.who.account_id), (done_at(act.recorded_at, now), act.action_id));
        if last.get(&whose).is_none_or(|known| *known < said) {
            last.insert(whose, said);
            keys.extend(new_key.clone());
            let row = patrol_reflection::Model {
                patrol_id,
                officer_id: act.who.account_id,
                public_number: act.who.public_number.clone(),
                act_id: act.action_id,
                words: words.clone(),
                at: said.0,
                received_at: now,
            };
            store::save_reflection(tx, row).await?;
        }
        decided.push(Ok(squad.change(act, row)));
    }
    deps.vault.store(tx, &*deps.chance, now, keys.iter()).await?;
    squad.save(tx, now, decided).await
}

// Reading

/// A page of patrols, each with its place in the list.
pub type Listed = (Vec<Patrol>, Option<(i64, PatrolId)>);

pub async fn list(
    deps: &Deps,
    who: &Who,
    state: Option<PatrolState>,
    after: Option<(i64, PatrolId)>,
    limit: u64,
) -> Result<Listed, Refusal> {
    let rows = store::list(deps.db.read(), state, after, limit).await?;
    let last = rows.last().filter(|_| rows.len() as u64 >= limit).map(|row| (row.starts_at.millis(), row.patrol_id));
    Ok((views(deps, who, rows).await?, last))
}

pub async fn find(deps: &Deps, who: &Who, id: PatrolId) -> Result<Patrol, Refusal> {
    let row = store::one(deps.db.read(), id).await?.ok_or(Kind::NotFound)?;
    let out = row.started_at.map(|from| (from, row.ended_at.unwrap_or_else(|| deps.clock.now())));
    let mut patrol = views(deps, who, vec![row]).await?.pop().ok_or(Kind::NotFound)?;
    let mut seen: BTreeMap<(QuarterId, Counter), i64> = BTreeMap::new();
    if let Some((from, until)) = out {
        let officers = store::officers(deps.db.read(), vec![id]).await?.into_iter().map(|row| row.officer_id);
        for (quarter_id, claimed) in rooms::made_between(deps.db.read(), officers.collect(), from, until).await? {
            *seen.entry((quarter_id, Counter::InviteMade)).or_default() += 1;
            if claimed {
                *seen.entry((quarter_id, Counter::InviteClaimed)).or_default() += 1;
            }
        }
    }
    patrol.seen = Some(counted(seen));
    Ok(patrol)
}

fn counted(sums: BTreeMap<(QuarterId, Counter), i64>) -> Vec<PatrolCount> {
    let shown = sums.into_iter().filter(|(_, count)| *count > 0);
    shown.map(|((quarter_id, counter), count)| PatrolCount { quarter_id, counter, count }).collect()
}

async fn views(deps: &Deps, who: &Who, rows: Vec<patrol::Model>) -> Result<Vec<Patrol>, Refusal> {
    let (db, now) = (deps.db.read(), deps.clock.now());
    let ids: Vec<PatrolId> = rows.iter().map(|row| row.patrol_id).collect();
    let mut officers: HashMap<PatrolId, Vec<patrol_officer::Model>> = HashMap::new();
    for row in store::officers(db, ids.clone()).await? {
        officers.entry(row.patrol_id).or_default().push(row);
    }
    let mut visited: HashMap<PatrolId, Vec<QuarterId>> = HashMap::new();
    for (id, quarter_id) in store::visited(db, ids.clone()).await? {
        visited.entry(id).or_default().push(quarter_id);
    }
    let mut sums: HashMap<PatrolId, BTreeMap<(QuarterId, Counter), i64>> = HashMap::new();
    for (id, quarter_id, counter, sum) in store::sums(db, ids).await? {
        sums.entry(id).or_default().insert((quarter_id, counter), sum);
    }
    let out: HashSet<AccountId> = quarters::on_shift(db, now)
        .await?
        .into_iter()
        .filter(|shift| shift.heard)
        .map(|shift| shift.officer_id)
        .collect();
    let view = |row: patrol::Model| {
        let officers = officers.remove(&row.patrol_id).unwrap_or_default();
        Patrol {
            patrol_id: row.patrol_id,
            state: row.state,
            revision: row.revision,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            planned_by: row.planned_by,
            started_at: row.started_at,
            ended_at: row.ended_at,
            out_seconds: row.out_seconds,
            mine: officers.iter().any(|officer| officer.officer_id == who.account_id),
            officers: officers
                .into_iter()
                .map(|officer| PatrolOfficer {
                    on_shift: out.contains(&officer.officer_id),
                    public_number: officer.public_number,
                })
                .collect(),
            quarters: words_of(&row.quarters).filter_map(|id| id.parse().ok()).collect(),
            visited: visited.remove(&row.patrol_id).unwrap_or_default(),
            counts: counted(sums.remove(&row.patrol_id).unwrap_or_default()),
            seen: None,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// All that was done on a patrol. The audit log keeps who looked.
pub async fn log(deps: &Deps, who: &Who, id: PatrolId) -> Result<PatrolLog, Refusal> {
    let db = deps.db.read();
    store::one(db, id).await?.ok_or(Kind::NotFound)?;
    audit::looked(deps, who, AuditSubject::Patrol, [id.0]).await?;
    let acts = store::acts(db, id).await?.into_iter().map(act_view).collect();
    let mut rows = store::reflections(db, vec![id]).await?;
    rows.sort_by_key(|row| (row.at, row.act_id));
    let keyed = deps.vault.keyed(&deps.db, rows, |row| content_id(&deps.keys, row.patrol_id)).await?;
    Ok(PatrolLog {
        acts,
        entries: logging::entries(deps, who, id).await?,
        notices: logging::notices_of(deps, id).await?,
        reflections: keyed.into_iter().map(|(row, opener)| reflection_view(row, &opener)).collect(),
    })
}

fn act_view(row: patrol_act::Model) -> PatrolAct {
    PatrolAct {
        kind: row.kind,
        public_number: row.public_number,
        quarter_id: row.quarter_id,
        counter: row.counter,
        takes_back: row.step < 0,
        at: row.at,
        recorded_at: row.recorded_at,
        received_at: row.received_at,
    }
}

fn reflection_view(row: patrol_reflection::Model, opener: &Opener) -> Reflection {
    let lines = opener.words(REFLECTION, row.act_id.0, &row.words);
    let lines: Option<Lines> = lines.and_then(|lines| serde_json::from_str(&lines).ok());
    let damaged = lines.is_none();
    let [went_well, was_hard, try_next] = lines.unwrap_or_default();
    let patrol_reflection::Model { public_number, at, received_at, .. } = row;
    Reflection { public_number, went_well, was_hard, try_next, damaged, at, received_at }
}

// In its time

/// Removes some of the patrols that are long over, with all that belongs to them. Says whether there may be more.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let before = deps.clock.now().plus_seconds(-KEPT_SECONDS);
    let tx = deps.db.begin_in_turn().await?;
    let old = store::old(&tx, before, batch).await?;
    let notices = store_log::remove_notices(&tx, before, batch).await?;
    let more = old.len() as u64 >= batch || notices >= batch;
    for id in &old {
        let content_id = content_id(&deps.keys, *id);
        deps.vault.remove(&tx, content_id).await?;
        deps.vault.forget(content_id);
    }
    store_log::remove_of(&tx, old.clone()).await?;
    store::remove(&tx, old).await?;
    tx.commit().await?;
    Ok(more)
}
