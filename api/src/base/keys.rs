//! The server's own keys: rows made once, wrapped by the master key, the same for every program on a database.

use ed25519_dalek::SigningKey;
use entities::server_key;
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    chance::Chance,
    clock::Clock,
    crypto::Cipher,
    db::Db,
    master::MasterKeys,
    rotation,
    tokens::Verified,
    vapid::{self, VapidKeys},
};

pub struct Keys {
    /// For what belongs to no talk or report: where phones are woken, ceremonies.
    pub data: Cipher,
    pub site_salt: [u8; 16],
    /// Ed25519, for access tokens.
    pub signing_seed: [u8; 32],
    pub verified: Verified,
    pub vapid: VapidKeys,
    /// P-256 scalar, for words that leave a phone sealed.
    pub parcel: [u8; 32],
    pub parcel_public: Vec<u8>,
    mac: [u8; 32],
}

const DATA: &str = "data";
const SITE_SALT: &str = "site-salt";
const SIGNING: &str = "signing";
pub(super) const VAPID: &str = "vapid";
const PARCEL: &str = "parcel";
const MAC: &str = "mac";

impl Keys {
    /// Two programs that start at once each propose keys; the database keeps the first of each name, and both read those.
    pub async fn load_or_make(
        db: &Db,
        masters: &MasterKeys,
        clock: &dyn Clock,
        chance: &dyn Chance,
    ) -> Result<Self, String> {
        let fault = |error: sea_orm::DbErr| format!("keys: {error}");
        let known = server_key::Entity::find().all(db.read()).await.map_err(fault)?;
        // Before anything is added: a foreign master key leaves nothing behind.
        for row in &known {
            unwrap(masters, row)?;
        }
        let missing: Vec<_> = [DATA, SITE_SALT, SIGNING, VAPID, PARCEL, MAC]
            .into_iter()
            .filter(|name| known.iter().all(|k| k.name != *name))
            // The first may have gone when its phones had all moved over to another.
            .filter(|name| *name != VAPID || known.iter().all(|k| !k.name.starts_with(VAPID)))
            .collect();
        if !missing.is_empty() {
            let mut rows = Vec::new();
            for name in missing {
                let secret = if [VAPID, PARCEL].contains(&name) { vapid::secret(chance) } else { chance.bytes() };
                let wrapped = masters
                    .current()
                    .cipher
                    .seal(name, Uuid::nil(), &secret, chance)
                    .map_err(|_| "keys: wrapping failed")?;
                rows.push(server_key::ActiveModel {
                    name: Set(name.to_owned()),
                    wrapped: Set(wrapped),
                    made_at: Set(clock.now()),
                });
            }
            let tx = db.begin().await.map_err(fault)?;
            server_key::Entity::insert_many(rows)
                .on_conflict(OnConflict::column(server_key::Column::Name).do_nothing().to_owned())
                .exec_without_returning(&*tx)
                .await
                .map_err(fault)?;
            tx.commit().await.map_err(fault)?;
        }
        // From here on new keys may be wrapped under the current one.
        rotation::name(db, &masters.current().id, clock.now()).await.map_err(fault)?;
        let rows = server_key::Entity::find().all(db.read()).await.map_err(fault)?;
        let open = |name: &str| -> Result<[u8; 32], String> {
            let row = rows.iter().find(|row| row.name == name);
            unwrap(masters, row.ok_or_else(|| format!("keys: {name} is missing"))?)
        };
        let parcel = open(PARCEL)?;
        let mut site_salt = [0; 16];
        site_salt.copy_from_slice(&open(SITE_SALT)?[..16]);
        Ok(Self {
            data: Cipher::new(&open(DATA)?),
            site_salt,
            signing_seed: open(SIGNING)?,
            verified: Verified::default(),
            vapid: VapidKeys::read(masters, &rows)?,
            parcel,
            parcel_public: point(PARCEL, &parcel)?,
            mac: open(MAC)?,
        })
    }

    /// Whether nobody has made keys for this database yet.
    pub async fn none_yet(db: &Db) -> Result<bool, sea_orm::DbErr> {
        Ok(server_key::Entity::find().one(db.read()).await?.is_none())
    }

    /// Under which id the words or files of a thing lie sealed, where others know its own: nobody can name that, and so nothing
    /// else comes under its key.
    pub fn content_id(&self, of: &str, id: Uuid) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.mac(of, &[id.as_bytes()])[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// A keyed hash; `domain` keeps one use from standing in for another, and lengths keep parts apart.
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes a key of any length.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.mac) else { return [0; 32] };
        for part in [domain.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    pub fn receipt_mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.mac("receipt", parts)
    }

    /// What phones know the parcel key by: the beginning of a hash of its public half.
    pub fn parcel_key_id(&self) -> Uuid {
        let mut id = [0; 16];
        id.copy_from_slice(&Sha256::digest(&self.parcel_public)[..16]);
        uuid::Builder::from_custom_bytes(id).into_uuid()
    }

    /// The public half of the signing key.
    pub fn signing_public(&self) -> [u8; 32] {
        SigningKey::from_bytes(&self.signing_seed).verifying_key().to_bytes()
    }
}

/// What a row wraps, by whichever master key it was wrapped.
pub(super) fn unwrap(masters: &MasterKeys, row: &server_key::Model) -> Result<[u8; 32], String> {
    let plain = masters.all().iter().find_map(|master| master.cipher.open(&row.name, Uuid::nil(), &row.wrapped).ok());
    plain.and_then(|plain| plain.try_into().ok()).ok_or_else(|| {
        "keys: the master key does not open this database; start with the one it was made with".to_owned()
    })
}

/// The public half of a P-256 key, as browsers want it: an uncompressed point.
pub(super) fn point(name: &str, scalar: &[u8; 32]) -> Result<Vec<u8>, String> {
    let key = ecdsa::SigningKey::from_slice(scalar).map_err(|_| format!("keys: {name} is no P-256 key"))?;
    Ok(key.verifying_key().to_sec1_point(false).as_bytes().to_vec())
}

/// Compares without telling by its time how far two hashes agree.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |differs, (l, r)| differs | (l ^ r)) == 0
}
