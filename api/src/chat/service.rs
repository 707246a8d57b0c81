//! The rules, in order. A write takes every command of its kind in the group: one read, decisions in memory, one insert
//! a table.

use std::collections::{HashMap, HashSet};

use entities::{
    conversation, message,
    words::{
        AccountId, ActionId, Actor, AuditSubject, ConversationId, ConversationState, MessageId, PersonRole, Regime,
        Role, Sealed, Timestamp,
    },
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::{model::*, store};
use crate::{
    audit,
    base::{
        actions::{Act, Decided, Effect, Who},
        db::Tx,
        erased,
        jobs::{self, NewJob},
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        vault::ContentKey,
    },
    deps::Deps,
};

/// Where a message's words stand, as the vault's place.
const WORDS: &str = "message.text";
/// Where it stands why a talk is not erased, as the vault's place.
pub const ERASURE_REFUSAL: &str = "conversation.erasure_refusal";

/// Talks that one youth may have open. A frightened one has one or two.
const MOST_OPEN: i64 = 50;

/// Checks the text and seals it under its talk's key, before the writer's turn.
pub fn prepare(deps: &Deps, key: &ContentKey, command: SendMessage) -> Result<SealedMessage, Refusal> {
    let text = command.text.trim();
    if text.is_empty() {
        return Err(Kind::TextEmpty.into());
    }
    if text.chars().count() > LONGEST_MESSAGE {
        return Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {LONGEST_MESSAGE} characters")));
    }
    let text = key.cipher.seal(WORDS, command.message_id.0, text.as_bytes(), &*deps.chance)?;
    let SendMessage { message_id, conversation_id, .. } = command;
    Ok(SealedMessage { message_id, conversation_id, text, new_key: key.new.clone() })
}

/// What a write function does to conversations: rows as they will stand, and who is to be told.
struct Desk {
    rows: HashMap<ConversationId, conversation::Model>,
    erased: HashSet<Uuid>,
    changed: HashSet<ConversationId>,
}

impl Desk {
    async fn lock(tx: &Tx, ids: impl Iterator<Item = ConversationId>) -> Result<Self, DbErr> {
        let ids: Vec<_> = ids.collect();
        let erased = erased::among(&**tx, ids.iter().map(|id| id.0)).await?;
        Ok(Self { rows: store::lock(tx, ids).await?, erased, changed: HashSet::new() })
    }

    /// What was erased does not come back.
    fn stands(&self, id: ConversationId) -> Result<(), Refusal> {
        if self.erased.contains(&id.0) { Err(Kind::Erased.into()) } else { Ok(()) }
    }

    /// The row, if this person may know of it.
    fn visible(&self, who: &Who, id: ConversationId) -> Result<&conversation::Model, Refusal> {
        self.stands(id)?;
        let row = self.rows.get(&id).ok_or(Kind::NotFound)?;
        if who.is_officer() || row.youth_id == who.account_id { Ok(row) } else { Err(Kind::NotFound.into()) }
    }

    fn change(&mut self, row: conversation::Model) {
        self.changed.insert(row.conversation_id);
        self.rows.insert(row.conversation_id, row);
    }

    async fn save(self, tx: &Tx) -> Result<(), DbErr> {
        let changed = self.changed;
        let mut rows: Vec<_> = self.rows.into_values().filter(|row| changed.contains(&row.conversation_id)).collect();
        rows.sort_unstable_by_key(|row| row.conversation_id);
        store::save(tx, rows).await
    }
}

/// `conversation-changed` for everyone who follows it: the talk itself, the youth's inbox, the desk.
fn changed(row: &conversation::Model, action_id: Option<ActionId>, who: &Who) -> [NewEntry; 3] {
    [journal::conversation(row.conversation_id), journal::inbox(row.youth_id), journal::DESK.to_owned()].map(|stream| {
        NewEntry {
            stream,
            kind: "conversation-changed",
            entity_id: row.conversation_id.0,
            revision: row.revision,
            action_id,
            actor: who.actor(),
            actor_id: Some(who.account_id),
        }
    })
}

/// Stores messages. A youth's first one opens the conversation.
pub async fn send(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedMessage>]) -> Result<Vec<Decided>, DbErr> {
    let mut desk = Desk::lock(tx, acts.iter().map(|act| act.command.conversation_id)).await?;
    let mut known: HashSet<MessageId> =
        store::known_messages(tx, acts.iter().map(|act| act.command.message_id).collect()).await?.into_iter().collect();

    let opens = |act: &&Act<SealedMessage>| !desk.rows.contains_key(&act.command.conversation_id);
    let youths: HashSet<AccountId> = acts.iter().filter(opens).map(|act| act.who.account_id).collect();
    let mut open = store::count_open(tx, youths).await?;

    let rows: Vec<_> = acts.iter().map(|act| may_send(&mut desk, &mut known, &mut open, now, act)).collect();
    let mut newest: HashMap<ConversationId, i64> = HashMap::new();
    for row in rows.iter().flatten() {
        newest.insert(row.conversation_id, row.revision);
    }
    let mut decided: Vec<Result<usize, Refusal>> = Vec::with_capacity(acts.len());
    let mut entries = Vec::new();
    for (act, row) in acts.iter().zip(rows) {
        decided.push(row.map(|row| {
            let place = entries.len();
            entries.push(NewEntry {
                stream: journal::conversation(row.conversation_id),
                kind: "message-created",
                entity_id: act.command.message_id.0,
                revision: 1,
                action_id: Some(act.action_id),
                actor: act.who.actor(),
                actor_id: Some(act.who.account_id),
            });
            // How the talk stands after all of them is what its followers need to know.
            if newest.get(&row.conversation_id) == Some(&row.revision) {
                entries.extend(changed(&row, Some(act.action_id), &act.who).into_iter().skip(1));
            }
            place
        }));
    }

    let positions = journal::append(tx, now, entries).await?;
    let (mut answers, mut messages, mut pushes) = (Vec::with_capacity(acts.len()), Vec::new(), Vec::new());
    for (act, place) in acts.iter().zip(decided) {
        let place = match place {
            Ok(place) => place,
            Err(refusal) => {
                answers.push(Err(refusal));
                continue;
            }
        };
        let at = positions[place].clone();
        let Some(row) = desk.rows.get_mut(&act.command.conversation_id) else {
            return Err(DbErr::Custom("a decided conversation is gone".into()));
        };
        if act.who.is_officer() {
            row.last_officer_pos = at.pos;
            pushes.push(("message", row.youth_id, row.conversation_id));
        } else {
            row.last_youth_pos = at.pos;
            if let Some(holder) = row.holder_id {
                pushes.push(("message", holder, row.conversation_id));
            }
        }
        messages.push(message::Model {
            message_id: act.command.message_id,
            conversation_id: act.command.conversation_id,
            pos: at.pos,
            author_id: act.who.account_id,
            by: act.who.actor(),
            public_number: act.who.public_number.clone(),
            text: act.command.text.clone(),
            action_id: act.action_id,
            recorded_at: act.recorded_at,
            received_at: now,
        });
        answers.push(Ok(Effect { entity_id: act.command.message_id.0, revision: 1, at: Some(at) }));
    }
    desk.save(tx).await?;
    store::insert_messages(tx, messages).await?;
    let sealed = acts.iter().zip(&answers).filter(|(_, answer)| answer.is_ok());
    deps.vault.store(tx, &*deps.chance, now, sealed.filter_map(|(act, _)| act.command.new_key.as_ref())).await?;
    enqueue(deps, tx, now, pushes).await?;
    Ok(answers)
}

/// Decides one message and leaves the conversation as it will stand.
fn may_send(
    desk: &mut Desk,
    known: &mut HashSet<MessageId>,
    open: &mut HashMap<AccountId, i64>,
    now: Timestamp,
    act: &Act<SealedMessage>,
) -> Result<conversation::Model, Refusal> {
    let SealedMessage { message_id, conversation_id, .. } = act.command;
    let who = &act.who;
    desk.stands(conversation_id)?;
    let mut row = match desk.rows.get(&conversation_id) {
        Some(_) => desk.visible(who, conversation_id)?.clone(),
        None if who.role != Role::Youth => return Err(Kind::NotFound.into()),
        None => conversation::Model {
            conversation_id,
            youth_id: who.account_id,
            state: ConversationState::Waiting,
            revision: 0,
            holder_id: None,
            holder_number: None,
            held_revision: 0,
            opened_at: now,
            last_at: now,
            last_by: Actor::Youth,
            last_message_id: message_id,
            youth_read_pos: 0,
            officer_read_pos: 0,
            read_by_number: None,
            last_youth_pos: 0,
            last_officer_pos: 0,
            regime: Regime::Crime,
            person_role: PersonRole::Unknown,
            erasure_asked_at: None,
            erasure_refused_at: None,
            erasure_refusal: None,
        },
    };
    if row.state == ConversationState::Closed {
        return Err(Kind::ConversationClosed.into());
    }
    if who.is_officer() && row.holder_id != Some(who.account_id) {
        return Err(Kind::ConversationNotHeld.into());
    }
    if !known.insert(message_id) {
        return Err(Refusal::of(Kind::Conflict).detail("the message id is taken"));
    }
    if row.revision == 0 {
        let open = open.entry(who.account_id).or_default();
        if *open >= MOST_OPEN {
            known.remove(&message_id);
            return Err(
                Refusal { retry_after_ms: Some(600_000), ..Kind::RateLimited.into() }.detail("too many open talks")
            );
        }
        *open += 1;
    }
    row.revision += 1;
    row.last_at = now;
    row.last_by = who.actor();
    row.last_message_id = message_id;
    desk.change(row.clone());
    Ok(row)
}

/// A transition of conversations: `decide` says what each becomes; whoever follows it is told.
async fn transition<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    id: impl Fn(&C) -> ConversationId,
    decide: impl Fn(&mut conversation::Model, &Act<C>) -> Result<bool, Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let mut desk = Desk::lock(tx, acts.iter().map(|act| id(&act.command))).await?;
    let mut decided = Vec::with_capacity(acts.len());
    let mut entries = Vec::new();
    for act in acts {
        let outcome = desk.visible(&act.who, id(&act.command)).cloned().and_then(|mut row| {
            let place = if decide(&mut row, act)? {
                row.revision += 1;
                entries.extend(changed(&row, Some(act.action_id), &act.who));
                Some(entries.len() - 3)
            } else {
                None
            };
            let answer = (row.conversation_id, row.revision, place);
            desk.change(row);
            Ok(answer)
        });
        decided.push(outcome);
    }
    let positions = journal::append(tx, now, entries).await?;
    desk.save(tx).await?;
    Ok(decided
        .into_iter()
        .map(|outcome| {
            outcome.map(|(id, revision, place)| Effect {
                entity_id: id.0,
                revision,
                at: place.map(|place| positions[place].clone()),
            })
        })
        .collect())
}

pub async fn take(tx: &Tx, now: Timestamp, acts: &[Act<TakeConversation>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            officer(&act.who)?;
            if row.state == ConversationState::Closed {
                return Err(Kind::ConversationClosed.into());
            }
            if row.holder_id == Some(act.who.account_id) {
                return Ok(false);
            }
            let expected = act.command.expected_revision;
            if row.holder_id.is_some() && expected < row.held_revision {
                // The officer saw it with nobody, or with somebody else, and may not want to take it from this colleague.
                return Err(Kind::ConversationTaken.into());
            }
            seen(row, expected)?;
            row.state = ConversationState::Taken;
            row.holder_id = Some(act.who.account_id);
            row.held_revision = row.revision + 1;
            row.holder_number = act.who.public_number.clone();
            Ok(true)
        },
    )
    .await
}

pub async fn close(tx: &Tx, now: Timestamp, acts: &[Act<CloseConversation>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            officer(&act.who)?;
            if row.state == ConversationState::Closed {
                return Ok(false);
            }
            if row.holder_id != Some(act.who.account_id) {
                return Err(Kind::ConversationNotHeld.into());
            }
            seen(row, act.command.expected_revision)?;
            if row.last_youth_pos > row.officer_read_pos {
                // No talk closes over words that no person has read.
                return Err(Kind::RevisionConflict.into());
            }
            row.state = ConversationState::Closed;
            Ok(true)
        },
    )
    .await
}

/// Read marks only grow. An officer's mark is what makes the youth's screen say "read by".
pub async fn read(tx: &Tx, now: Timestamp, acts: &[Act<ReadConversation>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            let head = row.last_youth_pos.max(row.last_officer_pos);
            let pos = act.command.pos.min(head);
            if act.who.is_officer() {
                if pos <= row.officer_read_pos {
                    return Ok(false);
                }
                row.officer_read_pos = pos;
                row.read_by_number = act.who.public_number.clone();
            } else {
                if pos <= row.youth_read_pos {
                    return Ok(false);
                }
                row.youth_read_pos = pos;
            }
            Ok(true)
        },
    )
    .await
}

/// The youth asks for erasure. Asked again after it was refused, it is to be decided anew.
pub async fn ask_erasure(tx: &Tx, now: Timestamp, acts: &[Act<AskConversationErasure>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            if act.who.role != Role::Youth {
                return Err(Kind::RoleRefused.into());
            }
            if asked(row) {
                return Ok(false);
            }
            row.erasure_asked_at = Some(now);
            row.erasure_refused_at = None;
            row.erasure_refusal = None;
            Ok(true)
        },
    )
    .await
}

/// Whether its youth waits for a decision.
fn asked(row: &conversation::Model) -> bool {
    row.erasure_asked_at.is_some() && row.erasure_refused_at.is_none()
}

/// The police keep a talk that its youth asked to erase, and say why.
pub async fn refuse_erasure(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    who: &Who,
    id: ConversationId,
    why: Sealed,
) -> Result<(), Refusal> {
    let mut desk = Desk::lock(tx, [id].into_iter()).await?;
    let mut row = desk.visible(who, id)?.clone();
    if !asked(&row) {
        return Err(Kind::NotFound.into());
    }
    row.erasure_refused_at = Some(now);
    row.erasure_refusal = Some(why);
    row.revision += 1;
    journal::append(tx, now, changed(&row, None, who).into()).await?;
    let youth_id = row.youth_id;
    desk.change(row);
    desk.save(tx).await?;
    Ok(enqueue(deps, tx, now, vec![("message", youth_id, id)]).await?)
}

fn officer(who: &Who) -> Result<(), Refusal> {
    if who.is_officer() { Ok(()) } else { Err(Kind::RoleRefused.into()) }
}

/// The officer saw the talk as it is or as it was: each message and each mark gives it a revision, and none of those
/// changes what taking and closing mean.
fn seen(row: &conversation::Model, expected: i64) -> Result<(), Refusal> {
    if (1..=row.revision).contains(&expected) { Ok(()) } else { Err(Kind::RevisionConflict.into()) }
}

async fn enqueue(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    mut pushes: Vec<(&'static str, AccountId, ConversationId)>,
) -> Result<(), DbErr> {
    pushes.sort_unstable_by_key(|(_, account, conversation)| (*account, *conversation));
    pushes.dedup();
    let jobs = pushes
        .into_iter()
        .map(|(kind, account_id, conversation_id)| NewJob {
            queue: "push",
            body: json!({"kind": kind, "account_id": account_id, "entity_id": conversation_id}),
            run_at: now,
        })
        .collect();
    jobs::enqueue(tx, &*deps.chance, now, jobs).await
}

/// Removes a talk that is being erased, with all that points to it, and tells who followed it. Gives how many messages
/// there were; nothing, if it was not here.
pub async fn remove(tx: &Tx, now: Timestamp, id: ConversationId, actor: Actor) -> Result<Option<i64>, DbErr> {
    let Some((row, messages)) = store::remove(tx, id).await? else { return Ok(None) };
    journal::forget(tx, id.0, Some(&journal::conversation(id))).await?;
    jobs::forget(tx, "push", id.0).await?;
    let entries = [journal::inbox(row.youth_id), journal::DESK.to_owned()].map(|stream| NewEntry {
        stream,
        kind: "conversation-erased",
        entity_id: id.0,
        revision: row.revision + 1,
        action_id: None,
        actor,
        actor_id: None,
    });
    journal::append(tx, now, entries.into()).await?;
    Ok(Some(messages))
}

// Reading

pub async fn may_read(db: &impl ConnectionTrait, who: &Who, id: ConversationId) -> Result<bool, DbErr> {
    Ok(store::find(db, who, &[id]).await?.contains_key(&id))
}

pub async fn conversations_by_id(
    deps: &Deps,
    who: &Who,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Conversation>, Refusal> {
    let rows = store::find(deps.db.read(), who, ids).await?.into_values().collect();
    Ok(views(deps, who, rows).await?.into_iter().map(|view| (view.conversation_id, view)).collect())
}

/// Messages whose conversation the caller may read: `may_read` was asked before.
pub async fn messages_by_id(deps: &Deps, who: &Who, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Message>, Refusal> {
    let rows = store::messages(deps.db.read(), ids.into_iter().map(MessageId).collect()).await?;
    Ok(open(deps, who, rows).await?.into_iter().map(|view| (view.message_id.0, view)).collect())
}

pub async fn list(
    deps: &Deps,
    who: &Who,
    state: Option<ConversationState>,
    after: Option<(i64, ConversationId)>,
    limit: u64,
) -> Result<Vec<Conversation>, Refusal> {
    let rows = store::list(deps.db.read(), who, state, after, limit).await?;
    views(deps, who, rows).await
}

pub async fn messages(
    deps: &Deps,
    who: &Who,
    id: ConversationId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Message>, Refusal> {
    if !may_read(deps.db.read(), who, id).await? {
        return Err(Kind::NotFound.into());
    }
    let rows = store::messages_before(deps.db.read(), id, before, limit).await?;
    open(deps, who, rows).await
}

/// Messages from a place on, oldest first.
pub async fn messages_after(
    deps: &Deps,
    who: &Who,
    id: ConversationId,
    pos: i64,
    limit: u64,
) -> Result<Vec<Message>, Refusal> {
    if !may_read(deps.db.read(), who, id).await? {
        return Ok(Vec::new());
    }
    let rows = store::messages_after(deps.db.read(), id, pos, limit).await?;
    open(deps, who, rows).await
}

/// Opens the words of messages on the way to their views, once it is written down who looks.
async fn open(deps: &Deps, who: &Who, rows: Vec<message::Model>) -> Result<Vec<Message>, Refusal> {
    let keyed = deps.vault.keyed(&deps.db, rows, |row| row.conversation_id.0).await?;
    audit::looked(deps, who, AuditSubject::Conversation, keyed.iter().map(|(row, _)| row.conversation_id.0)).await?;
    Ok(keyed
        .into_iter()
        .map(|(row, opener)| {
            let text = opener.words(WORDS, row.message_id.0, &row.text);
            Message {
                message_id: row.message_id,
                conversation_id: row.conversation_id,
                pos: row.pos,
                by: row.by,
                public_number: row.public_number,
                mine: row.author_id == who.account_id,
                damaged: text.is_none(),
                text: text.unwrap_or_default(),
                recorded_at: row.recorded_at,
                received_at: row.received_at,
                action_id: row.action_id,
            }
        })
        .collect())
}

async fn views(deps: &Deps, who: &Who, rows: Vec<conversation::Model>) -> Result<Vec<Conversation>, Refusal> {
    let last = messages_by_id(deps, who, rows.iter().map(|row| row.last_message_id.0).collect()).await?;
    let refused = rows.iter().filter(|row| row.erasure_refusal.is_some()).map(|row| row.conversation_id.0).collect();
    let keys: HashMap<_, _> = deps.vault.keyed(&deps.db, refused, |id| *id).await?.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let refusal = row.erasure_refusal.as_ref().zip(keys.get(&row.conversation_id.0));
            let last_text = last.get(&row.last_message_id.0).map(|message| message.text.chars().take(120).collect());
            Conversation {
                conversation_id: row.conversation_id,
                state: row.state,
                revision: row.revision,
                opened_at: row.opened_at,
                last_at: row.last_at,
                held_by_me: row.holder_id == Some(who.account_id),
                holder: row.holder_number,
                read_by: row.read_by_number,
                officer_read_pos: row.officer_read_pos,
                youth_read_pos: row.youth_read_pos,
                head: row.last_youth_pos.max(row.last_officer_pos),
                unread: if who.is_officer() {
                    row.last_youth_pos > row.officer_read_pos
                } else {
                    row.last_officer_pos > row.youth_read_pos
                },
                last_by: row.last_by,
                last_text: last_text.unwrap_or_default(),
                regime: who.is_officer().then_some(row.regime),
                person_role: who.is_officer().then_some(row.person_role),
                erasure_asked_at: row.erasure_asked_at,
                erasure_refused_at: row.erasure_refused_at,
                erasure_refusal: refusal
                    .and_then(|(sealed, opener)| opener.words(ERASURE_REFUSAL, row.conversation_id.0, sealed)),
            }
        })
        .collect())
}
