//! Pokes: "stream X is now at position N". A lost poke costs latency, never data.
//!
//! Inside one process they travel by a broadcast channel; between processes on PostgreSQL by LISTEN/NOTIFY, sent in the
//! writing transaction, so that they leave with the commit.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::journal::Position;

const CHANNEL: &str = "natpatrull_poke";

#[derive(Clone)]
pub struct Bus {
    sender: broadcast::Sender<Position>,
    node: Uuid,
}

#[derive(Serialize, Deserialize)]
struct Notice {
    node: Uuid,
    at: Vec<Position>,
}

impl Bus {
    pub fn new(node: Uuid) -> Self {
        Self { sender: broadcast::channel(4096).0, node }
    }

    pub fn listen(&self) -> broadcast::Receiver<Position> {
        self.sender.subscribe()
    }

    pub fn publish(&self, at: &[Position]) {
        for position in at {
            // No listener is no fault.
            drop(self.sender.send(position.clone()));
        }
    }

    /// Tells the other nodes with this transaction's commit; on SQLite there are none.
    pub(super) async fn notify(&self, tx: &DatabaseTransaction, at: &[Position]) -> Result<(), DbErr> {
        if tx.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        // A notice holds at most 8,000 bytes.
        for part in at.chunks(40) {
            let notice = serde_json::to_string(&Notice { node: self.node, at: part.to_vec() })
                .map_err(|error| DbErr::Custom(error.to_string()))?;
            let statement = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_notify($1, $2)",
                [CHANNEL.into(), notice.into()],
            );
            tx.execute_raw(statement).await?;
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
                        if let Err(error) = listener.listen(CHANNEL).await {
                            tracing::warn!(%error, "listening to the other nodes failed");
                        } else {
                            while let Ok(notice) = listener.recv().await {
                                match serde_json::from_str::<Notice>(notice.payload()) {
                                    Ok(notice) if notice.node != bus.node => bus.publish(&notice.at),
                                    Ok(_) => {}
                                    Err(error) => tracing::warn!(%error, "a notice of another node is not readable"),
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
