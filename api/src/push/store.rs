//! Every query of the slice.

use std::collections::HashMap;

use entities::{
    device, push_subscription,
    words::{AccountId, DeviceId, SubscriptionId, Topic},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{base::db::Tx, deps::Deps};

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
                    C::EndpointMac,
                    C::Replies,
                    C::Topics,
                    C::Municipalities,
                    C::Locale,
                    C::SafeFrom,
                    C::SafeUntil,
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
fn awake() -> Select<push_subscription::Entity> {
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

/// The next page of devices that asked for a topic in a municipality.
pub async fn audience(
    deps: &Deps,
    topic: Topic,
    municipality: &str,
    after: Option<SubscriptionId>,
    limit: u64,
) -> Result<Vec<SubscriptionId>, DbErr> {
    use push_subscription::Column as C;
    let mut query = awake()
        .select_only()
        .column(C::SubscriptionId)
        .filter(C::Topics.contains(format!(",{},", topic.word())))
        .filter(C::Municipalities.contains(format!(",{municipality},")));
    if let Some(after) = after {
        query = query.filter(C::SubscriptionId.gt(after));
    }
    query.order_by_asc(C::SubscriptionId).limit(limit).into_tuple().all(deps.db.read()).await
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
