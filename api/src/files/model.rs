use entities::{
    file_copy, file_rendition, report_file,
    words::{
        AccountId, ConversationId, DialogueId, FileCopyState, FileId, FileState, OpeningReason, PostId, Rendition,
        ReportId, Role, ScanState, Text, Timestamp,
    },
};
use poem::Body;
use poem_openapi::{Object, ResponseContent, payload::Binary};

use crate::base::actions::Who;

/// The largest file, in bytes.
pub const LARGEST_FILE: i64 = 100 * 1024 * 1024;
/// The largest of an officer's, which is looked through as a whole.
pub const LARGEST_BARE: i64 = 10 * 1024 * 1024;
/// The films that all may be shown.
pub const FILMS: [&str; 3] = ["video/mp4", "video/webm", "video/quicktime"];
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
    /// One of `image/jpeg`, `image/png`, `image/webp`, `image/gif`, `image/heic`, `video/mp4`, `video/webm`, `video/quicktime`,
    /// `audio/mpeg`, `audio/mp4`, `audio/ogg`, `audio/wav`, `application/pdf`, `text/plain` (UTF-8) and `application/zip`; from an
    /// officer one of the first three, and at most 10 MiB, or for all to see a film of one of these types.
    #[oai(validator(max_length = 100))]
    pub media_type: Text,
}

/// A file that a report or a message names, as far as it has come.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
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
    /// The copy for daily use; nothing: it is not decided yet.
    pub copy: Option<FileCopy>,
    /// What the virus check said; nothing: it has not looked yet.
    pub scan: Option<ScanState>,
    /// An officer has marked it as a sexual image of a child: nothing else of it is told to officers.
    pub withheld: Option<bool>,
}

/// The copy of a file for daily use.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FileCopy {
    pub state: FileCopyState,
    pub media_type: Option<String>,
    /// In bytes.
    pub size: Option<i64>,
    /// In pixels, of pictures.
    pub width: Option<i32>,
    pub height: Option<i32>,
}

/// What is shown of a picture or a film, beside the whole of it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MadeRendition {
    pub rendition: Rendition,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    /// In pixels, of pictures.
    pub width: Option<i32>,
    pub height: Option<i32>,
}

/// A file that all may see, as far as it has come, and what was made of it.
pub struct PostedFile {
    pub sent: SentFile,
    pub renditions: Vec<MadeRendition>,
}

impl PostedFile {
    pub fn of(row: report_file::Model, copy: Option<file_copy::Model>, made: Vec<file_rendition::Model>) -> Self {
        let rendition = |made: file_rendition::Model| MadeRendition {
            rendition: made.rendition,
            media_type: made.media_type,
            size: made.size,
            width: made.width,
            height: made.height,
        };
        Self { sent: SentFile::of(row, copy), renditions: made.into_iter().map(rendition).collect() }
    }

    fn copy_state(&self) -> Option<FileCopyState> {
        self.sent.copy.as_ref().map(|copy| copy.state)
    }

    pub fn is_ready(&self) -> bool {
        matches!(self.copy_state(), Some(FileCopyState::Made | FileCopyState::AsSent))
    }

    pub fn is_damaged(&self) -> bool {
        self.sent.state == FileState::Refused || self.copy_state() == Some(FileCopyState::NotCleaned)
    }

    /// There was no program that could make it ready.
    pub fn is_as_sent(&self) -> bool {
        self.copy_state() == Some(FileCopyState::AsSent)
    }

    /// Type and size of what is shown in full; nothing: it is not ready.
    pub fn full(&self) -> (Option<String>, Option<i64>) {
        if self.is_as_sent() {
            return (Some(self.sent.media_type.clone()), Some(self.sent.size));
        }
        let copy = self.sent.copy.as_ref();
        (copy.and_then(|copy| copy.media_type.clone()), copy.and_then(|copy| copy.size))
    }
}

/// Open a file as it was sent.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct OpenOriginal {
    /// An officer says why; the audit log keeps it.
    pub reason: Option<OpeningReason>,
}

/// Mark a file as a sexual image of a child.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct WithholdFile {
    pub file_id: FileId,
}

/// Name somebody who may open files that are withheld.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct NameInvestigator {
    /// On what ground: the case, or who decided it.
    #[oai(validator(max_length = 1000))]
    pub reason: Text,
}

/// Who may open files that are withheld.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Investigator {
    pub account_id: AccountId,
    pub public_number: Option<String>,
    /// The lead's public number.
    pub named_by: Option<String>,
    pub at: Timestamp,
    /// Nothing: it is damaged.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(example)]
pub struct InvestigatorList {
    /// In the order in which they were named.
    pub items: Vec<Investigator>,
}

/// Say that the bytes of a file are about to come. It names the report, the conversation whose message names the file, the post, or
/// the dialogue.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct AnnounceFile {
    pub file_id: FileId,
    pub report_id: Option<ReportId>,
    pub conversation_id: Option<ConversationId>,
    pub post_id: Option<PostId>,
    pub dialogue_id: Option<DialogueId>,
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

/// The bytes of a file: under its own type if that may stand in a page, and else as bytes that say nothing of themselves.
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
    #[oai(content_type = "video/webm")]
    Webm(Binary<Body>),
    #[oai(content_type = "audio/mpeg")]
    Mp3(Binary<Body>),
    #[oai(content_type = "audio/mp4")]
    M4a(Binary<Body>),
    #[oai(content_type = "audio/ogg")]
    Ogg(Binary<Body>),
    #[oai(content_type = "audio/wav")]
    Wav(Binary<Body>),
    #[oai(content_type = "application/octet-stream")]
    Other(Binary<Body>),
}

impl SentFile {
    /// As somebody may see it: a youth sees nothing of what officers marked, and officers of what is marked nothing else.
    pub fn shown(who: &Who, row: report_file::Model, copy: Option<file_copy::Model>) -> Self {
        let withheld = row.withheld_at.is_some();
        let mut file = Self::of(row, copy);
        if withheld && who.role != Role::Youth {
            file.withhold();
        }
        file
    }

    fn of(row: report_file::Model, copy: Option<file_copy::Model>) -> Self {
        Self {
            file_id: row.file_id,
            media_type: row.media_type,
            size: row.size,
            sha256: row.sha256,
            received: row.received,
            complete: row.state == FileState::Complete,
            state: row.state,
            copy: copy.map(|copy| FileCopy {
                state: copy.state,
                media_type: copy.media_type,
                size: copy.size,
                width: copy.width,
                height: copy.height,
            }),
            scan: row.scan,
            withheld: None,
        }
    }

    /// Nothing more than that it is there.
    pub fn withhold(&mut self) {
        "application/octet-stream".clone_into(&mut self.media_type);
        self.sha256.clear();
        (self.size, self.received, self.copy, self.scan, self.withheld) = (0, 0, None, None, Some(true));
    }
}

impl FileBytes {
    pub fn of(media_type: &str, body: Body) -> Self {
        let form = match media_type {
            "image/jpeg" => Self::Jpeg,
            "image/png" => Self::Png,
            "image/webp" => Self::Webp,
            "image/gif" => Self::Gif,
            "image/heic" => Self::Heic,
            "video/mp4" => Self::Mp4,
            "video/webm" => Self::Webm,
            "audio/mpeg" => Self::Mp3,
            "audio/mp4" => Self::M4a,
            "audio/ogg" => Self::Ogg,
            "audio/wav" => Self::Wav,
            _ => Self::Other,
        };
        form(Binary(body))
    }
}
