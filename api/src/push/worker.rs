//! Does the push jobs. A job for an account becomes one job for each device; that one is sent, and sent again when the push service
//! asks for it. What comes while a device may not be woken becomes one job that waits. Sendings to many are gone through beside.

use std::time::Duration;

use entities::{
    job,
    words::{AccountId, DeviceId, SubscriptionId, Timestamp},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use tokio::{
    task::{JoinError, JoinSet},
    time::Instant,
};
use uuid::Uuid;

use super::{
    delivery::{self, Held},
    fan_out,
    gateway::{Gateway, Notice, Sent},
    keys,
    payload::Kind,
    progress, service, store,
};
use crate::{
    base::{
        jobs::{self, NewJob},
        refusal::Refusal,
    },
    deps::Deps,
};

/// Pushes on their way at once. Alarms have places of their own, and what goes to many never takes these.
const AT_ONCE: usize = 32;
const ALARMS_AT_ONCE: usize = 32;
/// Sendings that are gone through at once.
const SENDINGS_AT_ONCE: usize = 4;
const MOST_ATTEMPTS: i32 = 8;
/// How long pushes on their way may still take once told to stop; what is cut off is sent again by the next.
const GRACE: Duration = Duration::from_secs(2);

/// How soon a key that another program made is known here.
const KEYS_ARE_SETTLED: Duration = Duration::from_secs(30);

/// For all devices of one account: they become one push each.
const ACCOUNT: &str = "push";
/// One push to one device: an alarm, or of something that was written to its owner.
pub const ALARM: &str = "push-alarm";
pub const ONE: &str = "push-one";
/// Of a device that may not be woken yet: the job's id is the device's.
pub const GATHERED: &str = "push-gathered";

/// Where jobs stand that name what they are about.
pub const QUEUES: [&str; 3] = [ACCOUNT, ONE, ALARM];

/// For the devices of one account.
#[derive(Deserialize)]
struct ForAccount {
    kind: String,
    account_id: AccountId,
    entity_id: Uuid,
}

/// For one device.
#[derive(Deserialize)]
struct ForDevice {
    kind: String,
    subscription_id: SubscriptionId,
    entity_id: Uuid,
}

/// Works until told to stop.
pub async fn work(deps: Deps) {
    let mut written = deps.bus.written();
    let mut post = Post::new(deps.clone());
    let mut settled: Option<Instant> = None;
    loop {
        if settled.is_none_or(|at| at.elapsed() > KEYS_ARE_SETTLED) {
            settled = Some(Instant::now());
            if let Err(error) = keys::settle_keys(&deps).await {
                tracing::warn!(error, "the push keys could not be looked through");
            }
        }
        let begun = tokio::select! {
            begun = post.begin() => begun,
            () = deps.stop.told() => break,
        };
        match begun {
            Ok(0) => {}
            Ok(_) => continue,
            Err(refusal) => tracing::warn!(cause = refusal.cause, "the push jobs could not be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
            // Whatever was written may have left a job.
            _ = written.changed() => {}
            () = post.one_ends() => {}
            () = deps.stop.told() => break,
        }
    }
    drop(tokio::time::timeout(GRACE, post.all_end()).await);
}

/// Does what is due until nothing is, for tests and for a stop in order.
pub async fn run_due(deps: &Deps) -> Result<(), Refusal> {
    let mut post = Post::new(deps.clone());
    loop {
        let begun = post.begin().await?;
        post.all_end().await;
        if begun == 0 {
            return Ok(());
        }
    }
}

/// Pushes on their way, by their kind. A place that becomes free is taken again at once, so that an address that does not answer holds
/// up one place and nobody else.
struct Post {
    deps: Deps,
    gateway: Gateway,
    /// For what goes to many.
    beside: Gateway,
    alarms: JoinSet<()>,
    answers: JoinSet<()>,
    sendings: JoinSet<()>,
}

impl Post {
    fn new(deps: Deps) -> Self {
        let gateway = Gateway::new(&deps);
        let beside = gateway.beside();
        Self { deps, gateway, beside, alarms: JoinSet::new(), answers: JoinSet::new(), sendings: JoinSet::new() }
    }

    /// Makes jobs for devices, and sends as many as there is room for. Says how much was begun.
    async fn begin(&mut self) -> Result<usize, Refusal> {
        for sending in [&mut self.alarms, &mut self.answers, &mut self.sendings] {
            while let Some(end) = sending.try_join_next() {
                ended(end);
            }
        }
        let queues = [ACCOUNT, GATHERED, ALARM, ONE];
        let due = jobs::waiting(&self.deps.db, &queues, self.deps.clock.now()).await?;
        let mut begun = spread_due(&self.deps, &due).await?;
        for queue in [ALARM, ONE].into_iter().filter(|queue| due.contains(queue)) {
            let (room, sending) = match queue {
                ALARM => (ALARMS_AT_ONCE - self.alarms.len(), &mut self.alarms),
                _ => (AT_ONCE - self.answers.len(), &mut self.answers),
            };
            if room == 0 {
                continue;
            }
            for job in jobs::claim(&self.deps.db, queue, self.deps.clock.now(), room as u64).await? {
                begun += 1;
                let (deps, gateway) = (self.deps.clone(), self.gateway.clone());
                sending.spawn(async move {
                    if let Err(refusal) = one(&deps, &gateway, job).await {
                        tracing::warn!(cause = refusal.cause, "a push job failed and stays for another try");
                    }
                });
            }
        }
        while self.sendings.len() < SENDINGS_AT_ONCE {
            let holder = self.deps.chance.uuid_v4();
            let Some(sending) = progress::claim(&self.deps, holder).await? else { break };
            begun += 1;
            let (deps, gateway) = (self.deps.clone(), self.beside.clone());
            self.sendings.spawn(async move {
                if let Err(refusal) = fan_out::goes_through(&deps, gateway, sending, holder).await {
                    tracing::warn!(cause = refusal.cause, "a sending was broken off and goes on later");
                }
            });
        }
        Ok(begun)
    }

    /// Comes back when one has ended; never when none is on its way.
    async fn one_ends(&mut self) {
        let end = tokio::select! {
            Some(end) = self.alarms.join_next() => end,
            Some(end) = self.answers.join_next() => end,
            Some(end) = self.sendings.join_next() => end,
            else => std::future::pending().await,
        };
        ended(end);
    }

    async fn all_end(&mut self) {
        for sending in [&mut self.alarms, &mut self.answers, &mut self.sendings] {
            while let Some(end) = sending.join_next().await {
                ended(end);
            }
        }
    }
}

fn ended(end: Result<(), JoinError>) {
    if let Err(error) = end {
        tracing::error!(%error, "a push ended in a fault");
    }
}

/// A job for an account becomes one for each device.
async fn spread_due(deps: &Deps, due: &[&str]) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    let mut done = 0;
    let claim = async |queue: &str, limit: u64| {
        if due.contains(&queue) { jobs::claim(&deps.db, queue, now, limit).await } else { Ok(Vec::new()) }
    };
    for job in claim(ACCOUNT, 100).await? {
        done += 1;
        let Some(ForAccount { kind, account_id, entity_id }) = read(deps, &job).await? else { continue };
        let devices = store::listening(deps, account_id).await?;
        spread(deps, job, devices, &kind, entity_id).await?;
    }
    for job in claim(GATHERED, 100).await? {
        done += 1;
        let device = DeviceId(job.job_id.0);
        let row = store::of_waiting(deps, device).await?;
        if let Some(row) = &row
            && let Held::Unsafe { until } = delivery::held_until(row, now, Kind::Gathered)?
        {
            let tx = deps.db.begin().await?;
            jobs::again(&tx, job.job_id, until).await?;
            tx.commit().await?;
            continue;
        }
        let woken = row.map(|row| row.subscription_id).into_iter().collect();
        spread(deps, job, woken, Kind::Gathered.word(), device.0).await?;
    }
    Ok(done)
}

/// What a job asks for. One that cannot be read is a fault of ours and never will be: it is logged and goes, so that it
/// does not hold back the others.
async fn read<T: DeserializeOwned>(deps: &Deps, job: &job::Model) -> Result<Option<T>, Refusal> {
    match serde_json::from_str(&job.body) {
        Ok(body) => Ok(Some(body)),
        Err(error) => {
            tracing::error!(%error, queue = job.queue, "a push job cannot be read and is dropped");
            let tx = deps.db.begin().await?;
            jobs::done(&tx, job.job_id).await?;
            tx.commit().await?;
            Ok(None)
        }
    }
}

/// One job for each device, in the place of the job that asked.
async fn spread(
    deps: &Deps,
    job: job::Model,
    devices: Vec<SubscriptionId>,
    kind: &str,
    entity_id: Uuid,
) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let new = devices
        .into_iter()
        .map(|id| NewJob {
            queue: ONE,
            body: json!({"subscription_id": id, "kind": kind, "entity_id": entity_id}),
            run_at: now,
        })
        .collect();
    let tx = deps.db.begin().await?;
    jobs::enqueue(&tx, &*deps.chance, now, new).await?;
    jobs::done(&tx, job.job_id).await?;
    Ok(tx.commit().await?)
}

async fn one(deps: &Deps, gateway: &Gateway, job: job::Model) -> Result<(), Refusal> {
    let Some(ForDevice { kind, subscription_id, entity_id }) = read(deps, &job).await? else { return Ok(()) };
    let row = store::find(deps, subscription_id).await?;
    let kind = Kind::from_word(&kind).filter(|kind| {
        let late = deps.clock.now().since(job.run_at) > i64::from(kind.ttl_seconds()) * 1000;
        !(kind.is_of_its_moment() && late)
    });
    let (Some(row), Some(kind)) = (row, kind) else {
        let tx = deps.db.begin().await?;
        jobs::done(&tx, job.job_id).await?;
        return Ok(tx.commit().await?);
    };
    let now = deps.clock.now();
    let ttl = match delivery::held_until(&row, now, kind)? {
        Held::Quiet { until } => {
            let tx = deps.db.begin().await?;
            jobs::again(&tx, job.job_id, until).await?;
            return Ok(tx.commit().await?);
        }
        // Then it will be over.
        Held::Unsafe { until }
            if kind == Kind::Dialogue && until.since(job.run_at) > i64::from(kind.ttl_seconds()) * 1000 =>
        {
            let tx = deps.db.begin().await?;
            jobs::done(&tx, job.job_id).await?;
            return Ok(tx.commit().await?);
        }
        Held::Unsafe { until } => return gather(deps, &job, row.device_id, until).await,
        Held::Open { until } => kind.ttl_seconds().min(delivery::seconds_until(until, now)),
    };
    let target = service::target(deps, &row)?;
    // A push service that is slow holds up its own phones alone.
    let service = gateway.reach(&target.endpoint).map(|(_, service)| service).filter(|_| !kind.is_alarm());
    let place = service.as_ref().map(|service| service.answering());
    if matches!(place, Some(None)) {
        let tx = deps.db.begin().await?;
        jobs::put_back(&tx, job.job_id, now.plus_millis(2000 + delivery::up_to(deps, 4000))).await?;
        return Ok(tx.commit().await?);
    }
    let payload = delivery::words(deps, kind, &row, entity_id);
    // A newer push of the same talk takes the place of one that still waits at the push service.
    let topic = delivery::topic(&deps.keys, row.device_id, entity_id);
    let notice = Notice { kind, ttl, topic: &topic, payload: payload.as_bytes() };
    let sent = gateway.send(&target, &delivery::key(&deps.keys, &row), &notice).await;
    drop(place);
    delivery::count(&sent);

    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    match sent {
        Sent::Accepted => {
            store::set_failures(&tx, subscription_id, 0).await?;
            jobs::done(&tx, job.job_id).await?;
        }
        Sent::Gone => {
            store::delete(&tx, subscription_id).await?;
            jobs::done(&tx, job.job_id).await?;
        }
        Sent::Refused => {
            delivery::count_failure(&tx, subscription_id, row.failures).await?;
            jobs::done(&tx, job.job_id).await?;
        }
        Sent::TooLarge => {
            tracing::error!(kind = kind.word(), "a push was too large: a fault of ours");
            jobs::done(&tx, job.job_id).await?;
        }
        // The next step of the alarm comes sooner than another try would; until a push gets through, this phone is not
        // counted on.
        Sent::Busy(_) | Sent::Later(_) | Sent::Silent | Sent::Unreached if kind.is_alarm() => {
            store::set_failures(&tx, subscription_id, row.failures.max(1)).await?;
            jobs::done(&tx, job.job_id).await?;
        }
        Sent::Busy(_) | Sent::Later(_) if job.attempts >= MOST_ATTEMPTS => jobs::done(&tx, job.job_id).await?,
        // Given up after hours of silence; an address that is silent time after time goes.
        Sent::Silent | Sent::Unreached if job.attempts >= MOST_ATTEMPTS => {
            delivery::count_failure(&tx, subscription_id, row.failures).await?;
            jobs::done(&tx, job.job_id).await?;
        }
        Sent::Busy(wait) | Sent::Later(wait) => {
            jobs::again(&tx, job.job_id, delivery::next_try(deps, now, job.attempts, wait)).await?;
        }
        Sent::Silent | Sent::Unreached => {
            jobs::again(&tx, job.job_id, delivery::next_try(deps, now, job.attempts, None)).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Waits until it is safe, together with whatever else comes until then.
async fn gather(deps: &Deps, job: &job::Model, device: DeviceId, until: Timestamp) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    jobs::enqueue_once(&tx, device.0, GATHERED, until).await?;
    jobs::done(&tx, job.job_id).await?;
    Ok(tx.commit().await?)
}
