//! The keys of talks and reports. All words and files of one are sealed under its own key, which the database holds
//! wrapped by a master key: without that row nothing of the talk opens again, and without the master key nothing at all.
//!
//! This is the one place where such keys are made, opened and kept at hand.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entities::{
    content_key,
    words::{Sealed, Timestamp},
};
use quick_cache::sync::Cache;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    chance::Chance,
    crypto::Cipher,
    db::{self, Db, Tx, padded},
    erased,
    master::MasterKeys,
    refusal::{Kind, Refusal},
};

/// Where a key stands wrapped, as a place of the cipher.
pub(super) const WRAPPED: &str = "content_key.wrapped";
/// Keys that are kept at hand, opened.
const AT_HAND: usize = 10_000;

/// A key that was made here and goes into the database with the first words that it sealed.
#[derive(Clone)]
pub struct NewKey {
    content_id: Uuid,
    key_id: Uuid,
    key: [u8; 32],
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewKey({})", self.key_id)
    }
}

/// The key of one talk or report.
#[derive(Clone)]
pub struct ContentKey {
    pub cipher: Arc<Cipher>,
    /// Still to be stored; nothing: it stands in the database.
    pub new: Option<NewKey>,
}

impl ContentKey {
    /// A key for what nobody else knows the id of yet.
    pub fn made(chance: &dyn Chance, content_id: Uuid) -> Self {
        let key = chance.bytes();
        let new = NewKey { content_id, key_id: chance.uuid_v4(), key };
        Self { cipher: Arc::new(Cipher::new(&key)), new: Some(new) }
    }
}

/// What a row's words open with. One that is damaged opens nothing, and keeps nobody from all others.
#[derive(Clone)]
pub struct Opener(Option<Arc<Cipher>>);

impl Opener {
    /// The words, unless they or their key are damaged: then the log says which.
    pub fn words(&self, place: &str, row: Uuid, sealed: &Sealed) -> Option<String> {
        let opened = self.0.as_ref()?.open(place, row, sealed);
        let words = opened.and_then(|plain| String::from_utf8(plain).map_err(|_| Refusal::fault("no text")));
        words.inspect_err(|refusal| tracing::error!(cause = refusal.cause, place, %row, "words are damaged")).ok()
    }
}

/// The keys that were found, and those that are damaged.
#[derive(Default)]
struct Found {
    keys: HashMap<Uuid, ContentKey>,
    damaged: HashSet<Uuid>,
}

pub struct Vault {
    masters: Arc<MasterKeys>,
    at_hand: Cache<Uuid, ContentKey>,
}

impl Vault {
    pub fn new(masters: Arc<MasterKeys>) -> Self {
        Self { masters, at_hand: Cache::new(AT_HAND) }
    }

    /// Keys to seal with. A talk or report that has none gets one, the same for everyone in this program who asks before
    /// it is stored; one whose key is damaged gets none.
    pub async fn for_sealing(
        &self,
        db: &Db,
        chance: &dyn Chance,
        ids: HashSet<Uuid>,
    ) -> Result<HashMap<Uuid, ContentKey>, Refusal> {
        let Found { mut keys, damaged } = self.find(db, ids.iter().copied()).await?;
        for content_id in ids.difference(&damaged).copied() {
            keys.entry(content_id).or_insert_with(|| {
                let made = ContentKey::made(chance, content_id);
                // Whoever was quicker is right.
                let kept = self.at_hand.get_or_insert_with(&content_id, || Ok::<_, std::convert::Infallible>(made));
                let Ok(kept) = kept;
                kept
            });
        }
        Ok(keys)
    }

    /// Rows, each with what opens it; `id` says which talk or report a row belongs to. Rows of one that is just being
    /// erased have no key any more and are left out.
    pub async fn keyed<R>(&self, db: &Db, rows: Vec<R>, id: impl Fn(&R) -> Uuid) -> Result<Vec<(R, Opener)>, Refusal> {
        let Found { keys, .. } = self.find(db, rows.iter().map(&id)).await?;
        let without: HashSet<Uuid> = rows.iter().map(&id).filter(|id| !keys.contains_key(id)).collect();
        let mut erased = HashSet::new();
        if !without.is_empty() {
            erased = erased::among(db.read(), without.iter().copied()).await?;
            for id in without.difference(&erased) {
                tracing::error!(content_id = %id, "the words of a talk or report have no key that opens them");
            }
        }
        Ok(rows
            .into_iter()
            .filter(|row| !erased.contains(&id(row)))
            .map(|row| {
                let opener = Opener(keys.get(&id(&row)).map(|key| key.cipher.clone()));
                (row, opener)
            })
            .collect())
    }

    pub async fn one(&self, db: &Db, id: Uuid) -> Result<Arc<Cipher>, Refusal> {
        let mut keyed = self.keyed(db, vec![()], |()| id).await?;
        let (_, opener) = keyed.pop().ok_or(Kind::Erased)?;
        Ok(opener.0.ok_or(Kind::Damaged)?)
    }

    /// Destroys the key of what is to be erased, here and in the database, in a transaction of its own.
    pub async fn destroy(&self, db: &Db, id: Uuid) -> Result<(), Refusal> {
        let tx = db.begin_in_turn().await?;
        self.remove(&tx, id).await?;
        tx.commit().await?;
        self.forget(id);
        Ok(())
    }

    /// Removes a key from the database with what else ends in the transaction; once that stands, [`Vault::forget`] it.
    pub async fn remove(&self, tx: &Tx, id: Uuid) -> Result<(), DbErr> {
        content_key::Entity::delete_by_id(id).exec(&**tx).await.map(drop)
    }

    async fn find(&self, db: &Db, ids: impl IntoIterator<Item = Uuid>) -> Result<Found, Refusal> {
        let (mut found, mut missing) = (Found::default(), HashSet::new());
        for id in ids {
            match self.at_hand.get(&id) {
                // One that was never stored may stand in the way of the key that another program stored.
                Some(key) if key.new.is_none() => drop(found.keys.insert(id, key)),
                _ => drop(missing.insert(id)),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        for row in of(db.read(), missing).await? {
            // A master key that is not here is a fault of the whole program, and not of this row.
            let master = self.masters.by_id(&row.master_id).map_err(Refusal::fault)?;
            match unwrap(&master.cipher, &row) {
                Ok(key) => {
                    let key = ContentKey { cipher: Arc::new(Cipher::new(&key)), new: None };
                    self.at_hand.insert(row.content_id, key.clone());
                    found.keys.insert(row.content_id, key);
                }
                Err(refusal) => {
                    tracing::error!(cause = refusal.cause, content_id = %row.content_id, "a key is damaged");
                    found.damaged.insert(row.content_id);
                }
            }
        }
        Ok(found)
    }

    /// Stores new keys in the transaction of the words that they sealed. Where another program was quicker with a key for
    /// the same talk, this fails: the words are to be sealed anew under that key.
    pub async fn store(
        &self,
        tx: &Tx,
        chance: &dyn Chance,
        now: Timestamp,
        new: impl Iterator<Item = &NewKey>,
    ) -> Result<(), DbErr> {
        let foreign = || DbErr::Custom("another key was made for this talk".into());
        let mut first: HashMap<Uuid, &NewKey> = HashMap::new();
        for key in new {
            if first.entry(key.content_id).or_insert(key).key_id != key.key_id {
                return Err(foreign());
            }
        }
        let new = first;
        if new.is_empty() {
            return Ok(());
        }
        let master = self.masters.current();
        let mut rows = Vec::with_capacity(new.len());
        for NewKey { content_id, key_id, key } in new.values().copied() {
            let wrapped = master
                .cipher
                .seal(WRAPPED, *content_id, key, chance)
                .map_err(|_| DbErr::Custom("a key could not be wrapped".into()))?;
            rows.push(content_key::Model {
                content_id: *content_id,
                key_id: *key_id,
                wrapped,
                master_id: master.id.clone(),
                made_at: now,
            });
        }
        rows.sort_unstable_by_key(|row| row.content_id);
        let key = [content_key::Column::ContentId];
        let inserted = db::insert_new::<content_key::Entity>(tx, &rows, &key);
        let inserted = inserted.await.inspect_err(|_| self.hear_of_rotation())?;
        if inserted == rows.len() as u64 {
            return Ok(());
        }
        for row in of(&**tx, new.keys().copied()).await? {
            if new.get(&row.content_id).is_some_and(|key| key.key_id != row.key_id) {
                self.at_hand.remove(&row.content_id);
                return Err(foreign());
            }
        }
        Ok(())
    }

    /// The database takes no key under a master key whose rotation has ended.
    fn hear_of_rotation(&self) {
        if let Err(error) = self.masters.read_again() {
            tracing::error!(error, "the master key could not be read again");
        }
    }

    /// New keys stand: from here on they need no storing.
    pub fn stored<'a>(&self, new: impl Iterator<Item = &'a NewKey>) {
        for key in new {
            if let Some(at_hand) = self.at_hand.get(&key.content_id) {
                self.at_hand.insert(key.content_id, ContentKey { new: None, ..at_hand });
            }
        }
    }

    /// Keeps no key at hand for what is erased.
    pub fn forget(&self, content_id: Uuid) {
        self.at_hand.remove(&content_id);
    }
}

fn unwrap(master: &Cipher, row: &content_key::Model) -> Result<[u8; 32], Refusal> {
    let plain = master.open(WRAPPED, row.content_id, &row.wrapped)?;
    plain.try_into().map_err(|_| Refusal::fault("a key has another length"))
}

async fn of(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<content_key::Model>, DbErr> {
    content_key::Entity::find().filter(content_key::Column::ContentId.is_in(padded(ids))).all(db).await
}

/// Wraps a key anew, as a rotation does.
pub(super) fn rewrap(
    row: &content_key::Model,
    from: &Cipher,
    to: &Cipher,
    chance: &dyn Chance,
) -> Result<Sealed, Refusal> {
    let plain = from.open(WRAPPED, row.content_id, &row.wrapped)?;
    to.seal(WRAPPED, row.content_id, &plain, chance)
}
