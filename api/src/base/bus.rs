//! Pokes: "stream X is now at position N". A lost poke costs latency, never data.
//!
//! Inside one process they travel by broadcast channels, one for the desk and one for each inbox that somebody listens to, so that a
//! thousand youths who wait are not woken by what concerns one; between processes on PostgreSQL by LISTEN/NOTIFY, sent in the
//! writing transaction, so that they leave with the commit. Signs go the same ways, and stand nowhere.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement};
use serde::{Deserialize, Serialize};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};
use uuid::Uuid;

use super::{
    actions::Who,
    journal::{self, Position},
    signs::{Sign, Signs},
};

const CHANNEL: &str = "natpatrull_poke";
/// One of its own: a program that knows no signs does not hear them.
const SIGNS: &str = "natpatrull_sign";

/// How many pokes wait for a slow listener before it is told to pull.
const DESK_WAITING: usize = 4096;
const INBOX_WAITING: usize = 16;

#[derive(Clone)]
pub struct Bus {
    /// What officers follow.
    desk: broadcast::Sender<Position>,
    inboxes: Inboxes,
    /// That something was written at all.
    written: watch::Sender<()>,
    pub signs: Signs,
    pub node: Uuid,
}

/// By the name of its stream, as long as somebody listens.
type Inboxes = Arc<Mutex<HashMap<String, broadcast::Sender<Position>>>>;

/// Hears what concerns one account.
pub struct Ear {
    desk: Option<broadcast::Receiver<Position>>,
    inbox: broadcast::Receiver<Position>,
    name: String,
    inboxes: Inboxes,
}

impl Ear {
    /// The next poke. `Lagged`: some were missed.
    pub async fn hears(&mut self) -> Result<Position, RecvError> {
        match &mut self.desk {
            Some(desk) => tokio::select! {
                at = desk.recv() => at,
                at = self.inbox.recv() => at,
            },
            None => self.inbox.recv().await,
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let mut inboxes = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        // It goes under the lock, so that of two that end at once the later one sees that nobody is left.
        self.inbox = broadcast::channel(1).1;
        if inboxes.get(&self.name).is_some_and(|inbox| inbox.receiver_count() == 0) {
            inboxes.remove(&self.name);
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Notice {
    node: Uuid,
    at: Vec<Position>,
}

#[derive(Serialize, Deserialize)]
struct GivenSign {
    node: Uuid,
    sign: Sign,
}

impl Bus {
    pub fn new(node: Uuid) -> Self {
        Self {
            desk: broadcast::channel(DESK_WAITING).0,
            inboxes: Inboxes::default(),
            written: watch::channel(()).0,
            signs: Signs::default(),
            node,
        }
    }

    /// Officers follow the desk, which grows with every conversation; a youth her inbox, which grows with each of hers.
    pub fn listen(&self, who: &Who) -> Ear {
        let desk = who.is_officer().then(|| self.desk.subscribe());
        let mut ear = self.listen_to(journal::inbox(who.account_id));
        ear.desk = desk;
        ear
    }

    /// Follows one stream that is not the desk's.
    pub fn listen_to(&self, name: String) -> Ear {
        let mut inboxes = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        let inbox = inboxes.entry(name.clone()).or_insert_with(|| broadcast::channel(INBOX_WAITING).0).subscribe();
        Ear { desk: None, inbox, name, inboxes: self.inboxes.clone() }
    }

    /// Changes whenever something was written, once for whatever was written meanwhile.
    pub fn written(&self) -> watch::Receiver<()> {
        self.written.subscribe()
    }

    pub fn publish(&self, at: &[Position]) {
        // No listener is no fault.
        for position in at {
            if journal::is_of_desk(&position.stream) {
                drop(self.desk.send(position.clone()));
            } else if let Some(inbox) =
                self.inboxes.lock().unwrap_or_else(PoisonError::into_inner).get(&position.stream)
            {
                drop(inbox.send(position.clone()));
            }
        }
        if !at.is_empty() {
            self.written.send_replace(());
        }
    }

    /// Tells the other nodes with this transaction's commit; on SQLite there are none.
    pub(super) async fn notify(&self, tx: &DatabaseTransaction, at: &[Position]) -> Result<(), DbErr> {
        if tx.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        // A notice holds at most 8,000 bytes.
        for part in at.chunks(40) {
            tell(tx, CHANNEL, &Notice { node: self.node, at: part.to_vec() }).await?;
        }
        Ok(())
    }

    /// Tells a sign here and to the other nodes.
    pub async fn give(&self, db: &DatabaseConnection, sign: Sign) -> Result<(), DbErr> {
        if db.get_database_backend() == DbBackend::Postgres {
            tell(db, SIGNS, &GivenSign { node: self.node, sign: sign.clone() }).await?;
        }
        self.signs.publish(sign);
        Ok(())
    }

    /// What another node says.
    fn hear(&self, channel: &str, payload: &str) -> Result<(), serde_json::Error> {
        if channel == SIGNS {
            let GivenSign { node, sign } = serde_json::from_str(payload)?;
            if node != self.node && self.signs.note(&sign) {
                self.signs.publish(sign);
            }
        } else {
            let Notice { node, at } = serde_json::from_str(payload)?;
            if node != self.node {
                self.publish(&at);
            }
        }
        Ok(())
    }

    /// Passes on what other nodes say, until the pool is closed.
    pub(super) fn follow(&self, pool: sea_orm::sqlx::PgPool) {
        let bus = self.clone();
        tokio::spawn(async move {
            loop {
                match sea_orm::sqlx::postgres::PgListener::connect_with(&pool).await {
                    Ok(mut listener) => {
                        if let Err(error) = listener.listen_all([CHANNEL, SIGNS]).await {
                            tracing::warn!(%error, "listening to the other nodes failed");
                        } else {
                            while let Ok(notice) = listener.recv().await {
                                if let Err(error) = bus.hear(notice.channel(), notice.payload()) {
                                    tracing::warn!(%error, "a notice of another node is not readable");
                                }
                            }
                        }
                    }
                    Err(error) if pool.is_closed() => {
                        tracing::debug!(%error, "no longer listening to the other nodes");
                        return;
                    }
                    Err(error) => tracing::warn!(%error, "no connection to listen on"),
                }
                if pool.is_closed() {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        });
    }
}

async fn tell(db: &impl ConnectionTrait, channel: &str, what: &impl Serialize) -> Result<(), DbErr> {
    let what = serde_json::to_string(what).map_err(|error| DbErr::Custom(error.to_string()))?;
    let values = [channel.into(), what.into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values);
    db.execute_raw(statement).await.map(drop)
}

#[cfg(test)]
mod tests {
    use entities::words::{AccountId, Role};

    use super::*;

    fn who(id: u128, role: Role) -> Who {
        Who { account_id: AccountId(Uuid::from_u128(id)), role, public_number: None }
    }

    fn at(stream: &str, pos: i64) -> Position {
        Position { stream: stream.to_owned(), epoch: 1, pos }
    }

    #[tokio::test]
    async fn each_is_woken_by_what_concerns_it_and_by_nothing_else() {
        let bus = Bus::new(Uuid::nil());
        let (noa, kim) = (who(1, Role::Youth), who(2, Role::Officer));
        let (inbox, other) = (journal::inbox(noa.account_id), journal::inbox(AccountId(Uuid::from_u128(9))));
        let (mut hers, mut again, mut his) = (bus.listen(&noa), bus.listen(&noa), bus.listen(&kim));
        let mut written = bus.written();
        let talk = "conversation:x";
        bus.publish(&[at(talk, 1), at(&other, 1), at(&inbox, 1), at(journal::DESK, 1), at("tips", 1)]);
        bus.publish(&[at(&inbox, 2)]);
        for ear in [&mut hers, &mut again] {
            assert_eq!(ear.hears().await, Ok(at(&inbox, 1)));
            assert_eq!(ear.hears().await, Ok(at(&inbox, 2)));
        }
        assert_eq!(his.hears().await, Ok(at(talk, 1)));
        assert_eq!(his.hears().await, Ok(at(journal::DESK, 1)));
        for ear in [&mut hers, &mut again, &mut his] {
            assert!(tokio::time::timeout(std::time::Duration::ZERO, ear.hears()).await.is_err(), "nothing more");
        }
        assert!(written.has_changed().is_ok_and(|changed| changed), "something was written");
        written.mark_unchanged();
        bus.publish(&[]);
        assert!(written.has_changed().is_ok_and(|changed| !changed), "nothing was written");

        // What a slow listener missed it is told of, and pulls.
        for pos in 3..40 {
            bus.publish(&[at(&inbox, pos)]);
        }
        assert!(matches!(hers.hears().await, Err(RecvError::Lagged(_))));
        drop(hers);
        let open = || bus.inboxes.lock().unwrap_or_else(PoisonError::into_inner).len();
        assert_eq!(open(), 2, "she still listens elsewhere");
        drop((again, his));
        assert_eq!(open(), 0, "nothing is kept for who has gone");
    }
}
