//! Sessions: a refresh token that survives a lost reply, a short access token, and an end that all nodes hear of.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    session,
    words::{AccountId, DeviceId, Role, SessionId, Timestamp},
};

use super::{model::Session, store};
use crate::{
    base::{
        db::Tx,
        keys::{Keys, same},
        refusal::{Kind, Refusal},
        tokens::{self, Claims},
    },
    deps::Deps,
};

pub const YOUTH_SECONDS: i64 = 90 * 24 * 3600;
pub const OFFICER_SECONDS: i64 = 16 * 3600;

/// Sessions that were ended while a token of theirs may still run.
#[derive(Clone, Default)]
pub struct Ended(Arc<RwLock<HashMap<SessionId, Timestamp>>>);

impl Ended {
    pub fn holds(&self, id: SessionId) -> bool {
        // A poisoned lock would mean a panic while inserting; then nobody is let in.
        self.0.read().map_or(true, |ended| ended.contains_key(&id))
    }

    pub fn add(&self, ids: impl IntoIterator<Item = SessionId>, now: Timestamp) {
        if let Ok(mut ended) = self.0.write() {
            ended.extend(ids.into_iter().map(|id| (id, now)));
            ended.retain(|_, at| now.since(*at) < 2 * tokens::LIFE_SECONDS * 1000);
        }
    }
}

/// Learns of sessions that other nodes ended, until told to stop.
pub async fn follow_ended(deps: Deps) {
    loop {
        let now = deps.clock.now();
        match store::ended_since(&deps, now.plus_seconds(-2 * tokens::LIFE_SECONDS)).await {
            Ok(ids) => deps.ended.add(ids, now),
            Err(error) => tracing::warn!(%error, "the ended sessions could not be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            () = deps.stop.told() => return,
        }
    }
}

/// What presenting a refresh token of one generation means, when `used` is the highest that was presented.
#[derive(Debug, PartialEq, Eq)]
pub enum Presented {
    /// Give (again) the successor of this generation.
    Renew { first_time: bool },
    /// An old token after its successor was used: it was stolen, or its successor was.
    Theft,
    /// No token of ours.
    Unknown,
}

pub fn present(used: i64, generation: i64) -> Presented {
    match generation - used {
        1 => Presented::Renew { first_time: true },
        0 if generation > 0 => Presented::Renew { first_time: false },
        less if less < 0 && generation > 0 => Presented::Theft,
        _ => Presented::Unknown,
    }
}

fn refresh_token(keys: &Keys, id: SessionId, generation: i64) -> String {
    let generation = generation.to_be_bytes();
    let mac = keys.mac("refresh", &[id.0.as_bytes(), &generation]);
    BASE64_URL_SAFE_NO_PAD.encode([id.0.as_bytes().as_slice(), &generation, &mac].concat())
}

fn read_token(keys: &Keys, token: &str) -> Option<(SessionId, i64)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, rest) = bytes.split_first_chunk::<16>()?;
    let (generation, mac) = rest.split_first_chunk::<8>()?;
    same(mac, &keys.mac("refresh", &[id, generation]))
        .then(|| (SessionId(uuid::Uuid::from_bytes(*id)), i64::from_be_bytes(*generation)))
}

/// A session with its refresh token.
pub struct SignedIn {
    pub session: Session,
    pub refresh_token: String,
    pub cookie_seconds: i64,
}

pub struct NewSession {
    pub account_id: AccountId,
    pub device_id: DeviceId,
    pub role: Role,
    pub public_number: Option<String>,
}

/// Signs a device in, in the transaction that let it.
pub async fn open(deps: &Deps, tx: &Tx, now: Timestamp, new: NewSession) -> Result<SignedIn, Refusal> {
    let life = if new.role == Role::Youth { YOUTH_SECONDS } else { OFFICER_SECONDS };
    let row = session::Model {
        session_id: SessionId(deps.chance.uuid_v7(now)),
        account_id: new.account_id,
        device_id: new.device_id,
        role: new.role,
        public_number: new.public_number,
        created_at: now,
        expires_at: now.plus_seconds(life),
        used: 0,
        ended_at: None,
        touched_at: (new.role != Role::Youth).then_some(now),
    };
    store::insert_session(tx, row.clone()).await?;
    signed_in(deps, &row, 1, now)
}

fn signed_in(deps: &Deps, row: &session::Model, generation: i64, now: Timestamp) -> Result<SignedIn, Refusal> {
    // An access token never outlives its session.
    let expires_at = now.plus_seconds(tokens::LIFE_SECONDS).min(row.expires_at);
    let claims = Claims {
        sub: row.account_id,
        did: row.device_id,
        sid: row.session_id,
        role: row.role,
        num: row.public_number.clone(),
        auth_time: row.touched_at.map(Timestamp::seconds),
        iat: now.seconds(),
        exp: expires_at.seconds(),
    };
    Ok(SignedIn {
        session: Session {
            access_token: tokens::sign(&deps.keys, &claims)?,
            expires_at,
            account_id: row.account_id,
            device_id: row.device_id,
            role: row.role,
            public_number: row.public_number.clone(),
            demo: deps.config.demo,
        },
        refresh_token: refresh_token(&deps.keys, row.session_id, generation),
        cookie_seconds: row.expires_at.since(now) / 1000,
    })
}

/// A new access token for a refresh token.
pub async fn refresh(deps: &Deps, token: &str) -> Result<SignedIn, Refusal> {
    let (id, generation) = read_token(&deps.keys, token).ok_or(Kind::SessionEnded)?;
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let mut row = store::lock_session(&tx, id).await?.ok_or(Kind::SessionEnded)?;
    if row.ended_at.is_some() || row.expires_at <= now {
        return Err(Kind::SessionEnded.into());
    }
    match present(row.used, generation) {
        Presented::Renew { first_time } => {
            if first_time {
                row.used = generation;
            }
            // A youth's session goes on as long as it is used; an officer's ends with the shift.
            if row.role == Role::Youth {
                row.expires_at = now.plus_seconds(YOUTH_SECONDS);
            }
            store::update_session(&tx, row.clone()).await?;
            tx.commit().await?;
            signed_in(deps, &row, generation + 1, now)
        }
        Presented::Theft => {
            row.ended_at = Some(now);
            store::update_session(&tx, row).await?;
            tx.commit().await?;
            deps.ended.add([id], now);
            tracing::warn!("a refresh token came back after its successor; its session is ended");
            Err(Kind::SessionEnded.into())
        }
        Presented::Unknown => Err(Kind::SessionEnded.into()),
    }
}

/// The session of one who has just touched the passkey: a new access token says so.
pub async fn touched(deps: &Deps, tx: &Tx, now: Timestamp, id: SessionId) -> Result<Session, Refusal> {
    let mut row = store::lock_session(tx, id).await?.ok_or(Kind::SessionEnded)?;
    if row.ended_at.is_some() || row.expires_at <= now {
        return Err(Kind::SessionEnded.into());
    }
    row.touched_at = Some(now);
    store::update_session(tx, row.clone()).await?;
    Ok(signed_in(deps, &row, row.used + 1, now)?.session)
}

#[cfg(test)]
mod tests {
    use super::{Presented::*, *};

    #[test]
    fn a_token_is_good_until_its_successor_is_used() {
        let table = [
            ("the first use", 0, 1, Renew { first_time: true }),
            ("its reply was lost", 1, 1, Renew { first_time: false }),
            ("the successor", 1, 2, Renew { first_time: true }),
            ("the old one after it", 2, 1, Theft),
            ("one never given", 1, 3, Unknown),
            ("generation nought", 0, 0, Unknown),
            ("below nought", 1, -1, Unknown),
        ];
        for (what, used, generation, expected) in table {
            assert_eq!(present(used, generation), expected, "{what}");
        }
    }
}
