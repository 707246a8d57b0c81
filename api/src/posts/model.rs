use entities::words::{FileId, PostId, QuarterId, Text, Timestamp, Topic};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::{
    base::vault::NewKey,
    files::{MadeRendition, NamedFile, SentFile},
    quarters::QuarterName,
};

/// The longest title, text, words in the place of what a picture shows, and reason, in characters.
pub const LONGEST_TITLE: usize = 100;
pub const LONGEST_TEXT: usize = 2000;
pub const LONGEST_ALT: usize = 500;
pub const LONGEST_WHY: usize = 500;
/// The furthest ahead that one is planned.
pub const MOST_DAYS: i64 = 60;

/// Publish a post, now or later. It is shown once all that it shows has come and is made ready.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct PublishPost {
    /// Made on the device.
    pub post_id: PostId,
    pub topic: Topic,
    /// Where the patrol walks that it is about.
    pub quarter_id: Option<QuarterId>,
    /// By their four digits; none means all.
    #[oai(default, validator(max_items = 44))]
    pub municipalities: Vec<Text>,
    /// In Swedish: 1 to 100 characters.
    pub title: Text,
    pub title_en: Option<Text>,
    /// In Swedish: 1 to 2,000 characters.
    pub text: Text,
    pub text_en: Option<Text>,
    /// In easy Swedish.
    pub text_easy: Option<Text>,
    /// Up to 8 pictures (JPEG, PNG or WebP of at most 10 MiB), or one film (MP4, WebM or QuickTime of at most 100 MiB).
    #[oai(default, validator(max_items = 8))]
    pub files: Vec<NewPostFile>,
    /// What is heard in the film, as WebVTT of at most 128 KiB: cues of plain words, one after the other.
    pub captions: Option<Text>,
    /// Nothing: at once. At most 60 days ahead.
    pub publish_at: Option<Timestamp>,
    /// From then on it is shown to nobody. Nothing: until it is withdrawn.
    pub expires_at: Option<Timestamp>,
}

/// A picture or a film that will follow.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct NewPostFile {
    pub file: NamedFile,
    /// What it shows, in Swedish, for whoever does not see it: 1 to 500 characters.
    pub alt: Text,
    pub alt_en: Option<Text>,
}

/// What a picture or a film shows, in words.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct NewAlt {
    pub file_id: FileId,
    /// In Swedish: 1 to 500 characters.
    pub alt: Text,
    pub alt_en: Option<Text>,
}

/// Let a post say something else. What it said before stays to be read, with the reason.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct CorrectPost {
    pub post_id: PostId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Why it is corrected, as everyone reads it: 1 to 500 characters.
    pub why: Text,
    pub title: Text,
    pub title_en: Option<Text>,
    pub text: Text,
    pub text_en: Option<Text>,
    pub text_easy: Option<Text>,
    /// Of each of its files; none: they stay as they are.
    #[oai(default, validator(max_items = 8))]
    pub alts: Vec<NewAlt>,
    /// Nothing: they stay as they are. Empty: there are none any more.
    pub captions: Option<Text>,
}

/// The same of the post that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, example)]
pub struct PostCorrection {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Why it is corrected, as everyone reads it: 1 to 500 characters.
    pub why: Text,
    pub title: Text,
    pub title_en: Option<Text>,
    pub text: Text,
    pub text_en: Option<Text>,
    pub text_easy: Option<Text>,
    /// Of each of its files; none: they stay as they are.
    #[oai(default, validator(max_items = 8))]
    pub alts: Vec<NewAlt>,
    /// Nothing: they stay as they are. Empty: there are none any more.
    pub captions: Option<Text>,
}

/// Take a post away from everyone, with its files, for good.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct WithdrawPost {
    pub post_id: PostId,
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Why, for officers: 1 to 500 characters.
    pub why: Text,
}

/// The same of the post that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PostWithdrawal {
    /// The revision that the officer saw.
    pub expected_revision: i64,
    /// Why, for officers: 1 to 500 characters.
    pub why: Text,
}

/// A command with what its files will be kept by.
pub struct PlacedPost {
    pub content_id: Uuid,
    pub command: PublishPost,
}

/// What a post says, ready to be stored.
#[derive(Clone, Debug)]
pub struct Words {
    pub title: String,
    pub title_en: Option<String>,
    pub text: String,
    pub text_en: Option<String>,
    pub text_easy: Option<String>,
    pub alts: Vec<(FileId, String, Option<String>)>,
    pub captions: Option<String>,
}

/// A post that can be stored.
#[derive(Clone, Debug)]
pub struct ReadyPost {
    pub post_id: PostId,
    pub content_id: Uuid,
    pub topic: Topic,
    pub quarter_id: Option<QuarterId>,
    pub municipalities: String,
    pub words: Words,
    pub files: Vec<NamedFile>,
    pub publish_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// Of its files; nothing: it has none.
    pub new_key: Option<NewKey>,
}

/// A correction that can be stored.
#[derive(Clone, Debug)]
pub struct ReadyCorrection {
    pub post_id: PostId,
    pub expected_revision: i64,
    pub why: String,
    pub words: Words,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Post {
    pub post_id: PostId,
    pub topic: Topic,
    pub quarter: Option<QuarterName>,
    /// None means all.
    pub municipalities: Vec<String>,
    /// In Swedish.
    pub title: String,
    pub title_en: Option<String>,
    /// In Swedish.
    pub text: String,
    pub text_en: Option<String>,
    /// In easy Swedish.
    pub text_easy: Option<String>,
    /// Some pictures, or one film.
    pub files: Vec<PostFile>,
    /// `GET /api/v1/posts/{post_id}/captions?revision=` gives the film's captions, which came with this revision; nothing: it
    /// has none.
    pub captions_revision: Option<i64>,
    /// There was no program that could make the film ready: it is shown as the officer sent it, and may not play everywhere.
    pub film_as_sent: bool,
    pub published_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// When it was corrected last.
    pub corrected_at: Option<Timestamp>,
    /// What it said before, the newest first. Only where one post is asked for.
    pub corrections: Option<Vec<PostVersion>>,
    /// The officer who published it.
    pub public_number: Option<String>,
    pub revision: i64,
}

/// What a post said before it was corrected.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PostVersion {
    pub title: String,
    pub title_en: Option<String>,
    pub text: String,
    pub text_en: Option<String>,
    pub text_easy: Option<String>,
    pub alts: Vec<PostAlt>,
    pub captions_revision: Option<i64>,
    /// Since when it said this, and until when.
    pub from: Timestamp,
    pub until: Timestamp,
    /// Why it was corrected.
    pub why: String,
    /// The officer who corrected it.
    pub corrected_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PostAlt {
    pub file_id: FileId,
    pub alt: String,
    pub alt_en: Option<String>,
}

/// A picture or a film of a post. `GET /api/v1/posts/{post_id}/files/{file_id}/full` gives its bytes, and `/small` and `/poster`
/// those of its renditions.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PostFile {
    pub file_id: FileId,
    pub alt: String,
    pub alt_en: Option<String>,
    pub is_film: bool,
    /// Of what `full` gives; nothing: it is not ready.
    pub media_type: Option<String>,
    /// In bytes.
    pub size: Option<i64>,
    /// In pixels, of a picture. A film's poster has the same shape as the film.
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// A smaller one, where `full` is large, and a film's poster, where they could be made.
    pub renditions: Vec<MadeRendition>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PostPage {
    /// Newest first.
    pub items: Vec<Post>,
    pub next: Option<String>,
}

/// Where a post stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum PostState {
    /// A file of it has still to come, or to be made ready.
    Preparing,
    /// A file of it was refused, or could not be made ready: it is shown to nobody.
    Damaged,
    /// It will be published.
    Planned,
    Published,
    Expired,
    Withdrawn,
}

/// A post as officers see it.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PlannedPost {
    pub post: Post,
    pub state: PostState,
    /// Its files, as far as they have come.
    pub sent: Vec<SentFile>,
    pub withdrawn_at: Option<Timestamp>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_why: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct PlannedPostPage {
    /// The last to be published first.
    pub items: Vec<PlannedPost>,
    pub next: Option<String>,
}
