//! Making a backup while the server runs. It changes nothing: neither rows, nor files, nor the schema.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use entities::words::FileId;
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt};
use uuid::Uuid;

use super::{
    record::{Counts, Record},
    restore::UNDER_WAY,
    sealed::Writer,
    tables,
};
use crate::{
    base::{
        blobs::{self, Shelf},
        bus::Bus,
        chance::Chance,
        clock::Clock,
        config::Config,
        db::Db,
        master::MasterKeys,
    },
    files,
};

pub struct Made {
    pub counts: Counts,
    /// Bytes of the backup.
    pub size: u64,
    /// Files that the database still names though bytes of theirs are missing: they were lost before.
    pub lost: BTreeSet<FileId>,
}

/// Writes all rows and files of this moment into `to`, which must not be there.
pub async fn make(config: &Config, clock: &dyn Clock, chance: &dyn Chance, to: &Path) -> Result<Made, String> {
    if to.exists() {
        return Err(format!("{} is there already: a backup writes over nothing", to.display()));
    }
    if let Some(file) = config.sqlite_file()
        && !file.exists()
    {
        return Err(format!("there is no database at {}", file.display()));
    }
    let db = Db::connect(&config.database_url(), Bus::new(chance.uuid_v4()))
        .await
        .map_err(|error| format!("database: {error}"))?;
    let masters = MasterKeys::load(config, false, chance)?;
    let blobs = blobs::open(config)?;

    let draft = Draft::beside(to, chance)?;
    let (mut writer, mut counts, files) = rows(&db, &masters, clock, chance, draft.file()?).await?;
    let mut incomplete = BTreeSet::new();
    for (file_id, received) in files {
        for path in blobs::objects(Shelf::Files, file_id.0, received) {
            if !object(&*blobs, path, &mut writer, &mut counts).await? {
                incomplete.insert(file_id);
            }
        }
    }
    let size = writer.end(counts)?;
    // What went since the moment of the rows is as it should be: the database does not name it any more.
    let mut lost = BTreeSet::new();
    for file_id in incomplete {
        if files::is_whole(&db, file_id).await.map_err(|error| format!("database: {error}"))? {
            lost.insert(file_id);
        }
    }
    draft.put(to)?;
    db.close().await.map_err(|error| format!("database: {error}"))?;
    Ok(Made { counts, size, lost })
}

/// All rows, as they stood in one moment. Gives which files they name, with the bytes that each has: 24 bytes a file is all
/// that is kept in memory.
async fn rows<'a>(
    db: &Db,
    masters: &MasterKeys,
    clock: &dyn Clock,
    chance: &'a dyn Chance,
    file: File,
) -> Result<(Writer<'a>, Counts, Vec<(FileId, u64)>), String> {
    let fault = |error: sea_orm::DbErr| format!("database: {error}");
    let snapshot = db.snapshot().await.map_err(fault)?;
    let all = tables::catalogue(&snapshot).await?;
    let has = |name: &str| all.iter().any(|table| table.name == name);
    if !has("seaql_migrations") || !has("master_key") {
        return Err("this database was not made by this program, or long ago: start the server on it first".to_owned());
    }
    if has(UNDER_WAY) {
        return Err("a restore into this database was never finished: it is no place to make a backup of".to_owned());
    }
    let schema = tables::texts(&snapshot, "SELECT version FROM seaql_migrations ORDER BY version").await?;
    let named = tables::texts(&snapshot, "SELECT master_id FROM master_key ORDER BY master_id").await?;
    for id in &named {
        // Read again where a rotation has just begun: a backup that its own keys do not open is none.
        masters.by_id(id)?;
    }
    let mut writer = Writer::begin(file, clock.now(), schema, named, &masters.current(), chance)?;
    let mut counts = Counts::default();
    for table in &all {
        counts.tables += 1;
        writer.record(&Record::Table(table.clone()))?;
        let mut rows = std::pin::pin!(tables::rows(&snapshot, table).await?);
        while let Some(row) = rows.try_next().await? {
            counts.rows += 1;
            writer.record(&Record::Row(row))?;
        }
    }
    let files = if has("report_file") { files::stored_files(&snapshot).await.map_err(fault)? } else { Vec::new() };
    snapshot.commit().await.map_err(fault)?;
    Ok((writer, counts, files))
}

/// Copies one object. Says no when it has gone.
async fn object(
    store: &dyn ObjectStore,
    path: object_store::path::Path,
    writer: &mut Writer<'_>,
    counts: &mut Counts,
) -> Result<bool, String> {
    let fault = |error: object_store::Error| format!("blobs: {error}");
    let found = match store.get(&path).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => {
            counts.gone += 1;
            return Ok(false);
        }
        Err(error) => return Err(fault(error)),
    };
    let size = found.meta.size;
    writer.record(&Record::Object { path: path.to_string(), size })?;
    let mut copied = 0;
    let mut stream = found.into_stream();
    while let Some(bytes) = stream.try_next().await.map_err(fault)? {
        copied += bytes.len() as u64;
        writer.bytes(&bytes)?;
    }
    if copied != size {
        return Err(format!("blobs: {path} has {copied} bytes, not {size}"));
    }
    counts.objects += 1;
    counts.object_bytes += size;
    Ok(true)
}

/// A file beside its place, which goes when it is not put there. It is locked while its program lives.
struct Draft {
    path: PathBuf,
    file: File,
}

/// Between a backup's name and a draft's own id.
const DRAFT: &str = ".draft-";

impl Draft {
    fn beside(to: &Path, chance: &dyn Chance) -> Result<Self, String> {
        let mut name = to.file_name().ok_or("a backup needs a file's name")?.to_owned();
        clear_drafts(folder(to))?;
        name.push(format!("{DRAFT}{}", chance.uuid_v4()));
        let path = to.with_file_name(name);
        let fault = |error: std::io::Error| format!("{}: {error}", path.display());
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(fault)?;
        file.lock().map_err(fault)?;
        Ok(Self { path, file })
    }

    fn file(&self) -> Result<File, String> {
        self.file.try_clone().map_err(|error| format!("{}: {error}", self.path.display()))
    }

    fn put(self, to: &Path) -> Result<(), String> {
        let fault = |error: std::io::Error| match error.kind() {
            ErrorKind::AlreadyExists => format!("{} is there already: a backup writes over nothing", to.display()),
            _ => format!("{}: {error}", to.display()),
        };
        // A link, and no renaming, which would write over.
        fs::hard_link(&self.path, to).map_err(fault)?;
        fs::remove_file(&self.path).map_err(fault)?;
        File::open(folder(to)).and_then(|folder| folder.sync_all()).map_err(fault)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

fn folder(to: &Path) -> &Path {
    to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Takes away drafts whose program was killed: nobody holds them.
fn clear_drafts(folder: &Path) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_draft = name.rsplit_once(DRAFT).is_some_and(|(_, id)| id.parse::<Uuid>().is_ok());
        if is_draft && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            fs::remove_file(entry.path()).map_err(fault)?;
        }
    }
    Ok(())
}
