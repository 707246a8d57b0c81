//! The master keys: they wrap all other keys and never enter the database. There is one, but for the time of a rotation.
//!
//! They come from the settings (`master_key`: the current one, and after a comma an older one) or from the file
//! `master.key` in `data_dir` (a line each, the current one first). The file is read again when a row names a key that is
//! not known here: that is how running programs hear of a rotation.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{chance::Chance, config::Config, crypto::Cipher};

/// One master key, with the name that rows know it by.
#[derive(Clone)]
pub struct MasterKey {
    /// The beginning of a hash of the key.
    pub id: String,
    pub cipher: Cipher,
    bytes: [u8; 32],
}

impl MasterKey {
    fn new(bytes: [u8; 32]) -> Self {
        let hash = Sha256::new().chain_update(b"natpatrull master key").chain_update(bytes).finalize();
        let id = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { id, cipher: Cipher::new(&bytes), bytes }
    }

    fn draw(chance: &dyn Chance) -> Self {
        Self::new(chance.bytes())
    }

    fn read(text: &str) -> Option<Self> {
        BASE64_STANDARD.decode(text.trim()).ok()?.try_into().ok().map(Self::new)
    }

    /// A key for another use, which tells nothing of this one.
    pub fn derive(&self, domain: &str) -> [u8; 32] {
        // HMAC takes a key of any length.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.bytes) else { return [0; 32] };
        mac.update(domain.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// The current key first.
#[derive(Clone)]
struct Ring {
    current: MasterKey,
    older: Vec<MasterKey>,
}

impl Ring {
    fn read<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let current = MasterKey::read(texts.next()?)?;
        Some(Self { current, older: texts.map(MasterKey::read).collect::<Option<_>>()? })
    }

    fn read_file(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::read(text.lines().filter(|line| !line.trim().is_empty()))
            .ok_or_else(|| format!("{}: not 32 bytes in base64", path.display()))
    }

    fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.current).chain(&self.older)
    }

    fn text(&self) -> String {
        self.all().map(|key| BASE64_STANDARD.encode(key.bytes) + "\n").collect()
    }
}

pub struct MasterKeys {
    /// Nothing: the keys came from the settings.
    file: Option<PathBuf>,
    ring: RwLock<Ring>,
}

impl MasterKeys {
    /// Reads them. The file is made only for a database that holds no keys yet.
    pub fn load(config: &Config, database_is_new: bool, chance: &dyn Chance) -> Result<Self, String> {
        if let Some(text) = &config.master_key {
            let ring = Ring::read(text.split(','))
                .ok_or_else(|| "configuration: master_key is not 32 bytes in base64".to_owned())?;
            return Ok(Self { file: None, ring: RwLock::new(ring) });
        }
        let path = config.data_dir.join("master.key");
        if !path.exists() {
            if !database_is_new {
                return Err(format!(
                    "the master key is missing: put {} back, or give it as NATPATRULL_MASTER_KEY; without it nothing that people wrote opens",
                    path.display()
                ));
            }
            let ring = Ring { current: MasterKey::draw(chance), older: Vec::new() };
            write(&path, &ring, chance, |draft| match fs::hard_link(draft, &path) {
                // Another program was quicker, and its key is the one.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
                linked => linked,
            })?;
        }
        let ring = Ring::read_file(&path)?;
        Ok(Self { file: Some(path), ring: RwLock::new(ring) })
    }

    fn ring(&self) -> Ring {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key that new keys are wrapped under.
    pub fn current(&self) -> MasterKey {
        self.ring().current
    }

    /// The current one first.
    pub fn all(&self) -> Vec<MasterKey> {
        self.ring().all().cloned().collect()
    }

    pub fn by_id(&self, id: &str) -> Result<MasterKey, String> {
        let find = || self.all().into_iter().find(|key| key.id == id);
        if let Some(key) = find() {
            return Ok(key);
        }
        self.read_again()?;
        find().ok_or_else(|| format!("the master key {id} is not here"))
    }

    /// Hears of a rotation. Keys from the settings stay as they are.
    pub fn read_again(&self) -> Result<(), String> {
        if let Some(path) = &self.file {
            self.set(Ring::read_file(path)?);
        }
        Ok(())
    }

    fn set(&self, ring: Ring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
    }

    /// Waits until no other program rotates, and hears of what it did. Dropping it lets the next one go on.
    pub fn turn(&self) -> Result<Option<File>, String> {
        let Some(path) = &self.file else { return Ok(None) };
        let path = path.with_extension("key.rotating");
        let fault = |error: std::io::Error| format!("{}: {error}", path.display());
        let turn =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(fault)?;
        turn.lock().map_err(fault)?;
        self.read_again()?;
        Ok(Some(turn))
    }

    /// Puts a new key before the one that there is.
    pub fn begin_rotation(&self, chance: &dyn Chance) -> Result<(), String> {
        let Some(path) = &self.file else {
            return Err(
                "the master key comes from the settings: give the new one first and the old one after a comma, \
                        start every program with both, and rotate then"
                    .to_owned(),
            );
        };
        let before = self.ring();
        let ring = Ring { current: MasterKey::draw(chance), older: before.all().cloned().collect() };
        write(path, &ring, chance, |draft| fs::rename(draft, path))?;
        self.set(ring);
        Ok(())
    }

    /// Keeps the key that all others are wrapped under alone. The older ones go to a file of their own, for backups from before.
    pub fn end_rotation(&self, to: &MasterKey, chance: &dyn Chance) -> Result<Vec<PathBuf>, String> {
        let Some(path) = &self.file else { return Ok(Vec::new()) };
        let ring = Ring::read_file(path)?;
        if ring.current.id != to.id {
            return Err(format!("{} was changed meanwhile: both keys stay there, rotate again", path.display()));
        }
        let mut retired = Vec::new();
        for key in &ring.older {
            let old = path.with_extension(format!("key.retired-{}", key.id));
            let alone = Ring { current: key.clone(), older: Vec::new() };
            write(&old, &alone, chance, |draft| fs::rename(draft, &old))?;
            retired.push(old);
        }
        let ring = Ring { current: ring.current, older: Vec::new() };
        write(path, &ring, chance, |draft| fs::rename(draft, path))?;
        self.set(ring);
        Ok(retired)
    }
}

/// Writes the keys whole beside `path` and puts them in place, so that nobody reads half a key; file and name have reached
/// the disk before anything is sealed under them.
fn write(
    path: &Path,
    ring: &Ring,
    chance: &dyn Chance,
    place: impl Fn(&Path) -> std::io::Result<()>,
) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", path.display());
    let draft = path.with_extension(format!("draft-{}", chance.uuid_v4()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(fault)?;
    file.write_all(ring.text().as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
    let placed = place(&draft);
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(fault(error)),
        _ => {}
    }
    placed.map_err(fault)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::chance::SystemChance;

    fn in_a_folder(test: impl FnOnce(&Config)) {
        let data_dir = std::env::temp_dir().join(format!("natpatrull-master-{}", SystemChance.uuid_v4()));
        let config = Config { data_dir: data_dir.clone(), ..Config::default() };
        assert!(fs::create_dir_all(&data_dir).is_ok());
        test(&config);
        drop(fs::remove_dir_all(&data_dir));
    }

    fn ids(keys: &MasterKeys) -> Vec<String> {
        keys.all().into_iter().map(|key| key.id).collect()
    }

    #[test]
    fn the_file_is_made_once_and_only_for_a_new_database() {
        in_a_folder(|config| {
            let missing = MasterKeys::load(config, false, &SystemChance).err().unwrap_or_default();
            assert!(missing.contains("master key is missing"), "{missing}");
            let first = MasterKeys::load(config, true, &SystemChance).map(|keys| ids(&keys));
            let again = MasterKeys::load(config, false, &SystemChance).map(|keys| ids(&keys));
            assert!(first.is_ok() && first == again);
        });
    }

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
    fn a_rotation_puts_a_key_before_the_old_one_and_running_programs_hear_of_it() {
        in_a_folder(|config| {
            let load = || MasterKeys::load(config, true, &SystemChance);
            let (rotating, running) = (load().unwrap(), load().unwrap());
            let old = rotating.current().id;
            assert!(rotating.begin_rotation(&SystemChance).is_ok());
            let new = rotating.current().id;
            assert_eq!(ids(&rotating), [new.clone(), old.clone()]);
            assert_eq!(ids(&running), std::slice::from_ref(&old));
            assert_eq!(running.by_id(&new).map(|key| key.id), Ok(new.clone()));
            assert_eq!(running.current().id, new);
            let retired = rotating.end_rotation(&rotating.current(), &SystemChance).unwrap_or_default();
            assert_eq!((retired.len(), ids(&rotating)), (1, vec![new]));
            assert!(retired[0].exists() && rotating.by_id(&old).is_err());
        });
    }
}
