//! Putting a backup into an empty place, and erasing again what was erased since.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File},
    io::{ErrorKind, Seek},
    path::{Path, PathBuf},
    sync::Arc,
};

use entities::words::Timestamp;
use migration::{ColumnDef, Migrator, MigratorTrait, SchemaManager, Table as Schema};
use object_store::{ObjectStore, ObjectStoreExt};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    record::{Counts, Record, Table, Value},
    sealed::{self, Head, Reader},
    tables,
};
use crate::{
    audit,
    base::{
        blobs,
        bus::Bus,
        chance::Chance,
        clock::Clock,
        config::Config,
        db::{Db, Tx},
        journal, ledger,
        master::MasterKeys,
        refusal::Refusal,
    },
    copies,
    deps::Deps,
    erasure, files, identity,
};

/// A table that stands in a database from a restore's first row until all of it is done.
pub const UNDER_WAY: &str = "restore_under_way";
/// Far more than the blob store ever puts into one object.
const LARGEST_OBJECT: u64 = 16 * 1024 * 1024;
/// Bytes that are looked at together where they are not kept.
const STEP: u64 = 64 * 1024;

pub struct Restored {
    pub counts: Counts,
    /// Records that the ledgers name.
    pub erased: usize,
    /// When the last of them was erased.
    pub erased_until: Option<Timestamp>,
    pub audit: audit::Verified,
    /// Where an audit head that was here before is kept.
    pub put_aside: Option<PathBuf>,
}

/// Stops a program that is about to start on half of a restore.
pub async fn refuse_unfinished(db: &Db) -> Result<(), String> {
    if SchemaManager::new(db.read()).has_table(UNDER_WAY).await.map_err(fault)? {
        return Err("a restore into this database was never finished, and what was erased may still be in it: \
                    empty database and blobs, and restore again"
            .to_owned());
    }
    Ok(())
}

fn fault(error: DbErr) -> String {
    format!("database: {error}")
}

fn odd() -> String {
    "the backup does not hold together".to_owned()
}

/// Restores `from` and erases again what the ledgers name. `tell` hears what the audit log's faults are.
pub async fn restore(
    config: Config,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    from: &Path,
    ledgers: &[PathBuf],
    tell: impl FnMut(String),
) -> Result<Restored, String> {
    let entries = entries(ledgers, &ledger::path(&config))?;
    let mut file = File::open(from).map_err(|error| format!("{}: {error}", from.display()))?;
    let (head, _) = sealed::head(&mut file)?;
    let changes = known_changes(&head)?;
    let masters = MasterKeys::load(&config, false, &*chance)?;
    let place = Place::empty(&config, &*chance).await?;

    // The whole of it is looked at before anything is written.
    let seen = look_through(&mut reader(&file, &masters)?)?;
    let erased: HashSet<Uuid> = entries.iter().map(|entry| entry.subject_id).collect();
    covers(&erased, &seen)?;
    let config = Config { demo: seen.demo, ..config };

    let bus = Bus::new(chance.uuid_v4());
    let db = Db::connect(&config.database_url(), bus.clone()).await.map_err(fault)?;
    let written = async { write(&db, &*blobs::open(&config)?, reader(&file, &masters)?, changes, &erased).await };
    if let Err(error) = written.await {
        drop(db.close().await);
        place.clear();
        return Err(error);
    }
    let done = async {
        let (deps, _queue) = Deps::on(db, bus, config, clock, chance).await?;
        let restored = finish(&deps, seen.counts, &entries, tell).await?;
        deps.db.close().await.map_err(fault)?;
        Ok(restored)
    };
    done.await.map_err(|error: String| {
        format!("{error}\nThe restore was not finished and nothing starts on it: empty database and blobs, and restore again.")
    })
}

/// What the ledgers say, each subject once; one that lies in the place counts whether it was named or not.
fn entries(ledgers: &[PathBuf], own: &Path) -> Result<Vec<ledger::Entry>, String> {
    let mut all: HashMap<Uuid, ledger::Entry> =
        ledger::read_verified(own)?.into_iter().map(|entry| (entry.subject_id, entry)).collect();
    for path in ledgers {
        if !path.exists() {
            return Err(format!(
                "{}: there is no such ledger; without it, what was erased would come back (a node that never erased \
                 anything has none: then name an empty file)",
                path.display()
            ));
        }
        for entry in ledger::read_verified(path)? {
            all.entry(entry.subject_id).or_insert(entry);
        }
    }
    Ok(all.into_values().collect())
}

/// How many changes of the schema the backup's rows have seen, if they are this program's.
fn known_changes(head: &Head) -> Result<u32, String> {
    let known: Vec<String> = Migrator::migrations().iter().map(|change| change.name().to_owned()).collect();
    if known.starts_with(&head.schema) {
        return u32::try_from(head.schema.len()).map_err(|error| error.to_string());
    }
    let unknown = head.schema.iter().find(|name| !known.contains(name));
    Err(format!(
        "this backup was made by a newer program, or another ({}): restore it with that one",
        unknown.map_or("its schema was changed in another order", |name| name)
    ))
}

/// Where a backup may go.
struct Place {
    blobs: PathBuf,
    /// A SQLite file that is not here yet.
    sqlite: Option<PathBuf>,
}

impl Place {
    async fn empty(config: &Config, chance: &dyn Chance) -> Result<Self, String> {
        let blobs = config.data_dir.join("blobs");
        match fs::read_dir(&blobs) {
            Ok(mut found) => {
                if found.next().is_some() {
                    return Err(format!("{} is not empty: a restore goes into an empty place only", blobs.display()));
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{}: {error}", blobs.display())),
        }
        let sqlite = config.sqlite_file().filter(|file| !file.exists());
        if sqlite.is_none() {
            let db = Db::connect(&config.database_url(), Bus::new(chance.uuid_v4())).await.map_err(fault)?;
            let found = tables::catalogue(db.read()).await?;
            db.close().await.map_err(fault)?;
            if let Some(table) = found.first() {
                return Err(format!(
                    "the database is not empty, it has the table {}: a restore goes into an empty place only",
                    table.name
                ));
            }
        }
        Ok(Self { blobs, sqlite })
    }

    /// Takes away what a restore that failed has put here.
    fn clear(&self) {
        drop(fs::remove_dir_all(&self.blobs));
        for end in ["", "-wal", "-shm"] {
            if let Some(file) = &self.sqlite {
                let mut name = file.clone().into_os_string();
                name.push(end);
                drop(fs::remove_file(name));
            }
        }
    }
}

fn reader(file: &File, masters: &MasterKeys) -> Result<Reader, String> {
    let mut file = file.try_clone().map_err(|error| error.to_string())?;
    file.rewind().map_err(|error| error.to_string())?;
    Reader::begin(file, masters)
}

/// What a look through a whole backup found.
struct Seen {
    counts: Counts,
    demo: bool,
    /// What had been erased when the backup was made.
    erased: HashSet<Uuid>,
}

fn look_through(reader: &mut Reader) -> Result<Seen, String> {
    let mut seen = Seen { counts: Counts::default(), demo: false, erased: HashSet::new() };
    let mut table: Option<Table> = None;
    loop {
        match reader.record()? {
            Record::Table(next) => {
                seen.counts.tables += 1;
                table = Some(next);
            }
            Record::Row(row) => {
                seen.counts.rows += 1;
                let table = table.as_ref().filter(|table| table.columns.len() == row.len()).ok_or_else(odd)?;
                match &*table.name {
                    "birth" => seen.demo |= value(table, &row, "demo") == Some(&Value::Boolean(true)),
                    "erasure" if value(table, &row, "removed_at") != Some(&Value::Null) => {
                        if let Some(Value::Uuid(id)) = value(table, &row, "subject_id") {
                            seen.erased.insert(*id);
                        }
                    }
                    _ => {}
                }
            }
            Record::Object { size, .. } => {
                if size > LARGEST_OBJECT {
                    return Err(odd());
                }
                seen.counts.objects += 1;
                seen.counts.object_bytes += size;
                let mut left = size;
                while left > 0 {
                    left -= reader.bytes(left.min(STEP) as usize)?.len() as u64;
                }
            }
            Record::End(said, _) => {
                seen.counts.gone = said.gone;
                return if seen.counts == said { Ok(seen) } else { Err(odd()) };
            }
        }
    }
}

fn value<'a>(table: &Table, row: &'a [Value], name: &str) -> Option<&'a Value> {
    table.columns.iter().position(|column| column.name == name).and_then(|at| row.get(at))
}

/// A ledger that lacks what the backup itself knows to be erased is not the one that is needed.
fn covers(erased: &HashSet<Uuid>, seen: &Seen) -> Result<(), String> {
    match seen.erased.difference(erased).count() {
        0 => Ok(()),
        missing => Err(format!(
            "the ledgers lack {missing} erasures that the backup knows of: they are older than the backup, or not of this \
             station, or one node's is missing"
        )),
    }
}

/// Writes rows and files. All rows stand, or none.
async fn write(
    db: &Db,
    blobs: &dyn ObjectStore,
    mut reader: Reader,
    changes: u32,
    erased: &HashSet<Uuid>,
) -> Result<(), String> {
    let tx = db.begin().await.map_err(fault)?;
    Migrator::up(&*tx, Some(changes)).await.map_err(fault)?;
    let here = tables::catalogue(&*tx).await?;
    tables::empty(&*tx, &here).await?;
    mark(&tx).await.map_err(fault)?;
    let mut rows = Rows { tx: &tx, erased, table: None, waiting: Vec::new() };
    let mut found = 0;
    loop {
        match reader.record()? {
            Record::Table(table) => {
                if !here.contains(&table) {
                    return Err(format!("the table {} is another one in this program", table.name));
                }
                found += 1;
                rows.turn_to(table).await?;
            }
            Record::Row(row) => rows.add(row).await?,
            Record::Object { path, size } => {
                let bytes = reader.bytes(usize::try_from(size).map_err(|_| odd())?)?;
                let path = object_store::path::Path::parse(path).map_err(|_| odd())?;
                blobs.put(&path, bytes.into()).await.map_err(|error| format!("blobs: {error}"))?;
            }
            Record::End(..) => break,
        }
    }
    rows.flush().await?;
    if found != here.len() {
        return Err("the backup lacks a table of this program".to_owned());
    }
    tx.commit().await.map_err(fault)
}

/// Rows on their way into one table.
struct Rows<'a> {
    tx: &'a Tx,
    erased: &'a HashSet<Uuid>,
    table: Option<Table>,
    waiting: Vec<Vec<Value>>,
}

impl Rows<'_> {
    async fn turn_to(&mut self, table: Table) -> Result<(), String> {
        self.flush().await?;
        self.table = Some(table);
        Ok(())
    }

    async fn add(&mut self, row: Vec<Value>) -> Result<(), String> {
        if self.is_key_of_erased(&row) {
            return Ok(());
        }
        self.waiting.push(row);
        if self.table.as_ref().is_some_and(|table| self.waiting.len() >= tables::batch(table)) {
            self.flush().await?;
        }
        Ok(())
    }

    /// A key that was destroyed is not even written: nothing of what was erased opens from here on, wherever bytes of it
    /// may stay until the replay is done, as in the database's own log.
    fn is_key_of_erased(&self, row: &[Value]) -> bool {
        let table = self.table.as_ref().filter(|table| table.name == "content_key");
        let id = table.and_then(|table| value(table, row, "content_id"));
        matches!(id, Some(Value::Uuid(id)) if self.erased.contains(id))
    }

    async fn flush(&mut self) -> Result<(), String> {
        let rows = std::mem::take(&mut self.waiting);
        match &self.table {
            Some(table) => tables::insert(&**self.tx, table, rows).await,
            None => Ok(()),
        }
    }
}

async fn mark(tx: &Tx) -> Result<(), DbErr> {
    let only = ColumnDef::new("only").integer().to_owned();
    SchemaManager::new(&**tx).create_table(Schema::create().table(UNDER_WAY).col(only).to_owned()).await
}

/// All that is left once the rows stand. The mark goes last.
async fn finish(
    deps: &Deps,
    counts: Counts,
    entries: &[ledger::Entry],
    tell: impl FnMut(String),
) -> Result<Restored, String> {
    let refused = |refusal: Refusal| refusal.cause.unwrap_or_else(|| refusal.kind.title().to_owned());
    identity::end_all_sessions(deps).await.map_err(fault)?;
    copies::end_all(deps).await.map_err(refused)?;
    let tx = deps.db.begin_in_turn().await.map_err(fault)?;
    journal::start_again(&tx, deps.clock.now()).await.map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    files::go_on_from_what_is_here(deps).await.map_err(refused)?;
    files::make_all_anew(deps).await.map_err(refused)?;
    // This place's ledger names all that the others did, for the next restore.
    deps.ledger.append(entries)?;
    erasure::replay(deps, entries.iter().copied()).await.map_err(refused)?;
    // Rows that were erased just now were inserted just before: nothing of them stays in the database's free room.
    erasure::scrub_at_once(deps).await.map_err(refused)?;
    let put_aside = audit::put_head_aside(&deps.config, deps.clock.now())?;
    audit::seal(deps).await.map_err(refused)?;
    let audit = audit::verify(deps, tell).await?;
    let tx = deps.db.begin().await.map_err(fault)?;
    SchemaManager::new(&*tx).drop_table(Schema::drop().table(UNDER_WAY).to_owned()).await.map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    let erased_until = entries.iter().map(|entry| entry.at).max();
    Ok(Restored { counts, erased: entries.len(), erased_until, audit, put_aside })
}
