//! The rules of the room, in order: what officers make of a dialogue, and who reads it.

use std::collections::HashSet;

use entities::{
    dialogue,
    words::{DialogueId, DialogueState, QuestionState, Seat, Text, Timestamp},
};
use sea_orm::DbErr;
use url::{Host, Url};

use super::{filming, model::*, store, store_around};
use crate::{
    base::{
        actions::{Act, Decided, Who, effects},
        config::Config,
        db::Tx,
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        text,
    },
    chat,
    deps::Deps,
    polls,
};

const DAY: i64 = 24 * 3600;

/// An address of a film that may be followed: of one of the hosts that the server is set to.
fn film_address(config: &Config, address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|_| address.chars().count() <= LONGEST_ADDRESS)?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return None;
    }
    let here = match url.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost",
    };
    let named = config.film_hosts.iter().any(|host| url.host_str() == Some(host.as_str()));
    let allowed = match url.scheme() {
        "https" => named && url.port().is_none(),
        "http" => config.film_allow_loopback && here,
        _ => false,
    };
    allowed.then(|| url.into())
}

fn announced(
    config: &Config,
    (title, title_en): (Text, Option<Text>),
    (about, about_en): (Option<Text>, Option<Text>),
    starts_at: Timestamp,
    film_url: Option<Text>,
) -> Result<Announced, Refusal> {
    let maybe =
        |text: Option<Text>, longest| text.map(|text| text::checked(&text, longest).map(str::to_owned)).transpose();
    Ok(Announced {
        title: text::checked(&title, LONGEST_TITLE)?.to_owned(),
        title_en: maybe(title_en, LONGEST_TITLE)?,
        about: maybe(about, LONGEST_ABOUT)?,
        about_en: maybe(about_en, LONGEST_ABOUT)?,
        starts_at,
        film_url: film_at(config, film_url)?,
    })
}

pub(super) fn film_at(config: &Config, address: Option<Text>) -> Result<Option<String>, Refusal> {
    let film = |address: Text| film_address(config, &address).ok_or_else(|| Refusal::invalid("film_url"));
    address.map(film).transpose()
}

pub fn prepare_announcement(config: &Config, command: AnnounceDialogue) -> Result<ReadyDialogue, Refusal> {
    let AnnounceDialogue { dialogue_id, title, title_en, about, about_en, starts_at, film_url } = command;
    let announced = announced(config, (title, title_en), (about, about_en), starts_at, film_url)?;
    Ok(ReadyDialogue { dialogue_id, announced })
}

pub fn prepare_change(config: &Config, command: ChangeDialogue) -> Result<ReadyChange, Refusal> {
    let ChangeDialogue { dialogue_id, expected_revision, title, title_en, about, about_en, starts_at, film_url } =
        command;
    let announced = announced(config, (title, title_en), (about, about_en), starts_at, film_url)?;
    Ok(ReadyChange { dialogue_id, expected_revision, announced })
}

/// A phone's clock may be behind by a day at most.
fn in_time(now: Timestamp, starts_at: Timestamp) -> Result<(), Refusal> {
    let fits = starts_at > now.plus_seconds(-DAY) && starts_at <= now.plus_seconds(MOST_DAYS * DAY);
    if fits { Ok(()) } else { Err(Refusal::invalid("starts_at")) }
}

/// `dialogue-changed`, for the desk and for all who follow.
pub(super) fn changed<C>(act: &Act<C>, row: &dialogue::Model) -> [NewEntry; 2] {
    let entry = |stream, told: bool| NewEntry {
        stream,
        kind: "dialogue-changed",
        entity_id: row.dialogue_id.0,
        revision: row.revision,
        action_id: told.then_some(act.action_id),
        actor: act.who.actor(),
        actor_id: told.then_some(act.who.account_id),
    };
    [entry(journal::DESK.to_owned(), true), entry(journal::dialogue(row.dialogue_id), false)]
}

pub async fn announce(tx: &Tx, now: Timestamp, acts: &[Act<ReadyDialogue>]) -> Result<Vec<Decided>, DbErr> {
    let known = store::dialogues(&**tx, acts.iter().map(|act| act.command.dialogue_id)).await?;
    let mut known: HashSet<DialogueId> = known.into_keys().collect();
    let (mut rows, mut entries, mut decided) = (Vec::new(), Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let ReadyDialogue { dialogue_id, announced } = act.command.clone();
        let refusal = match in_time(now, announced.starts_at) {
            _ if !act.who.is_officer() => Some(Kind::RoleRefused.into()),
            _ if known.contains(&dialogue_id) => Some(Refusal::of(Kind::Conflict).detail("the dialogue's id is taken")),
            in_time => in_time.err(),
        };
        if let Some(refusal) = refusal {
            decided.push(Err(refusal));
            continue;
        }
        known.insert(dialogue_id);
        let row = dialogue::Model {
            dialogue_id,
            title: announced.title,
            title_en: announced.title_en,
            about: announced.about,
            about_en: announced.about_en,
            starts_at: announced.starts_at,
            state: DialogueState::Announced,
            list_key: announced.starts_at.millis(),
            opened_at: None,
            ended_at: None,
            archived_at: None,
            film_url: announced.film_url,
            speaker: None,
            speaker_number: None,
            reader: None,
            reader_number: None,
            slow_seconds: 0,
            pinned_question_id: None,
            public_number: act.who.public_number.clone(),
            most_viewers: Some(0),
            figures: None,
            revision: 1,
        };
        decided.push(Ok((dialogue_id.0, 1, entries.len())));
        entries.extend(changed(act, &row));
        rows.push(row);
    }
    let positions = journal::append(tx, now, entries).await?;
    store::insert_dialogues(tx, rows).await?;
    Ok(effects(decided, &positions))
}

/// Who sits in the room, or leads.
pub(super) fn may_host(who: &Who, row: &dialogue::Model) -> Result<(), Refusal> {
    let seated = [row.speaker, row.reader].contains(&Some(who.account_id));
    if seated || who.is_lead() { Ok(()) } else { Err(Kind::SeatNeeded.into()) }
}

/// Decides the acts one after another, each on what the one before left.
pub(super) async fn decide<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    named: impl Fn(&C) -> (DialogueId, i64),
    mut to: impl FnMut(&Act<C>, &mut dialogue::Model) -> Result<(), Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let mut rows = store::dialogues(&**tx, acts.iter().map(|act| named(&act.command).0)).await?;
    let (mut entries, mut decided) = (Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let (id, revision) = named(&act.command);
        let outcome = match rows.get(&id) {
            _ if !act.who.is_officer() => Err(Kind::RoleRefused.into()),
            None => Err(Kind::NotFound.into()),
            Some(row) if row.revision != revision => Err(Kind::RevisionConflict.into()),
            Some(row) => {
                let mut row = row.clone();
                to(act, &mut row).map(|()| row)
            }
        };
        let mut row = match outcome {
            Ok(row) => row,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        row.revision += 1;
        decided.push(Ok((id.0, row.revision, entries.len())));
        entries.extend(changed(act, &row));
        store::save_dialogue(tx, row.clone()).await?;
        rows.insert(id, row);
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

pub(super) fn conflict(detail: &str) -> Refusal {
    Refusal::of(Kind::Conflict).detail(detail)
}

pub async fn change(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<ReadyChange>]) -> Result<Vec<Decided>, DbErr> {
    let named = |command: &ReadyChange| (command.dialogue_id, command.expected_revision);
    let decided = decide(tx, now, acts, named, |act, row| {
        if row.state != DialogueState::Announced {
            return Err(conflict("it has opened, or is over"));
        }
        let Announced { title, title_en, about, about_en, starts_at, film_url } = act.command.announced.clone();
        in_time(now, starts_at)?;
        (row.title, row.title_en, row.about, row.about_en) = (title, title_en, about, about_en);
        (row.starts_at, row.list_key, row.film_url) = (starts_at, starts_at.millis(), film_url);
        Ok(())
    })
    .await?;
    // A film that is kept here gives way to an address alone.
    let applied = acts.iter().zip(&decided).filter(|(_, outcome)| outcome.is_ok());
    let elsewhere = applied.filter(|(act, _)| act.command.announced.film_url.is_some());
    filming::remove(deps, tx, now, elsewhere.map(|(act, _)| act.command.dialogue_id).collect()).await?;
    Ok(decided)
}

pub async fn open(tx: &Tx, now: Timestamp, acts: &[Act<OpenDialogue>]) -> Result<Vec<Decided>, DbErr> {
    let named = |command: &OpenDialogue| (command.dialogue_id, command.expected_revision);
    decide(tx, now, acts, named, |_, row| {
        if row.state != DialogueState::Announced {
            return Err(conflict("it has opened, or is over"));
        }
        (row.state, row.opened_at) = (DialogueState::Live, Some(now));
        Ok(())
    })
    .await
}

pub async fn end(tx: &Tx, now: Timestamp, acts: &[Act<EndDialogue>]) -> Result<Vec<Decided>, DbErr> {
    let named = |command: &EndDialogue| (command.dialogue_id, command.expected_revision);
    let decided = decide(tx, now, acts, named, |_, row| {
        if row.ended_at.is_some() {
            return Err(conflict("it is over"));
        }
        (row.state, row.ended_at) = (DialogueState::Ended, Some(now));
        row.list_key = chat::closed_key(now);
        Ok(())
    })
    .await?;
    let applied = acts.iter().zip(&decided).filter(|(_, outcome)| outcome.is_ok());
    let ended: Vec<_> = applied.map(|(act, _)| (act.command.dialogue_id, act.who.clone())).collect();
    polls::end_of_dialogues(tx, now, &ended).await?;
    store_around::remove_all_reminders(tx, ended.into_iter().map(|(id, _)| id).collect()).await?;
    Ok(decided)
}

pub async fn archive(tx: &Tx, now: Timestamp, acts: &[Act<ArchiveDialogue>]) -> Result<Vec<Decided>, DbErr> {
    let unanswered = store::unanswered(&**tx, acts.iter().map(|act| act.command.dialogue_id)).await?;
    let named = |command: &ArchiveDialogue| (command.dialogue_id, command.expected_revision);
    decide(tx, now, acts, named, |_, row| {
        if row.state != DialogueState::Ended {
            return Err(conflict("it is not over, or in the archive"));
        }
        if unanswered.contains(&row.dialogue_id) {
            return Err(Kind::QuestionsUnanswered.into());
        }
        (row.state, row.archived_at) = (DialogueState::Archived, Some(now));
        Ok(())
    })
    .await
}

pub async fn seat(tx: &Tx, now: Timestamp, acts: &[Act<SeatDialogue>]) -> Result<Vec<Decided>, DbErr> {
    let named = |command: &SeatDialogue| (command.dialogue_id, command.expected_revision);
    decide(tx, now, acts, named, |act, row| {
        if row.state == DialogueState::Archived {
            return Err(conflict("it is in the archive"));
        }
        let (sits, number) = match act.command.seat {
            Seat::Speaker => (&mut row.speaker, &mut row.speaker_number),
            Seat::Reader => (&mut row.reader, &mut row.reader_number),
        };
        let own = *sits == Some(act.who.account_id);
        if act.command.takes {
            if sits.is_some() && !own && !act.who.is_lead() {
                return Err(conflict("a colleague has the seat"));
            }
            (*sits, *number) = (Some(act.who.account_id), act.who.public_number.clone());
        } else {
            if !own {
                return Err(conflict("it is not her seat"));
            }
            (*sits, *number) = (None, None);
        }
        Ok(())
    })
    .await
}

pub async fn pin(tx: &Tx, now: Timestamp, acts: &[Act<PinDialogue>]) -> Result<Vec<Decided>, DbErr> {
    let asked = store::questions(&**tx, acts.iter().filter_map(|act| act.command.question_id)).await?;
    let named = |command: &PinDialogue| (command.dialogue_id, command.expected_revision);
    decide(tx, now, acts, named, |act, row| {
        may_host(&act.who, row)?;
        if row.state == DialogueState::Archived {
            return Err(conflict("it is in the archive"));
        }
        let shown = |state| matches!(state, QuestionState::Shown | QuestionState::Answered);
        if let Some(id) = act.command.question_id {
            let question = asked.get(&id).filter(|question| question.dialogue_id == row.dialogue_id);
            question.filter(|question| shown(question.state)).ok_or_else(|| Refusal::invalid("question_id"))?;
        }
        row.pinned_question_id = act.command.question_id;
        Ok(())
    })
    .await
}

pub async fn slow(tx: &Tx, now: Timestamp, acts: &[Act<SlowDialogue>]) -> Result<Vec<Decided>, DbErr> {
    let named = |command: &SlowDialogue| (command.dialogue_id, command.expected_revision);
    decide(tx, now, acts, named, |act, row| {
        may_host(&act.who, row)?;
        if row.ended_at.is_some() {
            return Err(conflict("it is over"));
        }
        row.slow_seconds = i32::try_from(act.command.slow_seconds).map_err(|_| Refusal::invalid("slow_seconds"))?;
        Ok(())
    })
    .await
}

// Reading: all of it is public.

pub async fn list(deps: &Deps, after: Option<(i64, DialogueId)>, limit: u64) -> Result<DialogueRows, Refusal> {
    let rows = store::list(deps.db.read(), after, limit).await?;
    let last = rows.last().filter(|_| rows.len() as u64 >= limit).map(|row| (row.list_key, row.dialogue_id));
    let mut films = filming::of_dialogues(deps, rows.iter().map(|row| row.dialogue_id).collect()).await?;
    let items = rows.into_iter().map(|row| {
        let film = films.remove(&row.dialogue_id);
        view(row, film)
    });
    Ok((items.collect(), last))
}

/// A page, and the place of its last row.
pub type DialogueRows = (Vec<Dialogue>, Option<(i64, DialogueId)>);

pub async fn find(deps: &Deps, id: DialogueId) -> Result<Dialogue, Refusal> {
    let row = store::dialogue(deps.db.read(), id).await?.ok_or(Kind::NotFound)?;
    let film = filming::of_dialogues(deps, vec![id]).await?.remove(&id);
    Ok(view(row, film))
}

pub async fn is_there(deps: &Deps, id: DialogueId) -> Result<bool, Refusal> {
    Ok(store::dialogue(deps.db.read(), id).await?.is_some())
}

fn view(row: dialogue::Model, film: Option<DialogueFilm>) -> Dialogue {
    Dialogue {
        dialogue_id: row.dialogue_id,
        state: row.state,
        title: row.title,
        title_en: row.title_en,
        about: row.about,
        about_en: row.about_en,
        starts_at: row.starts_at,
        opened_at: row.opened_at,
        ended_at: row.ended_at,
        archived_at: row.archived_at,
        film_url: row.film_url,
        film,
        speaker: row.speaker_number,
        reader: row.reader_number,
        slow_seconds: row.slow_seconds,
        pinned_question_id: row.pinned_question_id,
        public_number: row.public_number,
        revision: row.revision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_is_followed_from_named_hosts_alone() {
        let mut config = Config { film_hosts: vec!["film.example.org".to_owned()], ..Config::default() };
        let taken = |config: &Config, address: &str| film_address(config, address).is_some();
        assert!(taken(&config, "https://film.example.org/live/kvall.m3u8?x=1"));
        for refused in [
            "http://film.example.org/live.m3u8",
            "https://film.example.org:8443/live.m3u8",
            "https://film.example.org.evil.example/live.m3u8",
            "https://a.film.example.org/live.m3u8",
            "https://noa@film.example.org/live.m3u8",
            "https://film.example.org/live.m3u8#x",
            "https://other.example.org/live.m3u8",
            "http://127.0.0.1:9/live.m3u8",
            "javascript:alert(1)",
            "live.m3u8",
            "",
        ] {
            assert!(!taken(&config, refused), "{refused} must not be followed");
        }
        config.film_allow_loopback = true;
        for here in ["http://127.0.0.1:9/live.m3u8", "http://localhost:9/live.m3u8", "http://[::1]/live.m3u8"] {
            assert!(taken(&config, here), "{here} is this machine");
        }
        for refused in ["http://10.0.0.1/live.m3u8", "https://127.0.0.1/live.m3u8", "http://localhost.example.org/x"] {
            assert!(!taken(&config, refused), "{refused} must not be followed");
        }
    }
}
