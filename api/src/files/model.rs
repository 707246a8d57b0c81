use entities::{
    report_file,
    words::{ConversationId, FileId, FileState, ReportId, Text, Timestamp},
};
use poem::Body;
use poem_openapi::{Object, ResponseContent, payload::Binary};

/// The largest file, in bytes.
pub const LARGEST_FILE: i64 = 100 * 1024 * 1024;
/// The largest of an officer's, which is looked through as a whole.
pub const LARGEST_BARE: i64 = 10 * 1024 * 1024;
/// The most that one request brings of a file.
pub const LARGEST_CHUNK: usize = 256 * 1024;

/// A file that will follow.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct NamedFile {
    /// Made on the device.
    pub file_id: FileId,
    /// Of the whole file, in lower-case hexadecimal.
    #[oai(validator(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Text,
    /// In bytes, at most 100 MiB.
    #[oai(validator(minimum(value = "1")))]
    pub size: i64,
    /// One of `image/jpeg`, `image/png`, `image/webp`, `image/gif`, `image/heic` and `video/mp4`; from an officer one of the
    /// first three, and at most 10 MiB.
    #[oai(validator(max_length = 100))]
    pub media_type: Text,
}

/// A file that a report or a message names, as far as it has come.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct SentFile {
    pub file_id: FileId,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    pub sha256: String,
    /// Bytes that are safely stored.
    pub received: i64,
    pub complete: bool,
    pub state: FileState,
}

/// Say that the bytes of a file are about to come. It names the report, or the conversation whose message names the file.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct AnnounceFile {
    pub file_id: FileId,
    pub report_id: Option<ReportId>,
    pub conversation_id: Option<ConversationId>,
    /// As it was named.
    #[oai(validator(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Text,
    /// As it was named.
    #[oai(validator(minimum(value = "1")))]
    pub size: i64,
    /// As it was named.
    #[oai(validator(max_length = 100))]
    pub media_type: Text,
}

/// How far a file has come.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct FileProgress {
    pub file_id: FileId,
    /// Where the next bytes go on: all before it are safely stored.
    pub offset: i64,
    pub complete: bool,
}

/// A link to one file for one session.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct FileLink {
    /// A path on this host, good without a bearer token. Keep it out of logs.
    pub url: String,
    pub expires_at: Timestamp,
}

/// The bytes of a file, under its own type: the types that are taken, all of which may stand in a page, and no other.
#[derive(ResponseContent)]
pub enum FileBytes {
    #[oai(content_type = "image/jpeg")]
    Jpeg(Binary<Body>),
    #[oai(content_type = "image/png")]
    Png(Binary<Body>),
    #[oai(content_type = "image/webp")]
    Webp(Binary<Body>),
    #[oai(content_type = "image/gif")]
    Gif(Binary<Body>),
    #[oai(content_type = "image/heic")]
    Heic(Binary<Body>),
    #[oai(content_type = "video/mp4")]
    Mp4(Binary<Body>),
}

impl From<report_file::Model> for SentFile {
    fn from(row: report_file::Model) -> Self {
        Self {
            file_id: row.file_id,
            media_type: row.media_type,
            size: row.size,
            sha256: row.sha256,
            received: row.received,
            complete: row.state == FileState::Complete,
            state: row.state,
        }
    }
}

impl FileBytes {
    /// Nothing for any other type.
    pub fn of(media_type: &str, body: Body) -> Option<Self> {
        Some(match media_type {
            "image/jpeg" => Self::Jpeg(Binary(body)),
            "image/png" => Self::Png(Binary(body)),
            "image/webp" => Self::Webp(Binary(body)),
            "image/gif" => Self::Gif(Binary(body)),
            "image/heic" => Self::Heic(Binary(body)),
            "video/mp4" => Self::Mp4(Binary(body)),
            _ => return None,
        })
    }
}
