use entities::words::{
    Certainty, EventKind, FileId, FileState, PersonRole, Regime, ReportId, ReportState, Sealed, Text, Timestamp,
};
use poem::Body;
use poem_openapi::{Object, ResponseContent, payload::Binary};

use crate::base::vault::NewKey;

/// The longest account of what happened, in characters.
pub const LONGEST_ACCOUNT: usize = 8000;
/// The longest place, and the longest time in words.
pub const LONGEST_NOTE: usize = 300;
/// The largest file, in bytes.
pub const LARGEST_FILE: i64 = 100 * 1024 * 1024;
/// The most that one request brings of a file.
pub const LARGEST_CHUNK: usize = 256 * 1024;

/// When it happened, as far as the youth knows.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Happened {
    pub certainty: Certainty,
    pub at: Option<Timestamp>,
    /// In words, at most 300 characters.
    pub words: Option<Text>,
}

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
    /// One of `image/jpeg`, `image/png`, `image/webp`, `image/gif`, `image/heic` and `video/mp4`.
    #[oai(validator(max_length = 100))]
    pub media_type: Text,
}

/// Tell the patrol what happened. The text counts at once; its files follow.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct SubmitReport {
    /// Made on the device.
    pub report_id: ReportId,
    pub event_kind: EventKind,
    /// 1 to 8,000 characters.
    pub what: Text,
    pub happened: Happened,
    /// In words, at most 300 characters.
    pub place: Option<Text>,
    #[oai(validator(max_items = 1))]
    pub files: Vec<NamedFile>,
}

/// A report whose words are sealed already.
#[derive(Clone, Debug)]
pub struct SealedReport {
    pub report_id: ReportId,
    pub event_kind: EventKind,
    pub what: Sealed,
    pub certainty: Certainty,
    pub happened_at: Option<Timestamp>,
    pub happened_words: Option<Sealed>,
    pub place: Option<Sealed>,
    pub files: Vec<NamedFile>,
    /// The report's key, if it does not stand in the database yet.
    pub new_key: Option<NewKey>,
}

/// Say that an officer has begun to read a report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ReadReport {
    pub report_id: ReportId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// Ask the police to erase a report. They decide: what came to them is an official document.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AskReportErasure {
    pub report_id: ReportId,
}

/// [`ReadReport`] where the path names the report.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct ReadFrom {
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// A report as its reader may see it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Report {
    pub report_id: ReportId,
    pub state: ReportState,
    pub revision: i64,
    pub event_kind: EventKind,
    /// Empty if it is damaged.
    pub what: String,
    pub happened: Happened,
    pub place: Option<String>,
    /// Some of its words do not open any more, by a fault on the server: they are left out.
    pub damaged: bool,
    /// When the server received it.
    pub submitted_at: Timestamp,
    /// By the writer's phone.
    pub recorded_at: Timestamp,
    /// The public number of the officer who reads it; nothing: no person has opened it.
    pub reader: Option<String>,
    /// The law that it falls under; for officers.
    pub regime: Option<Regime>,
    /// What its writer is to what happened, as far as an officer has said; for officers.
    pub person_role: Option<PersonRole>,
    /// When its writer asked the police to erase it.
    pub erasure_asked_at: Option<Timestamp>,
    /// When the police decided to keep it all the same. Nothing: they have not decided yet.
    pub erasure_refused_at: Option<Timestamp>,
    /// Why they keep it.
    pub erasure_refusal: Option<String>,
    pub files: Vec<ReportFile>,
}

#[derive(Clone, Debug, PartialEq, Object)]
pub struct ReportFile {
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

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct ReportPage {
    /// Newest first.
    pub items: Vec<Report>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}

/// Say that the bytes of a file that a report names are about to come.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct AnnounceFile {
    pub file_id: FileId,
    pub report_id: ReportId,
    /// As the report names it.
    #[oai(validator(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Text,
    /// As the report names it.
    #[oai(validator(minimum(value = "1")))]
    pub size: i64,
    /// As the report names it.
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
