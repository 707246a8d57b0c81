//! What the program stands on: passed in, never global.

use std::{fs::File, sync::Arc};

use migration::{Migrator, MigratorTrait};
use object_store::ObjectStore;
use sea_orm::{ConnectionTrait, DbBackend};

use crate::{
    audit, backup,
    base::{
        background::Background,
        birth, blobs,
        bus::Bus,
        chance::Chance,
        clock::Clock,
        config::Config,
        db::Db,
        heard::Heard,
        keys::Keys,
        ledger::{self, Ledger},
        master::MasterKeys,
        porch::Porch,
        stop::Stop,
        vault::Vault,
    },
    dialogues, erasure,
    http::Followers,
    identity::Ended,
    sync::{Door, Queue},
};

#[derive(Clone)]
pub struct Deps {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub keys: Arc<Keys>,
    pub masters: Arc<MasterKeys>,
    /// The keys of talks and reports.
    pub vault: Arc<Vault>,
    pub bus: Bus,
    pub config: Arc<Config>,
    pub blobs: Arc<dyn ObjectStore>,
    pub door: Door,
    pub porch: Porch,
    /// What was erased, as this node says it.
    pub ledger: Arc<Ledger>,
    pub erasing: erasure::Pace,
    /// Where looks wait to be written down.
    pub audit: audit::Log,
    /// Sessions that were ended while their tokens still run.
    pub ended: Ended,
    /// Officers who were heard from and are not written down yet.
    pub heard: Heard,
    /// Who follows dialogues over this node.
    pub followers: Followers,
    pub dialogue_pages: dialogues::Pages,
    pub stop: Stop,
    /// Where work is done that may wait.
    pub background: Background,
}

impl Deps {
    /// Opens database, keys and files, migrating on the way. The queue is to be served by whoever takes actions.
    pub async fn open(config: Config, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Result<(Self, Queue), String> {
        std::fs::create_dir_all(&config.data_dir)
            .map_err(|error| format!("data_dir {}: {error}", config.data_dir.display()))?;
        let bus = Bus::new(chance.uuid_v4());
        let db =
            Db::connect(&config.database_url(), bus.clone()).await.map_err(|error| format!("database: {error}"))?;
        backup::refuse_unfinished(&db).await?;
        Self::on(db, bus, config, clock, chance).await
    }

    /// As [`Deps::open`], on a database that a restore is not done with.
    pub async fn on(
        db: Db,
        bus: Bus,
        config: Config,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<(Self, Queue), String> {
        migrate(&db, &config).await?;
        birth::settle(&db, &*clock, config.demo).await?;
        let new = Keys::none_yet(&db).await.map_err(|error| format!("keys: {error}"))?;
        let masters = Arc::new(MasterKeys::load(&config, new, &*chance)?);
        let keys = Keys::load_or_make(&db, &masters, &*clock, &*chance).await?;
        let blobs = blobs::open(&config)?;
        let (door, queue) = Door::new();
        let deps = Self {
            db,
            clock,
            chance,
            keys: Arc::new(keys),
            vault: Arc::new(Vault::new(masters.clone())),
            masters,
            bus,
            ledger: Arc::new(Ledger::new(ledger::path(&config))),
            erasing: erasure::Pace::default(),
            config: Arc::new(config),
            blobs,
            door,
            porch: Porch::default(),
            audit: audit::Log::default(),
            ended: Ended::default(),
            heard: Heard::default(),
            followers: Followers::default(),
            dialogue_pages: dialogues::Pages::default(),
            stop: Stop::default(),
            background: Background::default(),
        };
        Ok((deps, queue))
    }
}

/// The key under which programs that start at once take turns to migrate PostgreSQL.
const MIGRATION_LOCK: i64 = 0x6e61_7470;

/// Brings the schema up to date; programs that start at once take turns.
async fn migrate(db: &Db, config: &Config) -> Result<(), String> {
    let fault = |error: &dyn std::fmt::Display| format!("migration: {error}");
    match db.backend() {
        DbBackend::Postgres => {
            // The lock belongs to a transaction on a connection of its own; the migrations run beside it.
            let lock = db.begin().await.map_err(|e| fault(&e))?;
            lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                .await
                .map_err(|e| fault(&e))?;
            Migrator::up(db.migrating(), None).await.map_err(|e| fault(&e))?;
            lock.commit().await.map_err(|e| fault(&e))
        }
        _ => {
            let path = config.data_dir.join("migrate.lock");
            let lock = File::create(&path).map_err(|e| fault(&e))?;
            // Waiting for another program must not hold up this one's runtime.
            let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock))
                .await
                .map_err(|e| fault(&e))?
                .map_err(|e| fault(&e))?;
            Migrator::up(db.migrating(), None).await.map_err(|e| fault(&e))?;
            lock.unlock().map_err(|e| fault(&e))
        }
    }
}
