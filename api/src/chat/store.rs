//! Every query of the slice. Each starts from who asks.

use std::collections::{HashMap, HashSet};

use entities::{
    alarm, alarm_step, conversation, handover, message, mute, triage_decision,
    words::{AccountId, Actor, ConversationId, ConversationState, MessageId, Priority, Role, Timestamp},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, Statement,
    sea_query::{Expr, ExprTrait, LockType},
};

use super::model::{CountedTalk, Search};
use crate::base::{
    actions::Who,
    db::{self, Tx, padded, runs},
    erased,
};

fn visible_to(who: &Who) -> Select<conversation::Entity> {
    use conversation::{Column, Entity};
    let every = Entity::find().filter(erased::stands((Entity, Column::ConversationId)));
    match who.role {
        Role::Officer | Role::Lead => every,
        Role::Youth => every.filter(conversation::Column::YouthId.eq(who.account_id)),
        Role::Evaluator | Role::Admin => every.filter(Expr::val(false)),
    }
}

pub async fn find(
    db: &impl ConnectionTrait,
    who: &Who,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, conversation::Model>, DbErr> {
    let rows = visible_to(who).filter(conversation::Column::ConversationId.is_in(ids.iter().copied())).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.conversation_id, row)).collect())
}

/// Whether there is such a talk that this person may know of.
pub async fn knows(db: &impl ConnectionTrait, who: &Who, id: ConversationId) -> Result<bool, DbErr> {
    use conversation::Column as C;
    let row: Option<ConversationId> = visible_to(who)
        .select_only()
        .column(C::ConversationId)
        .filter(C::ConversationId.eq(id))
        .into_tuple()
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// The rows that a set of actions is about, whoever they belong to, locked in sorted order until commit.
/// The rules look at whose they are.
pub async fn lock(
    tx: &Tx,
    mut ids: Vec<ConversationId>,
) -> Result<HashMap<ConversationId, conversation::Model>, DbErr> {
    ids.sort_unstable();
    ids.dedup();
    let rows = conversation::Entity::find()
        .filter(conversation::Column::ConversationId.is_in(padded(ids)))
        .order_by_asc(conversation::Column::ConversationId)
        .lock(LockType::Update);
    let rows = db::in_one_go(rows.all(&**tx)).await?;
    Ok(rows.into_iter().map(|row| (row.conversation_id, row)).collect())
}

/// What a youth has open.
#[derive(Default)]
pub struct Standing {
    pub open: i64,
    waiting: HashMap<Priority, i64>,
    /// The account was made in a flood and has proved no work: it stands as if so many of its talks waited already.
    pub owes: bool,
    /// What keeps the account from writing; known of those who open a talk.
    pub muted: Option<mute::Model>,
}

/// More talks than one may have open.
const OWED: i64 = 50;

impl Standing {
    /// Counts one more that waits. Gives how many there were.
    pub fn another(&mut self, priority: Priority) -> i64 {
        let waiting = self.waiting.entry(priority).or_default();
        *waiting += 1;
        // Danger never waits for a proof.
        *waiting - 1 + if self.owes && priority != Priority::P1 { OWED } else { 0 }
    }
}

pub async fn standing(tx: &Tx, youths: HashSet<AccountId>) -> Result<HashMap<AccountId, Standing>, DbErr> {
    use conversation::Column as C;
    if youths.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(AccountId, ConversationState, Priority, i64)> = conversation::Entity::find()
        .select_only()
        .columns([C::YouthId, C::State, C::Priority])
        .column_as(C::ConversationId.count(), "open")
        .filter(C::YouthId.is_in(youths))
        .filter(C::State.ne(ConversationState::Closed))
        .group_by(C::YouthId)
        .group_by(C::State)
        .group_by(C::Priority)
        .into_tuple()
        .all(&**tx)
        .await?;
    let mut standing: HashMap<AccountId, Standing> = HashMap::new();
    for (youth_id, state, priority, count) in rows {
        let of = standing.entry(youth_id).or_default();
        of.open += count;
        if state == ConversationState::Waiting {
            *of.waiting.entry(priority).or_default() += count;
        }
    }
    Ok(standing)
}

pub async fn known_messages(tx: &Tx, ids: Vec<MessageId>) -> Result<Vec<MessageId>, DbErr> {
    message::Entity::find()
        .select_only()
        .column(message::Column::MessageId)
        .filter(message::Column::MessageId.is_in(padded(ids)))
        .into_tuple()
        .all(&**tx)
        .await
}

pub async fn insert_messages(tx: &Tx, rows: Vec<message::Model>) -> Result<(), DbErr> {
    db::insert::<message::Entity>(tx, &rows).await
}

/// Writes the rows as they now stand, new and changed ones in one statement.
pub async fn save(tx: &Tx, rows: Vec<conversation::Model>) -> Result<(), DbErr> {
    use conversation::Column as C;
    let changed = [
        C::State,
        C::Revision,
        C::HolderId,
        C::HolderNumber,
        C::HeldRevision,
        C::LastAt,
        C::LastBy,
        C::LastMessageId,
        C::YouthReadPos,
        C::OfficerReadPos,
        C::ReadByNumber,
        C::LastYouthPos,
        C::LastOfficerPos,
        C::ErasureAskedAt,
        C::ErasureRefusedAt,
        C::ErasureRefusal,
        C::Priority,
        C::PriorityRevision,
        C::Reasons,
        C::RulesVersion,
        C::SelfHarm,
        C::Whereabouts,
        C::DangerPos,
        C::QueueKey,
        C::SteppedAwayAt,
        C::TakenAt,
        C::ClosedAt,
        C::QuarterId,
        C::CameBy,
        C::RedSince,
        C::Told,
        C::ToldAt,
        C::LocationId,
        C::LocationState,
        C::LocationAskedAt,
        C::IncidentId,
        C::IncidentNumber,
        C::IncidentTitle,
        C::ChildDuty,
        C::CrimeDuty,
        C::Outcome,
        C::OutcomeVersion,
        C::ReturnedAt,
        C::Notes,
        C::Mentioned,
        C::MuteId,
        C::MuteKind,
        C::MuteReason,
        C::MutedUntil,
        C::Unsurveyed,
        C::WouldHaveCalled,
        C::WouldHaveTold,
        C::Helped,
    ];
    db::upsert::<conversation::Entity>(tx, &rows, &[C::ConversationId], &changed).await
}

/// Whether nothing became of a talk but what each message makes of it.
pub fn only_moved(before: &conversation::Model, now: &conversation::Model) -> bool {
    let moved = conversation::Model {
        revision: now.revision,
        last_at: now.last_at,
        last_by: now.last_by,
        last_message_id: now.last_message_id,
        last_youth_pos: now.last_youth_pos,
        last_officer_pos: now.last_officer_pos,
        stepped_away_at: now.stepped_away_at,
        ..before.clone()
    };
    moved == *now
}

/// Writes of talks that only moved on what may have changed, in one statement.
pub async fn move_on(tx: &Tx, rows: &[conversation::Model]) -> Result<(), DbErr> {
    use conversation::Column as C;
    const MOVED: [C; 8] = [
        C::ConversationId,
        C::Revision,
        C::LastAt,
        C::LastBy,
        C::LastMessageId,
        C::LastYouthPos,
        C::LastOfficerPos,
        C::SteppedAwayAt,
    ];
    let set: Vec<_> =
        (1..).zip(MOVED).skip(1).map(|(nth, column)| format!(r#""{}" = "column{nth}""#, column.as_str())).collect();
    let set = set.join(", ");
    let backend = tx.get_database_backend();
    for run in runs(rows) {
        let places = db::places(backend, run.len(), MOVED.len());
        let text = format!(
            r#"UPDATE "conversation" SET {set} FROM (VALUES {places}) AS "now" WHERE "conversation_id" = "column1""#
        );
        let values = run.iter().flat_map(|row| MOVED.map(|column| row.get(column)));
        tx.execute_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    }
    Ok(())
}

/// A place in the list of one who asks.
pub type Place = (i64, ConversationId);

pub fn place(who: &Who, row: &conversation::Model) -> Place {
    (if who.is_officer() { row.queue_key } else { row.last_at.millis() }, row.conversation_id)
}

/// As the queue for officers, the newest first for a youth.
pub async fn list(
    db: &impl ConnectionTrait,
    who: &Who,
    search: &Search,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<conversation::Model>, DbErr> {
    use conversation::Column as C;
    let mut query = visible_to(who);
    let Search { state, ref number, priority, quarter_id, ref holder, from, until } = *search;
    let of_card = number.as_ref().map(|number| {
        let card = handover::Entity::find().select_only().column(handover::Column::ConversationId);
        let card = card.filter(handover::Column::Number.eq(number)).into_query();
        C::IncidentNumber.eq(number).or(C::ConversationId.in_subquery(card))
    });
    let asked = [
        state.map(|state| C::State.eq(state)),
        of_card,
        priority.map(|priority| C::Priority.eq(priority)),
        quarter_id.map(|id| C::QuarterId.eq(id)),
        holder.as_ref().map(|number| C::HolderNumber.eq(number)),
        from.map(|from| C::OpenedAt.gte(from)),
        until.map(|until| C::OpenedAt.lt(until)),
    ];
    for filter in asked.into_iter().flatten() {
        query = query.filter(filter);
    }
    if who.is_officer() {
        if let Some((key, id)) = after {
            query = query.filter(C::QueueKey.gt(key).or(C::QueueKey.eq(key).and(C::ConversationId.gt(id))));
        }
        return query.order_by_asc(C::QueueKey).order_by_asc(C::ConversationId).limit(limit).all(db).await;
    }
    if let Some((last_at, id)) = after {
        query = query.filter(C::LastAt.lt(last_at).or(C::LastAt.eq(last_at).and(C::ConversationId.lt(id))));
    }
    query.order_by_desc(C::LastAt).order_by_desc(C::ConversationId).limit(limit).all(db).await
}

/// Talks of a youth that wait, the oldest first.
pub async fn waiting_of(tx: &Tx, youth_id: AccountId) -> Result<Vec<ConversationId>, DbErr> {
    use conversation::Column as C;
    conversation::Entity::find()
        .select_only()
        .column(C::ConversationId)
        .filter(C::YouthId.eq(youth_id))
        .filter(C::State.eq(ConversationState::Waiting))
        .order_by_asc(C::WaitingSince)
        .order_by_asc(C::ConversationId)
        .into_tuple()
        .all(&**tx)
        .await
}

/// Talks that wait for youths who are not looking, and whose they are.
pub async fn stepped_away(tx: &Tx) -> Result<Vec<(AccountId, ConversationId)>, DbErr> {
    use conversation::{Column as C, Entity};
    Entity::find()
        .select_only()
        .columns([C::YouthId, C::ConversationId])
        .filter(C::State.eq(ConversationState::Waiting))
        .filter(C::SteppedAwayAt.is_not_null())
        .filter(erased::stands((Entity, C::ConversationId)))
        .into_tuple()
        .all(&**tx)
        .await
}

// Who may not write

/// What keeps these accounts from writing at this moment.
pub async fn muted(
    db: &impl ConnectionTrait,
    now: Timestamp,
    accounts: Vec<AccountId>,
) -> Result<Vec<mute::Model>, DbErr> {
    use mute::{Column as C, Entity};
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find()
        .filter(C::AccountId.is_in(accounts))
        .filter(C::EndedAt.is_null())
        .filter(C::Until.gt(now))
        .all(db)
        .await
}

/// Whose a talk is, whoever asks: the rules look at who may act on it.
pub async fn youth_of(db: &impl ConnectionTrait, id: ConversationId) -> Result<Option<AccountId>, DbErr> {
    use conversation::{Column as C, Entity};
    Entity::find_by_id(id).select_only().column(C::YouthId).into_tuple().one(db).await
}

/// The talks of a youth that have to know whether she may write: the open ones, and those that knew of it before.
pub async fn to_silence(tx: &Tx, youth_id: AccountId) -> Result<Vec<ConversationId>, DbErr> {
    use conversation::{Column as C, Entity};
    Entity::find()
        .select_only()
        .column(C::ConversationId)
        .filter(C::YouthId.eq(youth_id))
        .filter(C::State.ne(ConversationState::Closed).or(C::MuteId.is_not_null()))
        .order_by_asc(C::ConversationId)
        .into_tuple()
        .all(&**tx)
        .await
}

/// What officers have in hand: one of them, or all.
pub async fn held(db: &impl ConnectionTrait, holder: Option<AccountId>) -> Result<Vec<conversation::Model>, DbErr> {
    use conversation::{Column as C, Entity};
    let mut taken = Entity::find()
        .filter(C::State.eq(ConversationState::Taken))
        .filter(erased::stands((Entity, C::ConversationId)));
    if let Some(holder) = holder {
        taken = taken.filter(C::HolderId.eq(holder));
    }
    taken.order_by_asc(C::ConversationId).all(db).await
}

/// How many wait before a talk.
pub async fn waiting_before(db: &impl ConnectionTrait, row: &conversation::Model) -> Result<i64, DbErr> {
    use conversation::{Column as C, Entity};
    let (key, id) = (row.queue_key, row.conversation_id);
    let before = Entity::find()
        .filter(C::State.eq(ConversationState::Waiting))
        .filter(erased::stands((Entity, C::ConversationId)))
        .filter(C::QueueKey.lt(key).or(C::QueueKey.eq(key).and(C::ConversationId.lt(id))))
        .count(db)
        .await?;
    Ok(i64::try_from(before).unwrap_or(i64::MAX))
}

/// How many seconds the last talks took that were closed since a moment.
pub async fn took(db: &impl ConnectionTrait, since: Timestamp, limit: u64) -> Result<Vec<i64>, DbErr> {
    use conversation::Column as C;
    let rows: Vec<(Timestamp, Timestamp)> = conversation::Entity::find()
        .select_only()
        .columns([C::TakenAt, C::ClosedAt])
        .filter(C::ClosedAt.gt(since))
        .filter(C::TakenAt.is_not_null())
        .order_by_desc(C::ClosedAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(taken, closed)| closed.since(taken) / 1000).collect())
}

pub async fn insert_decisions(tx: &Tx, rows: Vec<triage_decision::Model>) -> Result<(), DbErr> {
    db::insert::<triage_decision::Entity>(tx, &rows).await
}

/// Of a talk that may be read, the newest first.
pub async fn decisions(
    db: &impl ConnectionTrait,
    id: ConversationId,
    limit: u64,
) -> Result<Vec<triage_decision::Model>, DbErr> {
    use triage_decision::{Column as C, Entity};
    Entity::find().filter(C::ConversationId.eq(id)).order_by_desc(C::Revision).limit(limit).all(db).await
}

/// An officer, her public number, a talk, and when she last wrote in it.
pub type Answered = (AccountId, Option<String>, ConversationId, Timestamp);

/// The officers who have written since a moment in talks that were ever in danger.
pub async fn answered_in_danger(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<Answered>, DbErr> {
    use {message::Column as M, triage_decision::Column as D};
    let in_danger = triage_decision::Entity::find().select_only().column(D::ConversationId);
    let moved = conversation::Entity::find().select_only().column(conversation::Column::ConversationId);
    let moved = moved.filter(conversation::Column::LastAt.gt(since)).into_query();
    let in_danger =
        in_danger.filter(D::Priority.eq(Priority::P1)).filter(D::ConversationId.in_subquery(moved)).into_query();
    message::Entity::find()
        .select_only()
        .columns([M::AuthorId, M::PublicNumber, M::ConversationId])
        .column_as(M::ReceivedAt.max(), "last_at")
        .filter(M::By.eq(Actor::Officer))
        .filter(M::ReceivedAt.gt(since))
        .filter(M::ConversationId.in_subquery(in_danger))
        .filter(erased::stands((message::Entity, M::ConversationId)))
        .group_by(M::AuthorId)
        .group_by(M::PublicNumber)
        .group_by(M::ConversationId)
        .into_tuple()
        .all(db)
        .await
}

// Alarms

pub async fn alarms(tx: &Tx, ids: Vec<ConversationId>) -> Result<HashMap<ConversationId, alarm::Model>, DbErr> {
    let rows = alarm::Entity::find()
        .filter(alarm::Column::ConversationId.is_in(ids))
        .order_by_asc(alarm::Column::ConversationId)
        .lock(LockType::Update)
        .all(&**tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.conversation_id, row)).collect())
}

pub async fn save_alarms(tx: &Tx, rows: Vec<alarm::Model>) -> Result<(), DbErr> {
    use alarm::Column as C;
    let changed = [C::Round, C::Step, C::StartedAt, C::CausePos, C::EndedAt];
    db::upsert::<alarm::Entity>(tx, &rows, &[C::ConversationId], &changed).await
}

/// Fails when one of them was done before.
pub async fn insert_steps(tx: &Tx, rows: Vec<alarm_step::Model>) -> Result<(), DbErr> {
    db::insert::<alarm_step::Entity>(tx, &rows).await
}

/// What is counted of some talks, whoever they belong to. What its youth never wrote in is none of hers.
pub async fn counted(db: &impl ConnectionTrait, ids: Vec<ConversationId>) -> Result<Vec<CountedTalk>, DbErr> {
    use conversation::{Column as C, Entity};
    use message::Column as M;
    let rows =
        Entity::find().filter(C::ConversationId.is_in(padded(ids))).filter(C::LastYouthPos.gt(0)).all(db).await?;
    let answered = rows.iter().filter(|row| row.last_officer_pos > 0).map(|row| row.conversation_id);
    let first: Vec<(ConversationId, i64, Timestamp)> = message::Entity::find()
        .select_only()
        .column(M::ConversationId)
        .column_as(M::Pos.min(), "pos")
        .column_as(M::ReceivedAt.min(), "at")
        .filter(M::ConversationId.is_in(padded(answered)))
        .filter(M::By.eq(Actor::Officer))
        .group_by(M::ConversationId)
        .into_tuple()
        .all(db)
        .await?;
    let first: HashMap<_, _> = first.into_iter().map(|(id, pos, at)| (id, (pos, at))).collect();
    let counted = |row: conversation::Model| {
        let answer = first.get(&row.conversation_id);
        CountedTalk {
            conversation_id: row.conversation_id,
            opened_at: row.opened_at,
            came_by: row.came_by,
            closed: row.state == ConversationState::Closed,
            outcome: row.outcome,
            answered_at: answer.map(|(_, at)| *at),
            answer_read: answer.is_some_and(|(pos, _)| row.youth_read_pos >= *pos),
            unsurveyed: row.unsurveyed,
            would_have_called: row.would_have_called,
            would_have_told: row.would_have_told,
            helped: row.helped,
        }
    };
    Ok(rows.into_iter().map(counted).collect())
}

/// The talks behind alarms, whoever they belong to; what was erased is none.
pub async fn in_danger(tx: &Tx, ids: Vec<ConversationId>) -> Result<Vec<conversation::Model>, DbErr> {
    use conversation::{Column as C, Entity};
    Entity::find()
        .filter(C::ConversationId.is_in(ids))
        .filter(erased::stands((Entity, C::ConversationId)))
        .all(&**tx)
        .await
}

pub async fn messages_before(
    conn: &impl ConnectionTrait,
    conversation_id: ConversationId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<message::Model>, DbErr> {
    let mut query = message::Entity::find().filter(message::Column::ConversationId.eq(conversation_id));
    if let Some(before) = before {
        query = query.filter(message::Column::Pos.lt(before));
    }
    let mut rows = db::in_one_go(query.order_by_desc(message::Column::Pos).limit(limit).all(conn)).await?;
    rows.reverse();
    Ok(rows)
}

pub async fn messages_after(
    db: &impl ConnectionTrait,
    conversation_id: ConversationId,
    pos: i64,
    limit: u64,
) -> Result<Vec<message::Model>, DbErr> {
    message::Entity::find()
        .filter(message::Column::ConversationId.eq(conversation_id))
        .filter(message::Column::Pos.gt(pos))
        .order_by_asc(message::Column::Pos)
        .limit(limit)
        .all(db)
        .await
}

pub async fn messages(db: &impl ConnectionTrait, ids: Vec<MessageId>) -> Result<Vec<message::Model>, DbErr> {
    message::Entity::find().filter(message::Column::MessageId.is_in(ids)).all(db).await
}

/// Removes a talk with all its messages. Gives the row and how many messages there were.
pub async fn remove(tx: &Tx, conversation_id: ConversationId) -> Result<Option<(conversation::Model, i64)>, DbErr> {
    let messages = message::Entity::delete_many()
        .filter(message::Column::ConversationId.eq(conversation_id))
        .exec(&**tx)
        .await?
        .rows_affected;
    use {alarm::Column as A, alarm_step::Column as S, triage_decision::Column as D};
    triage_decision::Entity::delete_many().filter(D::ConversationId.eq(conversation_id)).exec(&**tx).await?;
    alarm_step::Entity::delete_many().filter(S::ConversationId.eq(conversation_id)).exec(&**tx).await?;
    alarm::Entity::delete_many().filter(A::ConversationId.eq(conversation_id)).exec(&**tx).await?;
    let Some(row) = conversation::Entity::find_by_id(conversation_id).one(&**tx).await? else { return Ok(None) };
    conversation::Entity::delete_by_id(conversation_id).exec(&**tx).await?;
    Ok(Some((row, i64::try_from(messages).unwrap_or(i64::MAX))))
}
