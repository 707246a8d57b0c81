//! The film of a dialogue: at an address, or kept here as the films of posts are. An engine's address may break while all look at it,
//! and what it showed lies elsewhere afterwards.

use std::collections::{HashMap, HashSet};

use entities::{
    dialogue_captions, dialogue_film, report_file,
    words::{DialogueId, FileId, Rendition, Timestamp},
};
use sea_orm::DbErr;

use super::{
    model::*,
    service::{conflict, decide, film_at, may_host},
    store,
};
use crate::{
    base::{
        actions::{Act, Decided},
        config::Config,
        db::Tx,
        keys::Keys,
        refusal::{Kind, Refusal},
        vault::ContentKey,
    },
    deps::Deps,
    files::{self, PostedFile, Readable},
    posts::captions,
};

/// What belongs to reading: two films at once, and captions of what is not kept here.
pub fn place_film(keys: &Keys, command: FilmDialogue) -> Result<PlacedFilm, Refusal> {
    if command.film_url.is_some() && command.film.is_some() {
        return Err(Refusal::invalid("film").detail("an address or a file"));
    }
    if command.film_url.is_some() && command.captions.is_some() {
        return Err(Refusal::invalid("captions"));
    }
    let content_id = command.film.as_ref().map(|film| keys.content_id("dialogue-film", film.file_id.0));
    Ok(PlacedFilm { content_id, command })
}

/// What can be refused before the writer's turn.
pub fn prepare_film(
    config: &Config,
    key: Result<&ContentKey, Refusal>,
    placed: PlacedFilm,
) -> Result<ReadyFilm, Refusal> {
    let PlacedFilm { content_id, command } = placed;
    let FilmDialogue { dialogue_id, expected_revision, film_url, film, captions } = command;
    let captions = captions::served(captions.as_ref())?;
    let film = match (film.zip(content_id), film_at(config, film_url)?, captions) {
        (Some((file, content_id)), _, captions) => {
            if !files::is_film(&file) {
                return Err(Kind::FileTypeRefused.into());
            }
            files::check_of_post(std::slice::from_ref(&file))?;
            // Its bytes are the first that this key seals, or the id is another's.
            let new_key = key?.new.clone().ok_or_else(taken)?;
            Film::Kept(KeptFilm { content_id, file, captions: captions.filter(|words| !words.is_empty()), new_key })
        }
        (_, Some(address), _) => Film::At(address),
        (.., Some(words)) => Film::Captioned(words),
        (..) => Film::None,
    };
    Ok(ReadyFilm { dialogue_id, expected_revision, film })
}

fn taken() -> Refusal {
    conflict("the file's id is taken")
}

/// What the films of some dialogues come to, one act after another.
struct Filmed {
    films: HashMap<DialogueId, dialogue_film::Model>,
    captions: HashMap<DialogueId, dialogue_captions::Model>,
    taken: HashSet<FileId>,
    sent: Vec<report_file::Model>,
    gone: Vec<dialogue_film::Model>,
}

impl Filmed {
    /// A film that follows takes the place of the one before.
    fn keep(&mut self, act: &Act<ReadyFilm>, new: &KeptFilm, revision: i64) -> Result<(), Refusal> {
        let (dialogue_id, file_id) = (act.command.dialogue_id, new.file.file_id);
        if !self.taken.insert(file_id) {
            return Err(taken());
        }
        let of_dialogue = |file| report_file::Model { dialogue_id: Some(dialogue_id), ..file };
        self.sent.extend(files::rows(new.content_id, None, std::slice::from_ref(&new.file)).map(of_dialogue));
        let (content_id, author_id) = (new.content_id, act.who.account_id);
        let film = dialogue_film::Model { dialogue_id, file_id, content_id, author_id, captions_revision: None };
        self.gone.extend(self.films.insert(dialogue_id, film));
        match &new.captions {
            Some(words) => self.caption(dialogue_id, words, revision),
            None => Ok(()),
        }
    }

    fn caption(&mut self, dialogue_id: DialogueId, words: &str, revision: i64) -> Result<(), Refusal> {
        let film = self.films.get_mut(&dialogue_id).ok_or_else(|| conflict("it keeps no film here"))?;
        film.captions_revision = (!words.is_empty()).then_some(revision);
        let row = dialogue_captions::Model { dialogue_id, revision, words: words.to_owned() };
        self.captions.insert(dialogue_id, row);
        Ok(())
    }
}

pub async fn film(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<ReadyFilm>]) -> Result<Vec<Decided>, DbErr> {
    let ids: Vec<DialogueId> = acts.iter().map(|act| act.command.dialogue_id).collect();
    let kept = |act: &Act<ReadyFilm>| match &act.command.film {
        Film::Kept(film) => Some(film.file.file_id),
        _ => None,
    };
    let mut filmed = Filmed {
        films: store::films(&**tx, ids.clone()).await?,
        captions: HashMap::new(),
        taken: files::known_files(tx, acts.iter().filter_map(kept).collect()).await?.into_iter().collect(),
        sent: Vec::new(),
        gone: Vec::new(),
    };
    let named = |command: &ReadyFilm| (command.dialogue_id, command.expected_revision);
    let decided = decide(tx, now, acts, named, |act, row| {
        may_host(&act.who, row)?;
        let revision = row.revision + 1;
        row.film_url = match &act.command.film {
            Film::Kept(new) => filmed.keep(act, new, revision).map(|()| None)?,
            Film::Captioned(words) => filmed.caption(row.dialogue_id, words, revision).map(|()| None)?,
            film @ (Film::At(_) | Film::None) => {
                filmed.gone.extend(filmed.films.remove(&row.dialogue_id));
                if let Film::At(address) = film { Some(address.clone()) } else { None }
            }
        };
        Ok(())
    })
    .await?;
    let applied = acts.iter().zip(&decided).filter(|(_, outcome)| outcome.is_ok());
    let keys: Vec<_> = applied.filter_map(|(act, _)| act.command.new_key()).collect();
    files::insert_files(tx, filmed.sent).await?;
    deps.vault.store(tx, &*deps.chance, now, keys.into_iter()).await?;
    store::save_captions(tx, filmed.captions.into_values().collect()).await?;
    store::save_films(tx, ids, filmed.films.into_values().collect()).await?;
    for film in filmed.gone {
        files::destroy(deps, tx, now, film.content_id).await?;
    }
    Ok(decided)
}

/// Takes the films of some dialogues that are kept here away for good.
pub async fn remove(deps: &Deps, tx: &Tx, now: Timestamp, ids: Vec<DialogueId>) -> Result<(), DbErr> {
    for film in store::films(&**tx, ids.clone()).await?.into_values() {
        files::destroy(deps, tx, now, film.content_id).await?;
    }
    store::save_films(tx, ids, Vec::new()).await
}

// Reading: all of it is public.

/// The films of some dialogues that are kept here.
pub async fn of_dialogues(deps: &Deps, ids: Vec<DialogueId>) -> Result<HashMap<DialogueId, DialogueFilm>, Refusal> {
    let films = store::films(deps.db.read(), ids).await?;
    let mut posted = files::of_posts(deps.db.read(), films.values().map(|film| film.content_id).collect()).await?;
    let view = |film: dialogue_film::Model| {
        let file = posted.remove(&film.content_id)?.into_iter().next()?;
        Some((film.dialogue_id, view(&film, file)))
    };
    Ok(films.into_values().filter_map(view).collect())
}

fn view(film: &dialogue_film::Model, file: PostedFile) -> DialogueFilm {
    let (media_type, size) = file.full();
    DialogueFilm {
        file_id: film.file_id,
        state: match &file {
            file if file.is_damaged() => FilmState::Damaged,
            file if file.is_ready() => FilmState::Ready,
            _ => FilmState::Preparing,
        },
        media_type,
        size,
        as_sent: file.is_as_sent(),
        renditions: file.renditions,
        captions_revision: film.captions_revision,
    }
}

async fn one(deps: &Deps, id: DialogueId) -> Result<dialogue_film::Model, Refusal> {
    Ok(store::films(deps.db.read(), vec![id]).await?.remove(&id).ok_or(Kind::NotFound)?)
}

/// What is shown of a dialogue's film, and its hash.
pub async fn read(
    deps: &Deps,
    id: DialogueId,
    file_id: FileId,
    rendition: Rendition,
) -> Result<(Readable, String), Refusal> {
    files::posted(deps, one(deps, id).await?.content_id, file_id, rendition).await
}

/// The captions of a dialogue's film: those of this revision, while they are those of now.
pub async fn captions(deps: &Deps, id: DialogueId, revision: Option<i64>) -> Result<String, Refusal> {
    let now = one(deps, id).await?.captions_revision;
    let wanted = now.filter(|now| revision.is_none_or(|revision| revision == *now)).ok_or(Kind::NotFound)?;
    let found = store::captions(deps.db.read(), id).await?.filter(|row| row.revision == wanted);
    Ok(found.ok_or(Kind::NotFound)?.words)
}
