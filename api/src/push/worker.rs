//! Does the push jobs. A job for an account, and a sending, become one job for each device; that one is sent, and sent again
//! when the push service asks for it. What comes while a device may not be woken becomes one job that waits.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    job, push_subscription, sending,
    words::{AccountId, DeviceId, SendingKind, SendingState, SubscriptionId, Timestamp},
};
use sea_orm::DbErr;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use tokio::task::{JoinError, JoinSet};
use uuid::Uuid;

use super::{
    gateway::{Gateway, Notice, Sent},
    hours::{Door, Hours},
    model::Audience,
    payload::{self, Kind, Shown},
    sendings, service, store,
};
use crate::{
    base::{
        db::Tx,
        jobs::{self, NewJob},
        keys::Keys,
        refusal::Refusal,
    },
    deps::Deps,
};

/// Pushes on their way at once, and how many of these may be tips: an answer never waits for those. Alarms have places of
/// their own.
const AT_ONCE: usize = 32;
const TIPS_AT_ONCE: usize = 16;
const ALARMS_AT_ONCE: usize = 32;
const MOST_ATTEMPTS: i32 = 8;
/// Refusals, or pushes that were given up because nobody answered, in a row.
const MOST_REFUSALS: i32 = 3;
/// How long pushes on their way may still take once told to stop; what is cut off is sent again by the next.
const GRACE: Duration = Duration::from_secs(2);

/// Phones of a sending that are taken in hand at once.
const PAGE: u64 = 500;

/// For all devices of one account: they become one push each.
const ACCOUNT: &str = "push";
/// One push to one device: an alarm, of something that was written to its owner, and of a tip.
pub const ALARM: &str = "push-alarm";
const ONE: &str = "push-one";
const ONE_TIP: &str = "push-one-tip";
/// Of a device that may not be woken yet: the job's id is the device's.
const GATHERED: &str = "push-gathered";

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
    loop {
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
    alarms: JoinSet<()>,
    answers: JoinSet<()>,
    tips: JoinSet<()>,
}

impl Post {
    fn new(deps: Deps) -> Self {
        let gateway = Gateway::new(&deps);
        Self { deps, gateway, alarms: JoinSet::new(), answers: JoinSet::new(), tips: JoinSet::new() }
    }

    /// Makes jobs for devices, and sends as many as there is room for. Says how much was begun.
    async fn begin(&mut self) -> Result<usize, Refusal> {
        for sending in [&mut self.alarms, &mut self.answers, &mut self.tips] {
            while let Some(end) = sending.try_join_next() {
                ended(end);
            }
        }
        let queues = [ACCOUNT, GATHERED, ALARM, ONE, ONE_TIP];
        let due = jobs::waiting(&self.deps.db, &queues, self.deps.clock.now()).await?;
        let mut begun = spread_due(&self.deps, &due).await?;
        for queue in [ALARM, ONE, ONE_TIP].into_iter().filter(|queue| due.contains(queue)) {
            let room = AT_ONCE - self.answers.len() - self.tips.len();
            let (room, sending) = match queue {
                ALARM => (ALARMS_AT_ONCE - self.alarms.len(), &mut self.alarms),
                ONE => (room, &mut self.answers),
                _ => (room.min(TIPS_AT_ONCE - self.tips.len()), &mut self.tips),
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
        Ok(begun)
    }

    /// Comes back when one has ended; never when none is on its way.
    async fn one_ends(&mut self) {
        let end = tokio::select! {
            Some(end) = self.alarms.join_next() => end,
            Some(end) = self.answers.join_next() => end,
            Some(end) = self.tips.join_next() => end,
            else => std::future::pending().await,
        };
        ended(end);
    }

    async fn all_end(&mut self) {
        for sending in [&mut self.alarms, &mut self.answers, &mut self.tips] {
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

/// A job for an account, and a sending, become one for each device.
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
            && let Door::Shut { until } = safe(row, now)?
        {
            let tx = deps.db.begin().await?;
            jobs::again(&tx, job.job_id, until).await?;
            tx.commit().await?;
            continue;
        }
        let woken = row.map(|row| row.subscription_id).into_iter().collect();
        spread(deps, job, woken, Kind::Gathered.word(), device.0).await?;
    }
    // One page at a time, and answers are looked for in between.
    if let Some(sending) = store::due_sending(deps.db.read(), now).await? {
        done += 1;
        page(deps, sending).await?;
    }
    Ok(done)
}

/// Makes a job for each of the next phones of a sending.
async fn page(deps: &Deps, sending: sending::Model) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let audience: Audience = serde_json::from_str(&sending.audience).map_err(Refusal::fault)?;
    if sending.state == SendingState::Waiting && sendings::too_few(deps, &audience).await? {
        let tx = deps.db.begin().await?;
        store::sending_at(&tx, sending.sending_id, SendingState::TooFew, None).await?;
        return Ok(tx.commit().await?);
    }
    let phones = if now < sending.expires_at {
        store::audience(deps, &audience, sending.after, sending.until, PAGE).await?
    } else {
        Vec::new()
    };
    let kind = match sending.kind {
        SendingKind::Tip => Kind::Tip,
        SendingKind::TipRecalled => Kind::TipRecalled,
    };
    let new = phones.iter().map(|row| NewJob {
        queue: ONE_TIP,
        body: json!({"subscription_id": row.subscription_id, "kind": kind.word(), "entity_id": sending.entity_id}),
        run_at: now,
    });
    let state = if phones.len() as u64 == PAGE { SendingState::Sending } else { SendingState::Done };
    let after = phones.last().map(|row| row.device_id).or(sending.after);
    let tx = deps.db.begin().await?;
    jobs::enqueue(&tx, &*deps.chance, now, new.collect()).await?;
    store::sending_at(&tx, sending.sending_id, state, after).await?;
    Ok(tx.commit().await?)
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
        !(kind.is_alarm() && late)
    });
    let (Some(row), Some(kind)) = (row, kind) else {
        let tx = deps.db.begin().await?;
        jobs::done(&tx, job.job_id).await?;
        return Ok(tx.commit().await?);
    };
    let now = deps.clock.now();
    let mut ttl = kind.ttl_seconds();
    // Whoever asks for a test looks at the phone.
    if kind != Kind::Test {
        if kind.waits_for_morning()
            && let Some(quiet) = Hours::quiet(&row)
            && let Door::Open { until } = quiet.at(now).map_err(Refusal::fault)?
        {
            let tx = deps.db.begin().await?;
            jobs::again(&tx, job.job_id, until).await?;
            return Ok(tx.commit().await?);
        }
        match safe(&row, now)? {
            Door::Shut { until } => return gather(deps, &job, row.device_id, until).await,
            // Nor may the push service wake it afterwards.
            Door::Open { until } => ttl = ttl.min(u32::try_from(until.since(now) / 1000).unwrap_or(u32::MAX)),
        }
    }
    let target = service::target(deps, &row)?;
    let shown = Shown { locale: row.locale, telling: row.telling, plain: row.plain };
    let proof = service::proof(&deps.keys, row.device_id, entity_id);
    let payload = payload::payload(&deps.config.base_url, kind, shown, &entity_id.to_string(), &proof).to_string();
    // A newer push of the same talk takes the place of one that still waits at the push service.
    let topic = topic(&deps.keys, subscription_id, entity_id);
    let notice = Notice { kind, ttl, topic: &topic, payload: payload.as_bytes() };
    let sent = gateway.send(&target, &deps.keys.vapid.newest(), &notice).await;
    metrics::counter!("natpatrull_pushes_total", "outcome" => outcome(&sent)).increment(1);

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
            count_failure(&tx, &row).await?;
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
            count_failure(&tx, &row).await?;
            jobs::done(&tx, job.job_id).await?;
        }
        Sent::Busy(wait) | Sent::Later(wait) => {
            jobs::again(&tx, job.job_id, next_try(deps, now, job.attempts, wait)).await?;
        }
        Sent::Silent | Sent::Unreached => {
            jobs::again(&tx, job.job_id, next_try(deps, now, job.attempts, None)).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// 5 s, 20 s, 80 s … at most two hours, spread so that a burst does not come back as one; not before the service said.
pub fn next_try(deps: &Deps, now: Timestamp, attempts: i32, wait: Option<u64>) -> Timestamp {
    let usual = 5_000_i64.saturating_mul(4_i64.pow(attempts.clamp(1, 6).unsigned_abs() - 1)).min(7_200_000);
    let least = wait.map_or(usual, |seconds| i64::try_from(seconds).unwrap_or(86_400).saturating_mul(1000));
    let [spread] = deps.chance.bytes::<1>();
    now.plus_millis(least.max(usual) + usual * i64::from(spread) / 512)
}

/// Whether a device may be woken. One without hours of its own always may.
fn safe(row: &push_subscription::Model, now: Timestamp) -> Result<Door, Refusal> {
    match Hours::of(row) {
        Some(hours) => hours.at(now).map_err(Refusal::fault),
        None => Ok(Door::Open { until: Timestamp::from_millis(i64::MAX) }),
    }
}

/// Waits until it is safe, together with whatever else comes until then.
async fn gather(deps: &Deps, job: &job::Model, device: DeviceId, until: Timestamp) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    jobs::enqueue_once(&tx, device.0, GATHERED, until).await?;
    jobs::done(&tx, job.job_id).await?;
    Ok(tx.commit().await?)
}

/// Says to a push service that two pushes to one device are about the same, and to nobody which talk or who else is in it.
fn topic(keys: &Keys, subscription_id: SubscriptionId, entity_id: Uuid) -> String {
    let mac = keys.mac("topic", &[subscription_id.0.as_bytes(), entity_id.as_bytes()]);
    // At most 32 characters.
    BASE64_URL_SAFE_NO_PAD.encode(&mac[..24])
}

async fn count_failure(tx: &Tx, row: &push_subscription::Model) -> Result<(), DbErr> {
    if row.failures + 1 >= MOST_REFUSALS {
        store::delete(tx, row.subscription_id).await
    } else {
        store::set_failures(tx, row.subscription_id, row.failures + 1).await
    }
}

fn outcome(sent: &Sent) -> &'static str {
    match sent {
        Sent::Accepted => "accepted",
        Sent::Gone => "gone",
        Sent::Refused => "refused",
        Sent::TooLarge => "too-large",
        Sent::Busy(_) => "busy",
        Sent::Later(_) => "later",
        Sent::Silent => "silent",
        Sent::Unreached => "unreached",
    }
}
