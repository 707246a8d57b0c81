//! The rules, in order. A write takes every command of its kind in the group; each is a transition of its talk, so that whoever
//! follows that is told.

use std::{collections::HashSet, time::Duration};

use entities::{
    conversation, note,
    words::{
        AccountId, ActionId, Actor, AuditAct, AuditSubject, ConversationId, NoteKind, OutcomeCode, Priority, Sealed,
        SettingName, TalkFate, Text, Timestamp,
    },
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{model::*, store};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Who},
        db::Tx,
        refusal::{Kind, Refusal},
        settings, text,
        vault::ContentKey,
    },
    chat::{self, SealedTaking, TakeConversation},
    deps::Deps,
    identity,
    quarters::{self, EndShift, LONGEST_SHIFT_SECONDS, OnShift, TalkEnd},
};

/// Where a note's words stand, as the vault's place.
const TEXT: &str = "note.text";
/// Notes that are shown.
const NOTES: u64 = 200;
/// How often it is looked whose holders are gone.
const LOOK: Duration = Duration::from_secs(15);

type Key<'a> = Result<&'a ContentKey, Refusal>;

// Before the writer's turn

fn sealed(deps: &Deps, key: Key<'_>, action_id: ActionId, text: &Text) -> Result<Sealed, Refusal> {
    let text = text::checked(text, LONGEST_NOTE)?.as_bytes();
    key?.cipher.seal(TEXT, action_id.0, text, &*deps.chance)
}

/// Words that may be left out: without any, no key is asked for.
fn maybe(deps: &Deps, key: Key<'_>, action_id: ActionId, text: &Option<Text>) -> Result<Option<Sealed>, Refusal> {
    text.as_ref().map(|text| sealed(deps, key, action_id, text)).transpose()
}

pub fn prepare_take(
    deps: &Deps,
    key: Key<'_>,
    action_id: ActionId,
    command: TakeConversation,
) -> Result<SealedTaking, Refusal> {
    let TakeConversation { conversation_id, expected_revision, why } = command;
    Ok(SealedTaking { conversation_id, expected_revision, why: maybe(deps, key, action_id, &why)? })
}

pub fn prepare_pass(
    deps: &Deps,
    key: Key<'_>,
    action_id: ActionId,
    command: PassConversation,
) -> Result<SealedPass, Refusal> {
    let PassConversation { conversation_id, to, note } = command;
    Ok(SealedPass { conversation_id, to, note: maybe(deps, key, action_id, &note)? })
}

pub fn prepare_give_back(
    deps: &Deps,
    key: Key<'_>,
    action_id: ActionId,
    command: GiveConversationBack,
) -> Result<SealedGivingBack, Refusal> {
    let GiveConversationBack { conversation_id, note } = command;
    Ok(SealedGivingBack { conversation_id, note: maybe(deps, key, action_id, &note)? })
}

pub fn prepare_note(deps: &Deps, key: Key<'_>, action_id: ActionId, command: WriteNote) -> Result<SealedNote, Refusal> {
    let WriteNote { conversation_id, text, mentions } = command;
    Ok(SealedNote { conversation_id, text: sealed(deps, key, action_id, &text)?, mentions })
}

// From one to another

/// Writes down something about a talk, as its transition leaves it.
fn noted(row: &mut conversation::Model, now: Timestamp, by: Option<(&Who, ActionId)>, kind: NoteKind) -> note::Model {
    row.notes += 1;
    note::Model {
        conversation_id: row.conversation_id,
        revision: row.revision + 1,
        kind,
        at: now,
        by_id: by.map(|(who, _)| who.account_id),
        by_number: by.and_then(|(who, _)| who.public_number.clone()),
        colleague: None,
        mentions: String::new(),
        text: None,
        action_id: by.map(|(_, action_id)| action_id),
    }
}

/// Takes a talk that waits, or takes it over.
pub async fn take(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedTaking>]) -> Result<Vec<Decided>, DbErr> {
    let out = quarters::on_shift(&**tx, now).await?;
    let (mut notes, mut pushes) = (Vec::new(), Vec::new());
    let decided = chat::transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            if !chat::takes(&act.who, row, act.command.expected_revision)? {
                return Ok(false);
            }
            if let Some(holder) = row.holder_id {
                // Danger that waits for an answer does not wait for a reason.
                let unanswered = row.priority == Priority::P1 && row.last_by == Actor::Youth;
                let at_work = !unanswered && out.iter().any(|shift| shift.officer_id == holder && shift.heard);
                if at_work && act.command.why.is_none() {
                    return Err(Kind::ReasonNeeded.into());
                }
                let taken = noted(row, now, Some((&act.who, act.action_id)), NoteKind::TakenOver);
                let (colleague, text) = (row.holder_number.clone(), act.command.why.clone());
                notes.push(note::Model { colleague, text, ..taken });
                pushes.push(("message", holder, row.conversation_id));
            }
            chat::hold(row, (act.who.account_id, act.who.public_number.clone()), now);
            Ok(true)
        },
    )
    .await?;
    store::insert(tx, notes).await?;
    chat::enqueue(deps, tx, now, pushes).await?;
    Ok(decided)
}

/// A talk goes to the colleague with a number. Gives who that is.
fn goes_to(
    row: &mut conversation::Model,
    who: &Who,
    to: &str,
    out: &[OnShift],
    now: Timestamp,
) -> Result<AccountId, Refusal> {
    chat::holds(who, row)?;
    let named = |shift: &&OnShift| shift.public_number.as_deref() == Some(to) && shift.officer_id != who.account_id;
    let colleague = out.iter().filter(|shift| shift.heard).find(named).ok_or(Kind::ColleagueNotOut)?;
    chat::hold(row, (colleague.officer_id, colleague.public_number.clone()), now);
    Ok(colleague.officer_id)
}

pub async fn pass(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedPass>]) -> Result<Vec<Decided>, DbErr> {
    let out = quarters::on_shift(&**tx, now).await?;
    let (mut notes, mut pushes) = (Vec::new(), Vec::new());
    let decided = chat::transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            let to = goes_to(row, &act.who, &act.command.to, &out, now)?;
            let passed = noted(row, now, Some((&act.who, act.action_id)), NoteKind::Passed);
            let (colleague, text) = (row.holder_number.clone(), act.command.note.clone());
            notes.push(note::Model { colleague, text, ..passed });
            pushes.push(("message", to, row.conversation_id));
            Ok(true)
        },
    )
    .await?;
    store::insert(tx, notes).await?;
    chat::enqueue(deps, tx, now, pushes).await?;
    Ok(decided)
}

/// Its holder gives a talk back. One in danger rings anew.
pub async fn give_back(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<SealedGivingBack>],
) -> Result<Vec<Decided>, DbErr> {
    let (mut notes, mut dangers) = (Vec::new(), Vec::new());
    let decided = chat::transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            chat::holds(&act.who, row)?;
            chat::give_back(row, now);
            let given = noted(row, now, Some((&act.who, act.action_id)), NoteKind::GivenBack);
            notes.push(note::Model { text: act.command.note.clone(), ..given });
            dangers.extend(in_danger(row));
            Ok(true)
        },
    )
    .await?;
    store::insert(tx, notes).await?;
    chat::start_alarm(deps, tx, now, &dangers.iter().collect::<Vec<_>>()).await?;
    Ok(decided)
}

fn in_danger(row: &conversation::Model) -> Option<conversation::Model> {
    (row.priority == Priority::P1).then(|| row.clone())
}

// The end of a shift

/// Ends shifts of officers who say what becomes of the talks that they hold: all of it, or nothing.
pub async fn end_shift(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<EndShift>]) -> Result<Vec<Decided>, DbErr> {
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        let held = chat::held(&**tx, Some(act.who.account_id)).await?;
        let out = quarters::on_shift(&**tx, now).await?;
        let ends = match becomes(act, &held, &out, now) {
            Ok(ends) => ends,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        let ended = quarters::end(tx, now, std::slice::from_ref(act)).await?;
        if ended.iter().all(Result::is_ok) {
            leave(deps, tx, now, &ends, &out).await?;
        }
        decided.extend(ended);
    }
    Ok(decided)
}

/// What becomes of each talk that the officer holds, if something was said of each and may be done.
fn becomes(
    act: &Act<EndShift>,
    held: &[conversation::Model],
    out: &[OnShift],
    now: Timestamp,
) -> Result<Vec<Act<TalkEnd>>, Refusal> {
    held.iter()
        .map(|row| {
            let said = act.command.talks.iter().flatten().find(|end| end.conversation_id == row.conversation_id);
            let end = said.ok_or_else(|| Refusal::of(Kind::TalksHeld).detail(format!("{} in hand", held.len())))?;
            goes(&mut row.clone(), &act.who, end, out, now)?;
            let (action_id, who, recorded_at) = (act.action_id, act.who.clone(), act.recorded_at);
            Ok(Act { action_id, who, recorded_at, command: end.clone() })
        })
        .collect()
}

/// Gives the colleague whom it goes to, if it goes to one.
fn goes(
    row: &mut conversation::Model,
    who: &Who,
    end: &TalkEnd,
    out: &[OnShift],
    now: Timestamp,
) -> Result<Option<AccountId>, Refusal> {
    match end.fate {
        TalkFate::Pass => {
            let to = end.to.as_ref().map_or("", |to| to);
            return goes_to(row, who, to, out, now).map(Some);
        }
        TalkFate::GiveBack => {
            chat::holds(who, row)?;
            chat::give_back(row, now);
        }
        TalkFate::Close => {
            let outcome: OutcomeCode = end.outcome.ok_or(Kind::OutcomeNeeded)?;
            chat::closes(who, row, Some(outcome), now)?;
        }
    }
    Ok(None)
}

async fn leave(deps: &Deps, tx: &Tx, now: Timestamp, ends: &[Act<TalkEnd>], out: &[OnShift]) -> Result<(), DbErr> {
    let (mut notes, mut pushes, mut dangers) = (Vec::new(), Vec::new(), Vec::new());
    let decided = chat::transition(
        tx,
        now,
        ends,
        |end| end.conversation_id,
        |row, act| {
            let to = goes(row, &act.who, &act.command, out, now)?;
            pushes.extend(to.map(|to| ("message", to, row.conversation_id)));
            let by = Some((&act.who, act.action_id));
            match act.command.fate {
                TalkFate::Pass => {
                    let passed = noted(row, now, by, NoteKind::Passed);
                    notes.push(note::Model { colleague: row.holder_number.clone(), ..passed });
                }
                TalkFate::GiveBack => {
                    notes.push(noted(row, now, by, NoteKind::GivenBack));
                    dangers.extend(in_danger(row));
                }
                TalkFate::Close => {}
            }
            Ok(true)
        },
    )
    .await?;
    if let Some(refusal) = decided.into_iter().find_map(Result::err) {
        return Err(DbErr::Custom(format!("a talk was not left as it was decided: {}", refusal.kind.word())));
    }
    store::insert(tx, notes).await?;
    chat::enqueue(deps, tx, now, pushes).await?;
    chat::start_alarm(deps, tx, now, &dangers.iter().collect::<Vec<_>>()).await?;
    let lines = ends.iter().filter_map(|act| {
        let (subject, detail) = ((AuditSubject::Conversation, act.command.conversation_id.0), detail(&act.command));
        Line::of(&act.who, AuditAct::Change, subject, Some(&detail))
    });
    audit::write(deps, tx, now, lines).await
}

/// As the log of looks names what becomes of a talk.
fn detail(end: &TalkEnd) -> String {
    let outcome =
        end.outcome.filter(|_| end.fate == TalkFate::Close).map_or(String::new(), |code| format!(" {}", code.word()));
    format!("conversation-{}{outcome}", end.fate.word())
}

// Holders who are gone

/// How long words wait unread for a holder of whom nothing is heard.
const UNREAD_SECONDS: i64 = 1800;

/// The talks whose holders are gone: not heard from since a moment, neither by the phone of the shift in which they took it nor in
/// the talk. Of whoever took it without a shift nothing is heard: what its youth wrote waits half an hour for that officer, and the
/// talk at most as long as a shift.
async fn left(db: &impl ConnectionTrait, now: Timestamp, before: Timestamp) -> Result<Vec<ConversationId>, DbErr> {
    let held = chat::held(db, None).await?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let holders: HashSet<AccountId> = held.iter().filter_map(|row| row.holder_id).collect();
    let turns = quarters::turns(db, now, holders.into_iter().collect()).await?;
    let gone = |row: &&conversation::Model| {
        let taken = row.taken_at.unwrap_or(row.opened_at);
        let wrote = (row.last_by == Actor::Officer).then_some(row.last_at);
        let in_shift = turns
            .iter()
            .filter(|turn| Some(turn.officer_id) == row.holder_id && turn.ended_at.is_none_or(|ended| ended > taken));
        let heard = in_shift.map(|turn| turn.heard_at).max();
        let before = match heard {
            Some(_) => before,
            None if row.last_youth_pos > row.officer_read_pos => now.plus_seconds(-UNREAD_SECONDS),
            None => now.plus_seconds(-LONGEST_SHIFT_SECONDS),
        };
        [Some(taken), wrote, heard].into_iter().flatten().all(|at| at <= before)
    };
    Ok(held.iter().filter(gone).map(|row| row.conversation_id).collect())
}

/// Gives back to the queue what holders left who are not heard from any more. A program that has not listened for as long itself
/// can tell of nobody that he is gone. Says how many talks there were.
pub async fn give_back_unheard(deps: &Deps, listening_since: Timestamp) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    let seconds = settings::value(deps.db.read(), SettingName::HolderSeconds, now).await?;
    let before = now.plus_seconds(-seconds);
    if listening_since > before {
        return Ok(0);
    }
    if left(deps.db.read(), now, before).await?.is_empty() {
        return Ok(0);
    }
    let tx = deps.db.begin_in_turn().await?;
    // In turn: somebody may have been quicker.
    let ids = left(&*tx, now, before).await?;
    let mut notes = Vec::new();
    let rows = chat::by_itself(&tx, now, ids, |row| {
        let colleague = row.holder_number.clone();
        chat::give_back(row, now);
        notes.push(note::Model { colleague, ..noted(row, now, None, NoteKind::GivenBack) });
        true
    })
    .await?;
    store::insert(&tx, notes).await?;
    let lines = rows.iter().map(|row| Line {
        actor_id: None,
        actor_number: None,
        act: AuditAct::Change,
        subject: (AuditSubject::Conversation, row.conversation_id.0),
        detail: Some("holder-unheard".to_owned()),
    });
    audit::write(deps, &tx, now, lines.collect::<Vec<_>>()).await?;
    let dangers: Vec<_> = rows.iter().filter_map(in_danger).collect();
    chat::start_alarm(deps, &tx, now, &dangers.iter().collect::<Vec<_>>()).await?;
    tx.commit().await?;
    Ok(rows.len())
}

/// Works until told to stop.
pub async fn work(deps: Deps) {
    let since = deps.clock.now();
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = deps.stop.told() => return,
        }
        if let Err(refusal) = give_back_unheard(&deps, since).await {
            tracing::warn!(cause = refusal.cause, "talks of holders who are gone could not be given back");
        }
    }
}

// Notes

pub async fn write_note(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedNote>]) -> Result<Vec<Decided>, DbErr> {
    let named = acts.iter().flat_map(|act| act.command.mentions.iter().map(|number| number.0.clone())).collect();
    let patrol = identity::patrol(&**tx, named).await?;
    let (mut notes, mut pushes) = (Vec::new(), Vec::new());
    let decided = chat::transition_at_desk(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            let mentions = &act.command.mentions;
            let named: Option<Vec<AccountId>> = mentions.iter().map(|number| patrol.get(&**number).copied()).collect();
            let named =
                named.ok_or_else(|| Refusal::of(Kind::NotFound).detail("nobody bears a number that is mentioned"))?;
            for officer in named.into_iter().filter(|id| *id != act.who.account_id) {
                mention(row, officer);
                pushes.push(("message", officer, row.conversation_id));
            }
            let written = noted(row, now, Some((&act.who, act.action_id)), NoteKind::Written);
            let mentions = mentions.iter().map(|number| &**number).collect::<Vec<_>>().join(",");
            notes.push(note::Model { mentions, text: Some(act.command.text.clone()), ..written });
            Ok(true)
        },
    )
    .await?;
    store::insert(tx, notes).await?;
    chat::enqueue(deps, tx, now, pushes).await?;
    Ok(decided)
}

fn mention(row: &mut conversation::Model, officer: AccountId) {
    if !chat::is_mentioned(&row.mentioned, officer) {
        let start = if row.mentioned.is_empty() { "," } else { "" };
        row.mentioned = format!("{}{start}{officer},", row.mentioned);
    }
}

/// An officer who is named has looked.
pub async fn read_notes(tx: &Tx, now: Timestamp, acts: &[Act<ReadNotes>]) -> Result<Vec<Decided>, DbErr> {
    chat::transition_at_desk(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            if !chat::is_mentioned(&row.mentioned, act.who.account_id) {
                return Ok(false);
            }
            row.mentioned = row.mentioned.replace(&format!(",{},", act.who.account_id), ",");
            if row.mentioned == "," {
                row.mentioned.clear();
            }
            Ok(true)
        },
    )
    .await
}

pub async fn notes(deps: &Deps, who: &Who, id: ConversationId) -> Result<Notes, Refusal> {
    if !chat::may_read(deps.db.read(), who, id).await? {
        return Err(Kind::NotFound.into());
    }
    let rows = store::notes(deps.db.read(), id, NOTES).await?;
    audit::looked(deps, who, AuditSubject::Conversation, [id.0]).await?;
    let keyed = deps.vault.keyed(&deps.db, rows, |row| row.conversation_id.0).await?;
    let items = keyed.into_iter().map(|(row, opener)| {
        let words = row.text.as_ref().zip(row.action_id);
        let text = words.and_then(|(sealed, action_id)| opener.words(TEXT, action_id.0, sealed));
        Note {
            kind: row.kind,
            at: row.at,
            by: row.by_number,
            colleague: row.colleague,
            mentions: row.mentions.split(',').filter(|number| !number.is_empty()).map(str::to_owned).collect(),
            damaged: row.text.is_some() && text.is_none(),
            text,
        }
    });
    Ok(Notes { items: items.collect() })
}

/// Writes down that somebody looks in.
pub async fn look_in(deps: &Deps, who: &Who, id: ConversationId) -> Result<(), Refusal> {
    if !chat::may_read(deps.db.read(), who, id).await? {
        return Err(Kind::NotFound.into());
    }
    let tx = deps.db.begin().await?;
    let line = Line::of(who, AuditAct::Read, (AuditSubject::Conversation, id.0), Some("look-in"));
    audit::write(deps, &tx, deps.clock.now(), line).await?;
    Ok(tx.commit().await?)
}

/// Removes what was written down about a talk that is being erased.
pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    store::remove(tx, id).await
}
