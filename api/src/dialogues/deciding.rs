//! What officers make of questions: each act by the revision that was seen, and most of them from a seat in the room.

use std::collections::{HashMap, HashSet};

use entities::{
    dialogue, dialogue_mute, question,
    words::{AccountId, DialogueId, DialogueState, QuestionId, QuestionState, Text, Timestamp},
};
use sea_orm::DbErr;

use super::{
    asking::changed,
    model_questions::*,
    service::{self, may_host},
    store::{self, Device},
};
use crate::{
    base::{
        actions::{Act, Decided, effects},
        db::Tx,
        journal::{self, NewEntry},
        refusal::{Kind, Refusal},
        text,
    },
    chat,
};

/// How long a device is kept from asking, by how often that was decided. After the last: to the end.
const MUTED_SECONDS: [i64; 3] = [60, 5 * 60, 30 * 60];

pub fn prepare_answer(command: AnswerQuestion) -> Result<AnswerQuestion, Refusal> {
    let nothing = command.mark_seconds.is_none() && command.answer.is_none();
    if nothing || command.answer.is_none() && command.answer_en.is_some() {
        return Err(Refusal::invalid("answer"));
    }
    if command.mark_seconds.is_some_and(|seconds| seconds > LONGEST_SECONDS) {
        return Err(Refusal::invalid("mark_seconds"));
    }
    let readable =
        |text: Option<Text>| text.map(|text| text::checked(&text, LONGEST_ANSWER).map(|text| Text(text.to_owned())));
    let answer = readable(command.answer).transpose()?;
    let answer_en = readable(command.answer_en).transpose()?;
    Ok(AnswerQuestion { answer, answer_en, ..command })
}

/// Which question an act is about, as the officer saw it.
type Seen = (QuestionId, i64);

/// The questions of some acts, and the dialogues that they were asked in.
struct Held {
    questions: HashMap<QuestionId, question::Model>,
    rooms: HashMap<DialogueId, dialogue::Model>,
}

impl Held {
    async fn gather(tx: &Tx, ids: impl IntoIterator<Item = QuestionId>) -> Result<Self, DbErr> {
        let questions = store::questions(&**tx, ids).await?;
        let rooms = store::dialogues(&**tx, questions.values().map(|row| row.dialogue_id)).await?;
        Ok(Self { questions, rooms })
    }

    /// The question of an act and its room, if the officer saw it as it stands.
    fn seen<C>(
        &self,
        act: &Act<C>,
        (question_id, revision): Seen,
    ) -> Result<(question::Model, &dialogue::Model), Refusal> {
        if !act.who.is_officer() {
            return Err(Kind::RoleRefused.into());
        }
        let row = self.questions.get(&question_id).ok_or(Kind::NotFound)?;
        let room = self.rooms.get(&row.dialogue_id).ok_or(Kind::NotFound)?;
        if row.revision == revision { Ok((row.clone(), room)) } else { Err(Kind::RevisionConflict.into()) }
    }
}

fn is_shown(state: QuestionState) -> bool {
    matches!(state, QuestionState::Shown | QuestionState::Answered)
}

/// What an act makes of its question.
struct Changed {
    row: question::Model,
    /// Another that counts otherwise by it.
    other: Option<question::Model>,
    /// What counted with it stands for itself again: it would be seen by nobody.
    releases: bool,
    /// It is decided by this, and told to those who asked it.
    settles: bool,
}

impl Changed {
    fn to(row: question::Model) -> Self {
        Self { row, other: None, releases: false, settles: true }
    }

    /// Something beside what becomes of it, for officers alone.
    fn beside(row: question::Model) -> Self {
        Self { settles: false, ..Self::to(row) }
    }
}

/// Decides the acts one after another, each on what the one before left.
async fn decide<C>(
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<C>],
    mut held: Held,
    named: impl Fn(&C) -> Seen,
    mut to: impl FnMut(&Held, &Act<C>, &dialogue::Model, question::Model) -> Result<Changed, Refusal>,
) -> Result<Vec<Decided>, DbErr> {
    let twins = store::twins(&**tx, acts.iter().map(|act| named(&act.command).0)).await?;
    let (mut entries, mut decided) = (Vec::new(), Vec::with_capacity(acts.len()));
    for act in acts {
        let outcome = held.seen(act, named(&act.command)).and_then(|(row, room)| to(&held, act, room, row));
        let Changed { mut row, other, releases, settles } = match outcome {
            Ok(changed) => changed,
            Err(refusal) => {
                decided.push(Err(refusal));
                continue;
            }
        };
        row.revision += 1;
        decided.push(Ok((row.question_id.0, row.revision, entries.len())));
        if settles {
            (row.decided_at, row.decided_by_number) = (Some(now), act.who.public_number.clone());
            row.box_key = chat::closed_key(now);
            let counted = twins.iter().filter(|twin| twin.merged_into == Some(row.question_id));
            let writers: HashSet<AccountId> =
                counted.filter_map(|twin| twin.account_id).chain(row.account_id).collect();
            entries.extend(changed(act, &row, writers));
        } else {
            entries.extend(changed(act, &row, []).into_iter().take(1));
        }
        if releases {
            let (told, votes) = release(tx, now, act, row.question_id).await?;
            row.votes -= votes;
            entries.extend(told);
        }
        entries.extend(unpin(tx, act, &mut held, &row).await?);
        for row in [Some(row), other].into_iter().flatten() {
            store::save_question(tx, row.clone()).await?;
            held.questions.insert(row.question_id, row);
        }
    }
    let positions = journal::append(tx, now, entries).await?;
    Ok(effects(decided, &positions))
}

/// What is not shown any more is not pinned; in its place is what it counts with.
async fn unpin<C>(tx: &Tx, act: &Act<C>, held: &mut Held, row: &question::Model) -> Result<Vec<NewEntry>, DbErr> {
    let room = held.rooms.get_mut(&row.dialogue_id);
    let pinned = |room: &&mut dialogue::Model| room.pinned_question_id == Some(row.question_id);
    let Some(room) = room.filter(pinned).filter(|_| !is_shown(row.state)) else { return Ok(Vec::new()) };
    room.pinned_question_id = row.merged_into;
    room.revision += 1;
    store::save_dialogue(tx, room.clone()).await?;
    Ok(service::changed(act, room).into())
}

/// Lets what counted with a question stand for itself again. Gives what is told of it, and how many votes go with it.
async fn release<C>(tx: &Tx, now: Timestamp, act: &Act<C>, root: QuestionId) -> Result<(Vec<NewEntry>, i64), DbErr> {
    let (mut entries, mut votes) = (Vec::new(), 0);
    for mut twin in store::twins(&**tx, [root]).await? {
        twin.box_key = chat::queue_key(twin.priority, 0, twin.asked_at);
        (twin.state, twin.merged_into, twin.decided_at) = (QuestionState::Waiting, None, Some(now));
        twin.revision += 1;
        votes += twin.votes;
        entries.extend(changed(act, &twin, twin.account_id));
        store::save_question(tx, twin).await?;
    }
    Ok((entries, votes))
}

fn decided_already() -> Refusal {
    Refusal::of(Kind::Conflict).detail("it is shown already, or counts with another")
}

pub async fn show(tx: &Tx, now: Timestamp, acts: &[Act<ShowQuestion>]) -> Result<Vec<Decided>, DbErr> {
    let held = Held::gather(tx, acts.iter().map(|act| act.command.question_id)).await?;
    let named = |command: &ShowQuestion| (command.question_id, command.expected_revision);
    decide(tx, now, acts, held, named, |_, act, room, mut row| {
        may_host(&act.who, room)?;
        let hidden = matches!(row.state, QuestionState::Waiting | QuestionState::NotShown);
        if !hidden {
            return Err(decided_already());
        }
        let answered = row.answer.is_some() || row.mark_seconds.is_some();
        if room.state == DialogueState::Archived && !answered {
            return Err(Refusal::of(Kind::Conflict).detail("all is answered in the archive"));
        }
        row.state = if answered { QuestionState::Answered } else { QuestionState::Shown };
        (row.hiding, row.shown_at) = (None, row.shown_at.or(Some(now)));
        Ok(Changed::to(row))
    })
    .await
}

pub async fn hide(tx: &Tx, now: Timestamp, acts: &[Act<HideQuestion>]) -> Result<Vec<Decided>, DbErr> {
    let held = Held::gather(tx, acts.iter().map(|act| act.command.question_id)).await?;
    let named = |command: &HideQuestion| (command.question_id, command.expected_revision);
    decide(tx, now, acts, held, named, |_, act, room, mut row| {
        may_host(&act.who, room)?;
        if row.state == QuestionState::Merged {
            return Err(decided_already());
        }
        (row.state, row.hiding) = (QuestionState::NotShown, Some(act.command.hiding));
        Ok(Changed { releases: true, ..Changed::to(row) })
    })
    .await
}

pub async fn merge(tx: &Tx, now: Timestamp, acts: &[Act<MergeQuestion>]) -> Result<Vec<Decided>, DbErr> {
    let mut decided = Vec::with_capacity(acts.len());
    // One by one: what one merged may be merged by the next.
    for act in acts {
        decided.extend(merge_one(tx, now, act).await?);
    }
    Ok(decided)
}

async fn merge_one(tx: &Tx, now: Timestamp, act: &Act<MergeQuestion>) -> Result<Vec<Decided>, DbErr> {
    let MergeQuestion { question_id, into, .. } = act.command;
    let held = Held::gather(tx, [question_id, into]).await?;
    let of_twins: i64 = store::twins(&**tx, [question_id]).await?.iter().map(|twin| twin.votes).sum();
    let named = |command: &MergeQuestion| (command.question_id, command.expected_revision);
    let decided = decide(tx, now, std::slice::from_ref(act), held, named, |held, act, room, mut row| {
        may_host(&act.who, room)?;
        let root = held.questions.get(&into);
        let root = root.filter(|root| root.question_id != question_id && root.dialogue_id == row.dialogue_id);
        let Some(mut root) = root.filter(|root| is_shown(root.state)).cloned() else {
            return Err(Refusal::invalid("into"));
        };
        if !matches!(row.state, QuestionState::Waiting | QuestionState::Shown) {
            return Err(decided_already());
        }
        root.votes += row.votes;
        // It keeps its own share: what counted with it counts with the other by itself.
        row.votes -= of_twins;
        (row.state, row.merged_into) = (QuestionState::Merged, Some(into));
        Ok(Changed { other: Some(root), ..Changed::to(row) })
    })
    .await?;
    if decided.iter().all(Result::is_ok) {
        store::move_twins(tx, question_id, into).await?;
    }
    Ok(decided)
}

pub async fn assign(tx: &Tx, now: Timestamp, acts: &[Act<AssignQuestion>]) -> Result<Vec<Decided>, DbErr> {
    let held = Held::gather(tx, acts.iter().map(|act| act.command.question_id)).await?;
    let named = |command: &AssignQuestion| (command.question_id, command.expected_revision);
    decide(tx, now, acts, held, named, |_, act, room, mut row| {
        may_host(&act.who, room)?;
        if row.state == QuestionState::Merged {
            return Err(decided_already());
        }
        row.seat = act.command.seat;
        Ok(Changed::beside(row))
    })
    .await
}

pub async fn answer(tx: &Tx, now: Timestamp, acts: &[Act<AnswerQuestion>]) -> Result<Vec<Decided>, DbErr> {
    let held = Held::gather(tx, acts.iter().map(|act| act.command.question_id)).await?;
    let named = |command: &AnswerQuestion| (command.question_id, command.expected_revision);
    decide(tx, now, acts, held, named, |_, act, room, mut row| {
        let AnswerQuestion { mark_seconds, answer, answer_en, .. } = &act.command;
        // Before and after, whoever has time writes.
        if room.state == DialogueState::Live || mark_seconds.is_some() {
            may_host(&act.who, room)?;
        }
        if !is_shown(row.state) {
            return Err(Refusal::of(Kind::Conflict).detail("it is not shown"));
        }
        if let Some(seconds) = mark_seconds {
            row.mark_seconds = Some(i32::try_from(*seconds).map_err(|_| Refusal::invalid("mark_seconds"))?);
        }
        if let Some(text) = answer {
            row.answer = Some(text.0.clone());
            row.answer_en = answer_en.as_ref().map(|text| text.0.clone());
        }
        (row.state, row.answered_at) = (QuestionState::Answered, Some(now));
        Ok(Changed::to(row))
    })
    .await
}

/// Keeps devices from asking, each time for longer. Nobody but officers is told.
pub async fn mute(tx: &Tx, now: Timestamp, acts: &[Act<MuteAsker>]) -> Result<Vec<Decided>, DbErr> {
    let held = Held::gather(tx, acts.iter().map(|act| act.command.question_id)).await?;
    let asked_by = |row: &question::Model| Some((row.dialogue_id, row.device_mac.clone()?));
    let devices: Vec<Device> = held.questions.values().filter_map(asked_by).collect();
    let mut mutes = store::mutes(&**tx, &devices).await?;
    let mut muted: HashSet<Device> = HashSet::new();
    let named = |command: &MuteAsker| (command.question_id, command.expected_revision);
    let decided = decide(tx, now, acts, held, named, |_, act, room, row| {
        may_host(&act.who, room)?;
        if room.state != DialogueState::Live {
            return Err(Kind::DialogueNotOpen.into());
        }
        let device = asked_by(&row).ok_or_else(|| Refusal::of(Kind::Conflict).detail("who asked it is forgotten"))?;
        let mute = mutes.entry(device.clone()).or_insert_with(|| dialogue_mute::Model {
            dialogue_id: device.0,
            device_mac: device.1.clone(),
            times: 0,
            until: None,
        });
        let seconds = usize::try_from(mute.times).ok().and_then(|times| MUTED_SECONDS.get(times));
        (mute.times, mute.until) = (mute.times.saturating_add(1), seconds.map(|seconds| now.plus_seconds(*seconds)));
        muted.insert(device);
        Ok(Changed::beside(row))
    })
    .await?;
    mutes.retain(|device, _| muted.contains(device));
    store::save_mutes(tx, mutes.into_values().collect()).await?;
    Ok(decided)
}
