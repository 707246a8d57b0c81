//! The rules, in order. A write takes every command of its kind in the group: one read, decisions in memory, one insert
//! a table.

use std::collections::{HashMap, HashSet};

use entities::{
    conversation, message, triage_decision,
    words::{
        AccountId, ActionId, Actor, AuditSubject, ConversationId, ConversationState, MessageId, PersonRole, Priority,
        Regime, Role, Sealed, Text, Timestamp,
    },
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::{
    alarm,
    model::*,
    store::{self, Place, Standing},
    triage::{self, Judgement},
    wait,
};
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
    quarters,
};

/// Where a message's words stand, as the vault's place.
const WORDS: &str = "message.text";
/// Where it stands why a talk is not erased, as the vault's place.
pub const ERASURE_REFUSAL: &str = "conversation.erasure_refusal";

/// Where it stands where a talk happens, and why one was lowered, as the vault's places.
const WHEREABOUTS: &str = "conversation.whereabouts";
const WHY: &str = "triage_decision.why";

/// Talks that one youth may have open. A frightened one has one or two.
const MOST_OPEN: i64 = 50;

/// Checks the words and seals them under their talk's key, before the writer's turn. A youth's are judged: later nobody here
/// can read them.
pub fn prepare(deps: &Deps, who: &Who, key: &ContentKey, command: SendMessage) -> Result<SealedMessage, Refusal> {
    let SendMessage { message_id, conversation_id, text, triage } = command;
    if triage.is_some() && who.role != Role::Youth {
        return Err(Kind::RoleRefused.into());
    }
    let text = checked(&text, LONGEST_MESSAGE)?;
    let judgement = (who.role == Role::Youth).then(|| triage::judge(triage.as_ref(), text)).flatten();
    let seal = |place, row, words: &str| key.cipher.seal(place, row, words.as_bytes(), &*deps.chance);
    let whereabouts = triage.and_then(|triage| triage.whereabouts).filter(|place| !place.trim().is_empty());
    let whereabouts =
        whereabouts.map(|place| seal(WHEREABOUTS, conversation_id.0, checked(&place, LONGEST_PLACE)?)).transpose()?;
    let text = seal(WORDS, message_id.0, text)?;
    Ok(SealedMessage { message_id, conversation_id, text, judgement, whereabouts, new_key: key.new.clone() })
}

/// The same for why a talk is lowered.
pub fn prepare_lower(
    deps: &Deps,
    key: &ContentKey,
    action_id: ActionId,
    command: LowerConversation,
) -> Result<SealedLowering, Refusal> {
    let LowerConversation { conversation_id, expected_revision, priority, why } = command;
    let why = checked(&why, LONGEST_WHY)?.as_bytes();
    let why = key.cipher.seal(WHY, action_id.0, why, &*deps.chance)?;
    Ok(SealedLowering { conversation_id, expected_revision, priority, why })
}

fn checked(text: &Text, longest: usize) -> Result<&str, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Kind::TextEmpty.into()),
        count if count > longest => Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {longest} characters"))),
        _ => Ok(text),
    }
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

    let counts = |act: &&Act<SealedMessage>| {
        act.command.judgement.is_some() || !desk.rows.contains_key(&act.command.conversation_id)
    };
    let youths: HashSet<AccountId> = acts.iter().filter(counts).map(|act| act.who.account_id).collect();
    let mut standing = store::standing(tx, youths).await?;
    let mut decisions = Vec::new();
    let rows: Vec<_> =
        acts.iter().map(|act| may_send(&mut desk, &mut known, &mut standing, &mut decisions, now, act)).collect();
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
    let mut dangers = HashSet::new();
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
            if act.command.judgement.as_ref().is_some_and(|judgement| judgement.priority == Priority::P1) {
                row.danger_pos = Some(at.pos);
                dangers.insert(row.conversation_id);
            }
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
    let ringing: Vec<_> = dangers.iter().filter_map(|id| desk.rows.get(id)).collect();
    alarm::start(deps, tx, now, &ringing).await?;
    desk.save(tx).await?;
    store::insert_decisions(tx, decisions).await?;
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
    standing: &mut HashMap<AccountId, Standing>,
    decisions: &mut Vec<triage_decision::Model>,
    now: Timestamp,
    act: &Act<SealedMessage>,
) -> Result<conversation::Model, Refusal> {
    let SealedMessage { message_id, conversation_id, ref judgement, ref whereabouts, .. } = act.command;
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
            priority: Priority::P4,
            priority_revision: 0,
            reasons: String::new(),
            rules_version: triage::version(),
            self_harm: false,
            whereabouts: None,
            danger_pos: None,
            waiting_since: now,
            queue_key: 0,
            stepped_away_at: None,
            taken_at: None,
            closed_at: None,
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
    let standing = standing.entry(who.account_id).or_default();
    if row.revision == 0 {
        if standing.open >= MOST_OPEN {
            known.remove(&message_id);
            return Err(
                Refusal { retry_after_ms: Some(600_000), ..Kind::RateLimited.into() }.detail("too many open talks")
            );
        }
        standing.open += 1;
    }
    row.revision += 1;
    row.last_at = now;
    row.last_by = who.actor();
    row.last_message_id = message_id;
    if !who.is_officer() {
        row.stepped_away_at = None;
    }
    if whereabouts.is_some() {
        row.whereabouts.clone_from(whereabouts);
    }
    if row.revision == 1 {
        judged(&mut row, &judgement.clone().unwrap_or_else(triage::unasked), standing);
    } else if let Some(judgement) = judgement
        && !judged(&mut row, judgement, standing)
    {
        desk.change(row.clone());
        return Ok(row);
    }
    if judgement.is_some() {
        decisions.push(decision(&row, act, now, None));
    }
    desk.change(row.clone());
    Ok(row)
}

/// Lets the rules' word raise a talk, never lower it. Says whether anything came of it.
fn judged(row: &mut conversation::Model, judgement: &Judgement, standing: &mut Standing) -> bool {
    let Judgement { priority, reasons, self_harm } = judgement;
    let before = (row.priority, row.reasons.clone(), row.self_harm);
    row.self_harm |= self_harm;
    if *priority < row.priority || row.reasons.is_empty() {
        row.reasons = reasons.join(",");
        let already = if row.state == ConversationState::Waiting { standing.another(*priority) } else { 0 };
        stand(row, *priority, already);
    } else if *priority == row.priority {
        for reason in reasons {
            reasoned(row, reason);
        }
    }
    let changed = (row.priority, row.reasons.clone(), row.self_harm) != before;
    if changed {
        row.rules_version = triage::version();
    }
    changed
}

/// Adds a reason that it does not have yet.
fn reasoned(row: &mut conversation::Model, reason: &str) {
    if row.reasons.split(',').all(|known| known != reason) {
        row.reasons = format!("{},{reason}", row.reasons);
    }
}

/// Gives a talk another priority and its place in the queue, behind so many of the same youth.
fn stand(row: &mut conversation::Model, priority: Priority, before: i64) {
    row.priority = priority;
    row.priority_revision = row.revision;
    row.queue_key = wait::queue_key(priority, before, row.waiting_since);
}

fn decision<C>(row: &conversation::Model, act: &Act<C>, now: Timestamp, why: Option<Sealed>) -> triage_decision::Model {
    triage_decision::Model {
        conversation_id: row.conversation_id,
        revision: row.revision,
        at: now,
        by: act.who.actor(),
        by_number: act.who.public_number.clone(),
        action_id: act.action_id,
        priority: row.priority,
        reasons: row.reasons.clone(),
        self_harm: row.self_harm,
        rules_version: row.rules_version,
        why,
    }
}

/// A transition of conversations: `decide` says what each becomes; whoever follows it is told.
async fn transition<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    id: impl Fn(&C) -> ConversationId,
    mut decide: impl FnMut(&mut conversation::Model, &Act<C>) -> Result<bool, Refusal>,
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
            row.taken_at = Some(now);
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
            row.closed_at = Some(now);
            row.queue_key = wait::closed_key(now);
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
                row.stepped_away_at = None;
            }
            Ok(true)
        },
    )
    .await
}

/// An officer makes a talk more urgent. To the first priority it rings.
pub async fn raise(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<RaiseConversation>],
) -> Result<Vec<Decided>, DbErr> {
    let (mut decisions, mut dangers) = (Vec::new(), Vec::new());
    let decided = transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            officer(&act.who)?;
            if row.state == ConversationState::Closed {
                return Err(Kind::ConversationClosed.into());
            }
            if act.command.priority >= row.priority {
                return Ok(false);
            }
            judge_by_person(row, act.command.priority, "raised");
            decisions.push(decision(&coming(row), act, now, None));
            if row.priority == Priority::P1 {
                dangers.push(row.clone());
            }
            Ok(true)
        },
    )
    .await?;
    store::insert_decisions(tx, decisions).await?;
    alarm::start(deps, tx, now, &dangers.iter().collect::<Vec<_>>()).await?;
    Ok(decided)
}

/// An officer makes a talk less urgent, and says why.
pub async fn lower(tx: &Tx, now: Timestamp, acts: &[Act<SealedLowering>]) -> Result<Vec<Decided>, DbErr> {
    let mut decisions = Vec::new();
    let decided = transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            officer(&act.who)?;
            if row.state == ConversationState::Closed {
                return Err(Kind::ConversationClosed.into());
            }
            seen(row, act.command.expected_revision)?;
            if act.command.expected_revision < row.priority_revision {
                // It was raised since the officer looked.
                return Err(Kind::RevisionConflict.into());
            }
            if act.command.priority <= row.priority {
                return Err(Refusal::of(Kind::Conflict).detail("that is no lowering"));
            }
            judge_by_person(row, act.command.priority, "lowered");
            row.danger_pos = None;
            decisions.push(decision(&coming(row), act, now, Some(act.command.why.clone())));
            Ok(true)
        },
    )
    .await?;
    store::insert_decisions(tx, decisions).await?;
    Ok(decided)
}

/// What a person decides stands by itself: the youth's other talks do not push it back.
fn judge_by_person(row: &mut conversation::Model, priority: Priority, how: &str) {
    reasoned(row, how);
    stand(row, priority, 0);
    row.priority_revision = row.revision + 1;
}

/// A row as its transition leaves it.
fn coming(row: &conversation::Model) -> conversation::Model {
    conversation::Model { revision: row.revision + 1, ..row.clone() }
}

/// The youth does not wait before the screen: she is told by push.
pub async fn step_away(tx: &Tx, now: Timestamp, acts: &[Act<StepAway>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            if act.who.role != Role::Youth {
                return Err(Kind::RoleRefused.into());
            }
            if row.state != ConversationState::Waiting || row.stepped_away_at.is_some() {
                return Ok(false);
            }
            row.stepped_away_at = Some(now);
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
    for queue in ["push", alarm::QUEUE] {
        jobs::forget(tx, queue, id.0).await?;
    }
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
    after: Option<Place>,
    limit: u64,
) -> Result<(Vec<Conversation>, Vec<Place>), Refusal> {
    let rows = store::list(deps.db.read(), who, state, after, limit).await?;
    let places = rows.iter().map(|row| store::place(who, row)).collect();
    Ok((views(deps, who, rows).await?, places))
}

/// How long talks are remembered for how long the next one may take, and how many of them.
const TOOK_SECONDS: i64 = 28 * 24 * 3600;
const TOOK: u64 = 50;

/// How a youth's talk waits at this moment.
pub async fn wait(deps: &Deps, who: &Who, id: ConversationId) -> Result<Wait, Refusal> {
    let (db, now) = (deps.db.read(), deps.clock.now());
    let row = store::find(db, who, &[id]).await?.remove(&id).ok_or(Kind::NotFound)?;
    let waits = row.state == ConversationState::Waiting;
    let place = if waits { Some(store::waiting_before(db, &row).await? + 1) } else { None };
    let officers = quarters::staff(db, now).await?;
    let opening = quarters::opening(db, now).await?;
    let range = match place {
        Some(place) if opening.open => {
            let took = store::took(db, now.plus_seconds(-TOOK_SECONDS), TOOK).await?;
            wait::range(place, i64::try_from(officers).unwrap_or(i64::MAX), &took)
        }
        _ => None,
    };
    Ok(Wait {
        state: row.state,
        place,
        least_minutes: range.map(|(least, _)| least),
        most_minutes: range.map(|(_, most)| most),
        read: row.read_by_number.is_some(),
        unread_danger: unread_danger(&row),
        open: opening.open,
        staffed: officers > 0,
        nobody_reads_before: if opening.open { None } else { opening.next_opening },
    })
}

/// Decisions that are shown.
const DECISIONS: u64 = 50;

/// Why a talk is as urgent as it is, the newest decision first.
pub async fn decisions(deps: &Deps, who: &Who, id: ConversationId) -> Result<TriageDecisions, Refusal> {
    if !may_read(deps.db.read(), who, id).await? {
        return Err(Kind::NotFound.into());
    }
    let rows = store::decisions(deps.db.read(), id, DECISIONS).await?;
    audit::looked(deps, who, AuditSubject::Conversation, [id.0]).await?;
    let keyed = deps.vault.keyed(&deps.db, rows, |row| row.conversation_id.0).await?;
    let items = keyed.into_iter().map(|(row, opener)| TriageDecision {
        why: row.why.as_ref().and_then(|why| opener.words(WHY, row.action_id.0, why)),
        at: row.at,
        by: row.by,
        public_number: row.by_number,
        priority: row.priority,
        reasons: listed(&row.reasons),
        self_harm: row.self_harm,
        rules_version: row.rules_version,
    });
    Ok(TriageDecisions { items: items.collect() })
}

fn listed(reasons: &str) -> Vec<String> {
    reasons.split(',').filter(|reason| !reason.is_empty()).map(str::to_owned).collect()
}

/// It tells of danger that no person has read.
fn unread_danger(row: &conversation::Model) -> bool {
    row.priority == Priority::P1 && row.danger_pos.is_some_and(|pos| pos > row.officer_read_pos)
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
    let holds_words = |row: &&conversation::Model| row.erasure_refusal.is_some() || row.whereabouts.is_some();
    let worded = rows.iter().filter(holds_words).map(|row| row.conversation_id.0).collect();
    let keys: HashMap<_, _> = deps.vault.keyed(&deps.db, worded, |id| *id).await?.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let words = |place, sealed: &Option<Sealed>| {
                let (sealed, opener) = sealed.as_ref().zip(keys.get(&row.conversation_id.0))?;
                opener.words(place, row.conversation_id.0, sealed)
            };
            let (erasure_refusal, whereabouts) =
                (words(ERASURE_REFUSAL, &row.erasure_refusal), words(WHEREABOUTS, &row.whereabouts));
            let unread_danger = unread_danger(&row);
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
                erasure_refusal,
                unread_danger,
                self_harm: row.self_harm,
                whereabouts,
                // An older program that runs beside this one does not say since when.
                waiting_since: row.waiting_since.max(row.opened_at),
                stepped_away_at: row.stepped_away_at,
                priority: who.is_officer().then_some(row.priority),
                reasons: who.is_officer().then(|| listed(&row.reasons)),
                rules_version: who.is_officer().then_some(row.rules_version),
            }
        })
        .collect())
}
