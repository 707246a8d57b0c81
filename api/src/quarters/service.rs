//! The rules, in order. Shifts are actions and take every command of their kind in the group; what leads set is asked at
//! once, because it must not come about later than it was decided.

use std::collections::{HashMap, HashSet};

use entities::{
    opening_exception, opening_override, opening_plan, quarter, setting, shift,
    words::{
        AccountId, AgeBand, AuditAct, AuditSubject, DeviceId, ForNow, QuarterId, QuarterKind, QuarterStatus, Sealed,
        SettingName, ShiftId, ShiftTrouble, Text, Timestamp, Weekday,
    },
};
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr, Iterable};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    model::*,
    rules::{self, Account, Decided as DecidedForNow, Hours, Plan, Presence, Span, Standing},
    store,
};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Effect, Who},
        db::Tx,
        jobs,
        journal::{self, NewEntry, Position},
        listed::{listed, words_of},
        places::known_municipality,
        refusal::{Kind, Refusal},
        settings, text,
        vault::{ContentKey, Opener},
    },
    deps::Deps,
    identity,
    push::{self, Ring},
};

/// Where what is written of a quarter for officers stands, as the vault's places.
const ACCESS: &str = "quarter.access";
const RISKS: &str = "quarter.risks";
/// How long an officer who was heard from is not marked again.
const MARK_SECONDS: i64 = 60;

fn told(kind: &'static str, id: Uuid, revision: i64, who: &Who) -> NewEntry {
    NewEntry {
        stream: journal::DESK.to_owned(),
        kind,
        entity_id: id,
        revision,
        action_id: None,
        actor: who.actor(),
        actor_id: Some(who.account_id),
    }
}

// Shifts

/// What a write function does to shifts: rows as they will stand, and who is told.
struct Board {
    rows: HashMap<ShiftId, shift::Model>,
    changed: HashSet<ShiftId>,
    entries: Vec<NewEntry>,
}

impl Board {
    async fn lock(tx: &Tx, ids: Vec<ShiftId>, officers: Vec<AccountId>) -> Result<Self, DbErr> {
        let rows = store::lock_shifts(tx, ids, officers).await?;
        Ok(Self { rows, changed: HashSet::new(), entries: Vec::new() })
    }

    /// The officer's own shift, while it runs.
    fn own<C>(&self, act: &Act<C>, id: ShiftId) -> Result<shift::Model, Refusal> {
        if !act.who.is_officer() {
            return Err(Kind::RoleRefused.into());
        }
        let row = self.rows.get(&id).filter(|row| row.officer_id == act.who.account_id);
        Ok(row.ok_or(Kind::NotFound)?.clone())
    }

    /// Gives the place of what is told.
    fn change<C>(&mut self, act: &Act<C>, mut row: shift::Model) -> usize {
        row.revision += 1;
        let entry = told("shift-changed", row.shift_id.0, row.revision, &act.who);
        self.entries.push(NewEntry { action_id: Some(act.action_id), ..entry });
        self.changed.insert(row.shift_id);
        self.rows.insert(row.shift_id, row);
        self.entries.len() - 1
    }

    async fn save(self, tx: &Tx, now: Timestamp) -> Result<Vec<Position>, DbErr> {
        let changed = self.changed;
        let mut rows: Vec<_> = self.rows.into_values().filter(|row| changed.contains(&row.shift_id)).collect();
        rows.sort_unstable_by_key(|row| row.shift_id);
        store::save_shifts(tx, rows).await?;
        journal::append(tx, now, self.entries).await
    }
}

/// What becomes of a shift: its id, its revision, and where it is told of, if it changed.
type Became = Result<(ShiftId, i64, Option<usize>), Refusal>;

async fn settle(tx: &Tx, now: Timestamp, board: Board, became: Vec<Became>) -> Result<Vec<Decided>, DbErr> {
    let positions = board.save(tx, now).await?;
    Ok(became
        .into_iter()
        .map(|one| {
            one.map(|(id, revision, place)| Effect {
                entity_id: id.0,
                revision,
                at: place.map(|place| positions[place].clone()),
            })
        })
        .collect())
}

pub async fn start(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<StartShift>]) -> Result<Vec<Decided>, DbErr> {
    let officers = acts.iter().map(|act| act.who.account_id).collect();
    let mut board = Board::lock(tx, acts.iter().map(|act| act.command.shift_id).collect(), officers).await?;
    let named = acts.iter().flat_map(|act| act.command.quarters.iter().copied()).collect();
    let walked = Walked::of(&**tx, named).await?;
    let (mut became, mut alarms) = (Vec::with_capacity(acts.len()), Vec::new());
    for act in acts {
        became.push(begin(&mut board, &walked, now, act));
        if let Some(Ok((shift_id, ..))) = became.last()
            && act.command.ends_at > now
        {
            alarms.push((*shift_id, act.command.device_id, act.who.account_id));
        }
    }
    test_alarms(deps, tx, now, alarms).await?;
    settle(tx, now, board, became).await
}

fn begin(board: &mut Board, walked: &Walked, now: Timestamp, act: &Act<StartShift>) -> Became {
    let StartShift { shift_id, device_id, ends_at, quarters } = &act.command;
    if !act.who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    if board.rows.contains_key(shift_id) {
        return Err(Refusal::of(Kind::Conflict).detail("the shift id is taken"));
    }
    quarters.iter().try_for_each(|id| walked.allows(*id))?;
    let before: Vec<_> = board.rows.values().filter(|row| row.officer_id == act.who.account_id).cloned().collect();
    for row in before.into_iter().filter(|row| row.ended_at.is_none()) {
        board.change(act, shift::Model { ended_at: Some(now), ..row });
    }
    let row = shift::Model {
        shift_id: *shift_id,
        officer_id: act.who.account_id,
        public_number: act.who.public_number.clone(),
        device_id: *device_id,
        quarters: quarters.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        revision: 0,
        started_at: now,
        ends_at: (*ends_at).min(now.plus_seconds(LONGEST_SHIFT_SECONDS)),
        // It was over before it was told of here.
        ended_at: (*ends_at <= now).then_some(now),
        alarm_asked_at: now,
        alarm_answered_at: None,
        heard_at: now,
    };
    Ok((*shift_id, 1, Some(board.change(act, row))))
}

/// Sends test alarms to the phones that have an address. The others are told by their trouble.
async fn test_alarms(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    alarms: Vec<(ShiftId, DeviceId, AccountId)>,
) -> Result<(), DbErr> {
    let addresses = push::addresses(&**tx, alarms.iter().map(|(_, device, _)| *device).collect()).await?;
    let rings = alarms.into_iter().filter_map(|(shift_id, device_id, officer_id)| {
        let address = addresses.get(&device_id).filter(|address| address.account_id == officer_id)?;
        Some(Ring { address: *address, entity_id: shift_id.0 })
    });
    push::test_alarm(deps, tx, now, rings.collect()).await
}

pub async fn end(tx: &Tx, now: Timestamp, acts: &[Act<EndShift>]) -> Result<Vec<Decided>, DbErr> {
    let mut board = Board::lock(tx, acts.iter().map(|act| act.command.shift_id).collect(), Vec::new()).await?;
    let mut became = Vec::with_capacity(acts.len());
    for act in acts {
        became.push(board.own(act, act.command.shift_id).map(|row| {
            if row.ended_at.is_some() {
                return (row.shift_id, row.revision, None);
            }
            let (id, revision) = (row.shift_id, row.revision + 1);
            (id, revision, Some(board.change(act, shift::Model { ended_at: Some(now), ..row })))
        }));
    }
    settle(tx, now, board, became).await
}

/// Ends the shift of an officer who cannot do it herself. Says whether one ran.
pub async fn send_home(deps: &Deps, tx: &Tx, now: Timestamp, who: &Who, officer: AccountId) -> Result<bool, DbErr> {
    let rows: Vec<_> = store::lock_shifts(tx, Vec::new(), vec![officer]).await?.into_values().collect();
    for row in &rows {
        let row = shift::Model { ended_at: Some(now), revision: row.revision + 1, ..row.clone() };
        let subject = (AuditSubject::Shift, row.shift_id.0);
        let revision = row.revision;
        store::save_shifts(tx, vec![row]).await?;
        tell(deps, tx, now, who, "shift-changed", subject, (revision, "shift-end")).await?;
    }
    Ok(!rows.is_empty())
}

/// When each officer was last heard from on a shift.
pub async fn last_heard(db: &impl ConnectionTrait) -> Result<HashMap<AccountId, Timestamp>, DbErr> {
    store::last_heard(db).await
}

pub async fn answer_alarm(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<AnswerTestAlarm>],
) -> Result<Vec<Decided>, DbErr> {
    let mut board = Board::lock(tx, acts.iter().map(|act| act.command.shift_id).collect(), Vec::new()).await?;
    let mut became = Vec::with_capacity(acts.len());
    for act in acts {
        let outcome = running(&board, act, act.command.shift_id).and_then(|row| {
            if *act.command.proof != *push::proof(&deps.keys, row.device_id, row.shift_id.0) {
                return Err(Kind::ProofWrong.into());
            }
            if row.alarm_answered_at.is_some() {
                return Ok((row.shift_id, row.revision, None));
            }
            let (id, revision) = (row.shift_id, row.revision + 1);
            let row = shift::Model { alarm_answered_at: Some(now), heard_at: now, ..row };
            Ok((id, revision, Some(board.change(act, row))))
        });
        became.push(outcome);
    }
    settle(tx, now, board, became).await
}

pub async fn ask_alarm(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<AskTestAlarm>],
) -> Result<Vec<Decided>, DbErr> {
    let mut board = Board::lock(tx, acts.iter().map(|act| act.command.shift_id).collect(), Vec::new()).await?;
    let (mut became, mut alarms) = (Vec::with_capacity(acts.len()), Vec::new());
    for act in acts {
        let AskTestAlarm { shift_id, device_id } = act.command;
        let outcome = running(&board, act, shift_id).map(|row| {
            alarms.push((shift_id, device_id, act.who.account_id));
            let revision = row.revision + 1;
            let row = shift::Model { device_id, alarm_asked_at: now, alarm_answered_at: None, heard_at: now, ..row };
            (shift_id, revision, Some(board.change(act, row)))
        });
        became.push(outcome);
    }
    test_alarms(deps, tx, now, alarms).await?;
    settle(tx, now, board, became).await
}

/// The officer's own shift; one that has ended is not begun again.
fn running<C>(board: &Board, act: &Act<C>, id: ShiftId) -> Result<shift::Model, Refusal> {
    let row = board.own(act, id)?;
    if row.ended_at.is_some() {
        return Err(Refusal::of(Kind::Conflict).detail("the shift has ended"));
    }
    Ok(row)
}

/// An officer on a shift.
pub struct OnShift {
    pub officer_id: AccountId,
    pub public_number: Option<String>,
    pub device_id: DeviceId,
    pub counted: bool,
    /// Of late.
    pub heard: bool,
}

async fn running_with_troubles(
    db: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Vec<(shift::Model, Vec<ShiftTrouble>)>, DbErr> {
    let rows = store::running(db, now).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let addresses = push::addresses(db, rows.iter().map(|row| row.device_id).collect()).await?;
    let heard_seconds = settings::value(db, SettingName::HeardSeconds, now).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let address = addresses.get(&row.device_id);
            let presence = Presence {
                can_be_woken: address.is_some_and(|address| address.account_id == row.officer_id && address.works),
                answered: row.alarm_answered_at.is_some(),
                heard_at: row.heard_at,
            };
            let troubles = rules::troubles(&presence, heard_seconds, now);
            (row, troubles)
        })
        .collect())
}

/// All who are on a shift, counted or not.
pub async fn on_shift(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<OnShift>, DbErr> {
    Ok(running_with_troubles(db, now)
        .await?
        .into_iter()
        .map(|(row, troubles)| OnShift {
            officer_id: row.officer_id,
            public_number: row.public_number,
            device_id: row.device_id,
            counted: troubles.is_empty(),
            heard: !troubles.contains(&ShiftTrouble::Unheard),
        })
        .collect())
}

/// A shift as far as it tells whether its officer is gone.
pub struct Turn {
    pub officer_id: AccountId,
    pub ended_at: Option<Timestamp>,
    /// To the minute.
    pub heard_at: Timestamp,
}

/// The shifts of some officers that may have begun before anything that they have in hand, over or not.
pub async fn turns(db: &impl ConnectionTrait, now: Timestamp, officers: Vec<AccountId>) -> Result<Vec<Turn>, DbErr> {
    let rows = store::shifts_since(db, officers, now.plus_seconds(-2 * LONGEST_SHIFT_SECONDS)).await?;
    Ok(rows
        .into_iter()
        .map(|row| Turn { officer_id: row.officer_id, ended_at: row.ended_at, heard_at: row.heard_at })
        .collect())
}

/// How many officers are there.
pub async fn staff(db: &impl ConnectionTrait, now: Timestamp) -> Result<usize, DbErr> {
    Ok(on_shift(db, now).await?.into_iter().filter(|shift| shift.counted).count())
}

pub async fn shifts(deps: &Deps, who: &Who) -> Result<Shifts, Refusal> {
    let rows = running_with_troubles(deps.db.read(), deps.clock.now()).await?;
    let items = rows.into_iter().map(|(row, troubles)| {
        let mine = row.officer_id == who.account_id;
        Shift {
            shift_id: row.shift_id,
            public_number: row.public_number,
            mine,
            revision: row.revision,
            started_at: row.started_at,
            ends_at: row.ends_at,
            quarters: row.quarters.split(',').filter_map(|id| id.parse().ok()).collect(),
            device_id: mine.then_some(row.device_id),
            alarm_asked_at: row.alarm_asked_at,
            alarm_answered_at: row.alarm_answered_at,
            heard_at: row.heard_at,
            counted: troubles.is_empty(),
            troubles,
        }
    });
    Ok(Shifts { items: items.collect() })
}

/// Writes down who was heard from, each at most once a minute. Says how many.
pub async fn keep_heard(deps: &Deps) -> Result<usize, Refusal> {
    let heard = deps.heard.take();
    if heard.is_empty() {
        return Ok(0);
    }
    let before = deps.clock.now().plus_seconds(-MARK_SECONDS);
    let mut due = store::marked_before(deps.db.read(), heard.keys().copied().collect(), before).await?;
    if due.is_empty() {
        return Ok(0);
    }
    due.sort_unstable();
    // In turn: shifts that begin or end lock their rows in another order.
    let tx = deps.db.begin_in_turn().await?;
    for officer_id in &due {
        if let Some(at) = heard.get(officer_id) {
            store::mark_heard(&tx, *officer_id, *at).await?;
        }
    }
    tx.commit().await?;
    Ok(due.len())
}

/// Works until told to stop.
pub async fn work(deps: Deps) {
    jobs::work(&deps.stop, "who was heard from", || keep_heard(&deps)).await;
}

// Numbers

/// What an operator sets, by name and the newest first.
pub async fn list_settings(deps: &Deps) -> Result<Vec<setting::Model>, Refusal> {
    Ok(settings::list(deps.db.read()).await?)
}

/// An operator sets a number at the machine.
pub async fn set_setting(deps: &Deps, row: setting::Model) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let detail = Some(row.name.word().to_owned());
    let tx = deps.db.begin().await?;
    settings::set(&tx, now, row).await?;
    let line = Line { actor_id: None, actor_number: None, act: AuditAct::Change, subject: OPENING, detail };
    audit::write(deps, &tx, now, [line]).await?;
    Ok(tx.commit().await?)
}

// Quarters

/// What the notes of a quarter are sealed by.
fn content_id(deps: &Deps, id: QuarterId) -> Uuid {
    deps.keys.content_id("quarter-content", id.0)
}

pub async fn quarters(deps: &Deps) -> Result<QuarterList, Refusal> {
    let rows = store::quarters(deps.db.read()).await?;
    Ok(QuarterList { items: views(deps, rows).await? })
}

async fn views(deps: &Deps, rows: Vec<quarter::Model>) -> Result<Vec<Quarter>, Refusal> {
    let wishes = store::wishes(deps.db.read(), rows.iter().map(|row| row.quarter_id)).await?;
    let noted = rows.iter().filter(|row| row.access.is_some() || row.risks.is_some()).map(|row| row.quarter_id);
    let openers = deps.vault.keyed(&deps.db, noted.collect(), |id| content_id(deps, *id)).await?;
    let openers: HashMap<QuarterId, Opener> = openers.into_iter().collect();
    let view = |row: quarter::Model| {
        let wishes = wishes.get(&row.quarter_id).copied().unwrap_or_default();
        view(openers.get(&row.quarter_id), wishes, row)
    };
    Ok(rows.into_iter().map(view).collect())
}

fn view(opener: Option<&Opener>, wishes: Wishes, row: quarter::Model) -> Quarter {
    let open = |place, sealed: &Option<Sealed>| {
        sealed.as_ref().map(|sealed| opener.and_then(|opener| opener.words(place, row.quarter_id.0, sealed)))
    };
    let (access, risks) = (open(ACCESS, &row.access), open(RISKS, &row.risks));
    Quarter {
        damaged: access == Some(None) || risks == Some(None),
        quarter_id: row.quarter_id,
        name: row.name,
        platform: row.platform,
        account: Some(row.account).filter(|account| !account.is_empty()),
        address: row.address,
        kind: row.kind,
        municipality: row.municipality,
        language: row.language,
        ages: AgeBand::iter().filter(|band| words_of(&row.ages).any(|word| word == band.word())).collect(),
        access: access.flatten(),
        risks: risks.flatten(),
        status: row.status,
        wishes,
        revision: row.revision,
    }
}

/// Quarters as far as it matters whether somebody may walk there.
pub struct Walked(HashMap<QuarterId, bool>);

impl Walked {
    pub async fn of(db: &impl ConnectionTrait, ids: Vec<QuarterId>) -> Result<Self, DbErr> {
        let rows = store::quarters_by_id(db, ids).await?;
        Ok(Self(rows.into_iter().map(|row| (row.quarter_id, !row.account.is_empty())).collect()))
    }

    /// Only where the patrol's own account is there for all to see, or was.
    pub fn allows(&self, id: QuarterId) -> Result<(), Refusal> {
        match self.0.get(&id) {
            None => Err(Refusal::of(Kind::NotFound).detail("a quarter is not known")),
            Some(false) => Err(Kind::AccountNeeded.into()),
            Some(true) => Ok(()),
        }
    }
}

/// What everyone in a talk may know of where it came from.
pub async fn names(db: &impl ConnectionTrait, ids: Vec<QuarterId>) -> Result<HashMap<QuarterId, QuarterName>, DbErr> {
    let rows = store::quarters_by_id(db, ids).await?;
    Ok(rows
        .into_iter()
        .map(|quarter::Model { quarter_id, name, platform, .. }| {
            (quarter_id, QuarterName { quarter_id, name, platform })
        })
        .collect())
}

/// What everyone may know of the quarters that the patrol walks now.
pub async fn shown_to_all(
    db: &impl ConnectionTrait,
    ids: Vec<QuarterId>,
) -> Result<HashMap<QuarterId, PublicQuarter>, DbErr> {
    let rows = store::quarters_by_id(db, ids).await?.into_iter().filter(|row| row.status == QuarterStatus::Active);
    let public = |quarter::Model { quarter_id, name, platform, account, kind, .. }| {
        let name = (kind == Some(QuarterKind::AllDigital)).then_some(name);
        (quarter_id, PublicQuarter { name, platform, account })
    };
    Ok(rows.map(public).collect())
}

/// What somebody wants to know whether it is the patrol's.
pub enum Asked<'a> {
    Number(&'a str),
    Account { platform: &'a str, account: &'a str },
}

/// Whether an officer bears the number, or the patrol the account. Accounts are told apart as platforms do: without regard
/// to capitals, and to the sign that some put before.
pub async fn check(db: &impl ConnectionTrait, asked: Asked<'_>) -> Result<OfficerCheck, DbErr> {
    let plain = |text: &str| text.trim().trim_start_matches('@').to_lowercase();
    let known = match asked {
        // PostgreSQL reads no text with NUL in it.
        Asked::Number(number) if number.contains('\0') => false,
        Asked::Number(number) => identity::patrols(db, number.trim()).await?,
        Asked::Account { platform, account } => {
            let (platform, account) = (plain(platform), plain(account));
            let quarters = store::quarters(db).await?;
            // What it has left may be somebody else's by now.
            let held = |row: &quarter::Model| {
                !row.account.is_empty() && row.status != QuarterStatus::Left && plain(&row.account) == account
            };
            quarters.iter().any(|row| plain(&row.platform) == platform && held(row))
        }
    };
    Ok(OfficerCheck { known })
}

/// A name of the patrol's own.
pub fn name(text: &Text) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Kind::TextEmpty.into()),
        1..=LONGEST_NAME => Ok(text.to_owned()),
        _ => Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {LONGEST_NAME} characters"))),
    }
}

/// A quarter as a lead wants it, looked through. What only the program knows of it stands empty.
fn wanted(id: QuarterId, command: &PutQuarter) -> Result<Quarter, Refusal> {
    let written = |text: &Option<Text>, longest| {
        text.as_ref().map(|text| text::checked(text, longest).map(str::to_owned)).transpose()
    };
    let account = command.account.as_ref().map(name).transpose()?.map(Account);
    let standing = Standing::of(command.status.unwrap_or(QuarterStatus::Active), account)?;
    let municipality = command.municipality.as_ref().map(|code| code.0.clone());
    if municipality.as_ref().is_some_and(|code| !known_municipality(code)) {
        return Err(Refusal::invalid("municipality"));
    }
    let mut ages = command.ages.clone();
    ages.sort_unstable();
    ages.dedup();
    let (status, account) = standing.parts();
    Ok(Quarter {
        quarter_id: id,
        name: name(&command.name)?,
        platform: name(&command.platform)?,
        account: account.map(|account| account.0),
        address: written(&command.address, LONGEST_ADDRESS)?,
        kind: command.kind,
        municipality,
        language: command.language.as_ref().map(|language| language.0.clone()),
        ages,
        access: written(&command.access, LONGEST_NOTE)?,
        risks: written(&command.risks, LONGEST_NOTE)?,
        damaged: false,
        status,
        wishes: Wishes::default(),
        revision: 0,
    })
}

fn sealed(deps: &Deps, key: &ContentKey, wanted: &Quarter, now: Timestamp) -> Result<quarter::Model, Refusal> {
    let id = wanted.quarter_id;
    let seal = |place, words: &Option<String>| {
        let words = words.as_ref().map(|words| key.cipher.seal(place, id.0, words.as_bytes(), &*deps.chance));
        words.transpose()
    };
    Ok(quarter::Model {
        quarter_id: id,
        name: wanted.name.clone(),
        platform: wanted.platform.clone(),
        account: wanted.account.clone().unwrap_or_default(),
        revision: 0,
        changed_at: now,
        address: wanted.address.clone(),
        kind: wanted.kind,
        municipality: wanted.municipality.clone(),
        language: wanted.language.clone(),
        ages: listed(wanted.ages.iter().map(|band| band.word())),
        access: seal(ACCESS, &wanted.access)?,
        risks: seal(RISKS, &wanted.risks)?,
        status: wanted.status,
    })
}

pub async fn put_quarter(deps: &Deps, who: &Who, id: QuarterId, command: PutQuarter) -> Result<Quarter, Refusal> {
    let (now, wanted) = (deps.clock.now(), wanted(id, &command)?);
    let content_id = content_id(deps, id);
    let keys = deps.vault.for_sealing(&deps.db, &*deps.chance, [content_id].into()).await?;
    let key = keys.get(&content_id).ok_or(Kind::Damaged)?;
    let row = sealed(deps, key, &wanted, now)?;
    let tx = deps.db.begin_in_turn().await?;
    let known = store::quarter(&tx, id).await?;
    let revision = known.as_ref().map_or(0, |row| row.revision);
    if let Some(known) = views(deps, known.into_iter().collect()).await?.pop()
        && (Quarter { wishes: known.wishes, revision, ..wanted.clone() }) == known
    {
        // The reply was lost.
        return Ok(known);
    }
    if revision != command.expected_revision {
        return Err(Kind::RevisionConflict.into());
    }
    let row = quarter::Model { revision: revision + 1, ..row };
    let noted = row.access.is_some() || row.risks.is_some();
    let new_key = key.new.as_ref().filter(|_| noted);
    deps.vault.store(&tx, &*deps.chance, now, new_key.into_iter()).await?;
    store::save_quarter(&tx, row.clone()).await?;
    tell(deps, &tx, now, who, "quarter-changed", (AuditSubject::Quarter, id.0), (row.revision, "quarter-put")).await?;
    tx.commit().await?;
    deps.vault.stored(new_key.into_iter());
    views(deps, vec![row]).await?.pop().ok_or_else(|| Kind::NotFound.into())
}

/// The line of a change that a lead made, and the word to the desk.
async fn tell(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    who: &Who,
    kind: &'static str,
    subject: (AuditSubject, Uuid),
    (revision, what): (i64, &str),
) -> Result<(), DbErr> {
    journal::append(tx, now, vec![told(kind, subject.1, revision, who)]).await?;
    audit::write(deps, tx, now, Line::of(who, AuditAct::Change, subject, Some(what))).await
}

// Hours

/// A usual week, as it is stored.
type Week = Vec<(Weekday, Span)>;

fn stored(value: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(Refusal::fault)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|error| DbErr::Custom(format!("opening hours: {error}")))
}

fn of_jiff(error: jiff::Error) -> DbErr {
    DbErr::Custom(format!("opening hours: {error}"))
}

/// All that counts from yesterday on: what began yesterday may last into today.
async fn hours(db: &impl ConnectionTrait, now: Timestamp) -> Result<Hours, DbErr> {
    let today = rules::day_of(&rules::zone().map_err(of_jiff)?, now).map_err(of_jiff)?;
    let yesterday = today.yesterday().map_err(of_jiff)?.to_string();
    let day = |text: &str| text.parse::<Date>().map_err(of_jiff);
    let mut hours = Hours::default();
    for row in store::plans(db, &yesterday).await? {
        hours.plans.push(Plan { valid_from: day(&row.valid_from)?, spans: read::<Week>(&row.intervals)? });
    }
    for row in store::exceptions(db, &yesterday).await? {
        hours.exceptions.insert(day(&row.day)?, read(&row.spans)?);
    }
    hours.decided = store::decided(db)
        .await?
        .map(|row| DecidedForNow { open: row.open, since: row.set_at, until: row.until })
        .filter(|decided| decided.until > now);
    Ok(hours)
}

async fn at(db: &impl ConnectionTrait, now: Timestamp) -> Result<rules::Opening, DbErr> {
    hours(db, now).await?.at(now).map_err(of_jiff)
}

pub async fn is_open(db: &impl ConnectionTrait, now: Timestamp) -> Result<bool, DbErr> {
    Ok(at(db, now).await?.open)
}

/// From when on there is somebody to be rung: now, or when it opens next. Nothing: no opening is planned.
pub async fn open_from(db: &impl ConnectionTrait, now: Timestamp) -> Result<Option<Timestamp>, DbErr> {
    let rules::Opening { open, next, .. } = at(db, now).await?;
    Ok(if open { Some(now) } else { next })
}

pub async fn opening(db: &impl ConnectionTrait, now: Timestamp) -> Result<OpeningState, DbErr> {
    Ok(opening_and_staff(db, now).await?.0)
}

/// Whether it is open, and how many officers are there.
pub async fn opening_and_staff(db: &impl ConnectionTrait, now: Timestamp) -> Result<(OpeningState, usize), DbErr> {
    let rules::Opening { open, until, next } = at(db, now).await?;
    let staff = staff(db, now).await?;
    let staffed = staff > 0;
    Ok((OpeningState { open, open_until: until, staffed, next_opening: next, server_time: now }, staff))
}

fn written(minutes: u16) -> Text {
    Text(format!("{:02}:{:02}", minutes / 60, minutes % 60))
}

/// The contract's pattern has been looked at.
fn minutes(text: &Text) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    Some(hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?)
}

fn span(opens: &Text, closes: &Text) -> Result<Span, Refusal> {
    let (opens, closes) = minutes(opens).zip(minutes(closes)).ok_or_else(|| Refusal::invalid("closes"))?;
    if opens == closes { Err(Refusal::invalid("closes")) } else { Ok(Span { opens, closes }) }
}

/// The day at the station, which begins before that of Greenwich.
pub fn today(now: Timestamp) -> Result<Date, Refusal> {
    rules::zone().and_then(|zone| rules::day_of(&zone, now)).map_err(Refusal::fault)
}

/// A day that there is, today or later: what was open before is what was open.
fn day_to_come(deps: &Deps, text: &Text, field: &str) -> Result<String, Refusal> {
    let day: Date = text.parse().map_err(|_| Refusal::invalid(field))?;
    if day < today(deps.clock.now())? { Err(Refusal::invalid(field)) } else { Ok(day.to_string()) }
}

pub async fn opening_hours(deps: &Deps) -> Result<OpeningHours, Refusal> {
    let now = deps.clock.now();
    let hours = hours(deps.db.read(), now).await?;
    let open = |span: Span| (written(span.opens), written(span.closes));
    Ok(OpeningHours {
        plans: hours
            .plans
            .into_iter()
            .map(|plan| WeekPlan {
                valid_from: Text(plan.valid_from.to_string()),
                intervals: plan
                    .spans
                    .into_iter()
                    .map(|(weekday, span)| {
                        let (opens, closes) = open(span);
                        OpenInterval { weekday, opens, closes }
                    })
                    .collect(),
            })
            .collect(),
        exceptions: hours
            .exceptions
            .into_iter()
            .map(|(day, spans)| {
                let spans = spans.into_iter().map(|span| {
                    let (opens, closes) = open(span);
                    OpenSpan { opens, closes }
                });
                DayException { day: Text(day.to_string()), spans: Some(spans.collect()) }
            })
            .collect(),
        for_now: hours.decided.map(|decided| SetForNow {
            state: if decided.open { ForNow::Open } else { ForNow::Closed },
            until: Some(decided.until),
        }),
    })
}

/// What leads set has no ids; it is looked up together.
const OPENING: (AuditSubject, Uuid) = (AuditSubject::Opening, Uuid::nil());

pub async fn set_plan(deps: &Deps, who: &Who, command: WeekPlan) -> Result<OpeningHours, Refusal> {
    let valid_from = day_to_come(deps, &command.valid_from, "valid_from")?;
    let week: Week = command
        .intervals
        .iter()
        .map(|one| Ok((one.weekday, span(&one.opens, &one.closes)?)))
        .collect::<Result<_, Refusal>>()?;
    let now = deps.clock.now();
    let intervals = stored(&week)?;
    let tx = deps.db.begin_in_turn().await?;
    let row = opening_plan::Model { valid_from, intervals, set_by: who.public_number.clone(), set_at: now };
    store::save_plan(&tx, row).await?;
    tell(deps, &tx, now, who, "opening-changed", OPENING, (1, "opening-plan")).await?;
    tx.commit().await?;
    opening_hours(deps).await
}

pub async fn set_exception(deps: &Deps, who: &Who, command: DayException) -> Result<OpeningHours, Refusal> {
    let day = day_to_come(deps, &command.day, "day")?;
    let spans = command
        .spans
        .map(|spans| spans.iter().map(|one| span(&one.opens, &one.closes)).collect::<Result<Vec<_>, Refusal>>());
    let now = deps.clock.now();
    let spans = spans.transpose()?.map(|spans| stored(&spans)).transpose()?;
    let tx = deps.db.begin_in_turn().await?;
    match spans {
        Some(spans) => {
            let set_by = who.public_number.clone();
            store::save_exception(&tx, opening_exception::Model { day, spans, set_by, set_at: now }).await?;
        }
        None => store::remove_exception(&tx, &day).await?,
    }
    tell(deps, &tx, now, who, "opening-changed", OPENING, (1, "opening-exception")).await?;
    tx.commit().await?;
    opening_hours(deps).await
}

pub async fn set_for_now(deps: &Deps, who: &Who, command: SetForNow) -> Result<OpeningHours, Refusal> {
    let now = deps.clock.now();
    let until = match (command.state, command.until) {
        (ForNow::AsPlanned, None) => now,
        (ForNow::Open | ForNow::Closed, Some(until))
            if (1..=LONGEST_NOW_SECONDS * 1000).contains(&until.since(now)) =>
        {
            until
        }
        _ => return Err(Refusal::invalid("until")),
    };
    let what = match command.state {
        ForNow::Open => "opening-extend",
        ForNow::Closed => "opening-close",
        ForNow::AsPlanned => "opening-as-planned",
    };
    let row = opening_override::Model {
        id: opening_override::ONLY,
        open: command.state == ForNow::Open,
        until,
        set_by: who.public_number.clone(),
        set_at: now,
    };
    let tx = deps.db.begin_in_turn().await?;
    store::decide(&tx, row).await?;
    tell(deps, &tx, now, who, "opening-changed", OPENING, (1, what)).await?;
    tx.commit().await?;
    opening_hours(deps).await
}
