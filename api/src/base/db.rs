//! The database: SQLite in WAL mode (one writer, many readers) or PostgreSQL, behind one face.

use std::{ops::Deref, sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, EntityTrait, IdenStatic, IsolationLevel, Iterable, ModelTrait, RuntimeErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
    sqlx::{self, AssertSqlSafe},
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{bus::Bus, journal::Position};

/// On SQLite the writer has one connection and its turn is taken in the process before BEGIN IMMEDIATE: a deferred
/// transaction that turns into a writer under load fails with "database is locked".
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    turn: Option<Arc<Mutex<Flush>>>,
    bus: Bus,
}

/// When a commit reaches the disk. A program that is killed loses nothing either way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flush {
    /// Before it is told that it stands.
    Now,
    /// With the next one that is flushed, or a moment later: what a power cut may take.
    Soon,
}

/// A writing transaction. Dropped without [`Tx::commit`], it leaves nothing.
pub struct Tx {
    tx: DatabaseTransaction,
    pokes: std::sync::Mutex<Vec<Position>>,
    bus: Bus,
    // After `tx`, so that the turn passes on only once the rollback is under way.
    _turn: Option<OwnedMutexGuard<Flush>>,
}

impl Deref for Tx {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

impl Tx {
    /// Told to every listener once the transaction stands.
    pub fn poke(&self, at: Position) {
        if let Ok(mut pokes) = self.pokes.lock() {
            pokes.push(at);
        }
    }

    pub async fn commit(self) -> Result<(), DbErr> {
        let pokes = self.pokes.into_inner().unwrap_or_default();
        self.bus.notify(&self.tx, &pokes).await?;
        self.tx.commit().await?;
        self.bus.publish(&pokes);
        Ok(())
    }
}

impl Db {
    pub async fn connect(url: &str, bus: Bus) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let write = first(sqlite(url, 1)).await?;
            // What a program that was killed had written and not yet flushed is read again here: it is flushed before a repeat
            // is told that it stands.
            write.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await?;
            let read = Database::connect(sqlite(url, 4)).await?;
            Ok(Self { read, write, turn: Some(Arc::new(Mutex::new(Flush::Now))), bus })
        } else {
            let mut options = ConnectOptions::new(url);
            options.max_connections(16).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
            let pool = Database::connect(options).await?;
            bus.follow(pool.get_postgres_connection_pool().clone());
            Ok(Self { read: pool.clone(), write: pool, turn: None, bus })
        }
    }

    /// For reading only.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The connection that migrations run on.
    pub fn migrating(&self) -> &DatabaseConnection {
        &self.write
    }

    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    pub async fn close(&self) -> Result<(), DbErr> {
        self.read.close_by_ref().await?;
        self.write.close_by_ref().await
    }

    pub async fn begin(&self) -> Result<Tx, DbErr> {
        self.begins(Flush::Now).await
    }

    /// For notes of work that may wait: no one else waits for the disk behind it. A power cut may take the last of them, so
    /// nothing that a person was told stands may be written in it.
    pub async fn begin_unflushed(&self) -> Result<Tx, DbErr> {
        self.begins(Flush::Soon).await
    }

    /// The only place where a writing transaction begins.
    #[expect(clippy::disallowed_methods, reason = "the one door")]
    async fn begins(&self, flush: Flush) -> Result<Tx, DbErr> {
        let _turn = match &self.turn {
            Some(turn) => {
                let mut turn = turn.clone().lock_owned().await;
                self.flushes(&mut turn, flush).await?;
                Some(turn)
            }
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: self.turn.is_some().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = self.write.begin_with_options(options).await?;
        if self.turn.is_none() && flush == Flush::Soon {
            tx.execute_unprepared("SET LOCAL synchronous_commit TO OFF").await?;
        }
        Ok(Tx { tx, pokes: std::sync::Mutex::default(), bus: self.bus.clone(), _turn })
    }

    /// On SQLite the connection has it. It is never thought to flush when it does not, wherever this is broken off.
    async fn flushes(&self, has: &mut Flush, wanted: Flush) -> Result<(), DbErr> {
        match (*has, wanted) {
            (Flush::Now, Flush::Soon) => {
                *has = Flush::Soon;
                self.write.execute_unprepared("PRAGMA synchronous = NORMAL").await?;
            }
            (Flush::Soon, Flush::Now) => {
                self.write.execute_unprepared("PRAGMA synchronous = FULL").await?;
                *has = Flush::Now;
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads all tables as they stand in one moment, however many write meanwhile, and keeps none of them waiting.
    #[expect(clippy::disallowed_methods, reason = "it reads alone")]
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let postgres = self.backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: (!postgres).then_some(SqliteTransactionMode::Deferred),
        };
        self.read.begin_with_options(options).await
    }

    /// Sees to it that the free room of the database holds nothing of what was deleted from `tables`. Says no when somebody
    /// who reads stands in the way: then it is to be tried again.
    pub async fn scrub(&self, tables: &[&str]) -> Result<bool, DbErr> {
        let Some(turn) = &self.turn else { return self.rewrite(tables).await };
        // What is deleted is overwritten at once; what stood in the log before is gone when the log is emptied. Writers
        // wait meanwhile, so it gives up soon.
        let _turn = turn.lock().await;
        self.write.execute_unprepared("PRAGMA busy_timeout = 200").await?;
        let log = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let emptied = self.write.query_one_raw(log).await;
        self.write.execute_unprepared(&format!("PRAGMA busy_timeout = {}", BUSY.as_millis())).await?;
        Ok(emptied?.map(|row| row.try_get::<i64>("", "busy")).transpose()? == Some(0))
    }

    /// Whether [`Db::scrub`] writes whole tables anew, and locks them meanwhile.
    pub fn rewrites(&self) -> bool {
        self.turn.is_none()
    }

    /// PostgreSQL leaves the bytes of what was deleted in its pages until they are written over: the tables are written
    /// anew. Each is locked meanwhile, so nobody is kept waiting for that lock. While somebody may still see what was
    /// deleted, as a backup that runs, PostgreSQL would copy it along.
    async fn rewrite(&self, tables: &[&str]) -> Result<bool, DbErr> {
        let mut own = self.write.get_postgres_connection_pool().acquire().await.map_err(sqlx_error)?;
        own.close_on_drop();
        sqlx::raw_sql("SET lock_timeout = '200ms'").execute(&mut *own).await.map_err(sqlx_error)?;
        let mark: String = sqlx::query_scalar("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
            .fetch_one(&mut *own)
            .await
            .map_err(sqlx_error)?;
        let mut waits = 0;
        while !sqlx::query_scalar::<_, bool>(ALL_SEE_PAST).bind(&mark).fetch_one(&mut *own).await.map_err(sqlx_error)? {
            if waits == 50 {
                return Ok(false);
            }
            waits += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Nothing is written anew while somebody holds one of them.
        let all = tables.join(", ");
        let probe = format!("BEGIN; LOCK TABLE {all} IN ACCESS EXCLUSIVE MODE NOWAIT; ROLLBACK");
        let mut steps = vec![probe];
        steps.extend(tables.iter().map(|table| format!("VACUUM (FULL) {table}")));
        for step in steps {
            match sqlx::raw_sql(AssertSqlSafe(step)).execute(&mut *own).await {
                Ok(_) => {}
                // Lock not available.
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("55P03") => return Ok(false),
                Err(error) => return Err(sqlx_error(error)),
            }
        }
        Ok(true)
    }

    /// For what appends to the journal. Nearly all of it meets in the stream `desk`; on PostgreSQL it takes turns from its
    /// first statement, so that rows that are locked in another order cannot cross.
    pub async fn begin_in_turn(&self) -> Result<Tx, DbErr> {
        let tx = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({WRITERS})")).await?;
        }
        Ok(tx)
    }
}

/// The most rows of one statement.
const RUN: usize = 64;

/// Rows in runs whose lengths are powers of two: whatever the size of a group, the database has to prepare few statements, and keeps them.
pub fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let most = rows.len().min(RUN).checked_ilog2()?;
        let (run, rest) = rows.split_at(1 << most);
        rows = rest;
        Some(run)
    })
}

/// For the same reason, ids to look for: the last one again, until their number is a power of two.
pub fn padded<T: Copy>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.into_iter().collect();
    if let Some(last) = ids.last().copied() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
    ids
}

/// Inserts rows whose text is known beforehand, so that a group costs little more than its values.
pub async fn insert<E: EntityTrait>(tx: &Tx, rows: &[E::Model]) -> Result<(), DbErr> {
    write::<E>(tx, rows, "").await.map(drop)
}

/// Inserts the rows whose `key` is not there yet. Gives how many.
pub async fn insert_new<E: EntityTrait>(tx: &Tx, rows: &[E::Model], key: &[E::Column]) -> Result<u64, DbErr> {
    write::<E>(tx, rows, &format!(" ON CONFLICT ({}) DO NOTHING", names(key.iter().copied()))).await
}

/// Writes rows as they stand: new ones whole, of those whose `key` is there already only what may have `changed`.
pub async fn upsert<E: EntityTrait>(
    tx: &Tx,
    rows: &[E::Model],
    key: &[E::Column],
    changed: &[E::Column],
) -> Result<(), DbErr> {
    let set: Vec<_> = changed.iter().map(|column| format!(r#""{0}" = "excluded"."{0}""#, column.as_str())).collect();
    let known = format!(" ON CONFLICT ({}) DO UPDATE SET {}", names(key.iter().copied()), set.join(", "));
    write::<E>(tx, rows, &known).await.map(drop)
}

async fn write<E: EntityTrait>(tx: &Tx, rows: &[E::Model], known: &str) -> Result<u64, DbErr> {
    let backend = tx.get_database_backend();
    let columns: Vec<_> = E::Column::iter().collect();
    let mut written = 0;
    for run in runs(rows) {
        let mut text =
            format!(r#"INSERT INTO "{}" ({}) VALUES "#, E::default().table_name(), names(columns.iter().copied()),);
        text.push_str(&places(backend, run.len(), columns.len()));
        text.push_str(known);
        let values = run.iter().flat_map(|row| columns.iter().map(|column| row.get(*column)));
        written += tx.execute_raw(Statement::from_sql_and_values(backend, text, values)).await?.rows_affected();
    }
    Ok(written)
}

fn names<C: ColumnTrait>(columns: impl Iterator<Item = C>) -> String {
    columns.map(|column| format!("\"{}\"", column.as_str())).collect::<Vec<_>>().join(", ")
}

/// Awaits many rows. SQLite's thread hands them over one by one, and whoever takes each at once makes the two threads change places
/// for each: here the other is let go on first.
pub async fn in_one_go<F: Future>(rows: F) -> F::Output {
    let mut rows = std::pin::pin!(rows);
    let mut asked = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut asked, true) {
            std::thread::yield_now();
        }
        rows.as_mut().poll(context)
    })
    .await
}

/// Where the values of so many rows go.
pub fn places(backend: DbBackend, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 7);
    for row in 0..rows {
        for column in 0..columns {
            text.push_str(match (row, column) {
                (0, 0) => "(",
                (_, 0) => "), (",
                _ => ", ",
            });
            match backend {
                DbBackend::Postgres => text.push_str(&format!("${}", row * columns + column + 1)),
                _ => text.push('?'),
            }
        }
    }
    text.push(')');
    text
}

/// The key under which writers take turns on PostgreSQL.
const WRITERS: i64 = 0x6e61_7471;

/// How long a writer of another program is waited for on SQLite.
const BUSY: Duration = Duration::from_secs(10);

/// Statements that a connection of SQLite keeps prepared.
const STATEMENTS: usize = 256;

/// Whether everyone in the database sees all that was done before a transaction. PostgreSQL's own workers do not say what
/// they see; they are soon done.
const ALL_SEE_PAST: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 AND NOT EXISTS (
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (usesysid IS NULL OR age(backend_xmin) > age(($1::xid8)::xid)))";

/// Opens a SQLite database that other programs may be opening too. While one of them turns a new file to WAL the others are
/// refused at once, whatever their busy timeout: they ask again until it is over.
async fn first(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    let until = tokio::time::Instant::now() + BUSY;
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if is_busy(&error) && tokio::time::Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            opened => return opened,
        }
    }
}

/// Whether SQLite refused because another program holds the file, in any of its ways (`SQLITE_BUSY` is the low byte 5).
fn is_busy(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == 5)
}

fn sqlx_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    use sea_orm::sqlx::{
        Connection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .sqlx_logging(false)
        // When the disk fails SQLite ends a transaction by itself. The driver goes on as if it were open, and all that comes
        // later would be part of a transaction that nobody commits: such a connection is let go.
        .map_sqlx_sqlite_before_acquire(|connection, _| {
            Box::pin(std::future::ready(Ok(!connection.is_in_transaction())))
        })
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                // What is deleted is overwritten with zeros.
                .pragma("secure_delete", "ON")
                // What a statement may have to take back is kept in memory: words of people never reach a temporary file.
                .pragma("temp_store", "MEMORY")
                // 16 MiB: the newest pages of each tree that a write touches.
                .pragma("cache_size", "-16384")
                // 16 MiB of log before it is copied into the file, while writers wait.
                .pragma("wal_autocheckpoint", "4096")
                // Each size of a group has its own.
                .statement_cache_capacity(STATEMENTS)
                .busy_timeout(BUSY)
        });
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new file is turned to WAL by one of them, and SQLite refuses the others without waiting.
    #[tokio::test(flavor = "multi_thread", worker_threads = 8)]
    #[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
    async fn many_programs_open_a_new_file_at_once() {
        let dir = std::env::temp_dir().join(format!("natpatrull-open-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        for round in 0..60 {
            let url = format!("sqlite://{}/{round}.db", dir.display());
            let gate = Arc::new(tokio::sync::Barrier::new(8));
            let opening: Vec<_> = std::iter::repeat_with(|| (url.clone(), gate.clone()))
                .take(8)
                .map(|(url, gate)| {
                    tokio::spawn(async move {
                        gate.wait().await;
                        first(sqlite(&url, 1)).await
                    })
                })
                .collect();
            for opened in opening {
                opened.await.unwrap().unwrap();
            }
        }
        drop(std::fs::remove_dir_all(&dir));
    }

    #[test]
    fn a_group_of_any_size_makes_few_statements_and_loses_nothing() {
        let mut sizes = std::collections::BTreeSet::new();
        for count in 0..300 {
            let rows: Vec<usize> = (0..count).collect();
            sizes.extend(runs(&rows).map(<[usize]>::len));
            assert_eq!(runs(&rows).flatten().copied().collect::<Vec<_>>(), rows);
            let asked = padded(rows.iter().copied());
            assert!(asked.starts_with(&rows) && asked.iter().all(|id| rows.contains(id)));
            assert!(asked.is_empty() || asked.len().is_power_of_two());
        }
        assert_eq!(sizes.into_iter().collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32, 64]);
    }
}
