//! The rules of what is published, corrected and withdrawn, in order.

use std::collections::{HashMap, HashSet};

use entities::{
    post, post_alt, post_captions, post_version,
    words::{FileId, PostId, Text, Timestamp},
};
use sea_orm::DbErr;

use super::{
    captions,
    model::*,
    store::{self, Said},
};
use crate::{
    base::{
        actions::{Act, Decided, Effect, Who, placed},
        db::Tx,
        journal::{self, NewEntry},
        keys::Keys,
        listed::listed,
        places::known_municipality,
        refusal::{Kind, Refusal},
        text::checked,
        vault::ContentKey,
    },
    deps::Deps,
    files::{self, PostedFile},
    quarters,
};

const DAY: i64 = 24 * 3600;

/// What belongs to reading: places that there are not, a file that is named twice, and captions of nothing.
pub fn well_formed(keys: &Keys, command: PublishPost) -> Result<PlacedPost, Refusal> {
    if command.municipalities.iter().any(|code| !known_municipality(code)) {
        return Err(Refusal::invalid("municipalities"));
    }
    let named: Vec<_> = command.files.iter().map(|file| file.file.clone()).collect();
    files::named_once(&named)?;
    let has_film = named.iter().any(files::is_film);
    if !has_film && command.captions.as_ref().is_some_and(|words| !words.is_empty()) {
        return Err(Refusal::invalid("captions"));
    }
    Ok(PlacedPost { content_id: keys.content_id("post-content", command.post_id.0), command })
}

fn words(text: &Text, longest: usize) -> Result<String, Refusal> {
    checked(text, longest).map(str::to_owned)
}

fn maybe(text: Option<&Text>, longest: usize) -> Result<Option<String>, Refusal> {
    text.map(|text| words(text, longest)).transpose()
}

fn alt(file_id: FileId, alt: &Text, alt_en: Option<&Text>) -> Result<(FileId, String, Option<String>), Refusal> {
    Ok((file_id, words(alt, LONGEST_ALT)?, maybe(alt_en, LONGEST_ALT)?))
}

/// What can be refused before the writer's turn.
pub fn prepare(key: Result<&ContentKey, Refusal>, placed: PlacedPost) -> Result<ReadyPost, Refusal> {
    let PlacedPost { content_id, command } = placed;
    let named: Vec<_> = command.files.iter().map(|file| file.file.clone()).collect();
    files::check_of_post(&named)?;
    // Its files are the first that this key seals, or the id is another's.
    let new_key = match command.files.is_empty() {
        true => None,
        false => Some(key?.new.clone().ok_or_else(taken)?),
    };
    let mut codes: Vec<&str> = command.municipalities.iter().map(|code| &**code).collect();
    codes.sort_unstable();
    codes.dedup();
    Ok(ReadyPost {
        post_id: command.post_id,
        content_id,
        topic: command.topic,
        quarter_id: command.quarter_id,
        municipalities: listed(codes),
        words: Words {
            title: words(&command.title, LONGEST_TITLE)?,
            title_en: maybe(command.title_en.as_ref(), LONGEST_TITLE)?,
            text: words(&command.text, LONGEST_TEXT)?,
            text_en: maybe(command.text_en.as_ref(), LONGEST_TEXT)?,
            text_easy: maybe(command.text_easy.as_ref(), LONGEST_TEXT)?,
            alts: command
                .files
                .iter()
                .map(|file| alt(file.file.file_id, &file.alt, file.alt_en.as_ref()))
                .collect::<Result<_, _>>()?,
            captions: captions::served(command.captions.as_ref())?.filter(|words| !words.is_empty()),
        },
        files: named,
        publish_at: command.publish_at,
        expires_at: command.expires_at,
        new_key,
    })
}

fn taken() -> Refusal {
    Refusal::of(Kind::Conflict).detail("the post id is taken")
}

pub fn check_correction(command: CorrectPost) -> Result<ReadyCorrection, Refusal> {
    Ok(ReadyCorrection {
        post_id: command.post_id,
        expected_revision: command.expected_revision,
        why: words(&command.why, LONGEST_WHY)?,
        words: Words {
            title: words(&command.title, LONGEST_TITLE)?,
            title_en: maybe(command.title_en.as_ref(), LONGEST_TITLE)?,
            text: words(&command.text, LONGEST_TEXT)?,
            text_en: maybe(command.text_en.as_ref(), LONGEST_TEXT)?,
            text_easy: maybe(command.text_easy.as_ref(), LONGEST_TEXT)?,
            alts: command
                .alts
                .iter()
                .map(|one| alt(one.file_id, &one.alt, one.alt_en.as_ref()))
                .collect::<Result<_, _>>()?,
            captions: captions::served(command.captions.as_ref())?,
        },
    })
}

pub fn check_withdrawal(command: WithdrawPost) -> Result<WithdrawPost, Refusal> {
    Ok(WithdrawPost { why: Text(words(&command.why, LONGEST_WHY)?), ..command })
}

fn row(who: &Who, now: Timestamp, post: &ReadyPost) -> Result<post::Model, Refusal> {
    let published_at = post.publish_at.filter(|at| *at > now).unwrap_or(now);
    if published_at > now.plus_seconds(MOST_DAYS * DAY) {
        return Err(Refusal::invalid("publish_at"));
    }
    if post.expires_at.is_some_and(|at| at <= published_at) {
        return Err(Refusal::invalid("expires_at"));
    }
    Ok(post::Model {
        post_id: post.post_id,
        content_id: post.content_id,
        topic: post.topic,
        quarter_id: post.quarter_id,
        municipalities: post.municipalities.clone(),
        author_id: who.account_id,
        public_number: who.public_number.clone(),
        made_at: now,
        published_at,
        expires_at: post.expires_at,
        words_revision: 1,
        withdrawn_at: None,
        withdrawn_by_number: None,
        withdrawn_why: None,
        revision: 1,
    })
}

/// How a version of a post is stored.
fn said(who: &Who, now: Timestamp, row: &post::Model, words: &Words, why: Option<String>, older: Option<i64>) -> Said {
    let (post_id, revision) = (row.post_id, row.words_revision);
    let captions = words.captions.clone().filter(|words| !words.is_empty());
    let captions = captions.map(|words| post_captions::Model { post_id, revision, words });
    let keeps = words.captions.is_none();
    Said {
        version: post_version::Model {
            post_id,
            revision,
            title: words.title.clone(),
            title_en: words.title_en.clone(),
            text: words.text.clone(),
            text_en: words.text_en.clone(),
            text_easy: words.text_easy.clone(),
            captions_revision: captions.as_ref().map(|_| revision).or(older.filter(|_| keeps)),
            written_at: now,
            public_number: who.public_number.clone(),
            why,
        },
        alts: (0..)
            .zip(&words.alts)
            .map(|(place, (file_id, alt, alt_en))| post_alt::Model {
                post_id,
                revision,
                place,
                file_id: *file_id,
                alt: alt.clone(),
                alt_en: alt_en.clone(),
            })
            .collect(),
        captions,
    }
}

pub async fn publish(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<ReadyPost>]) -> Result<Vec<Decided>, DbErr> {
    let known = store::some(&**tx, acts.iter().map(|act| act.command.post_id).collect()).await?;
    let mut known: HashSet<PostId> = known.into_keys().collect();
    let named = acts.iter().flat_map(|act| &act.command.files).map(|file| file.file_id).collect();
    let mut known_files: HashSet<FileId> = files::known_files(tx, named).await?.into_iter().collect();
    let quarters = quarters::names(&**tx, acts.iter().filter_map(|act| act.command.quarter_id).collect()).await?;
    let (mut decided, mut rows, mut words, mut sent) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut entries, mut keys) = (Vec::new(), Vec::new());
    for act in acts {
        let post = &act.command;
        let row = match row(&act.who, now, post) {
            _ if !act.who.is_officer() => Err(Kind::RoleRefused.into()),
            _ if known.contains(&post.post_id) => Err(taken()),
            _ if post.files.iter().any(|file| known_files.contains(&file.file_id)) => {
                Err(Refusal::of(Kind::Conflict).detail("a file id is taken"))
            }
            _ if post.quarter_id.is_some_and(|id| !quarters.contains_key(&id)) => Err(Refusal::invalid("quarter_id")),
            made => made,
        };
        match row {
            Ok(row) => {
                known.insert(post.post_id);
                known_files.extend(post.files.iter().map(|file| file.file_id));
                words.push(said(&act.who, now, &row, &post.words, None, None));
                let of_post = |file| entities::report_file::Model { post_id: Some(post.post_id), ..file };
                sent.extend(files::rows(post.content_id, None, &post.files).map(of_post));
                keys.extend(&post.new_key);
                entries.push(changed(act, post.post_id, 1));
                decided.push(Ok(Effect { entity_id: post.post_id.0, revision: 1, at: None }));
                rows.push(row);
            }
            Err(refusal) => decided.push(Err(refusal)),
        }
    }
    let positions = journal::append(tx, now, entries).await?;
    store::insert(tx, &rows, words).await?;
    files::insert_files(tx, sent).await?;
    deps.vault.store(tx, &*deps.chance, now, keys.into_iter()).await?;
    Ok(placed(decided, positions))
}

/// A post that may be changed, or why not.
fn standing<'a>(
    posts: &'a mut HashMap<PostId, post::Model>,
    who: &Who,
    post_id: PostId,
    expected_revision: i64,
) -> Result<&'a mut post::Model, Refusal> {
    if !who.is_officer() {
        return Err(Kind::RoleRefused.into());
    }
    match posts.get_mut(&post_id) {
        None => Err(Kind::NotFound.into()),
        Some(row) if row.revision != expected_revision => Err(Kind::RevisionConflict.into()),
        Some(row) if row.withdrawn_at.is_some() => Err(Kind::NotFound.into()),
        Some(row) => Ok(row),
    }
}

pub async fn correct(tx: &Tx, now: Timestamp, acts: &[Act<ReadyCorrection>]) -> Result<Vec<Decided>, DbErr> {
    let ids: Vec<PostId> = acts.iter().map(|act| act.command.post_id).collect();
    let mut posts = store::some(&**tx, ids).await?;
    let sent = files::of_posts(&**tx, posts.values().map(|row| row.content_id).collect()).await?;
    let (mut decided, mut entries) = (Vec::new(), Vec::new());
    for act in acts {
        let ReadyCorrection { post_id, expected_revision, why, words } = &act.command;
        let row = match standing(&mut posts, &act.who, *post_id, *expected_revision) {
            Ok(row) if row.expires_at.is_some_and(|at| at <= now) => Err(Kind::NotFound.into()),
            row => row.and_then(|row| fits(words, sent.get(&row.content_id)).map(|()| row)),
        };
        let row = match row {
            Ok(row) => row,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        // What stands now is among what this very group may have written.
        let older = store::versions(&**tx, vec![*post_id]).await?.remove(post_id).unwrap_or_default();
        let older = older.iter().find(|version| version.revision == row.words_revision);
        let mut words = words.clone();
        if words.alts.is_empty() {
            let alts = store::alts(&**tx, vec![*post_id]).await?.remove(&(*post_id, row.words_revision));
            words.alts = alts.into_iter().flatten().map(|alt| (alt.file_id, alt.alt, alt.alt_en)).collect();
        } else {
            let place = |id| sent.get(&row.content_id)?.iter().position(|file| file.sent.file_id == id);
            words.alts.sort_by_key(|(file_id, ..)| place(*file_id));
        }
        row.revision += 1;
        row.words_revision = row.revision;
        let captions = older.and_then(|version| version.captions_revision);
        let new = said(&act.who, now, row, &words, Some(why.clone()), captions);
        store::save(tx, row.clone()).await?;
        store::insert(tx, &[], vec![new]).await?;
        entries.push(changed(act, *post_id, row.revision));
        decided.push(Ok(Effect { entity_id: post_id.0, revision: row.revision, at: None }));
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(placed(decided, positions))
}

/// Whether a correction speaks of each file of its post once, or of none, and of captions only where there is a film.
fn fits(words: &Words, files: Option<&Vec<PostedFile>>) -> Result<(), Refusal> {
    let files = files.map_or(&[][..], Vec::as_slice);
    let spoken: HashSet<FileId> = words.alts.iter().map(|(file_id, ..)| *file_id).collect();
    let all = files.iter().all(|file| spoken.contains(&file.sent.file_id));
    if !words.alts.is_empty() && (!all || words.alts.len() != files.len()) {
        return Err(Refusal::invalid("alts"));
    }
    let has_film = files.iter().any(|file| files::FILMS.contains(&&*file.sent.media_type));
    if !has_film && words.captions.as_ref().is_some_and(|words| !words.is_empty()) {
        return Err(Refusal::invalid("captions"));
    }
    Ok(())
}

/// Takes posts away from everyone: bytes, their rows and their key go with the same transaction.
pub async fn withdraw(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<WithdrawPost>]) -> Result<Vec<Decided>, DbErr> {
    let mut posts = store::some(&**tx, acts.iter().map(|act| act.command.post_id).collect()).await?;
    let (mut decided, mut entries) = (Vec::new(), Vec::new());
    for act in acts {
        let WithdrawPost { post_id, expected_revision, why } = &act.command;
        let row = match standing(&mut posts, &act.who, *post_id, *expected_revision) {
            Ok(row) => row,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        row.withdrawn_at = Some(now);
        row.withdrawn_by_number = act.who.public_number.clone();
        row.withdrawn_why = Some(why.0.clone());
        row.revision += 1;
        files::destroy(deps, tx, now, row.content_id).await?;
        store::save(tx, row.clone()).await?;
        entries.push(changed(act, *post_id, row.revision));
        decided.push(Ok(Effect { entity_id: post_id.0, revision: row.revision, at: None }));
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(placed(decided, positions))
}

fn changed<C>(act: &Act<C>, post_id: PostId, revision: i64) -> NewEntry {
    NewEntry {
        stream: journal::DESK.to_owned(),
        kind: "post-changed",
        entity_id: post_id.0,
        revision,
        action_id: Some(act.action_id),
        actor: act.who.actor(),
        actor_id: Some(act.who.account_id),
    }
}

/// Lets go some of those that were over before a moment, with their files and keys. Says whether there may be more.
pub async fn clean(deps: &Deps, before: Timestamp, batch: u64) -> Result<bool, Refusal> {
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let over = store::over(&*tx, before, batch).await?;
    for row in &over {
        files::destroy(deps, &tx, now, row.content_id).await?;
    }
    store::remove(&tx, over.iter().map(|row| row.post_id).collect()).await?;
    tx.commit().await?;
    Ok(over.len() as u64 >= batch)
}
