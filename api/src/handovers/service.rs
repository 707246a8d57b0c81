//! The rules, in order. A write takes every command of its kind in the group; each is a transition of its talk, so that whoever
//! follows that is told.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::{
    conversation, handover, handover_answer, location,
    words::{
        ActionId, AuditAct, AuditSubject, ConversationId, ConversationState, HandoverId, LocationId, LocationState,
        Role, Sealed, SettingName, Text, Timestamp,
    },
};
use poem_openapi::types::{ParseFromJSON, ToJSON};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{model::*, number, store};
use crate::{
    audit::{self, Line},
    base::{
        actions::{Act, Decided, Who},
        db::Tx,
        jobs::{self, NewJob},
        refusal::{Kind, Refusal},
        settings, text,
        vault::{ContentKey, Opener},
    },
    chat,
    deps::Deps,
};

/// Where words stand, as the vault's places.
const CARD: &str = "handover.card";
const TAKEN_BY: &str = "handover.taken_by";
const TOLD: &str = "handover_answer.told";
const FIX: &str = "location.fix";

/// The queue of places that are to be destroyed.
const EXPIRE: &str = "location";
/// Places that are destroyed together.
const AT_ONCE: u64 = 100;
/// How long whoever stood in the way of cleaning is left alone.
const CLEAN_AGAIN_SECONDS: i64 = 60;
/// Red cards that are listed.
const MOST_RED: u64 = 100;

// Before the writer's turn

fn sealed(deps: &Deps, key: &ContentKey, place: &str, row: Uuid, words: &str) -> Result<Sealed, Refusal> {
    key.cipher.seal(place, row, words.as_bytes(), &*deps.chance)
}

fn json(value: &impl ToJSON) -> String {
    value.to_json().unwrap_or_default().to_string()
}

fn line(text: &Text) -> Result<Text, Refusal> {
    Ok(Text(text::checked(text, LONGEST_LINE)?.to_owned()))
}

/// A line that may be left out.
fn known(text: &Option<Text>) -> Result<Option<Text>, Refusal> {
    text.as_ref().filter(|text| !text.trim().is_empty()).map(line).transpose()
}

pub fn prepare_card(deps: &Deps, key: &ContentKey, command: MakeHandover) -> Result<SealedHandover, Refusal> {
    let MakeHandover { handover_id, conversation_id, receiver, replaces, card } = command;
    let card = Card {
        what: line(&card.what)?,
        place: known(&card.place)?,
        when: known(&card.when)?,
        people: known(&card.people)?,
        danger: known(&card.danger)?,
        last_words: known(&card.last_words)?,
        youth_told: known(&card.youth_told)?,
    };
    let card = sealed(deps, key, CARD, handover_id.0, &json(&card))?;
    Ok(SealedHandover { handover_id, conversation_id, receiver, replaces, card })
}

pub fn prepare_acknowledgement(
    deps: &Deps,
    key: &ContentKey,
    command: AcknowledgeHandover,
) -> Result<SealedAcknowledgement, Refusal> {
    let AcknowledgeHandover { handover_id, conversation_id, name } = command;
    let name = sealed(deps, key, TAKEN_BY, handover_id.0, text::checked(&name, LONGEST_NAME)?)?;
    Ok(SealedAcknowledgement { handover_id, conversation_id, name })
}

pub fn prepare_answer(
    deps: &Deps,
    key: &ContentKey,
    action_id: ActionId,
    command: AnswerHandover,
) -> Result<SealedAnswer, Refusal> {
    let AnswerHandover { handover_id, conversation_id, came_back, told } = command;
    let told = match &told {
        Some(told) => {
            let told = text::checked(told, LONGEST_TOLD)?;
            let of_talk = sealed(deps, key, chat::TOLD, conversation_id.0, told)?;
            Some((sealed(deps, key, TOLD, action_id.0, told)?, of_talk))
        }
        None => None,
    };
    Ok(SealedAnswer { handover_id, conversation_id, came_back, told })
}

pub fn prepare_location(deps: &Deps, key: &ContentKey, command: AnswerLocation) -> Result<SealedLocation, Refusal> {
    let AnswerLocation { location_id, conversation_id, fix } = command;
    let fix = fix.map(|fix| sealed(deps, key, FIX, location_id.0, &json(&fix))).transpose()?;
    Ok(SealedLocation { location_id, conversation_id, fix })
}

// Cards

/// The cards of the talks that a set of actions is about, as they will stand.
struct Cards {
    rows: BTreeMap<HandoverId, handover::Model>,
    changed: HashSet<HandoverId>,
}

impl Cards {
    async fn find(tx: &Tx, named: impl Iterator<Item = (ConversationId, HandoverId)>) -> Result<Self, DbErr> {
        let (talks, ids) = named.unzip();
        let rows = store::cards(tx, talks, ids).await?;
        Ok(Self { rows: rows.into_iter().map(|row| (row.handover_id, row)).collect(), changed: HashSet::new() })
    }

    /// The card of a talk, if no newer one has taken its place.
    fn current(&self, talk: ConversationId, id: HandoverId) -> Result<&handover::Model, Refusal> {
        let row = self.rows.get(&id).filter(|row| row.conversation_id == talk).ok_or(Kind::NotFound)?;
        if row.replaced_by.is_some() { Err(Kind::HandoverReplaced.into()) } else { Ok(row) }
    }

    fn red(&self, talk: ConversationId) -> impl Iterator<Item = &handover::Model> {
        self.rows.values().filter(move |row| row.conversation_id == talk && is_red(row))
    }

    fn change(&mut self, talk: &mut conversation::Model, row: handover::Model) {
        self.changed.insert(row.handover_id);
        self.rows.insert(row.handover_id, row);
        talk.red_since = self.red(talk.conversation_id).map(|row| row.made_at).min();
    }

    async fn save(self, tx: &Tx) -> Result<(), DbErr> {
        let changed = self.changed;
        store::save_cards(tx, self.rows.into_values().filter(|row| changed.contains(&row.handover_id)).collect()).await
    }
}

fn is_red(row: &handover::Model) -> bool {
    row.acknowledged_at.is_none() && row.replaced_by.is_none()
}

pub async fn make(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedHandover>]) -> Result<Vec<Decided>, DbErr> {
    let named = |act: &Act<SealedHandover>| (act.command.conversation_id, act.command.handover_id);
    let mut cards = Cards::find(tx, acts.iter().map(named)).await?;
    let decided = chat::transition_at_desk(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            chat::holds(&act.who, talk)?;
            let SealedHandover { handover_id, conversation_id, receiver, replaces, ref card } = act.command;
            if cards.rows.contains_key(&handover_id) {
                return Err(Refusal::of(Kind::Conflict).detail("the card's id is taken"));
            }
            let older = replaces.map(|id| cards.current(conversation_id, id)).transpose()?.cloned();
            if older.as_ref().is_some_and(|older| older.receiver != receiver) {
                return Err(Refusal::of(Kind::Conflict).detail("the older card went to another receiver"));
            }
            let waits =
                |card: &handover::Model| card.receiver == receiver && replaces.is_none_or(|id| id != card.handover_id);
            if cards.red(conversation_id).any(waits) {
                return Err(Kind::HandoverRed.into());
            }
            if let Some(older) = older {
                cards.change(talk, handover::Model { replaced_by: Some(handover_id), ..older });
            }
            let row = handover::Model {
                handover_id,
                conversation_id,
                number: number::draw(&*deps.chance),
                receiver,
                made_at: now,
                made_by: act.who.public_number.clone(),
                card: card.clone(),
                replaced_by: None,
                acknowledged_at: None,
                acknowledged_by: None,
                taken_by: None,
            };
            cards.change(talk, row);
            Ok(true)
        },
    )
    .await?;
    // A number that is taken already, which hardly ever happens, makes this fail; run again, another one is drawn.
    cards.save(tx).await?;
    Ok(decided)
}

/// Whoever is on the phone may write down who took it, whether she holds the talk or not, and after it was closed too: no
/// card is to stay red for ever.
pub async fn acknowledge(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<SealedAcknowledgement>],
) -> Result<Vec<Decided>, DbErr> {
    let named = |act: &Act<SealedAcknowledgement>| (act.command.conversation_id, act.command.handover_id);
    let mut cards = Cards::find(tx, acts.iter().map(named)).await?;
    let decided = chat::transition_at_desk(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            if !act.who.is_officer() {
                return Err(Kind::RoleRefused.into());
            }
            let card = cards.current(talk.conversation_id, act.command.handover_id)?.clone();
            if card.acknowledged_at.is_some() {
                return Err(Kind::HandoverAcknowledged.into());
            }
            let row = handover::Model {
                acknowledged_at: Some(now),
                acknowledged_by: act.who.public_number.clone(),
                taken_by: Some(act.command.name.clone()),
                ..card
            };
            cards.change(talk, row);
            Ok(true)
        },
    )
    .await?;
    cards.save(tx).await?;
    // From here on somebody outside knows what stands on it.
    let released = acts.iter().zip(&decided).filter(|(_, decided)| decided.is_ok()).filter_map(|(act, _)| {
        let subject = (AuditSubject::Conversation, act.command.conversation_id.0);
        Line::of(&act.who, AuditAct::Release, subject, Some("handover-acknowledge"))
    });
    audit::write(deps, tx, now, released).await?;
    Ok(decided)
}

pub async fn answer(deps: &Deps, tx: &Tx, now: Timestamp, acts: &[Act<SealedAnswer>]) -> Result<Vec<Decided>, DbErr> {
    let named = |act: &Act<SealedAnswer>| (act.command.conversation_id, act.command.handover_id);
    let cards = Cards::find(tx, acts.iter().map(named)).await?;
    let (mut answers, mut pushes) = (Vec::new(), Vec::new());
    let decided = chat::transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            let SealedAnswer { handover_id, conversation_id, came_back, ref told } = act.command;
            if talk.state == ConversationState::Closed && told.is_none() {
                // 112 may call back when the talk is over: any officer writes that down, and her youth is told nothing.
                chat::officer(&act.who)?;
            } else {
                chat::holds(&act.who, talk)?;
            }
            if cards.current(conversation_id, handover_id)?.acknowledged_at.is_none() {
                return Err(Kind::HandoverNotAcknowledged.into());
            }
            if let Some((_, of_talk)) = told {
                talk.told = Some(of_talk.clone());
                talk.told_at = Some(now);
                pushes.push(("message", talk.youth_id, conversation_id));
            }
            answers.push(handover_answer::Model {
                handover_id,
                action_id: act.action_id,
                conversation_id,
                at: now,
                by_number: act.who.public_number.clone(),
                came_back,
                told: told.as_ref().map(|(of_card, _)| of_card.clone()),
            });
            Ok(true)
        },
    )
    .await?;
    store::insert_answers(tx, answers).await?;
    chat::enqueue(deps, tx, now, pushes).await?;
    Ok(decided)
}

// Places

/// The questions that a set of actions names, as they will stand.
async fn questions(
    tx: &Tx,
    ids: impl Iterator<Item = LocationId>,
) -> Result<HashMap<LocationId, location::Model>, DbErr> {
    let rows = store::locations(tx, ids.collect()).await?;
    Ok(rows.into_iter().map(|row| (row.location_id, row)).collect())
}

pub async fn ask_location(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<AskLocation>],
) -> Result<Vec<Decided>, DbErr> {
    let mut known = questions(tx, acts.iter().map(|act| act.command.location_id)).await?;
    let (mut asked, mut pushes) = (Vec::new(), Vec::new());
    let decided = chat::transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            chat::holds(&act.who, talk)?;
            let AskLocation { location_id, conversation_id } = act.command;
            if known.contains_key(&location_id) {
                return Err(Refusal::of(Kind::Conflict).detail("the question's id is taken"));
            }
            if talk.location_state == Some(LocationState::Asked) {
                return Err(Kind::LocationAsked.into());
            }
            let row = location::Model {
                location_id,
                conversation_id,
                state: LocationState::Asked,
                asked_at: now,
                asked_by: act.who.public_number.clone(),
                answered_at: None,
                fix: None,
                expires_at: None,
            };
            talk.location_id = Some(location_id);
            talk.location_state = Some(row.state);
            talk.location_asked_at = Some(now);
            known.insert(location_id, row.clone());
            asked.push(row);
            pushes.push(("message", talk.youth_id, conversation_id));
            Ok(true)
        },
    )
    .await?;
    store::save_locations(tx, asked).await?;
    chat::enqueue(deps, tx, now, pushes).await?;
    Ok(decided)
}

/// What the job that destroys a place names.
#[derive(Serialize, Deserialize)]
struct Expiring {
    conversation_id: ConversationId,
    location_id: LocationId,
}

pub async fn answer_location(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    acts: &[Act<SealedLocation>],
) -> Result<Vec<Decided>, DbErr> {
    let mut known = questions(tx, acts.iter().map(|act| act.command.location_id)).await?;
    let expires_at = now.plus_seconds(settings::value(&**tx, SettingName::LocationSeconds, now).await?);
    let (mut answered, mut expiring, mut pushes) = (Vec::new(), Vec::new(), Vec::new());
    let decided = chat::transition(
        tx,
        now,
        acts,
        |command| command.conversation_id,
        |talk, act| {
            let SealedLocation { location_id, conversation_id, ref fix } = act.command;
            if act.who.role != Role::Youth {
                return Err(Kind::RoleRefused.into());
            }
            if talk.state == ConversationState::Closed {
                return Err(Kind::ConversationClosed.into());
            }
            let row = known.get_mut(&location_id).filter(|row| row.conversation_id == conversation_id);
            let row = row.ok_or(Kind::NotFound)?;
            if row.state != LocationState::Asked {
                return Err(Kind::LocationAnswered.into());
            }
            row.answered_at = Some(now);
            row.state = LocationState::Declined;
            if fix.is_some() {
                row.state = LocationState::Given;
                row.fix.clone_from(fix);
                row.expires_at = Some(expires_at);
                expiring.push(Expiring { conversation_id, location_id });
            }
            talk.location_state = Some(row.state);
            answered.push(row.clone());
            pushes.extend(talk.holder_id.map(|holder| ("message", holder, conversation_id)));
            Ok(true)
        },
    )
    .await?;
    store::save_locations(tx, answered).await?;
    let body = |expiring: &Expiring| serde_json::to_value(expiring).unwrap_or_default();
    let ends = expiring.iter().map(|one| NewJob { queue: EXPIRE, body: body(one), run_at: expires_at });
    jobs::enqueue(tx, &*deps.chance, now, ends.collect()).await?;
    chat::enqueue(deps, tx, now, pushes).await?;
    Ok(decided)
}

/// Destroys the places that have expired. Says how many there were.
pub async fn destroy_expired(deps: &Deps) -> Result<usize, Refusal> {
    let now = deps.clock.now();
    let due = jobs::claim(&deps.db, EXPIRE, now, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let expiring = due.iter().filter_map(|job| serde_json::from_str::<Expiring>(&job.body).ok());
    let tx = deps.db.begin().await?;
    store::destroy(&tx, now, expiring.map(|one| one.location_id).collect()).await?;
    tx.commit().await?;
    // No byte of them is to be left in the database's free room either.
    let clean = deps.db.scrub(&["location"]).await?;
    let tx = deps.db.begin().await?;
    for job in &due {
        if clean {
            jobs::done(&tx, job.job_id).await?;
        } else {
            jobs::again(&tx, job.job_id, now.plus_seconds(CLEAN_AGAIN_SECONDS)).await?;
        }
    }
    tx.commit().await?;
    Ok(due.len())
}

/// Removes all that belongs to a talk that is being erased.
pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    jobs::forget(tx, EXPIRE, id.0).await?;
    store::remove(tx, id).await
}

// Reading

pub async fn red(deps: &Deps) -> Result<RedHandovers, Refusal> {
    let rows = store::red(deps.db.read(), MOST_RED).await?;
    let items = rows.into_iter().map(|row| RedHandover {
        handover_id: row.handover_id,
        conversation_id: row.conversation_id,
        number: row.number,
        receiver: row.receiver,
        made_at: row.made_at,
        made_by: row.made_by,
    });
    Ok(RedHandovers { items: items.collect() })
}

/// What was read of a talk, with what opens it, once it is written down who looks.
async fn opened<R>(deps: &Deps, who: &Who, id: ConversationId, rows: R) -> Result<(R, Opener), Refusal> {
    audit::looked(deps, who, AuditSubject::Conversation, [id.0]).await?;
    let mut keyed = deps.vault.keyed(&deps.db, vec![rows], |_| id.0).await?;
    Ok(keyed.pop().ok_or(Kind::Erased)?)
}

async fn readable(deps: &Deps, who: &Who, id: ConversationId) -> Result<(), Refusal> {
    if chat::may_read(deps.db.read(), who, id).await? { Ok(()) } else { Err(Kind::NotFound.into()) }
}

/// A value that was sealed as JSON; nothing if it is damaged.
fn value<T: ParseFromJSON>(opener: &Opener, place: &str, row: Uuid, sealed: &Sealed) -> Option<T> {
    let value = serde_json::from_str(&opener.words(place, row, sealed)?).ok();
    let read = T::parse_from_json(value);
    read.inspect_err(|_| tracing::error!(place, %row, "what was sealed has another form")).ok()
}

pub async fn handovers(deps: &Deps, who: &Who, id: ConversationId) -> Result<Handovers, Refusal> {
    readable(deps, who, id).await?;
    let rows = (store::cards_of(deps.db.read(), id).await?, store::answers_of(deps.db.read(), id).await?);
    let ((cards, answers), opener) = opened(deps, who, id, rows).await?;
    let mut of: HashMap<HandoverId, Vec<HandoverAnswer>> = HashMap::new();
    for row in answers {
        of.entry(row.handover_id).or_default().push(HandoverAnswer {
            told: row.told.as_ref().and_then(|told| opener.words(TOLD, row.action_id.0, told)),
            at: row.at,
            by: row.by_number,
            came_back: row.came_back,
        });
    }
    let items = cards.into_iter().map(|row| Handover {
        red: is_red(&row),
        card: value(&opener, CARD, row.handover_id.0, &row.card),
        taken_by: row.taken_by.as_ref().and_then(|name| opener.words(TAKEN_BY, row.handover_id.0, name)),
        answers: of.remove(&row.handover_id).unwrap_or_default(),
        handover_id: row.handover_id,
        conversation_id: row.conversation_id,
        number: row.number,
        receiver: row.receiver,
        made_at: row.made_at,
        made_by: row.made_by,
        replaced_by: row.replaced_by,
        acknowledged_at: row.acknowledged_at,
        acknowledged_by: row.acknowledged_by,
    });
    Ok(Handovers { items: items.collect() })
}

pub async fn locations(deps: &Deps, who: &Who, id: ConversationId) -> Result<Locations, Refusal> {
    readable(deps, who, id).await?;
    let now = deps.clock.now();
    let (rows, opener) = opened(deps, who, id, store::locations_of(deps.db.read(), id).await?).await?;
    let items = rows.into_iter().map(|row| {
        // The job that destroys it may be late.
        let stands = row.expires_at.is_some_and(|end| now < end);
        let fix: Option<Fix> =
            row.fix.as_ref().filter(|_| stands).and_then(|fix| value(&opener, FIX, row.location_id.0, fix));
        let oldest = fix.as_ref().zip(row.answered_at).map(|(fix, given)| fix.fixed_at.min(given));
        Location {
            age_seconds: oldest.map(|at| now.since(at) / 1000),
            fix,
            location_id: row.location_id,
            conversation_id: row.conversation_id,
            state: row.state,
            asked_at: row.asked_at,
            asked_by: row.asked_by,
            answered_at: row.answered_at,
            expires_at: row.expires_at,
        }
    });
    Ok(Locations { items: items.collect() })
}

/// All that a talk's youth was told of what came back, the oldest first.
pub async fn told(deps: &Deps, who: &Who, id: ConversationId) -> Result<Vec<Told>, Refusal> {
    readable(deps, who, id).await?;
    let (rows, opener) = opened(deps, who, id, store::answers_of(deps.db.read(), id).await?).await?;
    let told = rows.into_iter().filter_map(|row| {
        let sealed = row.told?;
        Some(Told { at: row.at, text: opener.words(TOLD, row.action_id.0, &sealed) })
    });
    Ok(told.collect())
}
