use entities::words::{FileState, Rendition, ScanState, Topic};
use poem_openapi::types::Example;

use super::model::*;
use crate::{
    files::{FileCopy, MadeRendition, NamedFile, SentFile},
    http::story::*,
};

const TITLE: &str = "Så spårar vi falska konton";
const TITLE_EN: &str = "How we trace fake accounts";
const WORDS: &str = "Någon låtsas vara du? Spara länken, skriv till oss, och byt lösenord. Vi visar hur.";
const IN_ENGLISH: &str = "Is somebody pretending to be you? Keep the link, write to us, and change your password.";
const EASY: &str = "Låtsas någon vara du? Spara länken. Skriv till oss. Byt lösenord.";
const BEFORE: &str = "Någon låtsas vara du? Skriv till oss.";
const ALT: &str = "Två poliser vid en skärm.";
const WHY: &str = "Vi glömde att säga att länken ska sparas.";
const DAY: i64 = 24 * 3600;

impl Example for PublishPost {
    fn example() -> Self {
        let file = NamedFile { file_id: FILE, sha256: text(SHA256), size: 48_000_000, media_type: text("video/mp4") };
        Self {
            post_id: POST,
            topic: Topic::Scams,
            quarter_id: None,
            municipalities: vec![text("2580")],
            title: text(TITLE),
            title_en: Some(text(TITLE_EN)),
            text: text(WORDS),
            text_en: Some(text(IN_ENGLISH)),
            text_easy: Some(text(EASY)),
            files: vec![NewPostFile { file, alt: text(ALT), alt_en: None }],
            captions: Some(text("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nHej från patrullen")),
            publish_at: Some(after(0)),
            expires_at: Some(after(30 * DAY)),
        }
    }
}

impl Example for PostCorrection {
    fn example() -> Self {
        Self {
            expected_revision: 1,
            why: text(WHY),
            title: text(TITLE),
            title_en: Some(text(TITLE_EN)),
            text: text(WORDS),
            text_en: Some(text(IN_ENGLISH)),
            text_easy: Some(text(EASY)),
            alts: vec![NewAlt { file_id: FILE, alt: text(ALT), alt_en: None }],
            captions: None,
        }
    }
}

impl Example for PostWithdrawal {
    fn example() -> Self {
        Self { expected_revision: 2, why: text("Den på bilden vill inte vara med.") }
    }
}

impl Example for Post {
    fn example() -> Self {
        let before = PostVersion {
            title: TITLE.to_owned(),
            title_en: None,
            text: BEFORE.to_owned(),
            text_en: None,
            text_easy: None,
            alts: vec![PostAlt { file_id: FILE, alt: ALT.to_owned(), alt_en: None }],
            captions_revision: None,
            from: after(0),
            until: after(3600),
            why: WHY.to_owned(),
            corrected_by: Some(OFFICER.to_owned()),
        };
        Self {
            post_id: POST,
            topic: Topic::Scams,
            quarter: None,
            municipalities: vec!["2580".to_owned()],
            title: TITLE.to_owned(),
            title_en: Some(TITLE_EN.to_owned()),
            text: WORDS.to_owned(),
            text_en: Some(IN_ENGLISH.to_owned()),
            text_easy: Some(EASY.to_owned()),
            files: vec![PostFile {
                file_id: FILE,
                alt: ALT.to_owned(),
                alt_en: None,
                is_film: false,
                media_type: Some(JPEG.to_owned()),
                size: Some(PICTURE_SIZE),
                width: Some(1600),
                height: Some(1200),
                renditions: vec![MadeRendition {
                    rendition: Rendition::Small,
                    media_type: JPEG.to_owned(),
                    size: 61_440,
                    width: Some(720),
                    height: Some(540),
                }],
            }],
            captions_revision: None,
            film_as_sent: false,
            published_at: after(0),
            expires_at: Some(after(30 * DAY)),
            corrected_at: Some(after(3600)),
            corrections: Some(vec![before]),
            public_number: Some(OFFICER.to_owned()),
            revision: 2,
        }
    }
}

impl Example for PostPage {
    fn example() -> Self {
        Self { items: vec![Post { corrections: None, ..Post::example() }], next: None }
    }
}

impl Example for PlannedPost {
    fn example() -> Self {
        let copy = FileCopy {
            state: entities::words::FileCopyState::Made,
            media_type: Some(JPEG.to_owned()),
            size: Some(PICTURE_SIZE),
            width: Some(1600),
            height: Some(1200),
        };
        Self {
            post: Post::example(),
            state: PostState::Published,
            sent: vec![SentFile {
                file_id: FILE,
                media_type: JPEG.to_owned(),
                size: PICTURE_SIZE,
                sha256: SHA256.to_owned(),
                received: PICTURE_SIZE,
                complete: true,
                state: FileState::Complete,
                copy: Some(copy),
                scan: Some(ScanState::NotScanned),
                withheld: None,
            }],
            withdrawn_at: None,
            withdrawn_by: None,
            withdrawn_why: None,
        }
    }
}

impl Example for PlannedPostPage {
    fn example() -> Self {
        Self { items: vec![Example::example()], next: None }
    }
}
