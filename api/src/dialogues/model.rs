use entities::words::{DialogueId, DialogueState, FileId, QuestionId, Seat, Text, Timestamp};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::{
    base::vault::NewKey,
    files::{MadeRendition, NamedFile},
};

/// The longest title, the longest text about a dialogue, and the longest address of its film, in characters.
pub const LONGEST_TITLE: usize = 100;
pub const LONGEST_ABOUT: usize = 1000;
pub const LONGEST_ADDRESS: usize = 500;
/// How far ahead one is announced, in days.
pub const MOST_DAYS: i64 = 180;

/// Tell all that a dialogue is coming.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct AnnounceDialogue {
    /// Made on the device.
    pub dialogue_id: DialogueId,
    /// In Swedish: 1 to 100 characters.
    pub title: Text,
    pub title_en: Option<Text>,
    /// In Swedish: 1 to 1,000 characters.
    pub about: Option<Text>,
    pub about_en: Option<Text>,
    /// At most 180 days ahead.
    pub starts_at: Timestamp,
    /// Where its film is, as HLS: an https address at one of the hosts that the server is set to.
    pub film_url: Option<Text>,
}

/// Change what was announced, before it opens. What is left out is nothing from then on.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct ChangeDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// In Swedish: 1 to 100 characters.
    pub title: Text,
    pub title_en: Option<Text>,
    /// In Swedish: 1 to 1,000 characters.
    pub about: Option<Text>,
    pub about_en: Option<Text>,
    /// At most 180 days ahead.
    pub starts_at: Timestamp,
    /// As when it is announced.
    pub film_url: Option<Text>,
}

/// The same of the dialogue that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct DialogueChange {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// In Swedish: 1 to 100 characters.
    pub title: Text,
    pub title_en: Option<Text>,
    /// In Swedish: 1 to 1,000 characters.
    pub about: Option<Text>,
    pub about_en: Option<Text>,
    /// At most 180 days ahead.
    pub starts_at: Timestamp,
    /// As when it is announced.
    pub film_url: Option<Text>,
}

/// What is announced of a dialogue, looked through.
#[derive(Clone, Debug)]
pub struct Announced {
    pub title: String,
    pub title_en: Option<String>,
    pub about: Option<String>,
    pub about_en: Option<String>,
    pub starts_at: Timestamp,
    pub film_url: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ReadyDialogue {
    pub dialogue_id: DialogueId,
    pub announced: Announced,
}

#[derive(Clone, Debug)]
pub struct ReadyChange {
    pub dialogue_id: DialogueId,
    pub expected_revision: i64,
    pub announced: Announced,
}

/// Open the room: from now on youths ask.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct OpenDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// End it; one that has not opened never does.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct EndDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// Close the books, once each question that is shown has a mark or a written answer.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ArchiveDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// What an officer saw of what the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct AsSeen {
    /// The revision that the officer saw.
    pub expected_revision: i64,
}

/// Take a seat that is free, or leave one's own. A lead takes either from whoever has it.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct SeatDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    pub seat: Seat,
    /// Takes it, or leaves it.
    pub takes: bool,
}

/// The same of the dialogue that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Seating {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    pub seat: Seat,
    /// Takes it, or leaves it.
    pub takes: bool,
}

/// Put one question above the others, or none any more.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct PinDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// One of this dialogue that is shown. Nothing: none is pinned.
    pub question_id: Option<QuestionId>,
}

/// The same of the dialogue that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct Pinning {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// One of this dialogue that is shown. Nothing: none is pinned.
    pub question_id: Option<QuestionId>,
}

/// Say how long each device waits between two questions.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct SlowDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// 0: not at all.
    #[oai(validator(maximum(value = "600")))]
    pub slow_seconds: u32,
}

/// The same of the dialogue that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Slowing {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// 0: not at all.
    #[oai(validator(maximum(value = "600")))]
    pub slow_seconds: u32,
}

/// Say what its film is from now on, while it goes on and afterwards too: where it is, or a file that will follow. A film that was kept
/// here before is destroyed. With neither it has none; with captions alone the film that is kept here has others.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct FilmDialogue {
    pub dialogue_id: DialogueId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// As when it is announced.
    pub film_url: Option<Text>,
    /// A film (MP4, WebM or QuickTime of at most 100 MiB).
    pub film: Option<NamedFile>,
    /// What is heard in a film that is kept here, as WebVTT of at most 128 KiB. Empty: there are none.
    pub captions: Option<Text>,
}

/// The same of the dialogue that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct DialogueFilming {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// As when it is announced.
    pub film_url: Option<Text>,
    /// A film (MP4, WebM or QuickTime of at most 100 MiB).
    pub film: Option<NamedFile>,
    /// What is heard in a film that is kept here, as WebVTT of at most 128 KiB. Empty: there are none.
    pub captions: Option<Text>,
}

/// A command with what its film will be kept by.
pub struct PlacedFilm {
    pub content_id: Option<Uuid>,
    pub command: FilmDialogue,
}

#[derive(Clone, Debug)]
pub struct ReadyFilm {
    pub dialogue_id: DialogueId,
    pub expected_revision: i64,
    pub film: Film,
}

#[derive(Clone, Debug)]
pub enum Film {
    None,
    At(String),
    Kept(KeptFilm),
    /// The one that is kept here already, with other captions.
    Captioned(String),
}

#[derive(Clone, Debug)]
pub struct KeptFilm {
    pub content_id: Uuid,
    pub file: NamedFile,
    pub captions: Option<String>,
    pub new_key: NewKey,
}

impl ReadyFilm {
    pub fn new_key(&self) -> Option<&NewKey> {
        match &self.film {
            Film::Kept(film) => Some(&film.new_key),
            _ => None,
        }
    }
}

/// How a film that is kept here stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum FilmState {
    /// It has still to come, or to be made ready.
    Preparing,
    Ready,
    /// It was refused, or could not be made ready: it is shown to nobody.
    Damaged,
}

/// A film that is kept here. `GET /api/v1/dialogues/{dialogue_id}/film/{file_id}/full` gives its bytes, and `/small` and `/poster` those
/// of its renditions.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DialogueFilm {
    pub file_id: FileId,
    pub state: FilmState,
    /// Of what `full` gives; nothing: it is not ready.
    pub media_type: Option<String>,
    /// In bytes.
    pub size: Option<i64>,
    /// A smaller one and a poster, where they could be made.
    pub renditions: Vec<MadeRendition>,
    /// There was no program that could make it ready: it is shown as the officer sent it, and may not play everywhere.
    pub as_sent: bool,
    /// `GET /api/v1/dialogues/{dialogue_id}/captions?revision=` gives its captions, which came with this revision; nothing: it has
    /// none.
    pub captions_revision: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Dialogue {
    pub dialogue_id: DialogueId,
    pub state: DialogueState,
    /// In Swedish.
    pub title: String,
    pub title_en: Option<String>,
    /// In Swedish.
    pub about: Option<String>,
    pub about_en: Option<String>,
    pub starts_at: Timestamp,
    /// When it opened; marks count from here. One that ended without has never opened.
    pub opened_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    /// Where its film is, as HLS.
    pub film_url: Option<String>,
    /// Its film, where it is kept here; it has one of the two at the most.
    pub film: Option<DialogueFilm>,
    /// The public number of the officer who speaks.
    pub speaker: Option<String>,
    /// The public number of the officer who reads what is asked.
    pub reader: Option<String>,
    /// How long a device waits between two questions. 0: not at all.
    pub slow_seconds: i32,
    pub pinned_question_id: Option<QuestionId>,
    /// The officer who announced it.
    pub public_number: Option<String>,
    pub revision: i64,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct DialoguePage {
    /// What is live or to come first, by its time; then what is over, the newest first.
    pub items: Vec<Dialogue>,
    /// Ask again with it for what follows; nothing: this was the end.
    pub next: Option<String>,
}
