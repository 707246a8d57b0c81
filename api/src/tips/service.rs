//! The rules, in order.

use std::collections::HashMap;

use entities::{
    tip,
    words::{AgeBand, Locale, SendingKind, Text, Timestamp, TipId, Topic},
};
use sea_orm::{DbErr, Iterable};

use super::{model::*, pace, store};
use crate::{
    base::{
        actions::{Act, Decided, Effect, Who, placed},
        db::Tx,
        journal::{self, NewEntry},
        listed::{listed, words_of},
        places::{COUNTIES, known_municipality},
        refusal::{Kind, Refusal},
    },
    deps::Deps,
    push::{self, Audience, NewSending},
};

const DAY: i64 = 24 * 3600;
const WEEK: i64 = 7 * DAY;

/// What can be refused before the writer's turn.
pub fn check(command: PublishTip) -> Result<PublishTip, Refusal> {
    readable(&command.text, [&command.text_en, &command.text_easy])?;
    Ok(command)
}

pub fn check_recall(command: RecallTip) -> Result<RecallTip, Refusal> {
    readable(&command.correction, [&command.correction_en, &command.correction_easy])?;
    Ok(command)
}

fn readable(text: &Text, others: [&Option<Text>; 2]) -> Result<(), Refusal> {
    for text in std::iter::once(text).chain(others.into_iter().flatten()) {
        let words = text.split_whitespace().count();
        if words == 0 {
            return Err(Kind::TextEmpty.into());
        }
        if words > MOST_WORDS || text.chars().count() > 1000 {
            return Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {MOST_WORDS} words")));
        }
    }
    Ok(())
}

/// What belongs to reading: places that there are not, and two ways of saying which.
pub fn well_formed(command: PublishTip) -> Result<PublishTip, Refusal> {
    let unknown = |code: &Text| !known_municipality(code);
    if command.municipality.as_ref().is_some_and(unknown) {
        return Err(Refusal::invalid("municipality"));
    }
    if command.municipalities.iter().any(unknown)
        || command.municipality.is_some() && !command.municipalities.is_empty()
    {
        return Err(Refusal::invalid("municipalities"));
    }
    Ok(command)
}

fn audience(command: &PublishTip) -> Audience {
    let mut municipalities: Vec<String> =
        command.municipalities.iter().chain(&command.municipality).map(|code| code.to_string()).collect();
    municipalities.sort_unstable();
    municipalities.dedup();
    let (age_bands, languages) = (command.age_bands.clone(), command.languages.clone());
    Audience { topic: command.topic, municipalities, age_bands, languages }
}

fn row(who: &Who, now: Timestamp, command: &PublishTip, audience: &Audience) -> Result<tip::Model, Refusal> {
    let published_at = command.publish_at.filter(|at| *at > now).unwrap_or(now);
    if published_at > now.plus_seconds(MOST_DAYS * DAY) {
        return Err(Refusal::invalid("publish_at"));
    }
    let expires_at = command.expires_at.unwrap_or(published_at.plus_seconds(USUAL_DAYS * DAY));
    if expires_at <= published_at || expires_at > published_at.plus_seconds(MOST_DAYS * DAY) {
        return Err(Refusal::invalid("expires_at"));
    }
    Ok(tip::Model {
        tip_id: command.tip_id,
        topic: command.topic,
        municipalities: listed(audience.municipalities.iter().map(String::as_str)),
        age_bands: listed(audience.age_bands.iter().map(|band| band.word())),
        languages: listed(audience.languages.iter().map(|language| language.word())),
        text: trimmed(&command.text),
        text_en: command.text_en.as_ref().map(trimmed),
        text_easy: command.text_easy.as_ref().map(trimmed),
        action: command.action,
        author_id: who.account_id,
        public_number: who.public_number.clone(),
        published_at,
        expires_at,
        urgent: command.urgent,
        recalled_at: None,
        recalled_by_number: None,
        revision: 1,
    })
}

fn trimmed(text: &Text) -> String {
    text.trim().to_owned()
}

/// Stores tips and asks that they are told.
pub async fn publish(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<PublishTip>]) -> Result<Vec<Decided>, DbErr> {
    let known = store::known(tx, acts.iter().map(|act| act.command.tip_id).collect()).await?;
    let topics: Vec<_> = acts.iter().map(|act| act.command.topic).collect();
    let ahead = now.plus_seconds(MOST_DAYS * DAY + WEEK);
    let mut others = store::around(tx, topics, now.plus_seconds(-WEEK), ahead).await?;
    let (mut decided, mut rows, mut entries) = (Vec::new(), Vec::<tip::Model>::new(), Vec::new());
    for act in acts {
        let taken = known.contains(&act.command.tip_id) || rows.iter().any(|row| row.tip_id == act.command.tip_id);
        match decide(now, act, taken, &others) {
            Ok((row, audience)) => {
                let (kind, entity_id) = (SendingKind::Tip, row.tip_id.0);
                let (begins_at, expires_at) = (row.published_at, row.expires_at);
                let new = NewSending { kind, entity_id, audience: &audience, begins_at, expires_at };
                push::send(tx, &*deps.chance, new).await?;
                entries.push(changed(act, row.tip_id, 1));
                decided.push(Ok(Effect { entity_id, revision: 1, at: None }));
                others.push(row.clone());
                rows.push(row);
            }
            Err(refusal) => decided.push(Err(refusal)),
        }
    }
    let positions = journal::append(tx, now, entries).await?;
    store::insert(tx, rows).await?;
    Ok(placed(decided, positions))
}

fn decide(
    now: Timestamp,
    act: &Act<PublishTip>,
    taken: bool,
    others: &[tip::Model],
) -> Result<(tip::Model, Audience), Refusal> {
    if !act.who.is_officer() || act.command.urgent && !act.who.is_lead() {
        return Err(Kind::RoleRefused.into());
    }
    if taken {
        return Err(Refusal::of(Kind::Conflict).detail("the tip id is taken"));
    }
    let audience = audience(&act.command);
    let row = row(&act.who, now, &act.command, &audience)?;
    if !row.urgent && pace::too_many(&row, others) {
        return Err(Kind::TipsTooMany.into());
    }
    Ok((row, audience))
}

/// Puts corrections in the place of tips, and stops what was not sent of them.
pub async fn recall(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<RecallTip>]) -> Result<Vec<Decided>, DbErr> {
    let rows = store::some(tx, acts.iter().map(|act| act.command.tip_id).collect()).await?;
    let mut rows: HashMap<TipId, tip::Model> = rows.into_iter().map(|row| (row.tip_id, row)).collect();
    let (mut decided, mut entries) = (Vec::new(), Vec::new());
    for act in acts {
        let command = &act.command;
        let row = rows.get_mut(&command.tip_id).filter(|row| row.expires_at > now);
        let (Some(row), true) = (row, act.who.is_officer()) else {
            let kind = if act.who.is_officer() { Kind::NotFound } else { Kind::RoleRefused };
            decided.push(Err(kind.into()));
            continue;
        };
        if row.revision != command.expected_revision || row.recalled_at.is_some() {
            decided.push(Err(Kind::RevisionConflict.into()));
            continue;
        }
        row.text = trimmed(&command.correction);
        row.text_en = command.correction_en.as_ref().map(trimmed);
        row.text_easy = command.correction_easy.as_ref().map(trimmed);
        row.recalled_at = Some(now);
        row.recalled_by_number = act.who.public_number.clone();
        row.revision += 1;
        store::save(tx, row.clone()).await?;
        push::take_back(tx, &*deps.chance, now, row.tip_id.0, row.expires_at).await?;
        entries.push(changed(act, row.tip_id, row.revision));
        decided.push(Ok(Effect { entity_id: row.tip_id.0, revision: row.revision, at: None }));
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(placed(decided, positions))
}

fn changed<C>(act: &Act<C>, tip_id: TipId, revision: i64) -> NewEntry {
    NewEntry {
        stream: journal::DESK.to_owned(),
        kind: "tip-changed",
        entity_id: tip_id.0,
        revision,
        action_id: Some(act.action_id),
        actor: act.who.actor(),
        actor_id: Some(act.who.account_id),
    }
}

pub async fn list(
    deps: &Deps,
    municipality: Option<&str>,
    topic: Option<Topic>,
    after: Option<(i64, TipId)>,
    limit: u64,
) -> Result<Vec<Tip>, Refusal> {
    let rows = store::list(deps.db.read(), deps.clock.now(), municipality, topic, after, limit).await?;
    Ok(rows.into_iter().map(view).collect())
}

pub async fn find(deps: &Deps, id: TipId) -> Result<Tip, Refusal> {
    let row = store::one_shown(deps.db.read(), id, deps.clock.now()).await?;
    Ok(view(row.ok_or(Kind::NotFound)?))
}

pub async fn planned(deps: &Deps, after: Option<(i64, TipId)>, limit: u64) -> Result<Vec<PlannedTip>, Refusal> {
    let now = deps.clock.now();
    let rows = store::planned(deps.db.read(), after, limit).await?;
    Ok(rows.into_iter().map(|row| planned_view(row, now)).collect())
}

fn planned_view(row: tip::Model, now: Timestamp) -> PlannedTip {
    let state = match &row {
        row if row.recalled_at.is_some() => TipState::Recalled,
        row if row.expires_at <= now => TipState::Expired,
        row if row.published_at > now => TipState::Planned,
        _ => TipState::Published,
    };
    let among = |list: &str, word: &str| words_of(list).any(|one| one == word);
    PlannedTip {
        state,
        age_bands: AgeBand::iter().filter(|band| among(&row.age_bands, band.word())).collect(),
        languages: Locale::iter().filter(|language| among(&row.languages, language.word())).collect(),
        recalled_by: row.recalled_by_number.clone(),
        tip: view(row),
    }
}

fn view(row: tip::Model) -> Tip {
    Tip {
        tip_id: row.tip_id,
        topic: row.topic,
        municipalities: words_of(&row.municipalities).map(str::to_owned).collect(),
        text: row.text,
        text_en: row.text_en,
        text_easy: row.text_easy,
        action: row.action,
        published_at: row.published_at,
        expires_at: row.expires_at,
        urgent: row.urgent,
        recalled_at: row.recalled_at,
        public_number: row.public_number,
        revision: row.revision,
    }
}

pub fn places() -> Places {
    Places {
        counties: COUNTIES
            .iter()
            .map(|county| County {
                code: county.code.to_owned(),
                name: county.name.to_owned(),
                municipalities: county
                    .municipalities
                    .iter()
                    .map(|(code, name)| Municipality { code: (*code).to_owned(), name: (*name).to_owned() })
                    .collect(),
            })
            .collect(),
        topics: Topic::iter().collect(),
    }
}

/// Lets go some of those that were published before a moment. Says whether there may be more.
pub async fn clean(deps: &Deps, before: Timestamp, batch: u64) -> Result<bool, Refusal> {
    let tx = deps.db.begin().await?;
    let gone = store::remove_old(&tx, before, batch).await?;
    push::forget_sendings(&tx, gone.iter().map(|tip| tip.0)).await?;
    tx.commit().await?;
    Ok(gone.len() as u64 >= batch)
}
