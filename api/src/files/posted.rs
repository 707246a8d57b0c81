//! What all may be shown of files: of posts and of dialogues.

use entities::{
    report_file,
    words::{FileCopyState, FileId, Rendition},
};
use uuid::Uuid;

use super::{
    bare,
    model::*,
    service::{Readable, sealed},
    store,
};
use crate::{
    base::{
        blobs::{SealedFile, Shelf},
        refusal::{Kind, Refusal},
    },
    deps::Deps,
};

pub fn is_film(file: &NamedFile) -> bool {
    FILMS.contains(&&*file.media_type)
}

/// Whether all may see it.
pub fn is_for_all(row: &report_file::Model) -> bool {
    row.post_id.is_some() || row.dialogue_id.is_some()
}

/// Whether a post may show this: some pictures, or one film. What is shown is a copy, or a film that says to be none.
pub fn check_of_post(files: &[NamedFile]) -> Result<(), Refusal> {
    for file in files {
        let largest = if is_film(file) { LARGEST_FILE } else { LARGEST_BARE };
        if !is_film(file) && !bare::TYPES.contains(&&*file.media_type) {
            return Err(Kind::FileTypeRefused.into());
        }
        if file.size > largest {
            return Err(Refusal::of(Kind::TooLarge).detail(format!("such a file has at most {largest} bytes")));
        }
    }
    if files.len() > 1 && files.iter().any(is_film) {
        return Err(Refusal::invalid("files").detail("some pictures or one film"));
    }
    Ok(())
}

/// What is shown of a file that all may see, and its hash. Whether that which shows it is shown was looked at before.
pub async fn posted(
    deps: &Deps,
    content_id: Uuid,
    file_id: FileId,
    what: Rendition,
) -> Result<(Readable, String), Refusal> {
    let row = store::whole_file(deps.db.read(), file_id).await?;
    let row = row.filter(|row| is_for_all(row) && row.subject_id == content_id).ok_or(Kind::NotFound)?;
    let blob = sealed(deps, &row).await?;
    let readable = |media_type, size: i64, shelf| Readable {
        media_type,
        size: size.unsigned_abs(),
        blob: SealedFile { shelf, ..blob },
    };
    if what != Rendition::Full {
        let made = store::rendition(deps.db.read(), file_id, what).await?.ok_or(Kind::NotFound)?;
        let shelf = if what == Rendition::Small { Shelf::Small } else { Shelf::Posters };
        return Ok((readable(made.media_type, made.size, shelf), made.sha256));
    }
    let copy = store::copy(deps.db.read(), file_id).await?.ok_or(Kind::NotFound)?;
    match (copy.state, copy.media_type, copy.size, copy.sha256) {
        (FileCopyState::AsSent, ..) => Ok((readable(row.media_type, row.size, Shelf::Files), row.sha256)),
        (_, Some(media_type), Some(size), Some(sha256)) => Ok((readable(media_type, size, Shelf::Copies), sha256)),
        _ => Err(Kind::NotFound.into()),
    }
}
