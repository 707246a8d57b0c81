//! The outer form: a plain head, then segments of 64 KiB, each sealed and bound to the head, to its place and to whether it
//! is the last. So a file whose head was changed, or that was cut, joined or put in another order, does not open.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use entities::words::{Sealed, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::record::{Counts, Record};
use crate::base::{
    chance::Chance,
    crypto::{Cipher, hex},
    master::{MasterKey, MasterKeys},
};

const MAGIC: &[u8; 18] = b"natpatrull backup\n";
const FORMAT: u64 = 1;
/// Plain bytes in a segment.
const SEGMENT: usize = 64 * 1024;
/// What sealing adds to a segment: nonce and tag.
const SEAL: usize = 40;
const LONGEST_HEAD: u32 = 1024 * 1024;
const LONGEST_RECORD: u32 = 64 * 1024 * 1024;
/// Where the backup's key stands wrapped, as a place of the cipher.
const WRAPPED: &str = "backup.key";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    pub format: u64,
    pub backup_id: Uuid,
    /// In milliseconds since 1970.
    pub made_at: Timestamp,
    /// The changes of the schema that the rows have seen.
    pub schema: Vec<String>,
    /// The master keys that rows hang on.
    pub masters: Vec<String>,
    /// The master key that wraps this backup's own key.
    under: String,
    key: String,
}

pub struct Writer<'a> {
    out: File,
    segments: Segments,
    chance: &'a dyn Chance,
    plain: Vec<u8>,
    hash: Sha256,
    written: u64,
}

/// The cipher, and which segment is next.
struct Segments {
    cipher: Cipher,
    backup_id: Uuid,
    head: String,
    next: u64,
}

impl Segments {
    fn new(key: &[u8; 32], backup_id: Uuid, head: &[u8]) -> Self {
        Self { cipher: Cipher::new(key), backup_id, head: hex(&Sha256::digest(head)), next: 0 }
    }

    fn place(&mut self, last: bool) -> String {
        self.next += 1;
        format!("backup.{}.{}.{}", self.head, self.next, if last { "last" } else { "more" })
    }
}

impl<'a> Writer<'a> {
    /// Begins a backup under a key of its own.
    pub fn begin(
        mut out: File,
        made_at: Timestamp,
        schema: Vec<String>,
        masters: Vec<String>,
        under: &MasterKey,
        chance: &'a dyn Chance,
    ) -> Result<Self, String> {
        let (backup_id, key) = (chance.uuid_v4(), chance.bytes());
        let wrapped = under.cipher.seal(WRAPPED, backup_id, &key, chance).map_err(|_| "the key was not wrapped")?;
        let key_text = BASE64_STANDARD.encode(wrapped.0);
        let under = under.id.clone();
        let head = Head { format: FORMAT, backup_id, made_at, schema, masters, under, key: key_text };
        let head = serde_json::to_vec(&head).map_err(|error| error.to_string())?;
        let len = u32::try_from(head.len()).map_err(|error| error.to_string())?;
        let written = (MAGIC.len() + 4 + head.len()) as u64;
        out.write_all(MAGIC)
            .and_then(|()| out.write_all(&len.to_be_bytes()))
            .and_then(|()| out.write_all(&head))
            .map_err(|error| error.to_string())?;
        let segments = Segments::new(&key, backup_id, &head);
        Ok(Self { out, segments, chance, plain: Vec::with_capacity(SEGMENT), hash: Sha256::new(), written })
    }

    pub fn record(&mut self, record: &Record) -> Result<(), String> {
        let bytes = postcard::to_stdvec(record).map_err(|error| error.to_string())?;
        let len = u32::try_from(bytes.len()).ok().filter(|len| *len <= LONGEST_RECORD);
        self.bytes(&len.ok_or("a row is too long for a backup")?.to_be_bytes())?;
        self.bytes(&bytes)
    }

    pub fn bytes(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        self.hash.update(bytes);
        while !bytes.is_empty() {
            // A full segment waits until it is known not to be the last.
            if self.plain.len() == SEGMENT {
                self.seal(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(SEGMENT - self.plain.len()));
            self.plain.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal(&mut self, last: bool) -> Result<(), String> {
        let place = self.segments.place(last);
        let sealed = self.segments.cipher.seal(&place, self.segments.backup_id, &self.plain, self.chance);
        let sealed = sealed.map_err(|_| "sealing failed")?.0;
        self.out.write_all(&sealed).map_err(|error| error.to_string())?;
        self.written += sealed.len() as u64;
        self.plain.clear();
        Ok(())
    }

    /// Gives the size of the whole. When it returns, the bytes have reached the disk.
    pub fn end(mut self, counts: Counts) -> Result<u64, String> {
        let hash = self.hash.clone().finalize().into();
        self.record(&Record::End(counts, hash))?;
        self.seal(true)?;
        self.out.sync_all().map_err(|error| error.to_string())?;
        Ok(self.written)
    }
}

pub struct Reader {
    input: File,
    segments: Segments,
    /// The sealed segment after the one that is open; empty: there is none.
    ahead: Vec<u8>,
    plain: Vec<u8>,
    at: usize,
    hash: Sha256,
}

/// Reads the head, which nothing has vouched for yet.
pub fn head(input: &mut File) -> Result<(Head, Vec<u8>), String> {
    let mut magic = [0; MAGIC.len()];
    let read = input.read_exact(&mut magic);
    if read.is_err() || magic != *MAGIC {
        return Err("this is not a backup".to_owned());
    }
    let changed = || "the head of this backup was changed or cut".to_owned();
    let mut len = [0; 4];
    input.read_exact(&mut len).map_err(|_| changed())?;
    let len = u32::from_be_bytes(len);
    if len > LONGEST_HEAD {
        return Err(changed());
    }
    let mut bytes = vec![0; len as usize];
    input.read_exact(&mut bytes).map_err(|_| changed())?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| changed())?;
    match value["format"].as_u64() {
        Some(FORMAT) => {}
        Some(other) => return Err(format!("this backup has format {other}; this program reads format {FORMAT}")),
        None => return Err(changed()),
    }
    let head = serde_json::from_value(value).map_err(|_| changed())?;
    Ok((head, bytes))
}

impl Reader {
    /// Begins after the head.
    pub fn begin(mut input: File, masters: &MasterKeys) -> Result<Self, String> {
        let (head, bytes) = head(&mut input)?;
        let missing = |what: &str, id: &str| {
            format!(
                "{what} the master key {id}, which is not here: put it into master.key (the current key first, a line each)"
            )
        };
        let under = masters.by_id(&head.under).map_err(|_| missing("this backup is sealed under", &head.under))?;
        for id in &head.masters {
            masters.by_id(id).map_err(|_| missing("rows of this backup hang on", id))?;
        }
        let changed = || "the head of this backup was changed".to_owned();
        let wrapped = BASE64_STANDARD.decode(&head.key).map_err(|_| changed())?;
        let key = under.cipher.open(WRAPPED, head.backup_id, &Sealed(wrapped)).map_err(|_| changed())?;
        let key = key.try_into().map_err(|_| changed())?;
        let segments = Segments::new(&key, head.backup_id, &bytes);
        let mut reader = Self { input, segments, ahead: Vec::new(), plain: Vec::new(), at: 0, hash: Sha256::new() };
        reader.ahead = reader.sealed()?;
        Ok(reader)
    }

    /// The next sealed segment; empty at the end of the file.
    fn sealed(&mut self) -> Result<Vec<u8>, String> {
        let mut sealed = Vec::with_capacity(SEGMENT + SEAL);
        let read = Read::by_ref(&mut self.input).take((SEGMENT + SEAL) as u64).read_to_end(&mut sealed);
        read.map_err(|error: io::Error| error.to_string())?;
        Ok(sealed)
    }

    fn open_next(&mut self) -> Result<(), String> {
        let next = self.sealed()?;
        let sealed = Sealed(std::mem::replace(&mut self.ahead, next));
        let place = self.segments.place(self.ahead.is_empty());
        let plain = self.segments.cipher.open(&place, self.segments.backup_id, &sealed);
        self.plain = plain.map_err(|_| {
            format!("the backup was changed or cut: its segment {} is not what was written", self.segments.next)
        })?;
        self.at = 0;
        Ok(())
    }

    pub fn bytes(&mut self, len: usize) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(len.min(SEGMENT * 8));
        while bytes.len() < len {
            if self.at == self.plain.len() {
                self.open_next()?;
            }
            let now = &self.plain[self.at..];
            let now = &now[..now.len().min(len - bytes.len())];
            bytes.extend_from_slice(now);
            self.at += now.len();
        }
        self.hash.update(&bytes);
        Ok(bytes)
    }

    /// The next record. The last one is looked at here: it ends the file, and its hash is that of all before it.
    pub fn record(&mut self) -> Result<Record, String> {
        let odd = || "the backup does not hold together".to_owned();
        let before = self.hash.clone();
        let len = self.bytes(4)?.try_into().map(u32::from_be_bytes).map_err(|_| odd())?;
        if len > LONGEST_RECORD {
            return Err(odd());
        }
        let bytes = self.bytes(len as usize)?;
        let record = postcard::from_bytes(&bytes).map_err(|_| odd())?;
        if let Record::End(_, hash) = &record {
            let ends = self.ahead.is_empty() && self.at == self.plain.len();
            if !ends || before.finalize()[..] != hash[..] {
                return Err(odd());
            }
        }
        Ok(record)
    }
}
