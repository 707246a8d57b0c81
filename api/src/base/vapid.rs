//! The keys that push services know us by. A phone subscribes with the newest; the older ones hold until their phones have moved over.

use std::sync::{Arc, PoisonError, RwLock};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{server_key, words::Timestamp};
use p256::ecdsa;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    chance::Chance,
    db::{Db, Tx},
    keys::{VAPID, point, unwrap},
    master::MasterKeys,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VapidKey {
    /// Of its row: the first key of a database bears the bare one.
    name: String,
    /// What phones know it by: the beginning of a hash of its public half.
    pub id: String,
    pub secret: [u8; 32],
    pub public: Vec<u8>,
    pub made_at: Timestamp,
}

impl VapidKey {
    pub fn from_secret(secret: [u8; 32], made_at: Timestamp) -> Result<Self, String> {
        let public = point(VAPID, &secret)?;
        let id = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(&public)[..9]);
        Ok(Self { name: format!("{VAPID}:{id}"), id, secret, public, made_at })
    }

    /// Whether it is the one that the database was made with.
    pub fn is_first(&self) -> bool {
        self.name == VAPID
    }
}

/// Newest first, and never none.
pub struct VapidKeys(RwLock<(Arc<VapidKey>, Vec<Arc<VapidKey>>)>);

impl VapidKeys {
    pub fn read(masters: &MasterKeys, rows: &[server_key::Model]) -> Result<Self, String> {
        Ok(Self(RwLock::new(read(masters, rows)?)))
    }

    fn held(&self) -> (Arc<VapidKey>, Vec<Arc<VapidKey>>) {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn newest(&self) -> Arc<VapidKey> {
        self.held().0
    }

    /// Those that phones may still have subscribed with, newest first.
    pub fn older(&self) -> Vec<Arc<VapidKey>> {
        self.held().1
    }

    /// The key of an id. Who names none subscribed before there were several: with the first.
    pub fn of(&self, id: Option<&str>) -> Option<Arc<VapidKey>> {
        let (newest, older) = self.held();
        [newest].into_iter().chain(older).find(|key| id.map_or(key.is_first(), |id| key.id == id))
    }

    /// Takes note of what another program made or let go.
    pub async fn read_anew(&self, db: &Db, masters: &MasterKeys) -> Result<(), String> {
        let rows = rows(db).await.map_err(|error| format!("keys: {error}"))?;
        let read = read(masters, &rows)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }
}

async fn rows(db: &Db) -> Result<Vec<server_key::Model>, DbErr> {
    server_key::Entity::find().filter(server_key::Column::Name.starts_with(VAPID)).all(db.read()).await
}

fn read(masters: &MasterKeys, rows: &[server_key::Model]) -> Result<(Arc<VapidKey>, Vec<Arc<VapidKey>>), String> {
    let ours = rows.iter().filter(|row| row.name.starts_with(VAPID));
    let mut keys = ours
        .map(|row| {
            let key = VapidKey::from_secret(unwrap(masters, row)?, row.made_at)?;
            Ok::<_, String>(Arc::new(VapidKey { name: row.name.clone(), ..key }))
        })
        .collect::<Result<Vec<_>, _>>()?;
    keys.sort_by(|left, right| (right.made_at, &right.id).cmp(&(left.made_at, &left.id)));
    let mut keys = keys.into_iter();
    let newest = keys.next().ok_or_else(|| format!("keys: {VAPID} is missing"))?;
    Ok((newest, keys.collect()))
}

/// A number that is a P-256 key. Nearly every number is one; the rest are drawn again.
pub fn secret(chance: &dyn Chance) -> [u8; 32] {
    loop {
        let secret = chance.bytes::<32>();
        if ecdsa::SigningKey::from_slice(&secret).is_ok() {
            return secret;
        }
    }
}

/// Makes the key that phones subscribe with from now on.
pub async fn make(tx: &Tx, masters: &MasterKeys, chance: &dyn Chance, now: Timestamp) -> Result<VapidKey, String> {
    let key = VapidKey::from_secret(secret(chance), now)?;
    let cipher = &masters.current().cipher;
    let wrapped = cipher.seal(&key.name, Uuid::nil(), &key.secret, chance).map_err(|_| "keys: wrapping failed")?;
    let row = server_key::ActiveModel { name: Set(key.name.clone()), wrapped: Set(wrapped), made_at: Set(now) };
    server_key::Entity::insert(row).exec_without_returning(&**tx).await.map_err(|error| format!("keys: {error}"))?;
    Ok(key)
}

pub async fn remove(tx: &Tx, key: &VapidKey) -> Result<(), DbErr> {
    server_key::Entity::delete_by_id(&key.name).exec(&**tx).await.map(drop)
}
