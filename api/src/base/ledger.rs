//! The ledger of erasures: a file beside the master key that outlives the database. A line says what was erased and when,
//! and nothing of what it held. Each line carries a hash of all lines before it, so that a changed, dropped or swapped one
//! is found.
//!
//! A line has reached the disk before any row of its subject goes. Whoever restores an older backup erases again all that
//! the ledgers name: each node writes one of its own, and a restore wants them all.

use std::{
    collections::HashSet,
    fs::{File, OpenOptions},
    io::{ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use entities::words::{SubjectKind, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{config::Config, crypto::hex};

/// What was erased, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// In milliseconds since 1970.
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    n: u64,
    subject_kind: SubjectKind,
    subject_id: Uuid,
    at: Timestamp,
    /// Over the line's own fields and the hash of the line before.
    chain: String,
}

/// What the first line is chained to.
const BEGINNING: &str = "natpatrull erasure ledger 1";

/// Where a node keeps its ledger.
pub fn path(config: &Config) -> PathBuf {
    config.data_dir.join("erasures.ledger")
}

/// The ledger of this node.
pub struct Ledger {
    path: PathBuf,
    /// As it was when this program last had its turn, so that a line does not cost a look at all before it.
    seen: Mutex<Seen>,
}

struct Seen {
    /// In bytes.
    size: u64,
    lines: u64,
    chain: String,
    subjects: HashSet<Uuid>,
}

impl Ledger {
    pub fn new(path: PathBuf) -> Self {
        let seen = Seen { size: 0, lines: 0, chain: BEGINNING.to_owned(), subjects: HashSet::new() };
        Self { path, seen: Mutex::new(seen) }
    }

    /// Adds lines for those that no line names. When it returns, they have reached the disk. Programs that share the file
    /// take turns.
    pub fn append(&self, entries: &[Entry]) -> Result<(), String> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let path = &*self.path;
        let fault = |error: std::io::Error| format!("{}: {error}", path.display());
        let new = !path.exists();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(fault)?;
        file.lock().map_err(fault)?;
        if file.metadata().map_err(fault)?.len() != seen.size {
            let mut text = String::new();
            file.read_to_string(&mut text).map_err(fault)?;
            // What stands after the last whole line was cut off by a crash: nothing was erased on its word.
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            let (known, chain) = verified(path, &text[..whole])?;
            *seen = Seen {
                size: whole as u64,
                lines: known.len() as u64,
                chain,
                subjects: known.iter().map(|entry| entry.subject_id).collect(),
            };
        }
        let (mut text, mut lines, mut chain) = (String::new(), seen.lines, seen.chain.clone());
        let mut subjects = HashSet::new();
        for entry in entries {
            if !seen.subjects.contains(&entry.subject_id) && subjects.insert(entry.subject_id) {
                lines += 1;
                let line = line(lines, entry, &chain);
                text += &(serde_json::to_string(&line).map_err(|error| error.to_string())? + "\n");
                chain = line.chain;
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        file.set_len(seen.size).map_err(fault)?;
        file.seek(SeekFrom::End(0)).map_err(fault)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
        if new && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(fault)?;
        }
        seen.size += text.len() as u64;
        (seen.lines, seen.chain) = (lines, chain);
        seen.subjects.extend(subjects);
        Ok(())
    }
}

/// All entries, oldest first, or what is wrong with the ledger, with the line. One that was never written to is empty.
pub fn read_verified(path: &Path) -> Result<Vec<Entry>, String> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            Ok(verified(path, &text[..whole])?.0)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// The entries, and the hash that the next line is chained to.
fn verified(path: &Path, text: &str) -> Result<(Vec<Entry>, String), String> {
    let (mut entries, mut chain) = (Vec::new(), BEGINNING.to_owned());
    for (n, text) in (1..).zip(text.lines()) {
        let broken = || format!("{}: line {n} is not what was written", path.display());
        let read: Line = serde_json::from_str(text).map_err(|_| broken())?;
        let entry = Entry { subject_kind: read.subject_kind, subject_id: read.subject_id, at: read.at };
        chain = line(n, &entry, &chain).chain;
        if read.n != n || read.chain != chain {
            return Err(broken());
        }
        entries.push(entry);
    }
    Ok((entries, chain))
}

fn line(n: u64, entry: &Entry, before: &str) -> Line {
    let Entry { subject_kind, subject_id, at } = *entry;
    let hash = Sha256::new()
        .chain_update(before)
        .chain_update(n.to_be_bytes())
        .chain_update(subject_kind.word())
        .chain_update([0])
        .chain_update(subject_id.as_bytes())
        .chain_update(at.millis().to_be_bytes());
    Line { n, subject_kind, subject_id, at, chain: hex(&hash.finalize()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::chance::{Chance, SystemChance};

    fn with_three(test: impl FnOnce(&Path, &[Entry])) {
        let path = std::env::temp_dir().join(format!("natpatrull-ledger-{}", SystemChance.uuid_v4()));
        let entries: Vec<_> = (1..=3)
            .map(|n| Entry {
                subject_kind: if n == 2 { SubjectKind::Report } else { SubjectKind::Conversation },
                subject_id: Uuid::from_u128(n),
                at: Timestamp::from_millis(n as i64),
            })
            .collect();
        assert_eq!(read_verified(&path), Ok(Vec::new()), "never written to");
        assert_eq!(Ledger::new(path.clone()).append(&entries), Ok(()));
        test(&path, &entries);
        drop(std::fs::remove_file(&path));
    }

    fn append(path: &Path, entry: &Entry) -> Result<(), String> {
        Ledger::new(path.to_owned()).append(&[*entry])
    }

    #[test]
    fn two_programs_that_share_a_file_write_one_ledger() {
        with_three(|path, entries| {
            let (one, other) = (Ledger::new(path.to_owned()), Ledger::new(path.to_owned()));
            let mut all = entries.to_vec();
            for n in 4..=9 {
                let entry = Entry { subject_id: Uuid::from_u128(n), ..entries[0] };
                assert_eq!(if n % 2 == 0 { &one } else { &other }.append(&[entry]), Ok(()));
                all.push(entry);
            }
            assert_eq!(read_verified(path), Ok(all));
        });
    }

    #[test]
    fn a_line_that_was_changed_dropped_swapped_or_slipped_in_is_found() {
        with_three(|path, entries| {
            assert_eq!(append(path, &entries[1]), Ok(()), "it stands there already");
            let (one, other) = (Ledger::new(path.to_owned()), Ledger::new(path.to_owned()));
            for ledger in [&one, &other, &one] {
                assert_eq!(ledger.append(&[entries[0], entries[0]]), Ok(()), "whoever names it, and however often");
            }
            assert_eq!(read_verified(path).as_deref(), Ok(entries));
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let lines: Vec<_> = text.lines().collect();
            let changed = lines[1].replace("report", "conversation");
            for (what, lines, at) in [
                ("changed", vec![lines[0], &changed, lines[2]], 2),
                ("dropped", vec![lines[0], lines[2]], 2),
                ("swapped", vec![lines[1], lines[0], lines[2]], 1),
                ("slipped in", vec![lines[0], lines[1], lines[1], lines[2]], 3),
                ("no line", vec![lines[0], "hej", lines[2]], 2),
            ] {
                assert!(std::fs::write(path, lines.join("\n") + "\n").is_ok());
                let said = read_verified(path).err().unwrap_or_default();
                assert!(said.contains(&format!("line {at} ")), "{what}: {said:?}");
                assert!(append(path, &entries[0]).is_err(), "{what}: nothing is written after a broken line");
            }
        });
    }

    #[test]
    fn a_line_that_a_crash_cut_off_does_not_count_and_the_next_one_takes_its_place() {
        with_three(|path, entries| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            assert!(std::fs::write(path, &text[..text.len() - 5]).is_ok());
            assert_eq!(read_verified(path).as_deref(), Ok(&entries[..2]));
            assert_eq!(append(path, &entries[2]), Ok(()));
            assert_eq!(read_verified(path).as_deref(), Ok(entries));
        });
    }
}
