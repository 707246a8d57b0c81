//! The keys that push services know us by come and go: a new one is made by hand, and an old one goes when its phones have moved over,
//! or had the time to.

use entities::push_subscription;
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{ExprTrait, SimpleExpr},
};

use crate::{
    base::vapid::{self, VapidKey},
    deps::Deps,
};

/// How long phones have to subscribe with the newest.
const DAYS: i64 = 90;

/// Makes the key that phones subscribe with from now on.
pub async fn make_key(deps: &Deps) -> Result<VapidKey, String> {
    let fault = |error: DbErr| format!("keys: {error}");
    let tx = deps.db.begin().await.map_err(fault)?;
    let key = vapid::make(&tx, &deps.masters, &*deps.chance, deps.clock.now()).await?;
    tx.commit().await.map_err(fault)?;
    deps.keys.vapid.read_anew(&deps.db, &deps.masters).await?;
    Ok(key)
}

/// Takes note of keys that were made elsewhere, and lets go those that have had their time.
pub async fn settle_keys(deps: &Deps) -> Result<(), String> {
    let fault = |error: DbErr| format!("keys: {error}");
    let keys = &deps.keys.vapid;
    keys.read_anew(&deps.db, &deps.masters).await?;
    let older = keys.older();
    if older.is_empty() {
        return Ok(());
    }
    let late = deps.clock.now().since(keys.newest().made_at) > DAYS * 24 * 3600 * 1000;
    for key in older {
        let phones = push_subscription::Entity::find().filter(of(&key)).count(deps.db.read()).await.map_err(fault)?;
        if phones == 0 || late {
            let tx = deps.db.begin().await.map_err(fault)?;
            push_subscription::Entity::delete_many().filter(of(&key)).exec(&*tx).await.map_err(fault)?;
            vapid::remove(&tx, &key).await.map_err(fault)?;
            tx.commit().await.map_err(fault)?;
            tracing::info!(key_id = key.id, phones, "an old push key has gone");
        }
    }
    keys.read_anew(&deps.db, &deps.masters).await
}

fn of(key: &VapidKey) -> SimpleExpr {
    let named = push_subscription::Column::KeyId.eq(key.id.as_str());
    if key.is_first() { named.or(push_subscription::Column::KeyId.is_null()) } else { named }
}
