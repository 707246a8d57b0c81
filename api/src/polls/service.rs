//! The rules, in order.

use std::collections::HashMap;

use entities::{
    poll, poll_option,
    words::{ActionId, DialogueId, PollId, PollKind, Role, Text, Timestamp},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{model::*, store};
use crate::{
    base::{
        actions::{Act, Decided, Who, effects},
        db::Tx,
        journal::{self, NewEntry},
        keys::Keys,
        refusal::{Kind, Refusal},
        text::checked,
    },
    deps::Deps,
    http::caller::Caller,
};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// How long a poll that is over is shown and kept.
const KEPT_DAYS: i64 = 365;

/// What can be refused before the writer's turn.
pub fn prepare(command: PublishPoll) -> Result<ReadyPoll, Refusal> {
    let PublishPoll { poll_id, kind, question, question_en, question_easy, options, opens_at, closes_at, dialogue_id } =
        command;
    let words = |text: &Text, longest| checked(text, longest).map(str::to_owned);
    let maybe = |text: Option<Text>, longest| text.as_ref().map(|text| words(text, longest)).transpose();
    let mut answers = Vec::with_capacity(MOST_OPTIONS);
    for option in options {
        answers.push((words(&option.text, LONGEST_OPTION)?, maybe(option.text_en, LONGEST_OPTION)?));
    }
    if kind == PollKind::Scale {
        let Ok([low, high]) = <[_; 2]>::try_from(answers) else { return Err(Refusal::invalid("options")) };
        answers = vec![(String::new(), None); STEPS - 2];
        answers.insert(0, low);
        answers.push(high);
    }
    Ok(ReadyPoll {
        poll_id,
        kind,
        question: words(&question, LONGEST_QUESTION)?,
        question_en: maybe(question_en, LONGEST_QUESTION)?,
        question_easy: maybe(question_easy, LONGEST_QUESTION)?,
        options: answers,
        opens_at,
        closes_at,
        dialogue_id,
    })
}

fn row(who: &Who, now: Timestamp, poll: &ReadyPoll) -> Result<poll::Model, Refusal> {
    let opens_at = poll.opens_at.filter(|at| *at > now).unwrap_or(now);
    let (ahead, usual, most) = match poll.dialogue_id {
        None => (MOST_DAYS * DAY, USUAL_DAYS * DAY, MOST_DAYS * DAY),
        Some(_) => (0, MOST_HOURS_IN_DIALOGUE * HOUR, MOST_HOURS_IN_DIALOGUE * HOUR),
    };
    if opens_at > now.plus_seconds(ahead) || poll.dialogue_id.is_some() && poll.opens_at.is_some() {
        return Err(Refusal::invalid("opens_at"));
    }
    let closes_at = poll.closes_at.unwrap_or(opens_at.plus_seconds(usual));
    if closes_at <= opens_at || closes_at > opens_at.plus_seconds(most) {
        return Err(Refusal::invalid("closes_at"));
    }
    Ok(poll::Model {
        poll_id: poll.poll_id,
        kind: poll.kind,
        question: poll.question.clone(),
        question_en: poll.question_en.clone(),
        question_easy: poll.question_easy.clone(),
        author_id: who.account_id,
        dialogue_id: poll.dialogue_id,
        public_number: who.public_number.clone(),
        opens_at,
        closes_at,
        voters: 0,
        revision: 1,
    })
}

/// Publishes polls. Who may ask in a dialogue is the dialogue's to say.
pub async fn publish(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<ReadyPoll>],
    may_ask: impl Fn(&Who, DialogueId) -> Result<(), Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let known = store::some(&**tx, acts.iter().map(|act| act.command.poll_id).collect()).await?;
    let mut known: Vec<PollId> = known.into_iter().map(|row| row.poll_id).collect();
    let mut asked = store::asked_in(&**tx, acts.iter().filter_map(|act| act.command.dialogue_id).collect()).await?;
    let (mut decided, mut polls, mut options, mut entries) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for act in acts {
        let poll_id = act.command.poll_id;
        let room = act.command.dialogue_id;
        let row = match row(&act.who, now, &act.command) {
            _ if !act.who.is_officer() => Err(Kind::RoleRefused.into()),
            _ if known.contains(&poll_id) => Err(Refusal::of(Kind::Conflict).detail("the poll id is taken")),
            made => room.map_or(Ok(()), |id| may_ask(&act.who, id)).and(made),
        };
        let row = row.and_then(|row| match room.map(|id| asked.entry(id).or_default()) {
            Some(count) if *count >= MOST_IN_DIALOGUE => {
                Err(Refusal::of(Kind::Conflict).detail("a dialogue has no more polls"))
            }
            count => {
                count.into_iter().for_each(|count| *count += 1);
                Ok(row)
            }
        });
        match row {
            Ok(row) => {
                known.push(poll_id);
                decided.push(Ok((poll_id.0, 1, entries.len())));
                entries.extend(changed(&act.who, Some(act.action_id), &row));
                polls.push(row);
                options.extend((0..).zip(&act.command.options).map(|(place, (text, text_en))| poll_option::Model {
                    poll_id,
                    place,
                    text: text.clone(),
                    text_en: text_en.clone(),
                    votes: 0,
                }));
            }
            Err(refusal) => decided.push(Err(refusal)),
        }
    }
    let positions = journal::append(tx, now, entries).await?;
    store::insert(tx, polls, options).await?;
    Ok(effects(decided, &positions))
}

/// The dialogues that some polls are asked in.
pub async fn rooms(tx: &Tx, polls: impl IntoIterator<Item = PollId>) -> Result<Vec<DialogueId>, DbErr> {
    Ok(store::some(&**tx, polls.into_iter().collect()).await?.into_iter().filter_map(|row| row.dialogue_id).collect())
}

/// Closes polls. Who may do so in a dialogue is the dialogue's to say.
pub async fn close(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<ClosePoll>],
    may_close: impl Fn(&Who, DialogueId) -> Result<(), Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let rows = store::some(&**tx, acts.iter().map(|act| act.command.poll_id).collect()).await?;
    let mut rows: HashMap<PollId, poll::Model> = rows.into_iter().map(|row| (row.poll_id, row)).collect();
    let (mut decided, mut entries) = (Vec::new(), Vec::new());
    for act in acts {
        let ClosePoll { poll_id, expected_revision } = act.command;
        let outcome = match rows.get(&poll_id) {
            _ if !act.who.is_officer() => Err(Kind::RoleRefused.into()),
            None => Err(Kind::NotFound.into()),
            Some(row) if row.closes_at <= now => Err(Kind::PollClosed.into()),
            Some(row) if row.revision != expected_revision => Err(Kind::RevisionConflict.into()),
            Some(row) => row.dialogue_id.map_or(Ok(()), |id| may_close(&act.who, id)).map(|()| ended(row, now)),
        };
        let row = match outcome {
            Ok(row) => row,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        store::save(tx, row.clone()).await?;
        decided.push(Ok((poll_id.0, row.revision, entries.len())));
        entries.extend(changed(&act.who, Some(act.action_id), &row));
        rows.insert(poll_id, row);
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

/// Closes what is open in dialogues that end by somebody.
pub async fn end_of_dialogues(tx: &Tx, now: Timestamp, ended_by: &[(DialogueId, Who)]) -> Result<(), DbErr> {
    let rows = store::open_in(&**tx, ended_by.iter().map(|(id, _)| *id).collect(), now).await?;
    let mut entries = Vec::new();
    for row in rows {
        let row = ended(&row, now);
        let who = ended_by.iter().find(|(id, _)| row.dialogue_id == Some(*id)).map(|(_, who)| who);
        entries.extend(who.into_iter().flat_map(|who| changed(who, None, &row)));
        store::save(tx, row).await?;
    }
    journal::append(tx, now, entries).await.map(drop)
}

/// A poll that is over from now on. One that has not opened is over before it began, and is shown to nobody.
fn ended(row: &poll::Model, now: Timestamp) -> poll::Model {
    let opened = row.opens_at <= now;
    let closes_at = if opened { now.max(row.opens_at.plus_millis(1)) } else { now };
    poll::Model { closes_at, revision: row.revision + 1, ..row.clone() }
}

/// `poll-changed`, for the desk and, of a dialogue's, for all who follow.
fn changed(who: &Who, action_id: Option<ActionId>, row: &poll::Model) -> Vec<NewEntry> {
    let entry = |stream, told: bool| NewEntry {
        stream,
        kind: "poll-changed",
        entity_id: row.poll_id.0,
        revision: row.revision,
        action_id: action_id.filter(|_| told),
        actor: who.actor(),
        actor_id: told.then_some(who.account_id),
    };
    let room = row.dialogue_id.map(|id| entry(journal::dialogue(id), false));
    [entry(journal::DESK.to_owned(), true)].into_iter().chain(room).collect()
}

/// What a device is known by in one poll.
fn device_mac(keys: &Keys, poll_id: PollId, caller: &Caller) -> Vec<u8> {
    keys.mac("poll-ballot", &[poll_id.0.as_bytes(), caller.device_id.0.as_bytes()]).to_vec()
}

/// Counts a vote. It is no action: an action's receipt would say who voted.
pub async fn vote(deps: &Deps, caller: &Caller, poll_id: PollId, vote: Vote) -> Result<Poll, Refusal> {
    let now = deps.clock.now();
    let row = store::opened(deps.db.read(), poll_id, now).await?.ok_or(Kind::NotFound)?;
    let options = store::options(deps.db.read(), vec![poll_id]).await?.remove(&poll_id).unwrap_or_default();
    let mut places: Vec<i32> = vote.places.iter().filter_map(|place| i32::try_from(*place).ok()).collect();
    places.sort_unstable();
    places.dedup();
    let one = row.kind != PollKind::Many;
    let fits = |place: &i32| options.iter().any(|option| option.place == *place);
    if places.len() != vote.places.len() || one && places.len() != 1 || !places.iter().all(fits) {
        return Err(Refusal::invalid("places"));
    }
    let tx = deps.db.begin().await?;
    if !store::count_voter(&tx, poll_id, now).await? {
        return Err(Kind::PollClosed.into());
    }
    if !store::count(&tx, poll_id, device_mac(&deps.keys, poll_id, caller), places).await? {
        return Err(Kind::VotedAlready.into());
    }
    tx.commit().await?;
    results(deps, caller, poll_id).await
}

/// A poll with its counts, for those who may know them.
pub async fn results(deps: &Deps, caller: &Caller, poll_id: PollId) -> Result<Poll, Refusal> {
    let now = deps.clock.now();
    let row = store::opened(deps.db.read(), poll_id, now).await?.ok_or(Kind::NotFound)?;
    let has_voted = caller.who.role == Role::Youth
        && store::has_voted(deps.db.read(), poll_id, device_mac(&deps.keys, poll_id, caller)).await?;
    if row.closes_at > now && !has_voted {
        return Err(Kind::VoteFirst.into());
    }
    let options = store::options(deps.db.read(), vec![poll_id]).await?.remove(&poll_id).unwrap_or_default();
    Ok(view(row, options, true))
}

pub async fn find(deps: &Deps, poll_id: PollId) -> Result<Poll, Refusal> {
    let now = deps.clock.now();
    let row = store::opened(deps.db.read(), poll_id, now).await?.ok_or(Kind::NotFound)?;
    Ok(views(deps, now, vec![row]).await?.pop().ok_or(Kind::NotFound)?)
}

/// What has opened.
pub async fn list(deps: &Deps, after: Option<(i64, PollId)>, limit: u64) -> Result<Vec<Poll>, Refusal> {
    let now = deps.clock.now();
    let rows = store::list(deps.db.read(), Some(now), after, limit).await?;
    views(deps, now, rows).await
}

/// Those of a dialogue, the last to open first.
pub async fn of_dialogue(deps: &Deps, id: DialogueId) -> Result<Vec<Poll>, Refusal> {
    let rows = store::of_dialogue(deps.db.read(), id, MOST_IN_DIALOGUE).await?;
    views(deps, deps.clock.now(), rows).await
}

/// How many were asked in a dialogue.
pub async fn count_of_dialogue(db: &impl ConnectionTrait, id: DialogueId) -> Result<u64, DbErr> {
    Ok(store::asked_in(db, vec![id]).await?.remove(&id).unwrap_or_default())
}

/// Removes those of some dialogues.
pub async fn remove_of_dialogues(tx: &Tx, ids: Vec<DialogueId>) -> Result<(), DbErr> {
    store::remove_of_dialogues(tx, ids).await
}

/// All of them that are asked everywhere, as officers see them.
pub async fn planned(deps: &Deps, after: Option<(i64, PollId)>, limit: u64) -> Result<Vec<Poll>, Refusal> {
    let rows = store::list(deps.db.read(), None, after, limit).await?;
    views(deps, deps.clock.now(), rows).await
}

async fn views(deps: &Deps, now: Timestamp, rows: Vec<poll::Model>) -> Result<Vec<Poll>, Refusal> {
    let mut options = store::options(deps.db.read(), rows.iter().map(|row| row.poll_id).collect()).await?;
    let view = |row: poll::Model| {
        let (options, over) = (options.remove(&row.poll_id).unwrap_or_default(), row.closes_at <= now);
        view(row, options, over)
    };
    Ok(rows.into_iter().map(view).collect())
}

fn view(row: poll::Model, options: Vec<poll_option::Model>, counts: bool) -> Poll {
    let option = |option: poll_option::Model| PollOption {
        place: option.place,
        text: option.text,
        text_en: option.text_en,
        votes: counts.then_some(option.votes),
    };
    Poll {
        poll_id: row.poll_id,
        kind: row.kind,
        question: row.question,
        question_en: row.question_en,
        question_easy: row.question_easy,
        options: options.into_iter().map(option).collect(),
        opens_at: row.opens_at,
        closes_at: row.closes_at,
        dialogue_id: row.dialogue_id,
        voters: counts.then_some(row.voters),
        public_number: row.public_number,
        revision: row.revision,
    }
}

/// Forgets some of those who voted in what is over. Says whether there may be more.
pub async fn forget_ballots(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let tx = deps.db.begin().await?;
    let gone = store::forget_ballots(&tx, deps.clock.now(), batch).await?;
    tx.commit().await?;
    Ok(gone > 0)
}

/// Lets go some of those that were over long ago. Says whether there may be more.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let before = deps.clock.now().plus_seconds(-KEPT_DAYS * DAY);
    let tx = deps.db.begin().await?;
    let gone = store::remove_old(&tx, before, batch).await?;
    tx.commit().await?;
    Ok(gone >= batch)
}
