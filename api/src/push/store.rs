//! Every query of the slice.

use std::collections::HashMap;

use entities::{
    device, push_subscription, sending, sending_waiting,
    words::{AccountId, DeviceId, SendingId, SendingKind, SendingState, SubscriptionId},
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{model::Audience, progress};
use crate::{
    base::{db::Tx, listed::one},
    deps::Deps,
};

pub async fn save(tx: &Tx, row: push_subscription::Model) -> Result<(), DbErr> {
    use push_subscription::Column as C;
    // The same browser under another device: it was signed out where we did not hear of it, and must not be woken for whom
    // it has left.
    push_subscription::Entity::delete_many()
        .filter(C::EndpointMac.eq(row.endpoint_mac.clone()))
        .filter(C::DeviceId.ne(row.device_id))
        .exec(&**tx)
        .await?;
    push_subscription::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(
            OnConflict::column(C::DeviceId)
                .update_columns([
                    C::SubscriptionId,
                    C::AccountId,
                    C::Target,
                    C::KeyId,
                    C::EndpointMac,
                    C::Replies,
                    C::Topics,
                    C::Municipalities,
                    C::Locale,
                    C::AgeBand,
                    C::SafeFrom,
                    C::SafeUntil,
                    C::QuietFrom,
                    C::QuietUntil,
                    C::Telling,
                    C::Plain,
                    C::Failures,
                    C::ChangedAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

pub async fn of_device(
    deps: &Deps,
    account_id: AccountId,
    device_id: DeviceId,
) -> Result<Option<push_subscription::Model>, DbErr> {
    push_subscription::Entity::find()
        .filter(push_subscription::Column::AccountId.eq(account_id))
        .filter(push_subscription::Column::DeviceId.eq(device_id))
        .one(deps.db.read())
        .await
}

pub async fn delete_of_device(tx: &Tx, account_id: AccountId, device_id: DeviceId) -> Result<(), DbErr> {
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::AccountId.eq(account_id))
        .filter(push_subscription::Column::DeviceId.eq(device_id))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub async fn find(deps: &Deps, id: SubscriptionId) -> Result<Option<push_subscription::Model>, DbErr> {
    push_subscription::Entity::find_by_id(id).one(deps.db.read()).await
}

/// Of devices that were not ended: an ended one must not hear that something came.
pub fn awake() -> Select<push_subscription::Entity> {
    let ended = device::Entity::find()
        .select_only()
        .column(device::Column::DeviceId)
        .filter(device::Column::EndedAt.is_not_null())
        .into_query();
    push_subscription::Entity::find().filter(push_subscription::Column::DeviceId.not_in_subquery(ended))
}

/// Of a device that something waits for.
pub async fn of_waiting(deps: &Deps, device_id: DeviceId) -> Result<Option<push_subscription::Model>, DbErr> {
    awake().filter(push_subscription::Column::DeviceId.eq(device_id)).one(deps.db.read()).await
}

/// Where a device is woken.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    pub subscription_id: SubscriptionId,
    pub account_id: AccountId,
    /// The last push got through, as far as is known.
    pub works: bool,
}

impl From<&push_subscription::Model> for Address {
    fn from(row: &push_subscription::Model) -> Self {
        Self { subscription_id: row.subscription_id, account_id: row.account_id, works: row.failures == 0 }
    }
}

/// Where some devices are woken; those that have no address are left out.
pub async fn addresses(db: &impl ConnectionTrait, devices: Vec<DeviceId>) -> Result<HashMap<DeviceId, Address>, DbErr> {
    let rows = awake().filter(push_subscription::Column::DeviceId.is_in(devices)).all(db).await?;
    Ok(rows.iter().map(|row| (row.device_id, row.into())).collect())
}

/// Where the devices of some accounts are woken.
pub async fn addresses_of(db: &impl ConnectionTrait, accounts: Vec<AccountId>) -> Result<Vec<Address>, DbErr> {
    let rows = awake().filter(push_subscription::Column::AccountId.is_in(accounts)).all(db).await?;
    Ok(rows.iter().map(Address::from).collect())
}

/// The devices of one account that want to hear of answers.
pub async fn listening(deps: &Deps, account_id: AccountId) -> Result<Vec<SubscriptionId>, DbErr> {
    awake()
        .select_only()
        .column(push_subscription::Column::SubscriptionId)
        .filter(push_subscription::Column::AccountId.eq(account_id))
        .filter(push_subscription::Column::Replies.eq(true))
        .into_tuple()
        .all(deps.db.read())
        .await
}

/// The phones of an audience.
fn phones_of(audience: &Audience) -> Select<push_subscription::Entity> {
    use push_subscription::Column as C;
    let mut query = awake().filter(C::Topics.contains(one(audience.topic.word())));
    if !audience.municipalities.is_empty() {
        let places = audience.municipalities.iter().map(|code| C::Municipalities.contains(one(code)));
        query = query.filter(places.fold(Condition::any(), Condition::add));
    }
    if !audience.age_bands.is_empty() {
        query = query.filter(C::AgeBand.is_in(audience.age_bands.iter().copied()));
    }
    if !audience.languages.is_empty() {
        query = query.filter(C::Locale.is_in(audience.languages.iter().copied()));
    }
    query
}

/// The next page of an audience, in the order of the devices.
pub async fn audience(
    deps: &Deps,
    audience: &Audience,
    after: Option<DeviceId>,
    until: Option<DeviceId>,
    limit: u64,
) -> Result<Vec<push_subscription::Model>, DbErr> {
    use push_subscription::Column as C;
    let mut query = phones_of(audience);
    if let Some(after) = after {
        query = query.filter(C::DeviceId.gt(after));
    }
    if let Some(until) = until {
        query = query.filter(C::DeviceId.lte(until));
    }
    query.order_by_asc(C::DeviceId).limit(limit).all(deps.db.read()).await
}

pub async fn phones(db: &impl ConnectionTrait, audience: &Audience) -> Result<u64, DbErr> {
    phones_of(audience).count(db).await
}

/// How many there are, as far as that matters.
pub async fn phones_up_to(db: &impl ConnectionTrait, audience: &Audience, most: u64) -> Result<u64, DbErr> {
    let some = phones_of(audience).select_only().column(push_subscription::Column::DeviceId).limit(most);
    Ok(some.into_tuple::<DeviceId>().all(db).await?.len() as u64)
}

pub async fn insert_sending(tx: &Tx, row: sending::Model) -> Result<(), DbErr> {
    sending::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// It was for too few phones.
pub async fn too_few(deps: &Deps, id: SendingId) -> Result<(), DbErr> {
    let tx = deps.db.begin().await?;
    sending::Entity::update_many()
        .col_expr(sending::Column::State, Expr::value(SendingState::TooFew.to_value()))
        .filter(sending::Column::SendingId.eq(id))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// Stops those of a thing, and says of all of them how far they came.
pub async fn stop_sendings(tx: &Tx, kind: SendingKind, entity_id: Uuid) -> Result<Vec<sending::Model>, DbErr> {
    use sending::Column as C;
    let of = C::EntityId.eq(entity_id).and(C::Kind.eq(kind));
    progress::expires_waiting(sending::Entity::update_many())
        .col_expr(C::State, Expr::value(SendingState::Stopped.to_value()))
        .filter(of.clone().and(C::State.ne(SendingState::TooFew)))
        .exec(&**tx)
        .await?;
    sending::Entity::find().filter(of).all(&**tx).await
}

/// Removes those of some things, with the phones that wait for them.
pub async fn forget_sendings(tx: &Tx, of: impl IntoIterator<Item = Uuid>) -> Result<(), DbErr> {
    let ids: Vec<SendingId> = sending::Entity::find()
        .select_only()
        .column(sending::Column::SendingId)
        .filter(sending::Column::EntityId.is_in(of))
        .into_tuple()
        .all(&**tx)
        .await?;
    sending_waiting::Entity::delete_many()
        .filter(sending_waiting::Column::SendingId.is_in(ids.clone()))
        .exec(&**tx)
        .await?;
    sending::Entity::delete_many().filter(sending::Column::SendingId.is_in(ids)).exec(&**tx).await.map(drop)
}

/// Of one thing, the first first.
pub async fn sendings_of(db: &impl ConnectionTrait, entity_id: Uuid) -> Result<Vec<sending::Model>, DbErr> {
    use sending::Column as C;
    sending::Entity::find().filter(C::EntityId.eq(entity_id)).order_by_asc(C::BeginsAt).all(db).await
}

pub async fn delete(tx: &Tx, id: SubscriptionId) -> Result<(), DbErr> {
    push_subscription::Entity::delete_by_id(id).exec(&**tx).await?;
    Ok(())
}

/// Counts a refusal; 0 forgets them.
pub async fn set_failures(tx: &Tx, id: SubscriptionId, failures: i32) -> Result<(), DbErr> {
    push_subscription::Entity::update_many()
        .col_expr(push_subscription::Column::Failures, Expr::value(failures))
        .filter(push_subscription::Column::SubscriptionId.eq(id).and(push_subscription::Column::Failures.ne(failures)))
        .exec(&**tx)
        .await?;
    Ok(())
}
