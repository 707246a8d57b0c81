//! Loss of power and a disk that fails, by a shim in C that the server loads before its own libraries.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    process::Command,
};

use super::chance::Chance;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disk {
    Works,
    /// Takes no writes.
    Full,
    /// Takes only what needs no new room.
    CannotGrow,
    /// Gives and takes nothing.
    Gone,
}

#[derive(Clone)]
pub struct Power {
    shim: PathBuf,
    data: PathBuf,
    state: PathBuf,
    /// Where what was not flushed is remembered, if it is.
    undo: Option<PathBuf>,
    lies: bool,
}

impl Power {
    /// For a program whose data lie in `data`; the shim and its own files go to `folder`.
    pub fn new(folder: &Path, data: &Path, remembers: bool, lies: bool) -> Self {
        let shim = folder.join("power.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/power.c");
        let made = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&shim).arg(source).status();
        assert!(made.is_ok_and(|status| status.success()), "cc makes a library of {source}: apt-get install gcc");
        let undo = folder.join("undo");
        if remembers {
            fs::create_dir_all(&undo).expect("the folder can be made");
        }
        let power = Self {
            shim,
            // As the kernel names it; the user that the data belong to may be the only one who can look.
            data: data.to_owned(),
            state: folder.join("disk"),
            undo: remembers.then_some(undo),
            lies,
        };
        fs::write(&power.state, "w").expect("the folder can be written");
        power
    }

    pub fn loads_into(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.shim).env("POWER_DATA", &self.data).env("POWER_STATE", &self.state);
        if let Some(undo) = &self.undo {
            command.env("POWER_UNDO", undo);
        }
        if self.lies {
            command.env("POWER_LIES", "yes");
        }
    }

    pub fn disk(&self, disk: Disk) {
        let letter = match disk {
            Disk::Works => b"w",
            Disk::Full => b"f",
            Disk::CannotGrow => b"g",
            Disk::Gone => b"x",
        };
        // In place: the program has mapped it.
        let file = OpenOptions::new().write(true).open(&self.state).expect("the shim can be told");
        file.write_all_at(letter, 0).expect("the shim can be told");
    }

    /// The program is dead. Puts back what was not flushed: all of it, or all after some write, file by file.
    pub fn lose(&self, chance: &mut Chance) {
        let Some(undo) = &self.undo else { return };
        let all = chance.once_in(2);
        let mut files = Vec::new();
        walk(&self.data, &mut files);
        for path in files {
            if path.to_string_lossy().ends_with("-shm") {
                fs::remove_file(&path).expect("the data are ours");
                continue;
            }
            let inode = fs::metadata(&path).expect("the data are ours").ino();
            let records = records(&undo.join(inode.to_string()), &undo.join(format!("{inode}.kept")));
            let reached = if all { 0 } else { chance.below(records.len() as u64 + 1) as usize };
            let mut file = OpenOptions::new().write(true).open(&path).expect("the data are ours");
            for record in records[reached..].iter().rev() {
                file.seek(SeekFrom::Start(record.at)).expect("a file can be put back");
                file.write_all(&record.bytes).expect("a file can be put back");
                file.set_len(record.size).expect("a file can be put back");
            }
        }
        fs::remove_dir_all(undo).and_then(|()| fs::create_dir(undo)).expect("the folder can be made");
    }
}

/// What a write replaced.
struct Record {
    at: u64,
    size: u64,
    bytes: Vec<u8>,
}

fn records(log: &Path, kept: &Path) -> Vec<Record> {
    let mut bytes = Vec::new();
    match File::open(log) {
        Ok(mut file) => drop(file.read_to_end(&mut bytes).expect("the shim's memory can be read")),
        Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
        Err(error) => panic!("{}: {error}", log.display()),
    }
    let start = fs::read_to_string(kept).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut rest = bytes.get(start..).unwrap_or_default();
    let mut records = Vec::new();
    // The last record may be cut: then its write had not begun.
    while let Some((head, after)) = rest.split_at_checked(24) {
        let word = |nth: usize| u64::from_le_bytes(head[nth * 8..][..8].try_into().expect("eight bytes"));
        let Some((bytes, next)) = after.split_at_checked(word(1) as usize) else { break };
        records.push(Record { at: word(0), size: word(2), bytes: bytes.to_vec() });
        rest = next;
    }
    records
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the data are ours") {
        let path = entry.expect("the data are ours").path();
        match path.is_dir() {
            true => walk(&path, files),
            false => files.push(path),
        }
    }
}
