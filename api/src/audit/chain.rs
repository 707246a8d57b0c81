//! The chain: a job gives lines their places and joins each to the one before, so that writers never wait for a head. The
//! head is also kept in a file beside the master key: whoever cuts the table's end has not cut the file.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use entities::{audit_entry, words::Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};

use super::store;
use crate::{
    base::{
        config::Config,
        crypto::hex,
        db::Tx,
        keys::{Keys, same},
        refusal::Refusal,
    },
    deps::Deps,
};

/// Lines that get their place in one transaction.
const BATCH: u64 = 500;
/// How long lines wait at most before they are looked for.
const PAUSE: Duration = Duration::from_millis(500);
/// The key under which programs take turns to seal on PostgreSQL.
const SEALERS: i64 = 0x6e61_7472;

/// Joins a line to the one before.
pub fn link(keys: &Keys, before: &[u8], position: i64, row: &audit_entry::Model) -> Vec<u8> {
    keys.mac("audit-chain", &[before, &position.to_be_bytes(), row.entry_id.0.as_bytes(), &row.row_mac]).to_vec()
}

/// Seals until told to stop.
pub async fn work(deps: Deps) {
    let mut said = None;
    loop {
        let fault = seal(&deps).await.err().map(|refusal| refusal.cause.unwrap_or_default());
        // Said once, though it is found anew with each look.
        if let Some(cause) = fault.as_ref().filter(|_| fault != said) {
            tracing::error!(cause, "the audit log could not be sealed");
        }
        said = fault;
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = deps.stop.told() => return,
        }
    }
}

/// For what changes places: programs take turns.
pub async fn begin(deps: &Deps) -> Result<Tx, DbErr> {
    let tx = deps.db.begin().await?;
    if deps.db.backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({SEALERS})")).await?;
    }
    Ok(tx)
}

/// Gives a place to each line that has none, and writes down how far the chain has come.
pub async fn seal(deps: &Deps) -> Result<(), Refusal> {
    // Looked at first without the writer's turn: a quiet log costs the writers nothing.
    while !store::unsealed(deps.db.read(), None, 1).await?.is_empty() {
        let tx = begin(deps).await?;
        let (mut position, mut chain) = match store::head(&*tx).await? {
            Some(head) => (head.position.unwrap_or_default(), head.chain.unwrap_or_default()),
            None => (0, Vec::new()),
        };
        let mut rows = store::unsealed(&*tx, None, BATCH).await?;
        for row in &mut rows {
            position += 1;
            chain = link(&deps.keys, &chain, position, row);
            (row.position, row.chain) = (Some(position), Some(chain.clone()));
        }
        if !rows.is_empty() {
            store::place(&tx, rows).await?;
        }
        tx.commit().await?;
    }
    anchor(deps).await
}

/// How far the chain has come at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub position: i64,
    pub chain: String,
}

impl Anchor {
    pub fn path(config: &Config) -> PathBuf {
        config.data_dir.join("audit.head")
    }

    /// Nothing: there is no such file.
    pub fn read(path: &Path) -> Result<Option<Self>, String> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        let read = || {
            let (position, chain) = text.trim().split_once(' ')?;
            Some(Self { position: position.parse().ok()?, chain: chain.to_owned() })
        };
        read().map(Some).ok_or_else(|| format!("{}: not a position and a chain", path.display()))
    }

    pub fn fits(&self, row: &audit_entry::Model) -> bool {
        same(self.chain.as_bytes(), hex(row.chain.as_deref().unwrap_or_default()).as_bytes())
    }

    /// Whole beside its place first, so that nobody reads half of it.
    fn write(&self, path: &Path, draft: &Path) -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
        file.write_all(format!("{} {}\n", self.position, self.chain).as_bytes())?;
        file.sync_all()?;
        fs::rename(draft, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

/// Keeps the head of another log, which a restored one does not bear out, beside the place of its own.
pub fn put_head_aside(config: &Config, now: Timestamp) -> Result<Option<PathBuf>, String> {
    let path = Anchor::path(config);
    let aside = path.with_extension(format!("head.before-{}", now.millis()));
    match fs::rename(&path, &aside) {
        Ok(()) => Ok(Some(aside)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Moves the anchor to the head. One that the table does not reach, or that names another line, stays: it is the proof.
async fn anchor(deps: &Deps) -> Result<(), Refusal> {
    let path = Anchor::path(&deps.config);
    let Some(head) = store::head(deps.db.read()).await? else { return Ok(()) };
    let position = head.position.unwrap_or_default();
    if let Some(known) = Anchor::read(&path).map_err(Refusal::fault)? {
        if known.position == position && known.fits(&head) {
            return Ok(());
        }
        let stands = store::at(deps.db.read(), known.position).await?;
        if !stands.is_some_and(|row| known.fits(&row)) {
            return Err(Refusal::fault(format!(
                "the audit log was cut or changed: position {} is not what {} says; see `natpatrull audit verify`",
                known.position,
                path.display(),
            )));
        }
        // Another program of the same folder was quicker.
        if known.position > position {
            return Ok(());
        }
    }
    let next = Anchor { position, chain: hex(head.chain.as_deref().unwrap_or_default()) };
    let draft = path.with_extension(format!("head.draft-{}", deps.chance.uuid_v4()));
    tokio::task::spawn_blocking(move || next.write(&path, &draft))
        .await
        .map_err(Refusal::fault)?
        .map_err(|error| Refusal::fault(format!("audit.head: {error}")))
}
