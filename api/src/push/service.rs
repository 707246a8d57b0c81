//! The rules, in order.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    push_subscription,
    words::{AccountId, DeviceId, JobId, Role, SubscriptionId, Text, Timestamp, Topic},
};
use sea_orm::{DbErr, Iterable};
use serde_json::json;
use uuid::Uuid;
use web_push::SubscriptionInfo;

use super::{guard, hours::Hours, model::*, payload, progress, store, worker};
use crate::{
    base::{
        db::Tx,
        jobs::{self, NewJob},
        keys::Keys,
        listed::{listed, one, words_of},
        places::known_municipality,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    http::caller::Caller,
};

const TARGET: &str = "push_subscription.target";

pub fn key(deps: &Deps) -> PushKey {
    let newest = deps.keys.vapid.newest();
    PushKey {
        key_id: newest.id.clone(),
        public_key: BASE64_URL_SAFE_NO_PAD.encode(&newest.public),
        still_valid: deps.keys.vapid.older().iter().map(|key| key.id.clone()).collect(),
    }
}

pub async fn subscribe(deps: &Deps, caller: &Caller, command: Subscribe) -> Result<Subscription, Refusal> {
    if guard::endpoint(&command.endpoint, deps.config.push_allow_loopback).is_none() {
        return Err(Kind::EndpointRefused.into());
    }
    if let Some(odd) = command.municipalities.iter().find(|code| !known_municipality(code)) {
        return Err(Refusal::invalid("municipalities").detail(format!("{} digits", odd.len())));
    }
    let hours = read(command.hours.as_ref(), "hours.until")?;
    let chosen_quiet = read(command.quiet_hours.as_ref(), "quiet_hours.until")?;
    // An officer is woken for whoever needs help, whenever that is, and by the words that the patrol knows.
    let youth = caller.who.role == Role::Youth;
    if !youth {
        let chosen = [
            ("hours", hours.is_some()),
            ("quiet_hours", chosen_quiet.is_some()),
            ("tips_at_night", command.tips_at_night),
            ("age_band", command.age_band.is_some()),
            ("telling", command.telling),
            ("plain", command.plain),
        ];
        if let Some((field, _)) = chosen.into_iter().find(|(_, chosen)| *chosen) {
            return Err(Refusal::invalid(field));
        }
    }
    let quiet = (youth && !command.tips_at_night).then(|| chosen_quiet.unwrap_or(Hours::NIGHT));
    let key_id = match command.key_id.as_deref() {
        Some(id) => id.to_owned(),
        None => deps.keys.vapid.newest().id.clone(),
    };
    if deps.keys.vapid.of(Some(&key_id)).is_none() {
        // Another program may have made it a moment ago.
        deps.keys.vapid.read_anew(&deps.db, &deps.masters).await.map_err(Refusal::fault)?;
        deps.keys.vapid.of(Some(&key_id)).ok_or_else(|| Refusal::invalid("key_id"))?;
    }
    let now = deps.clock.now();
    let id = SubscriptionId(deps.chance.uuid_v4());
    let target = json!([*command.endpoint, *command.p256dh, *command.auth]).to_string();
    let row = push_subscription::Model {
        subscription_id: id,
        device_id: caller.device_id,
        account_id: caller.who.account_id,
        target: deps.keys.data.seal(TARGET, id.0, target.as_bytes(), &*deps.chance)?,
        key_id: Some(key_id),
        endpoint_mac: Some(deps.keys.mac("endpoint", &[command.endpoint.as_bytes()]).to_vec()),
        replies: command.replies,
        topics: listed(command.topics.iter().map(|topic| topic.word())),
        municipalities: listed(command.municipalities.iter().map(|code| &**code)),
        locale: command.locale,
        age_band: command.age_band,
        safe_from: hours.map(|hours| hours.minutes().0),
        safe_until: hours.map(|hours| hours.minutes().1),
        quiet_from: quiet.map(|quiet| quiet.minutes().0),
        quiet_until: quiet.map(|quiet| quiet.minutes().1),
        telling: command.telling,
        plain: command.plain,
        failures: 0,
        changed_at: now,
    };
    let view = view(&row);
    let tx = deps.db.begin().await?;
    store::save(&tx, row).await?;
    // What waits for other hours than these may be due.
    jobs::again(&tx, JobId(caller.device_id.0), now).await?;
    progress::look_again(&tx, caller.device_id, now).await?;
    tx.commit().await?;
    Ok(view)
}

fn read(times: Option<&TimesOfDay>, field: &'static str) -> Result<Option<Hours>, Refusal> {
    times.map(|times| Hours::read(&times.from, &times.until).ok_or_else(|| Refusal::invalid(field))).transpose()
}

/// When the device of a row may be woken, as people write it.
pub fn safe_hours(row: &push_subscription::Model) -> Option<TimesOfDay> {
    Hours::of(row).map(as_written)
}

/// When it is left alone by what is not written to its owner.
pub fn quiet_hours(row: &push_subscription::Model) -> Option<TimesOfDay> {
    Hours::quiet(row).map(as_written)
}

fn as_written(hours: Hours) -> TimesOfDay {
    let (from, until) = hours.words();
    TimesOfDay { from: Text(from), until: Text(until) }
}

fn view(row: &push_subscription::Model) -> Subscription {
    Subscription {
        replies: row.replies,
        topics: Topic::iter().filter(|topic| row.topics.contains(&one(topic.word()))).collect(),
        municipalities: words_of(&row.municipalities).map(str::to_owned).collect(),
        hours: safe_hours(row),
        quiet_hours: quiet_hours(row),
        age_band: row.age_band,
        telling: row.telling,
        plain: row.plain,
    }
}

pub async fn subscription(deps: &Deps, caller: &Caller) -> Result<Subscription, Refusal> {
    let row = store::of_device(deps, caller.who.account_id, caller.device_id).await?.ok_or(Kind::NotFound)?;
    Ok(view(&row))
}

pub async fn unsubscribe(deps: &Deps, caller: &Caller) -> Result<(), Refusal> {
    let tx = deps.db.begin().await?;
    store::delete_of_device(&tx, caller.who.account_id, caller.device_id).await?;
    Ok(tx.commit().await?)
}

pub async fn test(deps: &Deps, caller: &Caller) -> Result<(), Refusal> {
    let row = store::of_device(deps, caller.who.account_id, caller.device_id).await?.ok_or(Kind::NotFound)?;
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let body = json!({"subscription_id": row.subscription_id, "kind": "test", "entity_id": row.subscription_id});
    jobs::enqueue(&tx, &*deps.chance, now, vec![NewJob { queue: worker::ONE, body, run_at: now }]).await?;
    Ok(tx.commit().await?)
}

/// A phone that an alarm rings, and what for.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    pub address: store::Address,
    pub entity_id: Uuid,
}

/// Rings phones of officers.
pub async fn alarm(deps: &Deps, tx: &Tx, now: Timestamp, rings: Vec<Ring>) -> Result<(), DbErr> {
    ring(deps, tx, now, rings, payload::Kind::Alarm).await
}

/// Rings phones to learn whether they ring.
pub async fn test_alarm(deps: &Deps, tx: &Tx, now: Timestamp, rings: Vec<Ring>) -> Result<(), DbErr> {
    ring(deps, tx, now, rings, payload::Kind::TestAlarm).await
}

async fn ring(deps: &Deps, tx: &Tx, now: Timestamp, rings: Vec<Ring>, kind: payload::Kind) -> Result<(), DbErr> {
    let jobs = rings.into_iter().map(|Ring { address, entity_id }| NewJob {
        queue: worker::ALARM,
        body: json!({"subscription_id": address.subscription_id, "kind": kind.word(), "entity_id": entity_id}),
        run_at: now,
    });
    jobs::enqueue(tx, &*deps.chance, now, jobs.collect()).await
}

/// Tells accounts, on each of their phones, that what they wanted to be told of begins.
pub async fn remind(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    accounts: Vec<AccountId>,
    entity_id: Uuid,
) -> Result<(), DbErr> {
    let jobs = store::addresses_of(&**tx, accounts).await?.into_iter().map(|address| NewJob {
        queue: worker::ONE,
        body: json!({
            "subscription_id": address.subscription_id, "kind": payload::Kind::Dialogue.word(), "entity_id": entity_id,
        }),
        run_at: now,
    });
    jobs::enqueue(tx, &*deps.chance, now, jobs.collect()).await
}

/// What only a device that was rung for something can know.
pub fn proof(keys: &Keys, device_id: DeviceId, entity_id: Uuid) -> String {
    let mac = keys.mac("alarm-proof", &[device_id.0.as_bytes(), entity_id.as_bytes()]);
    BASE64_URL_SAFE_NO_PAD.encode(&mac[..16])
}

/// Opens where a device is woken.
pub fn target(deps: &Deps, row: &push_subscription::Model) -> Result<SubscriptionInfo, Refusal> {
    let plain = deps.keys.data.open(TARGET, row.subscription_id.0, &row.target)?;
    let (endpoint, p256dh, auth): (String, String, String) = serde_json::from_slice(&plain).map_err(Refusal::fault)?;
    Ok(SubscriptionInfo::new(endpoint, p256dh, auth))
}
