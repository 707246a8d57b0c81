//! What is read of posts.

use std::collections::HashMap;

use entities::{
    post, post_alt, post_version,
    words::{FileId, PostId, QuarterId, Rendition, Timestamp},
};

use super::{
    model::*,
    store::{self, Narrowed},
};
use crate::{
    base::{
        listed::words_of,
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    files::{self, PostedFile, Readable},
    http::{Card, CardPicture},
    quarters::{self, QuarterName},
};

/// How much is told of what a post said before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Now,
    /// What everybody could read: nothing of what was put right before it was published.
    Published,
    All,
}

impl Told {
    /// Whether it is told that something was put right at a moment.
    fn was(self, row: &post::Model, at: Timestamp) -> bool {
        self == Self::All || at >= row.published_at
    }
}

/// Posts with all that stands beside their rows.
struct Beside {
    versions: HashMap<PostId, Vec<post_version::Model>>,
    alts: HashMap<(PostId, i64), Vec<post_alt::Model>>,
    files: HashMap<uuid::Uuid, Vec<PostedFile>>,
    quarters: HashMap<QuarterId, QuarterName>,
}

impl Beside {
    async fn of(deps: &Deps, rows: &[post::Model]) -> Result<Self, Refusal> {
        let (db, ids) = (deps.db.read(), || rows.iter().map(|row| row.post_id).collect());
        Ok(Self {
            versions: store::versions(db, ids()).await?,
            alts: store::alts(db, ids()).await?,
            files: files::of_posts(db, rows.iter().map(|row| row.content_id).collect()).await?,
            quarters: quarters::names(db, rows.iter().filter_map(|row| row.quarter_id).collect()).await?,
        })
    }

    fn view(&mut self, row: &post::Model, told: Told) -> Post {
        let versions = self.versions.remove(&row.post_id).unwrap_or_default();
        let files = self.files.get(&row.content_id).map_or(&[][..], Vec::as_slice);
        let now = versions.iter().find(|version| version.revision == row.words_revision);
        let alts = self.alts.get(&(row.post_id, row.words_revision)).map_or(&[][..], Vec::as_slice);
        Post {
            post_id: row.post_id,
            topic: row.topic,
            quarter: row.quarter_id.and_then(|id| self.quarters.get(&id).cloned()),
            municipalities: words_of(&row.municipalities).map(str::to_owned).collect(),
            title: now.map_or_else(String::new, |now| now.title.clone()),
            title_en: now.and_then(|now| now.title_en.clone()),
            text: now.map_or_else(String::new, |now| now.text.clone()),
            text_en: now.and_then(|now| now.text_en.clone()),
            text_easy: now.and_then(|now| now.text_easy.clone()),
            files: files.iter().map(|file| shown(file, alts)).collect(),
            captions_revision: now.and_then(|now| now.captions_revision),
            film_as_sent: files.iter().any(PostedFile::is_as_sent),
            published_at: row.published_at,
            expires_at: row.expires_at,
            corrected_at: now
                .filter(|now| now.why.is_some() && told.was(row, now.written_at))
                .map(|now| now.written_at),
            corrections: (told != Told::Now).then(|| self.before(row, &versions, told)),
            public_number: row.public_number.clone(),
            revision: row.revision,
        }
    }

    /// What a post said before, the newest first.
    fn before(&self, row: &post::Model, versions: &[post_version::Model], told: Told) -> Vec<PostVersion> {
        let post_id = row.post_id;
        let pairs = versions.windows(2).filter_map(|pair| <&[_; 2]>::try_from(pair).ok());
        pairs
            .filter(|[after, _]| told.was(row, after.written_at))
            .map(|[after, said]| PostVersion {
                title: said.title.clone(),
                title_en: said.title_en.clone(),
                text: said.text.clone(),
                text_en: said.text_en.clone(),
                text_easy: said.text_easy.clone(),
                alts: self
                    .alts
                    .get(&(post_id, said.revision))
                    .into_iter()
                    .flatten()
                    .map(|alt| PostAlt { file_id: alt.file_id, alt: alt.alt.clone(), alt_en: alt.alt_en.clone() })
                    .collect(),
                captions_revision: said.captions_revision,
                from: said.written_at,
                until: after.written_at,
                why: after.why.clone().unwrap_or_default(),
                corrected_by: after.public_number.clone(),
            })
            .collect()
    }
}

fn shown(file: &PostedFile, alts: &[post_alt::Model]) -> PostFile {
    let alt = alts.iter().find(|alt| alt.file_id == file.sent.file_id);
    let copy = file.sent.copy.as_ref();
    let (media_type, size) = file.full();
    PostFile {
        file_id: file.sent.file_id,
        alt: alt.map_or_else(String::new, |alt| alt.alt.clone()),
        alt_en: alt.and_then(|alt| alt.alt_en.clone()),
        is_film: files::FILMS.contains(&&*file.sent.media_type),
        media_type,
        size,
        width: copy.and_then(|copy| copy.width),
        height: copy.and_then(|copy| copy.height),
        renditions: file.renditions.clone(),
    }
}

fn state(row: &post::Model, files: &[PostedFile], now: Timestamp) -> PostState {
    match row {
        row if row.withdrawn_at.is_some() => PostState::Withdrawn,
        row if row.expires_at.is_some_and(|at| at <= now) => PostState::Expired,
        _ if files.iter().any(PostedFile::is_damaged) => PostState::Damaged,
        _ if !files.iter().all(PostedFile::is_ready) => PostState::Preparing,
        row if row.published_at > now => PostState::Planned,
        _ => PostState::Published,
    }
}

pub async fn list(
    deps: &Deps,
    narrowed: Narrowed<'_>,
    after: Option<(i64, PostId)>,
    limit: u64,
) -> Result<Vec<Post>, Refusal> {
    let rows = store::list(deps.db.read(), deps.clock.now(), narrowed, after, limit).await?;
    let mut beside = Beside::of(deps, &rows).await?;
    Ok(rows.iter().map(|row| beside.view(row, Told::Now)).collect())
}

async fn one_shown(deps: &Deps, id: PostId) -> Result<post::Model, Refusal> {
    Ok(store::one_shown(deps.db.read(), id, deps.clock.now()).await?.ok_or(Kind::NotFound)?)
}

/// A post with what it said before.
pub async fn find(deps: &Deps, id: PostId) -> Result<Post, Refusal> {
    let row = one_shown(deps, id).await?;
    Ok(Beside::of(deps, std::slice::from_ref(&row)).await?.view(&row, Told::Published))
}

/// All of them, as officers see them.
pub async fn planned(deps: &Deps, after: Option<(i64, PostId)>, limit: u64) -> Result<Vec<PlannedPost>, Refusal> {
    let now = deps.clock.now();
    let rows = store::planned(deps.db.read(), after, limit).await?;
    let mut beside = Beside::of(deps, &rows).await?;
    let view = |row: post::Model| {
        let post = beside.view(&row, Told::All);
        let files = beside.files.remove(&row.content_id).unwrap_or_default();
        PlannedPost {
            post,
            state: state(&row, &files, now),
            sent: files.into_iter().map(|file| file.sent).collect(),
            withdrawn_at: row.withdrawn_at,
            withdrawn_by: row.withdrawn_by_number,
            withdrawn_why: row.withdrawn_why,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The captions of a post that is shown: those that came with a revision, or those of now.
pub async fn captions(deps: &Deps, id: PostId, revision: Option<i64>) -> Result<String, Refusal> {
    let row = one_shown(deps, id).await?;
    let versions = store::versions(deps.db.read(), vec![id]).await?.remove(&id).unwrap_or_default();
    let now = versions.iter().find(|version| version.revision == row.words_revision);
    let now = now.and_then(|now| now.captions_revision);
    let could_be_read = |revision: &i64| {
        let mut pairs = versions.windows(2).filter_map(|pair| <&[_; 2]>::try_from(pair).ok());
        let read = |[after, said]: &[post_version::Model; 2]| {
            said.captions_revision == Some(*revision) && Told::Published.was(&row, after.written_at)
        };
        now == Some(*revision) || pairs.any(read)
    };
    let revision = revision.or(now).filter(could_be_read).ok_or(Kind::NotFound)?;
    Ok(store::captions(deps.db.read(), id, revision).await?.ok_or(Kind::NotFound)?)
}

/// What is shown of a file of a post that is shown, and its hash.
pub async fn file(
    deps: &Deps,
    id: PostId,
    file_id: FileId,
    rendition: Rendition,
) -> Result<(Readable, String), Refusal> {
    let row = one_shown(deps, id).await?;
    files::posted(deps, row.content_id, file_id, rendition).await
}

/// The longest that a preview says, in characters.
const LONGEST_PREVIEW: usize = 200;

/// What a preview of the link to a post shows, while the post is shown.
pub async fn card(deps: &Deps, id: PostId) -> Result<Card, Refusal> {
    let post = find(deps, id).await?;
    let words: Vec<&str> = post.text.split_whitespace().collect();
    let words = words.join(" ");
    let description = match words.char_indices().nth(LONGEST_PREVIEW) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    };
    let picture = post.files.first().and_then(|file| {
        let poster = file.renditions.iter().find(|made| made.rendition == Rendition::Poster);
        let (rendition, width, height) = match poster {
            Some(made) => (Rendition::Poster, made.width, made.height),
            None if file.is_film => return None,
            None => (Rendition::Full, file.width, file.height),
        };
        let path = format!("/api/v1/posts/{id}/files/{}/{}", file.file_id, rendition.word());
        Some(CardPicture { path, width, height, alt: file.alt.clone() })
    });
    Ok(Card { path: format!("/posts/{id}"), title: post.title, description, picture })
}
