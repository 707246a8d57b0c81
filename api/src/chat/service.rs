//! The rules, in order. A write takes every command of its kind in the group: one read, decisions in memory, one insert
//! a table.

use std::collections::{HashMap, HashSet};

use entities::{
    conversation, message, mute, triage_decision,
    words::{
        AccountId, ActionId, Actor, AuditAct, AuditSubject, CameBy, ConversationId, ConversationState, FileId,
        MessageId, OUTCOMES_VERSION, OutcomeCode, PersonRole, Priority, QuarterId, Regime, Role, Sealed, Timestamp,
    },
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::{
    alarm, closing,
    model::*,
    store::{self, Place, Standing},
    survey,
    triage::{self, Judgement},
    wait,
};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Effect, Who},
        db::Tx,
        erased,
        jobs::{self, NewJob},
        journal::{self, NewEntry, Position},
        refusal::{Kind, Refusal},
        text::checked,
        vault::{ContentKey, NewKey},
    },
    deps::Deps,
    files,
    identity::{self, Proof},
    push, quarters,
    rooms::{self, Invites, Link, Way},
};

/// Where a message's words stand, as the vault's place.
const WORDS: &str = "message.text";
/// Where it stands why a talk is not erased, as the vault's place.
pub const ERASURE_REFUSAL: &str = "conversation.erasure_refusal";

/// Where it stands where a talk happens, and why one was lowered, as the vault's places.
const WHEREABOUTS: &str = "conversation.whereabouts";
const WHY: &str = "triage_decision.why";
/// Where it stands what a talk's youth was told of what came back.
pub const TOLD: &str = "conversation.told";
/// Where it stands how officers call what a talk is a part of.
pub const INCIDENT: &str = "conversation.incident_title";

/// Talks that one youth may have open. A frightened one has one or two.
const MOST_OPEN: i64 = 50;

/// Checks the words and seals them under their talk's key, before the writer's turn. A youth's are judged: later nobody here
/// can read them.
pub fn prepare(deps: &Deps, who: &Who, key: &ContentKey, command: SendMessage) -> Result<SealedMessage, Refusal> {
    let SendMessage { message_id, conversation_id, text, triage, room, files } = command;
    let files = files.unwrap_or_default();
    if (triage.is_some() || room.is_some()) && who.role != Role::Youth {
        return Err(Kind::RoleRefused.into());
    }
    files::check(who.role, &files)?;
    // A picture needs no words.
    let text = if files.is_empty() || !text.trim().is_empty() { checked(&text, LONGEST_MESSAGE)? } else { "" };
    let judgement = (who.role == Role::Youth).then(|| triage::judge(triage.as_ref(), text)).flatten();
    let unsurveyed = survey::tells_of_extortion(text);
    let seal = |place, row, words: &str| key.cipher.seal(place, row, words.as_bytes(), &*deps.chance);
    let whereabouts = triage.and_then(|triage| triage.whereabouts).filter(|place| !place.trim().is_empty());
    let whereabouts =
        whereabouts.map(|place| seal(WHEREABOUTS, conversation_id.0, checked(&place, LONGEST_PLACE)?)).transpose()?;
    let text = seal(WORDS, message_id.0, text)?;
    let link = room.and_then(|room| rooms::link(&deps.keys, &room));
    let new_key = key.new.clone();
    Ok(SealedMessage {
        message_id,
        conversation_id,
        text,
        files,
        judgement,
        whereabouts,
        link,
        came_by: None,
        unsurveyed,
        new_key,
    })
}

/// What belongs to reading: a file that is named twice.
pub fn well_formed(command: SendMessage) -> Result<SendMessage, Refusal> {
    files::named_once(command.files.as_deref().unwrap_or_default())?;
    Ok(command)
}

/// Looks at the word of a claim.
pub fn prepare_claim(deps: &Deps, key: &ContentKey, command: ClaimConversation) -> KnockedClaim {
    let ClaimConversation { conversation_id, secret, word } = command;
    KnockedClaim { conversation_id, knock: rooms::knock(&deps.keys, &secret, &word), new_key: key.new.clone() }
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

/// Works until told to stop.
pub async fn work(deps: Deps) {
    tokio::join!(
        jobs::work(&deps.stop, "alarms", || alarm::ring_due(&deps)),
        jobs::work(&deps.stop, "who waits when it closes", || closing::tell_closed(&deps)),
    );
}

/// What a write function does to conversations: rows as they will stand, and who is to be told.
struct Desk {
    rows: HashMap<ConversationId, conversation::Model>,
    /// As they stood when they were locked.
    before: HashMap<ConversationId, conversation::Model>,
    erased: HashSet<Uuid>,
    changed: HashSet<ConversationId>,
}

impl Desk {
    async fn lock(tx: &Tx, ids: impl Iterator<Item = ConversationId>) -> Result<Self, DbErr> {
        let ids: Vec<_> = ids.collect();
        let erased = erased::among(&**tx, ids.iter().map(|id| id.0)).await?;
        let rows = store::lock(tx, ids).await?;
        Ok(Self { before: rows.clone(), rows, erased, changed: HashSet::new() })
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
        let moved = |row: &conversation::Model| {
            self.before.get(&row.conversation_id).is_some_and(|before| store::only_moved(before, row))
        };
        let (moved, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(moved);
        store::move_on(tx, &moved).await?;
        store::save(tx, others).await
    }
}

/// `conversation-changed` for everyone who follows it: the talk itself, the youth's inbox, the desk.
fn changed(row: &conversation::Model, action_id: Option<ActionId>, who: &Who) -> [NewEntry; 3] {
    told(row, action_id, who.actor(), Some(who.account_id))
}

fn told(
    row: &conversation::Model,
    action_id: Option<ActionId>,
    actor: Actor,
    actor_id: Option<AccountId>,
) -> [NewEntry; 3] {
    [journal::conversation(row.conversation_id), journal::inbox(row.youth_id), journal::DESK.to_owned()].map(|stream| {
        NewEntry {
            stream,
            kind: "conversation-changed",
            entity_id: row.conversation_id.0,
            revision: row.revision,
            action_id,
            actor,
            actor_id,
        }
    })
}

/// Stores messages. A youth's first one opens the conversation.
pub async fn send(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedMessage>]) -> Result<Vec<Decided>, DbErr> {
    let mut desk = Desk::lock(tx, acts.iter().map(|act| act.command.conversation_id)).await?;
    let mut known: HashSet<MessageId> =
        store::known_messages(tx, acts.iter().map(|act| act.command.message_id).collect()).await?.into_iter().collect();

    let named = acts.iter().flat_map(|act| &act.command.files).map(|file| file.file_id).collect();
    let mut known_files: HashSet<FileId> = files::known_files(tx, named).await?.into_iter().collect();

    let counts = |act: &&Act<SealedMessage>| {
        act.command.judgement.is_some() || !desk.rows.contains_key(&act.command.conversation_id)
    };
    let youths: HashSet<AccountId> = acts.iter().filter(counts).map(|act| act.who.account_id).collect();
    let mut standing = standing(tx, youths).await?;
    let opening = acts.iter().filter(|act| !desk.rows.contains_key(&act.command.conversation_id));
    for mute in store::muted(&**tx, now, opening.clone().map(|act| act.who.account_id).collect()).await? {
        let account_id = mute.account_id;
        standing.entry(account_id).or_default().muted = Some(mute);
    }
    let origins = rooms::origins(tx, opening.filter_map(|act| act.command.link.as_ref()).collect()).await?;
    let mut decisions = Vec::new();
    let rows: Vec<_> = acts
        .iter()
        .map(|act| {
            let named = act.command.files.iter().map(|file| file.file_id);
            if named.clone().any(|id| known_files.contains(&id)) {
                return Err(Refusal::of(Kind::Conflict).detail("a file id is taken"));
            }
            let row = may_send(&mut desk, &mut known, &mut standing, &origins, &mut decisions, now, act)?;
            known_files.extend(named);
            Ok(row)
        })
        .collect();
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
    let mut named = Vec::new();
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
            let tells_of_danger =
                act.command.judgement.as_ref().is_some_and(|judgement| judgement.priority == Priority::P1);
            if tells_of_danger {
                row.danger_pos = Some(at.pos);
            }
            // One in danger that nobody has rings at whatever she writes: perhaps it has not rung yet.
            if tells_of_danger || (row.priority == Priority::P1 && row.state == ConversationState::Waiting) {
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
            files: i32::try_from(act.command.files.len()).unwrap_or(i32::MAX),
        });
        named.extend(files::rows(act.command.conversation_id.0, Some(act.command.message_id), &act.command.files));
        answers.push(Ok(Effect { entity_id: act.command.message_id.0, revision: 1, at: Some(at) }));
    }
    let ringing: Vec<_> = dangers.iter().filter_map(|id| desk.rows.get(id)).collect();
    alarm::start(deps, tx, now, &ringing).await?;
    desk.save(tx).await?;
    store::insert_decisions(tx, decisions).await?;
    store::insert_messages(tx, messages).await?;
    files::insert_files(tx, named).await?;
    let sealed = acts.iter().zip(&answers).filter(|(_, answer)| answer.is_ok());
    deps.vault.store(tx, &*deps.chance, now, sealed.filter_map(|(act, _)| act.command.new_key.as_ref())).await?;
    enqueue(deps, tx, now, pushes).await?;
    Ok(answers)
}

/// What these youths have open, and whether they owe a proof.
async fn standing(tx: &Tx, youths: HashSet<AccountId>) -> Result<HashMap<AccountId, Standing>, DbErr> {
    let owing = identity::owing(&**tx, youths.iter().copied().collect()).await?;
    let mut standing = store::standing(tx, youths).await?;
    for youth_id in owing {
        standing.entry(youth_id).or_default().owes = true;
    }
    Ok(standing)
}

/// Her proof of work counts from now on, and talks of hers that wait stand where their age says.
pub async fn prove(deps: &Deps, who: &Who, proof: &Proof) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let _turn = deps.porch.people.turn().await?;
    let tx = deps.db.begin_in_turn().await?;
    if !identity::prove(deps, &tx, now, who.account_id, proof).await? {
        return Ok(());
    }
    let ids = store::waiting_of(&tx, who.account_id).await?;
    let mut desk = Desk::lock(&tx, ids.iter().copied()).await?;
    let (mut standing, mut entries) = (Standing::default(), Vec::new());
    for mut row in ids.iter().filter_map(|id| desk.rows.get(id).cloned()).collect::<Vec<_>>() {
        if judged_by_person(&row) {
            continue;
        }
        row.queue_key = wait::queue_key(row.priority, standing.another(row.priority), row.waiting_since);
        row.revision += 1;
        entries.extend(changed(&row, None, who));
        desk.change(row);
    }
    journal::append(&tx, now, entries).await?;
    desk.save(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Decides one message and leaves the conversation as it will stand.
fn may_send(
    desk: &mut Desk,
    known: &mut HashSet<MessageId>,
    standing: &mut HashMap<AccountId, Standing>,
    origins: &HashMap<Link, (QuarterId, CameBy)>,
    decisions: &mut Vec<triage_decision::Model>,
    now: Timestamp,
    act: &Act<SealedMessage>,
) -> Result<conversation::Model, Refusal> {
    let SealedMessage { message_id, conversation_id, ref judgement, ref whereabouts, ref link, .. } = act.command;
    let who = &act.who;
    desk.stands(conversation_id)?;
    let mut row = match desk.rows.get(&conversation_id) {
        Some(_) => desk.visible(who, conversation_id)?.clone(),
        None if who.role != Role::Youth => return Err(Kind::NotFound.into()),
        None => {
            let mut row = begun(conversation_id, who, message_id, now);
            silence(&mut row, standing.get(&who.account_id).and_then(|standing| standing.muted.as_ref()));
            row
        }
    };
    if row.state == ConversationState::Closed {
        return Err(Kind::ConversationClosed.into());
    }
    if who.is_officer() {
        holds(who, &row)?;
    } else {
        may_write(&row, judgement.as_ref(), now)?;
    }
    if !known.insert(message_id) {
        return Err(Refusal::of(Kind::Conflict).detail("the message id is taken"));
    }
    let standing = standing.entry(who.account_id).or_default();
    if row.revision == 0 {
        if let Err(refusal) = one_more(standing) {
            known.remove(&message_id);
            return Err(refusal);
        }
        row.came_by = act.command.came_by;
        if let Some((quarter_id, came_by)) = link.as_ref().and_then(|link| origins.get(link)) {
            (row.quarter_id, row.came_by) = (Some(*quarter_id), Some(*came_by));
        }
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
    if act.command.unsurveyed {
        survey::never(&mut row);
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

/// Whether a talk's youth may write in it. Danger is never silenced: what tells of it, or of harming oneself, and all that is
/// written in a talk in danger until an officer has lowered it, comes through.
pub fn may_write(row: &conversation::Model, judgement: Option<&Judgement>, now: Timestamp) -> Result<(), Refusal> {
    let in_danger = row.priority == Priority::P1
        || judgement.is_some_and(|judgement| judgement.priority == Priority::P1 || judgement.self_harm);
    match Muted::of(row, now) {
        Some(muted) if !in_danger => Err(muted.refusal()),
        _ => Ok(()),
    }
}

/// A talk knows what keeps its youth from writing, or that nothing does.
pub fn silence(row: &mut conversation::Model, mute: Option<&mute::Model>) {
    row.mute_id = mute.map(|mute| mute.mute_id);
    row.mute_kind = mute.map(|mute| mute.kind);
    row.mute_reason = mute.map(|mute| mute.reason);
    row.muted_until = mute.map(|mute| mute.until);
}

/// A talk that nothing was said in yet.
fn begun(
    conversation_id: ConversationId,
    youth: &Who,
    last_message_id: MessageId,
    now: Timestamp,
) -> conversation::Model {
    conversation::Model {
        conversation_id,
        youth_id: youth.account_id,
        state: ConversationState::Waiting,
        revision: 0,
        holder_id: None,
        holder_number: None,
        held_revision: 0,
        opened_at: now,
        last_at: now,
        last_by: Actor::Youth,
        last_message_id,
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
        red_since: None,
        told: None,
        told_at: None,
        location_id: None,
        location_state: None,
        location_asked_at: None,
        incident_id: None,
        incident_number: None,
        incident_title: None,
        child_duty: None,
        crime_duty: None,
        outcome: None,
        outcome_version: None,
        returned_at: None,
        notes: 0,
        mentioned: String::new(),
        mute_id: None,
        mute_kind: None,
        mute_reason: None,
        muted_until: None,
        unsurveyed: false,
        would_have_called: None,
        would_have_told: None,
        helped: None,
        quarter_id: None,
        came_by: None,
    }
}

/// Counts another open talk of a youth, if there may be one.
fn one_more(standing: &mut Standing) -> Result<(), Refusal> {
    if standing.open >= MOST_OPEN {
        let later = Refusal { retry_after_ms: Some(600_000), ..Kind::RateLimited.into() };
        return Err(later.detail("too many open talks"));
    }
    standing.open += 1;
    Ok(())
}

/// Lets the rules' word raise a talk, never lower it. Says whether anything came of it.
fn judged(row: &mut conversation::Model, judgement: &Judgement, standing: &mut Standing) -> bool {
    let Judgement { priority, reasons, self_harm } = judgement;
    let before = (row.priority, row.reasons.clone(), row.self_harm);
    row.self_harm |= self_harm;
    if row.self_harm {
        survey::never(row);
    }
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
    if priority <= Priority::P2 {
        survey::never(row);
    }
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

/// A transition of conversations, for slices to the right of this one too: `decide` says what each becomes; whoever follows it
/// is told.
pub async fn transition<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    id: impl Fn(&C) -> ConversationId,
    decide: impl FnMut(&mut conversation::Model, &Act<C>) -> Result<bool, Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    transition_told(tx, now, acts, id, decide, |row, act| changed(row, Some(act.action_id), &act.who).into()).await
}

/// The same of what only officers see: the desk is told, and nothing in what its youth may read says that or when it happened.
pub async fn transition_at_desk<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    id: impl Fn(&C) -> ConversationId,
    decide: impl FnMut(&mut conversation::Model, &Act<C>) -> Result<bool, Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let desk = |row: &conversation::Model, act: &Act<C>| {
        changed(row, Some(act.action_id), &act.who).into_iter().filter(|entry| entry.stream == journal::DESK).collect()
    };
    transition_told(tx, now, acts, id, decide, desk).await
}

/// The same of what her own phones alone are told.
pub async fn transition_for_youth<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    id: impl Fn(&C) -> ConversationId,
    decide: impl FnMut(&mut conversation::Model, &Act<C>) -> Result<bool, Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let inbox = |row: &conversation::Model, act: &Act<C>| {
        let inbox = journal::inbox(row.youth_id);
        changed(row, Some(act.action_id), &act.who).into_iter().filter(|entry| entry.stream == inbox).collect()
    };
    transition_told(tx, now, acts, id, decide, inbox).await
}

async fn transition_told<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    id: impl Fn(&C) -> ConversationId,
    mut decide: impl FnMut(&mut conversation::Model, &Act<C>) -> Result<bool, Refusal>,
    told: impl Fn(&conversation::Model, &Act<C>) -> Vec<NewEntry>,
) -> Result<Vec<Decided>, DbErr> {
    let mut desk = Desk::lock(tx, acts.iter().map(|act| id(&act.command))).await?;
    let mut decided = Vec::with_capacity(acts.len());
    let mut entries = Vec::new();
    for act in acts {
        let place = entries.len();
        let outcome = desk.visible(&act.who, id(&act.command)).cloned().and_then(|mut row| {
            let place = if decide(&mut row, act)? {
                row.revision += 1;
                entries.extend(told(&row, act));
                Some(place)
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
    Ok(effects(decided, &positions))
}

/// What a talk became: its id, its revision, and where it is told of, if it changed.
type Became = Result<(ConversationId, i64, Option<usize>), Refusal>;

fn effects(decided: Vec<Became>, positions: &[Position]) -> Vec<Decided> {
    let effect = |(id, revision, place): (ConversationId, i64, Option<usize>)| Effect {
        entity_id: id.0,
        revision,
        at: place.map(|place| positions[place].clone()),
    };
    decided.into_iter().map(|outcome| outcome.map(effect)).collect()
}

/// Talks that change without anybody's doing: `decide` says which do. Whoever follows one is told.
pub async fn by_itself(
    tx: &Tx,
    now: Timestamp,
    ids: Vec<ConversationId>,
    mut decide: impl FnMut(&mut conversation::Model) -> bool,
) -> Result<Vec<conversation::Model>, DbErr> {
    let mut desk = Desk::lock(tx, ids.iter().copied()).await?;
    let mut rows = Vec::new();
    for id in ids {
        let Some(row) = desk.rows.get(&id).filter(|_| desk.stands(id).is_ok()) else { continue };
        let mut row = row.clone();
        if decide(&mut row) {
            row.revision += 1;
            desk.change(row.clone());
            rows.push(row);
        }
    }
    journal::append(tx, now, rows.iter().flat_map(|row| told(row, None, Actor::System, None)).collect()).await?;
    desk.save(tx).await?;
    Ok(rows)
}

/// The officer holds the talk; if not, it is said who does.
pub fn holds(who: &Who, row: &conversation::Model) -> Result<(), Refusal> {
    officer(who)?;
    if row.state == ConversationState::Closed {
        return Err(Kind::ConversationClosed.into());
    }
    if row.holder_id == Some(who.account_id) {
        return Ok(());
    }
    let refusal = Refusal::of(Kind::ConversationNotHeld);
    Err(match &row.holder_number {
        Some(number) => refusal.detail(format!("officer {number} holds it")),
        None => refusal,
    })
}

/// Whether an officer may take a talk as she saw it. Says whether it changes hands.
pub fn takes(who: &Who, row: &conversation::Model, expected: i64) -> Result<bool, Refusal> {
    officer(who)?;
    if row.state == ConversationState::Closed {
        return Err(Kind::ConversationClosed.into());
    }
    if row.holder_id == Some(who.account_id) {
        return Ok(false);
    }
    if row.holder_id.is_some() && expected < row.held_revision {
        // The officer saw it with nobody, or with somebody else, and may not want to take it from this colleague.
        let number = row.holder_number.as_deref().unwrap_or_default();
        return Err(Refusal::of(Kind::ConversationTaken).detail(format!("officer {number} holds it")));
    }
    seen(row, expected)?;
    Ok(true)
}

/// Whether its holder may close a talk; then it is closed. Says whether that changed anything.
pub fn closes(
    who: &Who,
    row: &mut conversation::Model,
    outcome: Option<OutcomeCode>,
    now: Timestamp,
) -> Result<bool, Refusal> {
    officer(who)?;
    if row.state == ConversationState::Closed {
        return Ok(false);
    }
    holds(who, row)?;
    if row.last_youth_pos > row.officer_read_pos {
        // No talk closes over words that no person has read.
        return Err(Kind::RevisionConflict.into());
    }
    row.state = ConversationState::Closed;
    row.closed_at = Some(now);
    row.queue_key = wait::closed_key(now);
    row.outcome = outcome;
    row.outcome_version = outcome.map(|_| OUTCOMES_VERSION);
    Ok(true)
}

pub async fn close(tx: &Tx, now: Timestamp, acts: &[Act<CloseConversation>]) -> Result<Vec<Decided>, DbErr> {
    transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |row, act| {
            if row.state != ConversationState::Closed {
                holds(&act.who, row)?;
                seen(row, act.command.expected_revision)?;
            }
            closes(&act.who, row, act.command.outcome, now)
        },
    )
    .await
}

/// A youth comes in by an invite and its word.
pub async fn claim(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<KnockedClaim>]) -> Result<Vec<Decided>, DbErr> {
    let mut invites = Invites::lock(tx, acts.iter().map(|act| &act.command.knock)).await?;
    let named = acts.iter().map(|act| act.command.conversation_id);
    let mut desk = Desk::lock(tx, named.chain(invites.talks())).await?;
    let mut standing = store::standing(tx, acts.iter().map(|act| act.who.account_id).collect()).await?;
    for mute in store::muted(&**tx, now, acts.iter().map(|act| act.who.account_id).collect()).await? {
        let account_id = mute.account_id;
        standing.entry(account_id).or_default().muted = Some(mute);
    }
    let out: HashSet<AccountId> =
        quarters::on_shift(&**tx, now).await?.into_iter().map(|shift| shift.officer_id).collect();
    let (mut decided, mut entries, mut pushes) = (Vec::with_capacity(acts.len()), Vec::new(), Vec::new());
    for act in acts {
        let outcome = come_in(&mut desk, &mut invites, &mut standing, &out, now, act).map(|(row, is_in)| {
            let place = is_in.then(|| {
                entries.extend(changed(&row, Some(act.action_id), &act.who));
                pushes.extend(row.holder_id.map(|holder| ("message", holder, row.conversation_id)));
                entries.len() - 3
            });
            (row.conversation_id, row.revision, place)
        });
        decided.push(outcome);
    }
    let positions = journal::append(tx, now, entries).await?;
    invites.save(deps, tx, now).await?;
    desk.save(tx).await?;
    let came_in = acts.iter().zip(&decided).filter(|(_, became)| matches!(became, Ok((_, _, Some(_)))));
    deps.vault.store(tx, &*deps.chance, now, came_in.filter_map(|(act, _)| act.command.new_key.as_ref())).await?;
    enqueue(deps, tx, now, pushes).await?;
    Ok(effects(decided, &positions))
}

/// A talk that an officer begins with a youth, about something that she sent.
pub struct About {
    pub conversation_id: ConversationId,
    pub youth_id: AccountId,
    pub action_id: ActionId,
    pub officer: Who,
    pub new_key: Option<NewKey>,
    /// As what she sent was judged.
    pub urgency: Judgement,
    /// It is about extortion: nobody is asked what the talk was like.
    pub unsurveyed: bool,
}

/// Begins talks about what youths have sent, each with its officer as holder.
pub async fn begin_about(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    talks: Vec<About>,
) -> Result<Vec<Result<(), Refusal>>, DbErr> {
    let mut desk = Desk::lock(tx, talks.iter().map(|talk| talk.conversation_id)).await?;
    let youths: Vec<AccountId> = talks.iter().map(|talk| talk.youth_id).collect();
    let mut standing = standing(tx, youths.iter().copied().collect()).await?;
    for mute in store::muted(&**tx, now, youths).await? {
        let account_id = mute.account_id;
        standing.entry(account_id).or_default().muted = Some(mute);
    }
    let (mut entries, mut keys) = (Vec::new(), Vec::new());
    let mut begin = |talk: &About| {
        desk.stands(talk.conversation_id)?;
        if desk.rows.contains_key(&talk.conversation_id) {
            return Err(Refusal::of(Kind::Conflict).detail("the talk's id is taken"));
        }
        let youth = Who { account_id: talk.youth_id, role: Role::Youth, public_number: None };
        let mut row = begun(talk.conversation_id, &youth, MessageId(Uuid::nil()), now);
        let standing = standing.entry(talk.youth_id).or_default();
        silence(&mut row, standing.muted.as_ref());
        judged(&mut row, &talk.urgency, standing);
        if talk.unsurveyed {
            survey::never(&mut row);
        }
        hold(&mut row, (talk.officer.account_id, talk.officer.public_number.clone()), now);
        row.revision += 1;
        entries.extend(changed(&row, Some(talk.action_id), &talk.officer));
        keys.extend(talk.new_key.clone());
        desk.change(row);
        Ok(())
    };
    let begun = talks.iter().map(&mut begin).collect();
    journal::append(tx, now, entries).await?;
    desk.save(tx).await?;
    deps.vault.store(tx, &*deps.chance, now, keys.iter()).await?;
    Ok(begun)
}

/// Decides one claim and leaves talk and invite as they will stand. Says whether the youth came in just now.
fn come_in(
    desk: &mut Desk,
    invites: &mut Invites,
    standing: &mut HashMap<AccountId, Standing>,
    out: &HashSet<AccountId>,
    now: Timestamp,
    act: &Act<KnockedClaim>,
) -> Result<(conversation::Model, bool), Refusal> {
    let (who, KnockedClaim { conversation_id, knock, .. }) = (&act.who, &act.command);
    if who.role != Role::Youth {
        return Err(Kind::RoleRefused.into());
    }
    let (way, invite) = invites.answer(who.account_id, knock, now)?;
    if let Way::Again(talk) = way {
        return Ok((desk.visible(who, talk)?.clone(), false));
    }
    desk.stands(*conversation_id)?;
    let mut row = match desk.rows.get(conversation_id) {
        Some(_) => desk.visible(who, *conversation_id)?.clone(),
        None => begun(*conversation_id, who, MessageId(Uuid::nil()), now),
    };
    let standing = standing.entry(who.account_id).or_default();
    if row.revision == 0 {
        silence(&mut row, standing.muted.as_ref());
    }
    may_write(&row, None, now)?;
    match row.state {
        ConversationState::Closed => return Err(Kind::ConversationClosed.into()),
        // No officer is relieved of a talk by a link.
        ConversationState::Taken if row.holder_id != Some(invite.officer_id) => {
            return Err(Kind::ConversationTaken.into());
        }
        ConversationState::Taken | ConversationState::Waiting => {}
    }
    row.revision += 1;
    if row.revision == 1 {
        one_more(standing)?;
        judged(&mut row, &triage::unasked(), standing);
    }
    (row.quarter_id, row.came_by) = (Some(invite.quarter_id), Some(CameBy::Invite));
    row.stepped_away_at = None;
    // Who has gone home holds no talk: then it waits with the others.
    if row.state == ConversationState::Waiting && out.contains(&invite.officer_id) {
        hold(&mut row, (invite.officer_id, invite.officer_number), now);
        row.held_revision = row.revision;
    }
    invites.let_in(who.account_id, knock, *conversation_id, now);
    desk.change(row.clone());
    Ok((row, true))
}

/// A talk comes to an officer with the revision that its transition gives it.
pub fn hold(row: &mut conversation::Model, (id, number): (AccountId, Option<String>), now: Timestamp) {
    row.state = ConversationState::Taken;
    row.holder_id = Some(id);
    row.holder_number = number;
    row.held_revision = row.revision + 1;
    row.taken_at = Some(now);
    row.returned_at = None;
}

/// A talk waits again, in the place that its age gives it.
pub fn give_back(row: &mut conversation::Model, now: Timestamp) {
    row.state = ConversationState::Waiting;
    row.holder_id = None;
    row.holder_number = None;
    row.held_revision = 0;
    row.taken_at = None;
    row.returned_at = Some(now);
    row.queue_key = wait::queue_key(row.priority, 0, row.waiting_since);
}

/// Read marks only grow. An officer's mark is what makes the youth's screen say "read by"; who looks in while a colleague
/// holds the talk leaves none.
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
                let with_another = row.state == ConversationState::Taken && row.holder_id != Some(act.who.account_id);
                if pos <= row.officer_read_pos || with_another {
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
                // What an officer sees as danger nobody has to have said in so many words.
                row.danger_pos.get_or_insert(row.last_youth_pos);
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

fn judged_by_person(row: &conversation::Model) -> bool {
    row.reasons.split(',').any(|reason| reason == "raised" || reason == "lowered")
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

/// The talks of an officer who cannot go on with them: a colleague has them, or they wait again where they stood. One in danger
/// that nobody has rings. Gives how many there were.
pub async fn relieve(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    who: &Who,
    officer: AccountId,
    to: Option<(AccountId, Option<String>)>,
) -> Result<usize, DbErr> {
    let held = store::held(&**tx, Some(officer)).await?;
    let mut desk = Desk::lock(tx, held.into_iter().map(|row| row.conversation_id)).await?;
    let mut rows: Vec<_> = desk.rows.values().filter(|row| desk.stands(row.conversation_id).is_ok()).cloned().collect();
    rows.sort_unstable_by_key(|row| row.queue_key);
    let (mut entries, mut lines, mut pushes) = (Vec::new(), Vec::new(), Vec::new());
    for row in &mut rows {
        match &to {
            Some(colleague) => {
                hold(row, colleague.clone(), now);
                pushes.push(("message", colleague.0, row.conversation_id));
            }
            None => give_back(row, now),
        }
        row.revision += 1;
        entries.extend(changed(row, None, who));
        let subject = (AuditSubject::Conversation, row.conversation_id.0);
        let what = if to.is_some() { "conversation-pass" } else { "conversation-give-back" };
        lines.extend(Line::of(who, AuditAct::Change, subject, Some(what)));
        desk.change(row.clone());
    }
    let urgent = rows.iter().filter(|row| row.holder_id.is_none() && row.priority == Priority::P1);
    alarm::start(deps, tx, now, &urgent.collect::<Vec<_>>()).await?;
    journal::append(tx, now, entries).await?;
    desk.save(tx).await?;
    audit::write(deps, tx, now, lines).await?;
    enqueue(deps, tx, now, pushes).await?;
    Ok(rows.len())
}

pub fn officer(who: &Who) -> Result<(), Refusal> {
    if who.is_officer() { Ok(()) } else { Err(Kind::RoleRefused.into()) }
}

/// The officer saw the talk as it is or as it was: each message and each mark gives it a revision, and none of those
/// changes what taking and closing mean.
fn seen(row: &conversation::Model, expected: i64) -> Result<(), Refusal> {
    if (1..=row.revision).contains(&expected) { Ok(()) } else { Err(Kind::RevisionConflict.into()) }
}

/// Wakes those whom something concerns, each once a talk.
pub async fn enqueue(
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
pub async fn remove(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    id: ConversationId,
    actor: Actor,
) -> Result<Option<(i64, i64)>, DbErr> {
    let files = files::remove(deps, tx, now, id.0).await?;
    let Some((row, messages)) = store::remove(tx, id).await? else { return Ok(None) };
    rooms::forget(tx, id).await?;
    journal::forget(tx, id.0, Some(&journal::conversation(id)), row.youth_id).await?;
    for queue in push::QUEUES.into_iter().chain([alarm::QUEUE]) {
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
    Ok(Some((messages, files)))
}

/// How a talk stands that is not erased.
pub async fn state(tx: &Tx, id: ConversationId) -> Result<Option<ConversationState>, DbErr> {
    let mut desk = Desk::lock(tx, std::iter::once(id)).await?;
    Ok(desk.rows.remove(&id).filter(|_| !desk.erased.contains(&id.0)).map(|row| row.state))
}

/// The talks that officers hold.
pub async fn held(db: &impl ConnectionTrait, holder: Option<AccountId>) -> Result<Vec<conversation::Model>, DbErr> {
    store::held(db, holder).await
}

// Reading

pub async fn may_read(db: &impl ConnectionTrait, who: &Who, id: ConversationId) -> Result<bool, DbErr> {
    store::knows(db, who, id).await
}

/// A talk that this person may know of.
pub async fn talk(db: &impl ConnectionTrait, who: &Who, id: ConversationId) -> Result<conversation::Model, Refusal> {
    Ok(store::find(db, who, &[id]).await?.remove(&id).ok_or(Kind::NotFound)?)
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
    search: &Search,
    after: Option<Place>,
    limit: u64,
) -> Result<(Vec<Conversation>, Vec<Place>), Refusal> {
    let by = search.by();
    if !by.is_empty() {
        officer(who)?;
        // By what, and never for what: whose talks came up is written down as any look.
        let detail = format!("conversation-search {}", by.join(" "));
        let (tx, now) = (deps.db.begin().await?, deps.clock.now());
        let subject = (AuditSubject::Account, who.account_id.0);
        audit::write(deps, &tx, now, Line::of(who, AuditAct::Read, subject, Some(&detail))).await?;
        tx.commit().await?;
    }
    let rows = store::list(deps.db.read(), who, search, after, limit).await?;
    let places = rows.iter().map(|row| store::place(who, row)).collect();
    Ok((views(deps, who, rows).await?, places))
}

/// How long talks are remembered for how long the next one may take, and how many of them.
const TOOK_SECONDS: i64 = 28 * 24 * 3600;
const TOOK: u64 = 50;

/// How a youth's talk waits at this moment.
pub async fn wait(deps: &Deps, who: &Who, id: ConversationId) -> Result<Wait, Refusal> {
    let (db, now) = (deps.db.read(), deps.clock.now());
    let row = talk(db, who, id).await?;
    let waits = row.state == ConversationState::Waiting;
    let place = if waits { Some(store::waiting_before(db, &row).await? + 1) } else { None };
    let (opening, officers) = quarters::opening_and_staff(db, now).await?;
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
        proof_bits: if waits && row.priority != Priority::P1 {
            identity::owed(db, who.account_id).await?
        } else {
            None
        },
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

/// Whether an officer is named in a note that she has not read.
pub fn is_mentioned(mentioned: &str, officer: AccountId) -> bool {
    mentioned.contains(&format!(",{officer},"))
}

fn listed(reasons: &str) -> Vec<String> {
    reasons.split(',').filter(|reason| !reason.is_empty()).map(str::to_owned).collect()
}

/// It tells of danger that no person has read.
fn unread_danger(row: &conversation::Model) -> bool {
    row.priority == Priority::P1 && row.danger_pos.is_some_and(|pos| pos > row.officer_read_pos)
}

/// It tells of danger that no person has answered.
fn unanswered_danger(row: &conversation::Model) -> bool {
    row.priority == Priority::P1 && row.danger_pos.is_some_and(|pos| pos > row.last_officer_pos)
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
    let naming = keyed.iter().filter(|(row, _)| row.files > 0).map(|(row, _)| row.message_id).collect();
    let mut files = files::of_messages(deps.db.read(), who, naming).await?;
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
                files: files.remove(&row.message_id),
                recorded_at: row.recorded_at,
                received_at: row.received_at,
                action_id: row.action_id,
            }
        })
        .collect())
}

async fn views(deps: &Deps, who: &Who, rows: Vec<conversation::Model>) -> Result<Vec<Conversation>, Refusal> {
    let now = deps.clock.now();
    let last = messages_by_id(deps, who, rows.iter().map(|row| row.last_message_id.0).collect()).await?;
    let holds_words = |row: &&conversation::Model| {
        [&row.erasure_refusal, &row.whereabouts, &row.told, &row.incident_title].into_iter().any(Option::is_some)
    };
    let worded = rows.iter().filter(holds_words).map(|row| row.conversation_id.0).collect();
    let keys: HashMap<_, _> = deps.vault.keyed(&deps.db, worded, |id| *id).await?.into_iter().collect();
    let named: HashSet<QuarterId> = rows.iter().filter_map(|row| row.quarter_id).collect();
    let quarters = match named.is_empty() {
        true => HashMap::new(),
        false => quarters::names(deps.db.read(), named.into_iter().collect()).await?,
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let words = |place, sealed: &Option<Sealed>| {
                let (sealed, opener) = sealed.as_ref().zip(keys.get(&row.conversation_id.0))?;
                opener.words(place, row.conversation_id.0, sealed)
            };
            let (erasure_refusal, whereabouts) =
                (words(ERASURE_REFUSAL, &row.erasure_refusal), words(WHEREABOUTS, &row.whereabouts));
            let told = words(TOLD, &row.told);
            let incident = row.incident_id.zip(row.incident_number.clone()).filter(|_| who.is_officer());
            let incident = incident.map(|(incident_id, number)| InIncident {
                incident_id,
                number,
                title: words(INCIDENT, &row.incident_title),
            });
            let asks = survey::may_be_asked(&row);
            // In a talk in danger she may write: there is nothing to tell her.
            let in_danger = row.priority == Priority::P1 && row.danger_pos.is_some();
            let (unread_danger, unanswered_danger) = (unread_danger(&row), unanswered_danger(&row));
            let muted = Muted::of(&row, now).filter(|_| who.is_officer() || may_write(&row, None, now).is_err());
            let last = last.get(&row.last_message_id.0);
            let last_text = last.map(|message| message.text.chars().take(120).collect());
            let last_files =
                last.and_then(|message| message.files.as_ref()).and_then(|files| i64::try_from(files.len()).ok());
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
                last_files,
                regime: who.is_officer().then_some(row.regime),
                person_role: who.is_officer().then_some(row.person_role),
                erasure_asked_at: row.erasure_asked_at,
                erasure_refused_at: row.erasure_refused_at,
                erasure_refusal,
                in_danger,
                unread_danger,
                unanswered_danger,
                self_harm: row.self_harm,
                whereabouts,
                // An older program that runs beside this one does not say since when.
                waiting_since: row.waiting_since.max(row.opened_at),
                stepped_away_at: row.stepped_away_at,
                quarter: row.quarter_id.and_then(|id| quarters.get(&id).cloned()),
                came_by: if who.is_officer() { row.came_by } else { None },
                told,
                told_at: row.told_at,
                location_id: row.location_id,
                location_state: row.location_state,
                location_asked_at: row.location_asked_at,
                red_since: row.red_since.filter(|_| who.is_officer()),
                incident,
                child_duty: row.child_duty.filter(|_| who.is_officer()),
                crime_duty: row.crime_duty.filter(|_| who.is_officer()),
                queue_key: who.is_officer().then(|| format!("{:017}", row.queue_key)),
                outcome: row.outcome.filter(|_| who.is_officer()),
                outcome_version: row.outcome_version.filter(|_| who.is_officer()),
                returned_at: row.returned_at,
                notes: who.is_officer().then_some(row.notes),
                mentioned: who.is_officer().then(|| is_mentioned(&row.mentioned, who.account_id)),
                muted,
                asks: (who.role == Role::Youth).then_some(asks).filter(|asks| !asks.is_empty()),
                priority: who.is_officer().then_some(row.priority),
                reasons: who.is_officer().then(|| listed(&row.reasons)),
                rules_version: who.is_officer().then_some(row.rules_version),
            }
        })
        .collect())
}
