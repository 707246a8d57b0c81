//! The rules, in order. What is decided is a transition of the talk in which it is, and the youth's other talks follow it.

use entities::{
    conversation, mute,
    words::{AccountId, AuditSubject, ConversationId, MuteKind, Role, Timestamp},
};
use sea_orm::DbErr;

use super::{model::*, store};
use crate::{
    audit,
    base::{
        actions::{Act, Decided, Who},
        db::Tx,
        refusal::{Kind, Refusal},
        text,
        vault::ContentKey,
    },
    chat,
    deps::Deps,
};

/// Where a note stands, as the vault's place.
const NOTE: &str = "mute.note";
/// How many a lead sees.
const SHOWN: u64 = 200;

pub fn prepare(deps: &Deps, key: Result<&ContentKey, Refusal>, command: MuteAccount) -> Result<SealedMute, Refusal> {
    let MuteAccount { mute_id, conversation_id, kind, hours, reason, note } = command;
    let lengths = match kind {
        MuteKind::Muted => [1, 6, 24],
        MuteKind::Blocked => [24, 7 * 24, 30 * 24],
    };
    if !lengths.contains(&hours) {
        return Err(Refusal::of(Kind::Conflict).detail(format!("{} is for one of {lengths:?} hours", kind.word())));
    }
    let seal = |note: &str| key?.cipher.seal(NOTE, mute_id.0, note.as_bytes(), &*deps.chance);
    let note = note.map(|note| seal(text::checked(&note, LONGEST_NOTE)?)).transpose()?;
    Ok(SealedMute { mute_id, conversation_id, kind, hours, reason, note })
}

/// Whoever holds the talk, or a lead.
fn may(who: &Who, talk: &conversation::Model) -> Result<(), Refusal> {
    if who.role == Role::Lead { Ok(()) } else { chat::holds(who, talk) }
}

pub async fn mute(tx: &Tx, now: Timestamp, acts: &[Act<SealedMute>]) -> Result<Vec<Decided>, DbErr> {
    let mut decided = Vec::with_capacity(acts.len());
    // One by one: two of them may be about the same youth.
    for act in acts {
        decided.extend(begin(tx, now, act).await?);
    }
    Ok(decided)
}

async fn begin(tx: &Tx, now: Timestamp, act: &Act<SealedMute>) -> Result<Vec<Decided>, DbErr> {
    let SealedMute { mute_id, conversation_id, kind, hours, reason, ref note } = act.command;
    let known = store::find(tx, mute_id).await?.is_some();
    let Some(account_id) = chat::youth_of(&**tx, conversation_id).await? else {
        return Ok(vec![Err(Kind::NotFound.into())]);
    };
    let running = chat::muted(&**tx, now, vec![account_id]).await?;
    let row = mute::Model {
        mute_id,
        account_id,
        conversation_id,
        kind,
        reason,
        note: note.clone(),
        at: now,
        until: now.plus_seconds(i64::from(hours) * 3600),
        by_number: act.who.public_number.clone(),
        ended_at: None,
        ended_number: None,
    };
    let decided = chat::transition(
        tx,
        now,
        std::slice::from_ref(act),
        |command| command.conversation_id,
        |talk, act| {
            may(&act.who, talk)?;
            if known {
                return Err(Refusal::of(Kind::Conflict).detail("the id is taken"));
            }
            if running.iter().any(|other| other.until > row.until) {
                return Err(Refusal::of(Kind::Conflict).detail("another one runs longer: end that first"));
            }
            chat::silence(talk, Some(&row));
            Ok(true)
        },
    )
    .await?;
    if decided.iter().all(Result::is_ok) {
        for other in running {
            store::end(tx, now, other.mute_id, act.who.public_number.clone()).await?;
        }
        follow(tx, now, account_id, Some(conversation_id), Some(&row)).await?;
        store::insert(tx, row).await?;
    }
    Ok(decided)
}

/// Lets the youth's talks know how it stands, but for one that knows.
async fn follow(
    tx: &Tx,
    now: Timestamp,
    account_id: AccountId,
    knows: Option<ConversationId>,
    mute: Option<&mute::Model>,
) -> Result<(), DbErr> {
    let mut talks = chat::to_silence(tx, account_id).await?;
    talks.retain(|id| Some(*id) != knows);
    chat::by_itself(tx, now, talks, |talk| {
        let changes = talk.mute_id != mute.map(|mute| mute.mute_id);
        chat::silence(talk, mute);
        changes
    })
    .await
    .map(drop)
}

pub async fn end(tx: &Tx, now: Timestamp, acts: &[Act<EndMute>]) -> Result<Vec<Decided>, DbErr> {
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        decided.extend(end_one(tx, now, act).await?);
    }
    Ok(decided)
}

async fn end_one(tx: &Tx, now: Timestamp, act: &Act<EndMute>) -> Result<Vec<Decided>, DbErr> {
    let EndMute { mute_id, conversation_id } = act.command;
    let row = store::find(tx, mute_id).await?;
    let mut ended = None;
    let decided = chat::transition(
        tx,
        now,
        std::slice::from_ref(act),
        |command| command.conversation_id,
        |talk, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            let row = row.as_ref().filter(|row| row.account_id == talk.youth_id).ok_or(Kind::NotFound)?;
            if row.ended_at.is_some() || row.until <= now {
                return Ok(false);
            }
            chat::silence(talk, None);
            ended = Some(row.account_id);
            Ok(true)
        },
    )
    .await?;
    if let Some(account_id) = ended {
        store::end(tx, now, mute_id, act.who.public_number.clone()).await?;
        follow(tx, now, account_id, Some(conversation_id), None).await?;
    }
    Ok(decided)
}

/// What was decided in a talk goes with it; what of it still ran ends.
pub async fn remove(tx: &Tx, now: Timestamp, id: ConversationId) -> Result<(), DbErr> {
    for row in store::of_talk(tx, id).await? {
        if row.ended_at.is_none() && row.until > now {
            follow(tx, now, row.account_id, None, None).await?;
        }
    }
    store::remove(tx, id).await
}

/// How an account was kept from writing, for its own copy.
pub async fn of_account(deps: &Deps, account_id: AccountId) -> Result<Vec<mute::Model>, DbErr> {
    store::of_account(deps.db.read(), account_id).await
}

pub async fn list(deps: &Deps, who: &Who, id: ConversationId) -> Result<Mutes, Refusal> {
    let db = deps.db.read();
    if !chat::may_read(db, who, id).await? {
        return Err(Kind::NotFound.into());
    }
    let account_id = chat::youth_of(db, id).await?.ok_or(Kind::NotFound)?;
    views(deps, who, store::of_account(db, account_id).await?).await
}

pub async fn running(deps: &Deps, who: &Who) -> Result<Mutes, Refusal> {
    views(deps, who, store::running(deps.db.read(), deps.clock.now(), SHOWN).await?).await
}

async fn views(deps: &Deps, who: &Who, rows: Vec<mute::Model>) -> Result<Mutes, Refusal> {
    let keyed = deps.vault.keyed(&deps.db, rows, |row| row.conversation_id.0).await?;
    audit::looked(deps, who, AuditSubject::Conversation, keyed.iter().map(|(row, _)| row.conversation_id.0)).await?;
    let items = keyed.into_iter().map(|(row, opener)| Mute {
        note: row.note.as_ref().and_then(|note| opener.words(NOTE, row.mute_id.0, note)),
        mute_id: row.mute_id,
        conversation_id: row.conversation_id,
        kind: row.kind,
        reason: row.reason,
        at: row.at,
        until: row.until,
        by: row.by_number,
        ended_at: row.ended_at,
        ended_by: row.ended_number,
    });
    Ok(Mutes { items: items.collect() })
}
