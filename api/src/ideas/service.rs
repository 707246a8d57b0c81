//! The rules, in order: what writers and readers do, and what goes in its time.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::{
    idea,
    words::{AccountId, AuditSubject, IdeaId, IdeaKind, IdeaState, Role, Text, Timestamp},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{model::*, store};
use crate::{
    audit,
    base::{
        actions::{Act, Decided, Who, effects},
        db::Tx,
        journal::{self, NewEntry},
        keys::Keys,
        listed::{listed, words_of},
        refusal::{Kind, Refusal},
        text, uses,
        vault::{ContentKey, Opener},
    },
    chat,
    deps::Deps,
    http::caller::Caller,
};

/// Where an idea's words stand, as the vault's place.
const WORDS: &str = "idea.words";
const DAY: i64 = 24 * 3600;
/// How long it is known who wrote an idea that was decided: within that time a talk can begin, and she is told.
const WRITER_DAYS: i64 = 90;
/// How long what is not shown stays, how long one that nobody decided, and how long what is shown.
const HIDDEN_DAYS: i64 = 90;
const WAITING_DAYS: i64 = 180;
const SHOWN_DAYS: i64 = 730;

/// What an idea's words are sealed by.
fn content_id(keys: &Keys, idea_id: IdeaId) -> Uuid {
    keys.content_id("idea-content", idea_id.0)
}

pub fn placed(keys: &Keys, command: SendIdea) -> PlacedIdea {
    PlacedIdea { content_id: content_id(keys, command.idea_id), command }
}

pub fn prepare(deps: &Deps, key: &ContentKey, PlacedIdea { command, .. }: PlacedIdea) -> Result<SealedIdea, Refusal> {
    // Its words are the first that this key seals, or the id is another's.
    let new_key = key.new.clone().ok_or_else(taken)?;
    let text = text::checked(&command.text, LONGEST_IDEA)?;
    let words = key.cipher.seal(WORDS, command.idea_id.0, text.as_bytes(), &*deps.chance)?;
    Ok(SealedIdea { idea_id: command.idea_id, kind: command.kind, words, urgency: chat::judge(text), new_key })
}

fn taken() -> Refusal {
    Refusal::of(Kind::Conflict).detail("the idea's id is taken")
}

pub fn prepare_answer(command: AnswerIdea) -> Result<AnswerIdea, Refusal> {
    let readable = |text: &Text| text::checked(text, LONGEST_ANSWER).map(|text| Text(text.to_owned()));
    let answer = readable(&command.answer)?;
    let answer_en = command.answer_en.as_ref().map(readable).transpose()?;
    Ok(AnswerIdea { answer, answer_en, ..command })
}

pub fn prepare_talk(key: &ContentKey, command: OpenIdeaTalk) -> KeyedIdeaTalk {
    KeyedIdeaTalk { command, new_key: key.new.clone() }
}

/// `idea-changed`, for the desk and for those who wrote it or what counts with it.
pub(super) fn changed<C>(
    act: &Act<C>,
    row: &idea::Model,
    writers: impl IntoIterator<Item = AccountId>,
) -> Vec<NewEntry> {
    let streams = writers.into_iter().map(journal::inbox).chain([journal::DESK.to_owned()]);
    let entry = |stream| NewEntry {
        stream,
        kind: "idea-changed",
        entity_id: row.idea_id.0,
        revision: row.revision,
        action_id: Some(act.action_id),
        actor: act.who.actor(),
        // What officers read names no writer.
        actor_id: act.who.is_officer().then_some(act.who.account_id),
    };
    streams.map(entry).collect()
}

/// Stores ideas. Whose a known id is, is not told.
pub async fn send(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedIdea>]) -> Result<Vec<Decided>, DbErr> {
    let known = store::some(&**tx, acts.iter().map(|act| act.command.idea_id)).await?;
    let mut known: HashSet<IdeaId> = known.into_keys().collect();
    let accounts: Vec<AccountId> = acts.iter().map(|act| act.who.account_id).collect();
    let muted: HashSet<AccountId> =
        chat::muted(&**tx, now, accounts).await?.into_iter().map(|mute| mute.account_id).collect();
    let (mut rows, mut entries, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        let SealedIdea { idea_id, kind, ref urgency, .. } = act.command;
        let account_id = act.who.account_id;
        let refusal = match &act.who.role {
            Role::Youth if known.contains(&idea_id) => Some(taken()),
            Role::Youth if muted.contains(&account_id) && urgency.reasons.is_empty() => Some(Kind::Muted.into()),
            Role::Youth => None,
            _ => Some(Kind::RoleRefused.into()),
        };
        if let Some(refusal) = refusal {
            decided.push(Err(refusal));
            continue;
        }
        let once = BTreeMap::from([(account_id, 1)]);
        if !uses::count(tx, now, &[uses::IDEAS], &once).await?.is_empty() {
            decided.push(Err(uses::IDEAS.refusal(now)));
            continue;
        }
        let row = idea::Model {
            idea_id,
            kind,
            account_id: Some(account_id),
            words: act.command.words.clone(),
            state: IdeaState::Waiting,
            box_key: chat::queue_key(urgency.priority, 0, now),
            priority: urgency.priority,
            reasons: listed(urgency.reasons.iter().map(String::as_str)),
            self_harm: urgency.self_harm,
            hiding: None,
            merged_into: None,
            support: 1,
            outcome: None,
            answer: None,
            answer_en: None,
            quarter_id: None,
            conversation_id: None,
            sent_at: now,
            decided_at: None,
            decided_by_number: None,
            revision: 1,
        };
        known.insert(idea_id);
        decided.push(Ok((idea_id.0, 1, entries.len())));
        entries.extend(changed(act, &row, [account_id]));
        keys.push(act.command.new_key.clone());
        rows.push(row);
    }
    let positions = journal::append(tx, now, entries).await?;
    store::insert(tx, rows).await?;
    deps.vault.store(tx, &*deps.chance, now, keys.iter()).await?;
    Ok(effects(decided, &positions))
}

/// Removes what youths take back. What others merged into it stands for itself again.
pub async fn take_back(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<TakeIdeaBack>],
) -> Result<Vec<Decided>, DbErr> {
    let mut rows = store::some(&**tx, acts.iter().map(|act| act.command.idea_id)).await?;
    let (mut entries, mut decided) = (Vec::new(), Vec::with_capacity(acts.len()));
    // One by one: two of them may count together.
    for act in acts {
        let idea_id = act.command.idea_id;
        let own = rows.get(&idea_id).is_some_and(|row| row.account_id == Some(act.who.account_id));
        let Some(mut row) = rows.remove(&idea_id).filter(|_| own) else {
            decided.push(Err(Kind::NotFound.into()));
            continue;
        };
        if let Some(root) = row.merged_into {
            store::add_support(tx, root, -row.support).await?;
        }
        entries.extend(release(tx, now, act, idea_id).await?.0);
        row.revision += 1;
        remove(deps, tx, vec![idea_id]).await?;
        decided.push(Ok((idea_id.0, row.revision, entries.len())));
        entries.extend(changed(act, &row, [act.who.account_id]));
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

/// Lets what counted with an idea stand for itself again. Gives what is told of it, and how much support goes with it.
pub(super) async fn release<C>(
    tx: &Tx,
    now: Timestamp,
    act: &Act<C>,
    root: IdeaId,
) -> Result<(Vec<NewEntry>, i64), DbErr> {
    let (mut entries, mut support) = (Vec::new(), 0);
    for mut twin in store::twins(&**tx, [root]).await? {
        twin.box_key = chat::queue_key(twin.priority, 0, twin.sent_at);
        // Its time to wait begins anew.
        (twin.state, twin.merged_into, twin.decided_at) = (IdeaState::Waiting, None, Some(now));
        twin.revision += 1;
        support += twin.support;
        entries.extend(changed(act, &twin, twin.account_id));
        store::save(tx, twin).await?;
    }
    Ok((entries, support))
}

/// Removes ideas with their keys.
async fn remove(deps: &Deps, tx: &Tx, ids: Vec<IdeaId>) -> Result<(), DbErr> {
    for id in &ids {
        let content_id = content_id(&deps.keys, *id);
        deps.vault.remove(tx, content_id).await?;
        deps.vault.forget(content_id);
    }
    store::remove(tx, ids).await
}

// Reading

async fn views(deps: &Deps, rows: Vec<idea::Model>, reader: Reader) -> Result<Vec<Idea>, Refusal> {
    let keyed = deps.vault.keyed(&deps.db, rows, |row| content_id(&deps.keys, row.idea_id)).await?;
    Ok(keyed.into_iter().map(|(row, opener)| view(row, &opener, reader)).collect())
}

fn view(row: idea::Model, opener: &Opener, reader: Reader) -> Idea {
    let words = opener.words(WORDS, row.idea_id.0, &row.words);
    let (inside, officer) = (reader != Reader::Anyone, reader == Reader::Officer);
    Idea {
        idea_id: row.idea_id,
        kind: row.kind,
        damaged: words.is_none(),
        text: words.unwrap_or_default(),
        state: row.state,
        support: row.support,
        supported: None,
        outcome: row.outcome,
        answer: row.answer,
        answer_en: row.answer_en,
        quarter_id: row.quarter_id,
        decided_at: row.decided_at,
        revision: row.revision,
        sent_at: inside.then_some(row.sent_at),
        hiding: row.hiding.filter(|_| inside),
        merged_into: row.merged_into.filter(|_| inside),
        conversation_id: row.conversation_id.filter(|_| inside),
        priority: officer.then_some(row.priority),
        reasons: officer.then(|| words_of(&row.reasons).map(str::to_owned).collect()),
        public_number: row.decided_by_number.filter(|_| officer),
    }
}

/// A page, and the place of its last row.
pub type Listed = (Vec<Idea>, Option<(i64, IdeaId)>);

pub async fn list(
    deps: &Deps,
    kind: Option<IdeaKind>,
    state: IdeaState,
    order: IdeaOrder,
    after: Option<(i64, IdeaId)>,
    limit: u64,
) -> Result<Listed, Refusal> {
    let rows = store::shown(deps.db.read(), kind, state, order, after, limit).await?;
    let place = |row: &idea::Model| match order {
        IdeaOrder::Newest => (row.box_key, row.idea_id),
        IdeaOrder::Support => (row.support, row.idea_id),
    };
    let last = rows.last().filter(|_| rows.len() as u64 >= limit).map(place);
    let mut items = views(deps, rows, Reader::Anyone).await?;
    items.retain(|idea| !idea.damaged);
    Ok((items, last))
}

/// The ideas of one state, as officers see them.
pub async fn in_box(
    deps: &Deps,
    who: &Who,
    state: IdeaState,
    after: Option<(i64, IdeaId)>,
    limit: u64,
) -> Result<Listed, Refusal> {
    let rows = store::in_box(deps.db.read(), state, after, limit).await?;
    let last = rows.last().filter(|_| rows.len() as u64 >= limit).map(|row| (row.box_key, row.idea_id));
    audit::looked(deps, who, AuditSubject::Idea, rows.iter().map(|row| row.idea_id.0)).await?;
    Ok((views(deps, rows, Reader::Officer).await?, last))
}

/// A youth's own, the newest first.
pub async fn mine(deps: &Deps, who: &Who, after: Option<(i64, IdeaId)>, limit: u64) -> Result<Listed, Refusal> {
    let rows = store::of_account(deps.db.read(), who.account_id, after, limit).await?;
    let last = rows.last().filter(|_| rows.len() as u64 >= limit).map(|row| (row.sent_at.millis(), row.idea_id));
    Ok((views(deps, rows, Reader::Writer).await?, last))
}

/// All that an account wrote and that is known to be its own.
pub async fn of_account(deps: &Deps, who: &Who) -> Result<Vec<Idea>, Refusal> {
    Ok(mine(deps, who, None, u64::from(u32::MAX)).await?.0)
}

/// One that is shown. Of one that was merged, the other.
pub async fn find(deps: &Deps, id: IdeaId) -> Result<Idea, Refusal> {
    let row = root(deps, id).await?;
    views(deps, vec![row], Reader::Anyone).await?.pop().ok_or_else(|| Kind::NotFound.into())
}

async fn root(deps: &Deps, id: IdeaId) -> Result<idea::Model, Refusal> {
    let mut rows = store::some(deps.db.read(), [id]).await?;
    let mut row = rows.remove(&id).ok_or(Kind::NotFound)?;
    if let Some(root) = row.merged_into {
        row = store::some(deps.db.read(), [root]).await?.remove(&root).ok_or(Kind::NotFound)?;
    }
    let shown = matches!(row.state, IdeaState::Shown | IdeaState::Answered);
    if shown { Ok(row) } else { Err(Kind::NotFound.into()) }
}

// Supporting. It is no action: an action's receipt would say who did.

fn device_mac(keys: &Keys, id: IdeaId, caller: &Caller) -> Vec<u8> {
    keys.mac("idea-support", &[id.0.as_bytes(), caller.device_id.0.as_bytes()]).to_vec()
}

/// Lets a device support an idea, or not any more. Once more, it changes nothing.
pub async fn support(deps: &Deps, caller: &Caller, id: IdeaId, supports: bool) -> Result<Idea, Refusal> {
    let row = root(deps, id).await?;
    if row.state != IdeaState::Shown {
        return Err(Refusal::of(Kind::Conflict).detail("it is answered"));
    }
    let own = |row: &idea::Model| row.account_id == Some(caller.who.account_id);
    let twins = store::twins(deps.db.read(), [row.idea_id]).await?;
    let among: Vec<IdeaId> = twins.iter().map(|twin| twin.idea_id).chain([row.idea_id]).collect();
    let macs = among.iter().map(|id| (*id, device_mac(&deps.keys, *id, caller)));
    let wrote = own(&row) || twins.iter().any(own);
    if !wrote {
        let tx = deps.db.begin_in_turn().await?;
        // It may have been merged or answered since.
        if store::some(&*tx, [row.idea_id]).await?.get(&row.idea_id).map(|row| row.state) != Some(IdeaState::Shown) {
            return Err(Kind::RevisionConflict.into());
        }
        let stood = store::supported(&*tx, macs.clone().collect()).await?;
        match (supports, stood.is_empty()) {
            (true, true) => {
                store::insert_support(&tx, row.idea_id, device_mac(&deps.keys, row.idea_id, caller)).await?;
                store::add_support(&tx, row.idea_id, 1).await?;
            }
            (false, false) => {
                // What counts with another counts there, and keeps its own share.
                for (id, _) in &stood {
                    store::add_support(&tx, row.idea_id, -1).await?;
                    if *id != row.idea_id {
                        store::add_support(&tx, *id, -1).await?;
                    }
                }
                store::remove_support(&tx, stood).await?;
            }
            _ => {}
        }
        tx.commit().await?;
    }
    let idea = find(deps, row.idea_id).await?;
    Ok(Idea { supported: Some(supports || wrote), ..idea })
}

// In its time

/// Forgets some of those who supported what is decided. Says whether there may be more.
pub async fn forget_supporters(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let tx = deps.db.begin().await?;
    let gone = store::forget_supporters(&tx, batch).await?;
    tx.commit().await?;
    Ok(gone > 0)
}

/// Forgets who wrote some of what was decided long ago. Says whether there may be more.
pub async fn forget_writers(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let before = deps.clock.now().plus_seconds(-WRITER_DAYS * DAY);
    // In turn with officers, who write back whole rows.
    let tx = deps.db.begin_in_turn().await?;
    let gone = store::forget_writers(&tx, before, batch).await?;
    tx.commit().await?;
    Ok(gone >= batch)
}

/// Lets go some of what is too old. Says whether there may be more.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, Refusal> {
    let now = deps.clock.now();
    let before = |days: i64| now.plus_seconds(-days * DAY);
    let ages: HashMap<IdeaState, Timestamp> = HashMap::from([
        (IdeaState::Waiting, before(WAITING_DAYS)),
        (IdeaState::NotShown, before(HIDDEN_DAYS)),
        (IdeaState::Merged, before(SHOWN_DAYS)),
        (IdeaState::Shown, before(SHOWN_DAYS)),
        (IdeaState::Answered, before(SHOWN_DAYS)),
    ]);
    let tx = deps.db.begin_in_turn().await?;
    let mut old = store::old(&*tx, &ages, batch).await?;
    let more = old.len() as u64 >= batch;
    // What counts with one goes with it.
    old.extend(store::twins(&*tx, old.clone()).await?.into_iter().map(|twin| twin.idea_id));
    remove(deps, &tx, old).await?;
    tx.commit().await?;
    Ok(more)
}
