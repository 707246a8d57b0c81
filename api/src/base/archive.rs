//! A zip archive on its way to where it is kept or read: never much more than a part of it is at hand.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{StreamExt, pin_mut};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{
    blobs::{self, SealedFile},
    refusal::Refusal,
};

/// Where an archive goes.
pub enum Sink<'a> {
    File(&'a SealedFile),
    /// To whoever reads it now; one who stops reading ends it.
    Reader(mpsc::Sender<io::Result<Bytes>>),
}

impl Sink<'_> {
    async fn take(&self, at: u64, part: Vec<u8>) -> Result<(), Refusal> {
        match self {
            Self::File(file) => file.append(at, &part).await,
            Self::Reader(reader) => {
                reader.send(Ok(part.into())).await.map_err(|_| Refusal::fault("the reader of an archive has gone"))
            }
        }
    }
}

/// What the archive has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// As much of it as is asked for, or all.
    fn take(&self, most: usize) -> Vec<u8> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let end = bytes.len().min(most);
        bytes.drain(..end).collect()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub struct Archive<'a> {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    sink: Sink<'a>,
    size: u64,
}

impl<'a> Archive<'a> {
    pub fn new(sink: Sink<'a>) -> Self {
        let written = Written::default();
        Self { zip: ZipWriter::new_stream(written.clone()), written, sink, size: 0 }
    }

    /// What is put from here on belongs to this name.
    pub fn begin(&mut self, name: &str) -> Result<(), Refusal> {
        let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(name, plain).map_err(Refusal::fault)
    }

    pub async fn put(&mut self, bytes: impl AsRef<[u8]>) -> Result<(), Refusal> {
        self.zip.write_all(bytes.as_ref()).map_err(Refusal::fault)?;
        while self.written.len() >= blobs::PART {
            self.give().await?;
        }
        Ok(())
    }

    pub async fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        self.begin(name)?;
        self.put(bytes).await
    }

    /// A file as it was sent, a segment at a time. Gives the SHA-256 of what was put.
    pub async fn original(&mut self, name: &str, size: u64, sealed: SealedFile) -> Result<[u8; 32], Refusal> {
        self.begin(name)?;
        let bytes = sealed.stream(size, 0..size);
        let mut hash = Sha256::new();
        pin_mut!(bytes);
        while let Some(piece) = bytes.next().await {
            let piece = piece.map_err(Refusal::fault)?;
            hash.update(&piece);
            self.put(piece).await?;
        }
        Ok(hash.finalize().into())
    }

    async fn give(&mut self) -> Result<(), Refusal> {
        give(&self.written, &self.sink, &mut self.size).await
    }

    /// Ends the archive, and gives its size.
    pub async fn close(self) -> Result<u64, Refusal> {
        let Self { zip, written, sink, mut size } = self;
        zip.finish().map_err(Refusal::fault)?;
        while written.len() > 0 {
            give(&written, &sink, &mut size).await?;
        }
        Ok(size)
    }
}

async fn give(written: &Written, sink: &Sink<'_>, size: &mut u64) -> Result<(), Refusal> {
    let part = written.take(blobs::PART);
    let bytes = part.len() as u64;
    sink.take(*size, part).await?;
    *size += bytes;
    Ok(())
}
