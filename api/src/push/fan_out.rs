//! Goes through a sending: phones in the order of their ids, a group at a time. A group is read, noted as begun, encrypted and sent
//! on a thread that gives way to talks, and counted, so that whoever goes on after a crash doubts that group alone. A phone in doubt is told once more and never a third time.
//! Whoever cannot be told now waits in a row of its own, and so does whoever's push service takes its time: nobody behind it does.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use entities::{
    push_subscription, sending, sending_waiting,
    words::{DeviceId, Locale, SendingKind, SendingState, SubscriptionId, Timestamp},
};
use tokio::{
    task::{JoinSet, yield_now},
    time::{Instant, sleep, timeout},
};
use url::Url;
use uuid::Uuid;
use web_push::SubscriptionInfo;

use super::{
    delivery::{self, Held},
    gateway::{Gateway, Notice, Sent},
    model::Audience,
    payload::Kind,
    progress::{self, Hold, Step},
    sendings, service,
    services::{Place, Room, Service},
    store,
};
use crate::{
    base::{refusal::Refusal, vapid::VapidKey},
    deps::Deps,
};

/// Phones that are begun with at once: after a crash so many are in doubt.
const GROUP: usize = 50;
/// Phones that are passed with them, because they are not to be told now.
const PASSED: usize = 200;
const PAGE: u64 = 500;
/// Of those that waited: at once, and when they are in doubt. The fewer these are, the less stands between noting and sending.
const LOOSE: usize = 32;
const DOUBTED: usize = 8;
/// As many as may be told twice when the program is killed.
pub const WINDOW: usize = GROUP + LOOSE;
/// How long a group is waited for before those who are left wait by themselves.
const SETTLES: Duration = Duration::from_millis(500);
/// How often it is looked what waits, and how long what became of phones may stay unwritten.
const LOOKS: Duration = Duration::from_millis(50);
const WRITES: Duration = Duration::from_millis(200);
const HOLDS: Duration = Duration::from_secs(1);
/// How long pushes on their way may still take once told to stop.
const GRACE: Duration = Duration::from_millis(1500);
/// Sent twice without an answer.
const MOST_DOUBTS: i32 = 2;

/// A push on its way.
struct Flight {
    service: Option<Arc<Service>>,
    subscription_id: SubscriptionId,
    failures: i32,
    attempts: i32,
    doubts: i32,
    /// It has no row of its own yet.
    of_group: bool,
}

/// All that a push is made of.
struct Letter {
    reached: (Url, Arc<Service>),
    target: SubscriptionInfo,
    key: Arc<VapidKey>,
    ttl: u32,
    topic: String,
    words: Arc<str>,
}

type Ready = (DeviceId, Flight, Letter, Place);

#[derive(Default)]
struct Group {
    ready: Vec<Ready>,
    step: Step,
}

enum Admitted {
    Ready(Box<Letter>, Place),
    Waits(Timestamp),
    Full,
    Gathered(Timestamp),
    Is(Sent),
}

struct FanOut {
    deps: Deps,
    gateway: Gateway,
    hold: Hold,
    kind: Kind,
    entity_id: Uuid,
    audience: Audience,
    expires_at: Timestamp,
    until: Option<DeviceId>,
    /// Read and not begun with.
    page: VecDeque<push_subscription::Model>,
    read_to: Option<DeviceId>,
    page_is_last: bool,
    read_whole: bool,
    /// What the open group comes to.
    open: Option<(Step, usize, Instant)>,
    sends: JoinSet<(DeviceId, Sent)>,
    flying: HashMap<DeviceId, Flight>,
    step: Step,
    written: Instant,
    looked: Option<Instant>,
    words: Vec<((Locale, bool, bool), Arc<str>)>,
}

/// Goes on with a sending that was claimed, until nothing is to be done in it now.
pub async fn goes_through(deps: &Deps, gateway: Gateway, row: sending::Model, holder: Uuid) -> Result<(), Refusal> {
    let audience: Audience = serde_json::from_str(&row.audience).map_err(Refusal::fault)?;
    if row.state == SendingState::Waiting && sendings::too_few(deps, &audience).await? {
        return Ok(store::too_few(deps, row.sending_id).await?);
    }
    let mut fan_out = FanOut {
        hold: Hold { sending_id: row.sending_id, holder },
        kind: match row.kind {
            SendingKind::Tip => Kind::Tip,
            SendingKind::TipRecalled => Kind::TipRecalled,
        },
        entity_id: row.entity_id,
        audience,
        expires_at: row.expires_at,
        until: row.until,
        page: VecDeque::new(),
        read_to: row.begun.or(row.after),
        page_is_last: false,
        read_whole: row.read_whole,
        open: None,
        sends: JoinSet::new(),
        flying: HashMap::new(),
        step: Step::default(),
        written: Instant::now(),
        looked: None,
        words: Vec::new(),
        deps: deps.clone(),
        gateway,
    };
    if row.begun != row.after && !fan_out.doubts(row.after, row.begun).await? {
        return Ok(());
    }
    fan_out.goes_on().await
}

impl FanOut {
    /// The group that was begun when the one before broke off: each of its phones may have been told.
    async fn doubts(&mut self, after: Option<DeviceId>, begun: Option<DeviceId>) -> Result<bool, Refusal> {
        let phones = store::audience(&self.deps, &self.audience, after, begun, PAGE).await?;
        let now = self.deps.clock.now();
        let waits = phones.iter().map(|row| self.waits(row.device_id, now, 1, 1)).collect();
        Ok(self.hold.takes(&self.deps, Step { after: begun, waits, ..Step::default() }).await?)
    }

    async fn goes_on(&mut self) -> Result<(), Refusal> {
        let (mut next, stop) = (None, self.deps.stop.clone());
        loop {
            while let Some(end) = self.sends.try_join_next() {
                self.ended(end.map_err(Refusal::fault)?);
            }
            self.closes();
            let now = self.deps.clock.now();
            if now >= self.expires_at && self.flying.is_empty() {
                let step = std::mem::take(&mut self.step);
                if self.hold.takes(&self.deps, step).await? {
                    self.hold.ends(&self.deps).await?;
                }
                return Ok(());
            }
            let mut ready = Vec::new();
            if now < self.expires_at {
                if next.is_none() && !self.read_whole {
                    next = self.group(now).await?;
                }
                ready = self.loose(now).await?;
            }
            if now < self.expires_at
                && self.open.is_none()
                && let Some(Group { ready: group, step }) = next.take()
            {
                self.step.begun = step.after.or(self.step.begun);
                self.open = Some((step, group.len(), Instant::now()));
                ready.extend(group);
            }
            let late = self.written.elapsed();
            let full = self.step.len() > 0 && (late > WRITES || self.flying.is_empty());
            if (!ready.is_empty() || full || late > HOLDS) && !self.writes().await? {
                return Ok(());
            }
            let idle = ready.is_empty();
            self.fires(ready);
            // A group of which nobody is told now is over at once.
            if !idle || self.open.as_ref().is_some_and(|(_, left, _)| *left == 0) {
                continue;
            }
            if self.flying.is_empty() && next.is_none() && self.read_whole && self.looked.is_some() {
                self.writes().await?;
                return Ok(self.hold.lets_go(&self.deps).await?);
            }
            let flown = tokio::select! {
                Some(end) = self.sends.join_next() => Some(end),
                () = sleep(LOOKS) => None,
                () = stop.told() => return self.stops().await,
            };
            if let Some(end) = flown {
                self.ended(end.map_err(Refusal::fault)?);
            }
        }
    }

    /// What is on its way may end; what then is left is in doubt.
    async fn stops(&mut self) -> Result<(), Refusal> {
        let ends = async {
            while let Some(Ok(end)) = self.sends.join_next().await {
                self.ended(end);
            }
        };
        drop(timeout(GRACE, ends).await);
        self.closes();
        if self.writes().await? {
            self.hold.lets_go(&self.deps).await?;
        }
        Ok(())
    }

    async fn writes(&mut self) -> Result<bool, Refusal> {
        self.written = Instant::now();
        let step = std::mem::take(&mut self.step);
        Ok(self.hold.takes(&self.deps, step).await?)
    }

    fn fires(&mut self, ready: Vec<Ready>) {
        let background = self.deps.background.handle();
        for (device_id, flight, letter, place) in ready {
            let flight = Flight { service: Some(letter.reached.1.clone()), ..flight };
            self.flying.insert(device_id, flight);
            let (gateway, kind) = (self.gateway.clone(), self.kind);
            let sends = async move {
                let Letter { reached, target, key, ttl, topic, words } = letter;
                let notice = Notice { kind, ttl, topic: &topic, payload: words.as_bytes() };
                let sent = match gateway.prepare(reached, &target, &key, &notice) {
                    Ok(prepared) => gateway.fire(prepared).await,
                    Err(sent) => sent,
                };
                drop(place);
                (device_id, sent)
            };
            self.sends.spawn_on(sends, &background);
        }
    }

    /// The next group, made ready. Nothing, if its push services have no place now.
    async fn group(&mut self, now: Timestamp) -> Result<Option<Group>, Refusal> {
        let mut group = Group::default();
        let mut passed = 0;
        while group.ready.len() < GROUP && passed < PASSED {
            let Some(row) = self.page.front() else {
                if self.page_is_last {
                    group.step.read_whole = true;
                    self.read_whole = true;
                    break;
                }
                let page = store::audience(&self.deps, &self.audience, self.read_to, self.until, PAGE).await?;
                self.page_is_last = (page.len() as u64) < PAGE;
                self.read_to = page.last().map(|row| row.device_id).or(self.read_to);
                let ends = page.first().map(|row| row.device_id).zip(self.read_to);
                let spared = match ends.filter(|_| self.kind == Kind::TipRecalled) {
                    Some((first, last)) => self.hold.spared(&self.deps, first, last).await?,
                    None => Vec::new(),
                };
                self.page = page.into_iter().filter(|row| !spared.contains(&row.device_id)).collect();
                continue;
            };
            let row = row.clone();
            let admitted = self.admits(&row, now, true)?;
            if matches!(admitted, Admitted::Full) {
                break;
            }
            self.page.pop_front();
            group.step.after = Some(row.device_id);
            passed += 1;
            let flight = Flight::new(&row, 1, 1, true);
            match admitted {
                Admitted::Ready(letter, place) => group.ready.push((row.device_id, flight, *letter, place)),
                Admitted::Waits(at) if at >= self.expires_at => group.step.sums.expired += 1,
                Admitted::Waits(at) => group.step.waits.push(self.waits(row.device_id, at, 0, 0)),
                Admitted::Gathered(until) => {
                    group.step.gathered.push((row.device_id, until));
                    group.step.sums.accepted += 1;
                }
                Admitted::Is(sent) => self.settles(&mut group.step, row.device_id, &flight, sent),
                Admitted::Full => {}
            }
            yield_now().await;
        }
        Ok((group.step.after.is_some() || group.step.read_whole).then_some(group))
    }

    /// Those that waited and may be told now, made ready and noted as on their way.
    async fn loose(&mut self, now: Timestamp) -> Result<Vec<Ready>, Refusal> {
        let under_way = self.flying.values().filter(|flight| !flight.of_group).count();
        if under_way >= LOOSE || self.looked.is_some_and(|at| at.elapsed() < LOOKS) {
            return Ok(Vec::new());
        }
        let mut due = self.hold.due(&self.deps, (LOOSE - under_way) as u64).await?;
        due.retain(|row| !self.step.is_about(row.device_id));
        if due.iter().any(|row| row.doubts > 0) {
            due.truncate(DOUBTED);
        }
        // Nothing is due: it is enough to look again a little later.
        self.looked = due.is_empty().then(Instant::now);
        let ids = due.iter().map(|row| row.device_id).collect();
        let rows = progress::phones(self.deps.db.read(), ids).await?;
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.device_id, row)).collect();
        let mut ready = Vec::new();
        for waiting in due {
            let Some(row) = rows.remove(&waiting.device_id) else {
                self.step.sums.gone += 1;
                self.step.done.push(waiting.device_id);
                continue;
            };
            let flight = Flight::new(&row, waiting.attempts + 1, waiting.doubts + 1, false);
            if flight.doubts > MOST_DOUBTS {
                self.step.sums.unsure += 1;
                self.step.done.push(waiting.device_id);
                continue;
            }
            match self.admits(&row, now, false)? {
                Admitted::Ready(letter, place) => {
                    let (attempts, doubts) = (flight.attempts, flight.doubts);
                    self.step.waits_on.push(sending_waiting::Model { attempts, doubts, under_way: true, ..waiting });
                    ready.push((row.device_id, flight, *letter, place));
                }
                Admitted::Waits(at) if at >= self.expires_at => {
                    self.step.sums.expired += 1;
                    self.step.done.push(row.device_id);
                }
                Admitted::Waits(at) => self.step.waits_on.push(sending_waiting::Model { run_at: at, ..waiting }),
                Admitted::Gathered(until) => {
                    self.step.gathered.push((row.device_id, until));
                    self.step.sums.accepted += 1;
                    self.step.done.push(row.device_id);
                }
                Admitted::Is(sent) => {
                    let mut step = std::mem::take(&mut self.step);
                    self.settles(&mut step, row.device_id, &flight, sent);
                    self.step = step;
                }
                Admitted::Full => break,
            }
        }
        Ok(ready)
    }

    /// Whether a phone may be told now, and then all that is needed for it.
    fn admits(&mut self, row: &push_subscription::Model, now: Timestamp, in_group: bool) -> Result<Admitted, Refusal> {
        let until = match delivery::held_until(row, now, self.kind)? {
            Held::Quiet { until } => return Ok(Admitted::Waits(until)),
            Held::Unsafe { until } => return Ok(Admitted::Gathered(until)),
            Held::Open { until } => until.min(self.expires_at),
        };
        let target = match service::target(&self.deps, row) {
            Ok(target) => target,
            Err(refusal) => {
                tracing::error!(cause = refusal.cause, "where a phone is woken cannot be read");
                return Ok(Admitted::Is(Sent::Gone));
            }
        };
        let Some(reached) = self.gateway.reach(&target.endpoint) else { return Ok(Admitted::Is(Sent::Gone)) };
        if in_group && reached.1.is_slow() {
            return Ok(Admitted::Waits(now));
        }
        let place = match reached.1.room(now) {
            Room::Place(place) => place,
            Room::Full => return Ok(Admitted::Full),
            Room::Slow => return Ok(Admitted::Waits(now.plus_millis(2000 + delivery::up_to(&self.deps, 4000)))),
            Room::Paused { until } => {
                let spread = until.since(now) / 4 + 2000;
                return Ok(Admitted::Waits(until.plus_millis(delivery::up_to(&self.deps, spread))));
            }
        };
        let ttl = self.kind.ttl_seconds().min(delivery::seconds_until(until, now));
        let topic = delivery::topic(&self.deps.keys, row.device_id, self.entity_id);
        let key = delivery::key(&self.deps.keys, row);
        let words = self.words(row);
        Ok(Admitted::Ready(Box::new(Letter { reached, target, key, ttl, topic, words }), place))
    }

    /// The same for all phones that show it in the same way.
    fn words(&mut self, row: &push_subscription::Model) -> Arc<str> {
        let shown = (row.locale, row.telling, row.plain);
        if let Some((_, words)) = self.words.iter().find(|(of, _)| *of == shown) {
            return words.clone();
        }
        let words: Arc<str> = delivery::words(&self.deps, self.kind, row, self.entity_id).into();
        self.words.push((shown, words.clone()));
        words
    }

    fn ended(&mut self, (device_id, sent): (DeviceId, Sent)) {
        let Some(flight) = self.flying.remove(&device_id) else { return };
        delivery::count(&sent);
        let mut open = flight.of_group.then(|| self.open.take()).flatten();
        let mut step = std::mem::take(&mut self.step);
        if let Some((of_group, left, _)) = &mut open {
            *left -= 1;
            self.settles(of_group, device_id, &flight, sent);
        } else {
            self.settles(&mut step, device_id, &flight, sent);
        }
        self.step = step;
        self.open = open.or(self.open.take());
    }

    /// What an answer, or none, means for a phone.
    fn settles(&self, step: &mut Step, device_id: DeviceId, flight: &Flight, sent: Sent) {
        let wait = match sent {
            Sent::Accepted => {
                step.sums.accepted += 1;
                step.alive.extend((flight.failures > 0).then_some(flight.subscription_id));
                None
            }
            Sent::Gone => {
                step.sums.gone += 1;
                step.dead.push(flight.subscription_id);
                None
            }
            Sent::Refused => {
                step.sums.refused += 1;
                step.refused.push((flight.subscription_id, flight.failures));
                None
            }
            Sent::TooLarge => {
                tracing::error!(kind = self.kind.word(), "a push was too large: a fault of ours");
                step.sums.too_large += 1;
                None
            }
            // Whoever answers so has not passed it on.
            Sent::Busy(wait) | Sent::Later(wait) => Some((wait, flight.doubts - 1)),
            Sent::Unreached => Some((None, flight.doubts - 1)),
            Sent::Silent if flight.doubts >= MOST_DOUBTS => {
                step.sums.unsure += 1;
                step.refused.push((flight.subscription_id, flight.failures));
                None
            }
            Sent::Silent => Some((None, flight.doubts)),
        };
        let wait = wait.map(|(wait, doubts)| {
            let run_at = delivery::next_try(&self.deps, self.deps.clock.now(), flight.attempts, wait);
            self.waits(device_id, run_at, flight.attempts, doubts)
        });
        match wait {
            Some(row) if row.run_at < self.expires_at && flight.of_group => step.waits.push(row),
            Some(row) if row.run_at < self.expires_at => step.waits_on.push(row),
            late => {
                step.sums.expired += i64::from(late.is_some());
                step.done.extend((!flight.of_group).then_some(device_id));
            }
        }
    }

    fn waits(&self, device_id: DeviceId, run_at: Timestamp, attempts: i32, doubts: i32) -> sending_waiting::Model {
        let sending_id = self.hold.sending_id;
        sending_waiting::Model { sending_id, device_id, run_at, attempts, doubts, under_way: false }
    }

    /// Counts a group that has ended. Those for whom it does not end soon wait by themselves, as on their way.
    fn closes(&mut self) {
        let Some((_, left, since)) = &self.open else { return };
        if *left > 0 && since.elapsed() < SETTLES {
            return;
        }
        let Some((mut step, _, _)) = self.open.take() else { return };
        let now = self.deps.clock.now();
        for (device_id, flight) in self.flying.iter_mut().filter(|(_, flight)| flight.of_group) {
            flight.of_group = false;
            if let Some(service) = &flight.service {
                service.lags();
            }
            let (sending_id, device_id, run_at) = (self.hold.sending_id, *device_id, now);
            let (attempts, doubts) = (flight.attempts, flight.doubts);
            step.waits.push(sending_waiting::Model {
                sending_id,
                device_id,
                run_at,
                attempts,
                doubts,
                under_way: true,
            });
        }
        self.step.add(step);
    }
}

impl Flight {
    fn new(row: &push_subscription::Model, attempts: i32, doubts: i32, of_group: bool) -> Self {
        let (subscription_id, failures) = (row.subscription_id, row.failures);
        Self { service: None, subscription_id, failures, attempts, doubts, of_group }
    }
}
