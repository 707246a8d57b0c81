//! Files under the key of their report, talk or post, in the blob store.
//!
//! A file is sealed in segments of 64 KiB, each bound to its file and its place, so that any byte can be reached without
//! opening those before it. Four segments make one object. An object is never overwritten: its name says how many bytes it
//! holds, so a tail that grows gets a new name, the old one goes when the new offset stands, and what stands under a name
//! already is kept.

use std::{io, ops::Range, sync::Arc};

use bytes::Bytes;
use entities::words::Sealed;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, PutMode, PutOptions, local::LocalFileSystem, path::Path};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{chance::Chance, config::Config, crypto::Cipher, refusal::Refusal};

/// Plain bytes in a segment.
const SEGMENT: usize = 64 * 1024;
/// What sealing adds to a segment: nonce and tag.
const SEAL: usize = 40;
/// Plain bytes in an object.
pub const PART: usize = 4 * SEGMENT;
/// The first bytes of a file, by which its type is known.
const FACE: usize = 4096;

/// The local folder `blobs` in `data_dir`; what it says is stored has reached the disk.
pub fn open(config: &Config) -> Result<Arc<dyn ObjectStore>, String> {
    let folder = config.data_dir.join("blobs");
    let fault = |error: &dyn std::fmt::Display| format!("blobs in {}: {error}", folder.display());
    std::fs::create_dir_all(&folder).map_err(|error| fault(&error))?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| fault(&error))?;
    Ok(Arc::new(store.with_fsync(true).with_automatic_cleanup(true)))
}

/// Where a file stands: as it was sent, as a copy of it for daily use, or, of a post, as what else is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    Files,
    Copies,
    Small,
    Posters,
}

/// What is made of a file.
const MADE: [Shelf; 3] = [Shelf::Copies, Shelf::Small, Shelf::Posters];

impl Shelf {
    /// Its folder, and what the segments there are bound to.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Files => ("files", "report_file"),
            Self::Copies => ("copies", "file_copy"),
            Self::Small => ("small", "file_small"),
            Self::Posters => ("posters", "file_poster"),
        }
    }
}

/// One file of the blob store.
#[derive(Clone)]
pub struct SealedFile {
    pub store: Arc<dyn ObjectStore>,
    pub shelf: Shelf,
    /// Of the report, the talk, the post or the copy that the file belongs to.
    pub cipher: Arc<Cipher>,
    pub chance: Arc<dyn Chance>,
    pub file_id: Uuid,
}

/// What the bytes of a whole file are.
pub struct Seen {
    pub sha256: [u8; 32],
    /// The first bytes.
    pub face: Vec<u8>,
}

impl SealedFile {
    /// Stores `chunk` after the `received` bytes that stand already. When it returns, the bytes have reached the disk; the
    /// caller then lets the new offset stand and calls [`SealedFile::forget_tail`].
    pub async fn append(&self, received: u64, chunk: &[u8]) -> Result<(), Refusal> {
        let (first, kept) = place(received);
        let mut plain = if kept == 0 { Vec::new() } else { self.part(first, kept).await? };
        plain.extend_from_slice(chunk);
        for (part, bytes) in (first..).zip(plain.chunks(PART)) {
            let mut object = Vec::with_capacity(bytes.len() + SEAL * 4);
            for (segment, bytes) in (part * 4..).zip(bytes.chunks(SEGMENT)) {
                let sealed = self.cipher.seal(&self.bound(segment), self.file_id, bytes, &*self.chance)?;
                object.extend_from_slice(&sealed.0);
            }
            let path = self.object(part, bytes.len());
            let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            match self.store.put_opts(&path, object.into(), options).await {
                // Stored before its offset stood, or by another program: whoever was first, the whole is looked at before
                // it counts, and what was looked at stays.
                Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => {}
                Err(error) => return Err(lost(error)),
            }
        }
        Ok(())
    }

    /// Removes the tail that ended at `received`, once a longer one stands. A tail that stays is only a waste of room.
    pub async fn forget_tail(&self, received: u64) {
        let (part, kept) = place(received);
        if kept != 0 {
            let path = self.object(part, kept);
            delete(&*self.store, self.file_id, stream::iter([Ok(path)]).boxed()).await;
        }
    }

    /// Reads the whole file once; `also` sees all of it.
    pub async fn look(&self, size: u64, mut also: impl FnMut(&[u8])) -> Result<Seen, Refusal> {
        let (mut hash, mut face) = (Sha256::new(), Vec::new());
        self.read(size, |bytes| {
            hash.update(bytes);
            face.extend(bytes.iter().take(FACE - face.len()));
            also(bytes);
        })
        .await?;
        Ok(Seen { sha256: hash.finalize().into(), face })
    }

    /// All bytes of a file that is not large.
    pub async fn whole(&self, size: u64) -> Result<Vec<u8>, Refusal> {
        let mut whole = Vec::new();
        self.read(size, |bytes| whole.extend_from_slice(bytes)).await?;
        Ok(whole)
    }

    /// The bytes of a range that is not large.
    pub async fn part_of(&self, size: u64, range: Range<u64>) -> Result<Vec<u8>, Refusal> {
        let bytes = self.clone().stream(size, range);
        bytes.try_fold(Vec::new(), async |all, piece| Ok([all, piece.to_vec()].concat())).await.map_err(Refusal::fault)
    }

    async fn read(&self, size: u64, mut each: impl FnMut(&[u8])) -> Result<(), Refusal> {
        let mut at = 0;
        while at < size {
            let (part, _) = place(at);
            let bytes = self.part(part, part_len(size, part)).await?;
            each(&bytes);
            at += bytes.len() as u64;
        }
        Ok(())
    }

    /// The bytes of `range`, a segment at a time.
    pub fn stream(self, size: u64, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::try_unfold((self, range.start), move |(file, at)| {
            let end = range.end.min(size);
            async move {
                if at >= end {
                    return Ok(None);
                }
                let bytes = file.segment(size, at).await.map_err(|refusal| {
                    let cause = refusal.cause.unwrap_or_default();
                    tracing::error!(file_id = %file.file_id, cause, "a stored file could not be read to its end");
                    io::Error::other("the file could not be read")
                })?;
                let from = (at % SEGMENT as u64) as usize;
                let take = usize::try_from(end - at).unwrap_or(usize::MAX).min(bytes.len().saturating_sub(from));
                if take == 0 {
                    return Err(io::Error::other("the file is shorter than it should be"));
                }
                let bytes = Bytes::from(bytes).slice(from..from + take);
                Ok(Some((bytes, (file, at + take as u64))))
            }
        })
    }

    /// Removes what earlier tails of a file that is now whole may have left.
    pub async fn tidy(&self, size: u64) {
        let wanted: Vec<Path> = objects(self.shelf, self.file_id, size).collect();
        let found = self.store.list(Some(&folder(self.shelf, self.file_id)));
        let spare = found
            .map_ok(|meta| meta.location)
            .try_filter(move |path| std::future::ready(!wanted.contains(path)))
            .boxed();
        delete(&*self.store, self.file_id, spare).await;
    }

    /// A part that holds `len` plain bytes.
    async fn part(&self, part: u64, len: usize) -> Result<Vec<u8>, Refusal> {
        let object = self.get(&self.object(part, len), None).await?;
        let mut plain = Vec::with_capacity(len);
        for (segment, sealed) in (part * 4..).zip(object.chunks(SEGMENT + SEAL)) {
            plain.extend(self.cipher.open(&self.bound(segment), self.file_id, &Sealed(sealed.to_vec()))?);
        }
        if plain.len() == len { Ok(plain) } else { Err(Refusal::fault("a part of a file has another length")) }
    }

    /// The plain segment in which byte `at` of a file of `size` bytes lies.
    async fn segment(&self, size: u64, at: u64) -> Result<Vec<u8>, Refusal> {
        let (part, within) = place(at);
        let len = part_len(size, part);
        let nth = within / SEGMENT;
        let plain = (len - nth * SEGMENT).min(SEGMENT);
        let start = (nth * (SEGMENT + SEAL)) as u64;
        let sealed = self.get(&self.object(part, len), Some(start..start + (plain + SEAL) as u64)).await?;
        self.cipher.open(&self.bound(part * 4 + nth as u64), self.file_id, &Sealed(sealed.to_vec()))
    }

    async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Bytes, Refusal> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        self.store.get_opts(path, options).await.map_err(lost)?.bytes().await.map_err(lost)
    }

    fn object(&self, part: u64, len: usize) -> Path {
        object(self.shelf, self.file_id, part, len)
    }

    /// What a segment is bound to, beside its file: swapped segments do not open.
    fn bound(&self, segment: u64) -> String {
        format!("{}.segment.{segment}", self.shelf.names().1)
    }
}

/// The objects in which the first `received` bytes of a file lie, in order.
pub fn objects(shelf: Shelf, file_id: Uuid, received: u64) -> impl Iterator<Item = Path> {
    (0..received.div_ceil(PART as u64)).map(move |part| object(shelf, file_id, part, part_len(received, part)))
}

/// How many of the first `received` bytes of a file can be read on end.
pub async fn stands(store: &dyn ObjectStore, file_id: Uuid, received: u64) -> Result<u64, Refusal> {
    for (part, path) in (0..).zip(objects(Shelf::Files, file_id, received)) {
        match store.head(&path).await {
            Ok(_) => {}
            Err(object_store::Error::NotFound { .. }) => return Ok(part * PART as u64),
            Err(error) => return Err(lost(error)),
        }
    }
    Ok(received)
}

fn object(shelf: Shelf, file_id: Uuid, part: u64, len: usize) -> Path {
    folder(shelf, file_id).join(format!("{part:06}-{len}"))
}

fn folder(shelf: Shelf, file_id: Uuid) -> Path {
    Path::from(format!("{}/{file_id}", shelf.names().0))
}

/// Removes every byte of what was made of a file.
pub async fn remove_made(store: &dyn ObjectStore, file_id: Uuid) {
    for shelf in MADE {
        remove(store, shelf, file_id).await;
    }
}

/// Removes every byte of a file, or of a copy of it.
pub async fn remove(store: &dyn ObjectStore, shelf: Shelf, file_id: Uuid) {
    let all = store.list(Some(&folder(shelf, file_id))).map_ok(|meta| meta.location).boxed();
    delete(store, file_id, all).await;
}

async fn delete(store: &dyn ObjectStore, file_id: Uuid, paths: stream::BoxStream<'static, object_store::Result<Path>>) {
    let mut gone = store.delete_stream(paths);
    while let Some(one) = gone.next().await {
        match one {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => tracing::warn!(%file_id, %error, "a part of a file could not be removed"),
        }
    }
}

/// In which part an offset lies, and how far into it.
fn place(offset: u64) -> (u64, usize) {
    (offset / PART as u64, (offset % PART as u64) as usize)
}

/// Plain bytes in a part of a file of `size` bytes.
fn part_len(size: u64, part: u64) -> usize {
    size.saturating_sub(part * PART as u64).min(PART as u64) as usize
}

/// What is lost is a fault; what the store could not do now may pass.
fn lost(error: object_store::Error) -> Refusal {
    match error {
        object_store::Error::NotFound { .. } => Refusal::fault("a part of a file is missing"),
        error => Refusal::unavailable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_find_their_part() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(PART as u64 - 1), (0, PART - 1));
        assert_eq!(place(PART as u64), (1, 0));
        assert_eq!(place(PART as u64 * 3 + 7), (3, 7));
    }

    #[test]
    fn only_the_last_part_is_short() {
        let size = PART as u64 + 10;
        assert_eq!(part_len(size, 0), PART);
        assert_eq!(part_len(size, 1), 10);
        assert_eq!(part_len(size, 2), 0);
        assert_eq!(part_len(PART as u64, 0), PART);
        assert_eq!(part_len(PART as u64, 1), 0);
    }
}
