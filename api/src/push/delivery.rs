//! What every push has in common, whichever way it comes about: whether a phone may be woken, what it is sent, and when it is tried
//! again.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    push_subscription,
    words::{DeviceId, SubscriptionId, Timestamp},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    gateway::Sent,
    hours::{Door, Hours},
    payload::{self, Kind, Shown},
    service, store,
};
use crate::{
    base::{db::Tx, keys::Keys, refusal::Refusal, vapid::VapidKey},
    deps::Deps,
};

/// Refusals, or pushes that were given up because nobody answered, in a row.
const MOST_REFUSALS: i32 = 3;

/// Whether a phone may be woken now.
pub enum Held {
    /// It is to be left alone by what can wait.
    Quiet { until: Timestamp },
    /// It is not safe; whatever comes meanwhile becomes one.
    Unsafe { until: Timestamp },
    /// No longer than that.
    Open { until: Timestamp },
}

pub fn held_until(row: &push_subscription::Model, now: Timestamp, kind: Kind) -> Result<Held, Refusal> {
    let always = Timestamp::from_millis(i64::MAX);
    // Whoever asks for a test looks at the phone.
    if kind == Kind::Test {
        return Ok(Held::Open { until: always });
    }
    if kind.waits_for_morning()
        && let Some(quiet) = Hours::quiet(row)
        && let Door::Open { until } = quiet.at(now).map_err(Refusal::fault)?
    {
        return Ok(Held::Quiet { until });
    }
    let Some(hours) = Hours::of(row) else { return Ok(Held::Open { until: always }) };
    Ok(match hours.at(now).map_err(Refusal::fault)? {
        Door::Shut { until } => Held::Unsafe { until },
        Door::Open { until } => Held::Open { until },
    })
}

/// Nor may a push service wake a phone after a moment.
pub fn seconds_until(until: Timestamp, now: Timestamp) -> u32 {
    u32::try_from(until.since(now) / 1000).unwrap_or(u32::MAX)
}

/// What a phone is sent.
pub fn words(deps: &Deps, kind: Kind, row: &push_subscription::Model, entity_id: Uuid) -> String {
    let shown = Shown { locale: row.locale, telling: row.telling, plain: row.plain };
    let proof = service::proof(&deps.keys, row.device_id, entity_id);
    payload::payload(&deps.config.base_url, kind, shown, &entity_id.to_string(), &proof).to_string()
}

/// Says to a push service that two pushes to one device are about the same, and to nobody which talk or who else is in it.
pub fn topic(keys: &Keys, device_id: DeviceId, entity_id: Uuid) -> String {
    let mac = keys.mac("topic", &[device_id.0.as_bytes(), entity_id.as_bytes()]);
    // At most 32 characters.
    BASE64_URL_SAFE_NO_PAD.encode(&mac[..24])
}

/// The key that a phone subscribed with. One that is gone is refused by the push service, and its phone subscribes again.
pub fn key(keys: &Keys, row: &push_subscription::Model) -> Arc<VapidKey> {
    keys.vapid.of(row.key_id.as_deref()).unwrap_or_else(|| keys.vapid.newest())
}

/// 5 s, 20 s, 80 s … at most two hours, spread so that a burst does not come back as one; not before the service said.
pub fn next_try(deps: &Deps, now: Timestamp, attempts: i32, wait: Option<u64>) -> Timestamp {
    let usual = 5_000_i64.saturating_mul(4_i64.pow(attempts.clamp(1, 6).unsigned_abs() - 1)).min(7_200_000);
    let least = wait.map_or(usual, |seconds| i64::try_from(seconds).unwrap_or(86_400).saturating_mul(1000));
    now.plus_millis(least.max(usual) + up_to(deps, usual / 2))
}

/// Any number up to another one.
pub fn up_to(deps: &Deps, most: i64) -> i64 {
    let [spread] = deps.chance.bytes::<1>();
    most * i64::from(spread) / 256
}

pub async fn count_failure(tx: &Tx, id: SubscriptionId, failures: i32) -> Result<(), DbErr> {
    if failures + 1 >= MOST_REFUSALS {
        store::delete(tx, id).await
    } else {
        store::set_failures(tx, id, failures + 1).await
    }
}

pub fn count(sent: &Sent) {
    let outcome = match sent {
        Sent::Accepted => "accepted",
        Sent::Gone => "gone",
        Sent::Refused => "refused",
        Sent::TooLarge => "too-large",
        Sent::Busy(_) => "busy",
        Sent::Later(_) => "later",
        Sent::Silent => "silent",
        Sent::Unreached => "unreached",
    };
    metrics::counter!("natpatrull_pushes_total", "outcome" => outcome).increment(1);
}
