//! What youths do with questions of their own, by the rules in order.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::{
    dialogue, mute, question,
    words::{
        AccountId, CameBy, ConversationId, DeviceId, DialogueId, DialogueState, MessageId, QuestionId, QuestionState,
        Role, Text, Timestamp,
    },
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    model_questions::*,
    store::{self, Device},
};
use crate::{
    base::{
        actions::{Act, Decided, Who, effects},
        db::Tx,
        journal::{self, NewEntry},
        keys::Keys,
        listed::listed,
        refusal::{Kind, Refusal},
        text, uses,
        vault::ContentKey,
    },
    chat::{self, Muted, SealedMessage, SendMessage},
    deps::Deps,
};

/// Where a question's words stand, as the vault's place.
pub(super) const WORDS: &str = "question.words";

/// What a question's words are sealed by.
pub(super) fn content_id(keys: &Keys, question_id: QuestionId) -> Uuid {
    keys.content_id("question-content", question_id.0)
}

/// What a device is known by in one dialogue. Who acts without one is known by the account.
fn device_mac(keys: &Keys, dialogue_id: DialogueId, who: &Who, device_id: Option<DeviceId>) -> Vec<u8> {
    let device = device_id.map_or(who.account_id.0, |device_id| device_id.0);
    keys.mac("dialogue-device", &[dialogue_id.0.as_bytes(), device.as_bytes()]).to_vec()
}

/// What is too long, or asked without the rules, is not kept even as refused.
pub fn placed(keys: &Keys, command: AskQuestion) -> Result<PlacedQuestion, Refusal> {
    if !command.accepts_rules {
        return Err(Refusal::invalid("accepts_rules"));
    }
    if command.text.trim().chars().count() > LONGEST_QUESTION {
        return Err(Refusal::of(Kind::TextTooLong).detail(format!("at most {LONGEST_QUESTION} characters")));
    }
    Ok(PlacedQuestion { content_id: content_id(keys, command.question_id), command })
}

pub fn prepare(
    deps: &Deps,
    who: &Who,
    device_id: Option<DeviceId>,
    key: &ContentKey,
    PlacedQuestion { command, .. }: PlacedQuestion,
) -> Result<SealedQuestion, Refusal> {
    // Its words are the first that this key seals, or the id is another's.
    let new_key = key.new.clone().ok_or_else(taken)?;
    let text = text::checked(&command.text, LONGEST_QUESTION)?;
    let words = key.cipher.seal(WORDS, command.question_id.0, text.as_bytes(), &*deps.chance)?;
    let urgency = chat::judge(text);
    let talk = (!urgency.reasons.is_empty()).then(|| talk(deps, who, text)).transpose()?;
    Ok(SealedQuestion {
        question_id: command.question_id,
        dialogue_id: command.dialogue_id,
        device_mac: device_mac(&deps.keys, command.dialogue_id, who, device_id),
        words,
        urgency,
        talk,
        new_key,
    })
}

/// The talk that words of harm begin, of the same words.
fn talk(deps: &Deps, who: &Who, text: &str) -> Result<SealedMessage, Refusal> {
    let conversation_id = ConversationId(deps.chance.uuid_v4());
    let key = ContentKey::made(&*deps.chance, conversation_id.0);
    let message = SendMessage {
        message_id: MessageId(deps.chance.uuid_v4()),
        conversation_id,
        text: Text(text.to_owned()),
        files: None,
        triage: None,
        room: None,
    };
    Ok(SealedMessage { came_by: Some(CameBy::Dialogue), ..chat::prepare(deps, who, &key, message)? })
}

fn taken() -> Refusal {
    Refusal::of(Kind::Conflict).detail("the question's id is taken")
}

/// `question-changed`: for whoever acts first, for the desk, for those who asked it or what counts with it, and, of what is or was
/// shown, for all who follow.
pub(super) fn changed<C>(
    act: &Act<C>,
    row: &question::Model,
    writers: impl IntoIterator<Item = AccountId>,
) -> Vec<NewEntry> {
    let by_officer = act.who.is_officer();
    let mut writers: Vec<String> = writers.into_iter().map(journal::inbox).collect();
    writers.push(journal::DESK.to_owned());
    if by_officer {
        writers.rotate_right(1);
    }
    // When a youth acts, followers have been told already that it is not shown: that she acts now is nobody's business.
    let public = row.shown_at.filter(|_| by_officer).map(|_| journal::dialogue(row.dialogue_id));
    let own = if by_officer { journal::DESK.to_owned() } else { journal::inbox(act.who.account_id) };
    let entry = |stream: String| NewEntry {
        // What others read leads to nobody's action.
        action_id: (stream == own).then_some(act.action_id),
        actor_id: (by_officer && stream == own).then_some(act.who.account_id),
        stream,
        kind: "question-changed",
        entity_id: row.question_id.0,
        revision: row.revision,
        actor: act.who.actor(),
    };
    writers.into_iter().chain(public).map(entry).collect()
}

/// What keeps a device from asking, of what is known of it.
struct Known {
    questions: HashSet<QuestionId>,
    accounts: HashMap<AccountId, Muted>,
    devices: HashMap<Device, Option<Timestamp>>,
    last: HashMap<Device, Timestamp>,
}

impl Known {
    async fn gather(tx: &Tx, now: Timestamp, acts: &[Act<SealedQuestion>]) -> Result<Self, DbErr> {
        let questions = store::questions(&**tx, acts.iter().map(|act| act.command.question_id)).await?;
        let accounts: Vec<AccountId> = acts.iter().map(|act| act.who.account_id).collect();
        let devices: Vec<Device> = acts.iter().map(|act| device(&act.command)).collect();
        let mutes = store::mutes(&**tx, &devices).await?;
        let running = mutes.into_iter().filter(|(_, mute)| mute.until.is_none_or(|until| until > now));
        Ok(Self {
            questions: questions.into_keys().collect(),
            accounts: chat::muted(&**tx, now, accounts).await?.into_iter().map(kept_out).collect(),
            devices: running.map(|(device, mute)| (device, mute.until)).collect(),
            last: store::last_asked(&**tx, &devices).await?,
        })
    }

    /// Why it cannot be asked now.
    fn refuses(
        &self,
        now: Timestamp,
        act: &Act<SealedQuestion>,
        room: Option<&dialogue::Model>,
    ) -> Result<(), Refusal> {
        if act.who.role != Role::Youth {
            return Err(Kind::RoleRefused.into());
        }
        let room = room.ok_or(Kind::NotFound)?;
        if room.state != DialogueState::Live {
            return Err(Kind::DialogueNotOpen.into());
        }
        if self.questions.contains(&act.command.question_id) {
            return Err(taken());
        }
        // Who tells of harm is never kept out.
        if !act.command.urgency.reasons.is_empty() {
            return Ok(());
        }
        let device = device(&act.command);
        if let Some(muted) = self.accounts.get(&act.who.account_id) {
            return Err(muted.refusal());
        }
        if let Some(until) = self.devices.get(&device) {
            return Err(Refusal { until: *until, ..Kind::Muted.into() });
        }
        let next = self.last.get(&device).map(|last| last.plus_seconds(room.slow_seconds.into()));
        match next.filter(|next| *next > now) {
            Some(next) => {
                Err(Refusal { retry_after_ms: Some(next.since(now).unsigned_abs()), ..Kind::SlowDown.into() })
            }
            None => Ok(()),
        }
    }
}

fn kept_out(mute: mute::Model) -> (AccountId, Muted) {
    (mute.account_id, Muted { mute_id: mute.mute_id, kind: mute.kind, reason: mute.reason, until: mute.until })
}

fn device(command: &SealedQuestion) -> Device {
    (command.dialogue_id, command.device_mac.clone())
}

/// Stores questions, and begins a talk with whoever tells of harm. Whose a known id is, is not told.
pub async fn ask(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedQuestion>]) -> Result<Vec<Decided>, DbErr> {
    let rooms = store::dialogues(&**tx, acts.iter().map(|act| act.command.dialogue_id)).await?;
    let mut known = Known::gather(tx, now, acts).await?;
    let (mut rows, mut entries, mut keys) = (HashMap::new(), Vec::new(), Vec::new());
    let mut talks = Vec::new();
    let mut decided = Vec::with_capacity(acts.len());
    for act in acts {
        let SealedQuestion { question_id, dialogue_id, ref urgency, .. } = act.command;
        if let Err(refusal) = known.refuses(now, act, rooms.get(&dialogue_id)) {
            decided.push(Err(refusal));
            continue;
        }
        let once = BTreeMap::from([(act.who.account_id, 1)]);
        if !uses::count(tx, now, &[uses::QUESTIONS], &once).await?.is_empty() {
            decided.push(Err(uses::QUESTIONS.refusal(now)));
            continue;
        }
        let row = question::Model {
            question_id,
            dialogue_id,
            account_id: Some(act.who.account_id),
            device_mac: Some(act.command.device_mac.clone()),
            words: act.command.words.clone(),
            state: QuestionState::Waiting,
            box_key: chat::queue_key(urgency.priority, 0, now),
            priority: urgency.priority,
            reasons: listed(urgency.reasons.iter().map(String::as_str)),
            self_harm: urgency.self_harm,
            hiding: None,
            merged_into: None,
            votes: 1,
            seat: None,
            mark_seconds: None,
            answer: None,
            answer_en: None,
            answered_at: None,
            conversation_id: None,
            asked_at: now,
            shown_at: None,
            decided_at: None,
            decided_by_number: None,
            revision: 1,
        };
        known.questions.insert(question_id);
        known.last.insert(device(&act.command), now);
        decided.push(Ok((question_id.0, 1, entries.len())));
        entries.extend(changed(act, &row, [act.who.account_id]));
        keys.push(act.command.new_key.clone());
        talks.extend(act.command.talk.clone().map(|talk| (question_id, act.with(talk))));
        rows.insert(question_id, row);
    }
    let positions = journal::append(tx, now, entries).await?;
    let (about, talks): (Vec<_>, Vec<_>) = talks.into_iter().unzip();
    // Where the desk takes none, of whoever was muted there, the question alone stands first in the box.
    for ((question_id, talk), sent) in about.iter().zip(&talks).zip(chat::send(deps, tx, now, &talks).await?) {
        if let Some(row) = rows.get_mut(question_id).filter(|_| sent.is_ok()) {
            row.conversation_id = Some(talk.command.conversation_id);
        }
    }
    store::insert_questions(tx, rows.into_values().collect()).await?;
    deps.vault.store(tx, &*deps.chance, now, keys.iter()).await?;
    Ok(effects(decided, &positions))
}

/// Removes what youths take back before anybody decided it.
pub async fn take_back(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<TakeQuestionBack>],
) -> Result<Vec<Decided>, DbErr> {
    let mut rows = store::questions(&**tx, acts.iter().map(|act| act.command.question_id)).await?;
    let (mut entries, mut decided, mut gone) = (Vec::new(), Vec::with_capacity(acts.len()), Vec::new());
    for act in acts {
        let id = act.command.question_id;
        let own = rows.get(&id).filter(|row| row.account_id == Some(act.who.account_id));
        let refusal = match own.map(|row| row.state) {
            None => Some(Kind::NotFound.into()),
            Some(QuestionState::Waiting) => None,
            Some(_) => Some(Refusal::of(Kind::Conflict).detail("it is decided")),
        };
        let row = rows.remove(&id).filter(|_| refusal.is_none());
        let Some(mut row) = row else {
            decided.push(Err(refusal.unwrap_or_else(|| Kind::NotFound.into())));
            continue;
        };
        row.revision += 1;
        decided.push(Ok((id.0, row.revision, entries.len())));
        entries.extend(changed(act, &row, [act.who.account_id]));
        gone.push(id);
    }
    let positions = journal::append(tx, now, entries).await?;
    remove(deps, tx, gone).await?;
    Ok(effects(decided, &positions))
}

/// Removes questions with their keys.
pub(super) async fn remove(deps: &Deps, tx: &Tx, ids: Vec<QuestionId>) -> Result<(), DbErr> {
    for id in &ids {
        let content_id = content_id(&deps.keys, *id);
        deps.vault.remove(tx, content_id).await?;
        deps.vault.forget(content_id);
    }
    store::remove_questions(tx, ids).await
}
