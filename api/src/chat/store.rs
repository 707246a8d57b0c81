//! Every query of the slice. Each starts from who asks.

use std::collections::{HashMap, HashSet};

use entities::{
    alarm, alarm_step, conversation, message, triage_decision,
    words::{AccountId, ConversationId, ConversationState, MessageId, Priority, Role, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};

use crate::base::{actions::Who, db::Tx, erased};

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

/// The rows that a set of actions is about, whoever they belong to, locked in sorted order until commit.
/// The rules look at whose they are.
pub async fn lock(
    tx: &Tx,
    mut ids: Vec<ConversationId>,
) -> Result<HashMap<ConversationId, conversation::Model>, DbErr> {
    ids.sort_unstable();
    ids.dedup();
    let rows = conversation::Entity::find()
        .filter(conversation::Column::ConversationId.is_in(ids))
        .order_by_asc(conversation::Column::ConversationId)
        .lock(LockType::Update)
        .all(&**tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.conversation_id, row)).collect())
}

/// What a youth has open.
#[derive(Default)]
pub struct Standing {
    pub open: i64,
    waiting: HashMap<Priority, i64>,
}

impl Standing {
    /// Counts one more that waits. Gives how many there were.
    pub fn another(&mut self, priority: Priority) -> i64 {
        let waiting = self.waiting.entry(priority).or_default();
        *waiting += 1;
        *waiting - 1
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
        .filter(message::Column::MessageId.is_in(ids))
        .into_tuple()
        .all(&**tx)
        .await
}

pub async fn insert_messages(tx: &Tx, rows: Vec<message::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        message::Entity::insert_many(part).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// Writes the rows as they now stand, new and changed ones in one statement.
pub async fn save(tx: &Tx, rows: Vec<conversation::Model>) -> Result<(), DbErr> {
    use conversation::Column as C;
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        conversation::Entity::insert_many(part)
            .on_conflict(
                OnConflict::column(C::ConversationId)
                    .update_columns([
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
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&**tx)
            .await?;
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
    state: Option<ConversationState>,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<conversation::Model>, DbErr> {
    use conversation::Column as C;
    let mut query = visible_to(who);
    if let Some(state) = state {
        query = query.filter(C::State.eq(state));
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
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        triage_decision::Entity::insert_many(part).exec_without_returning(&**tx).await?;
    }
    Ok(())
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
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        alarm::Entity::insert_many(part)
            .on_conflict(
                OnConflict::column(C::ConversationId)
                    .update_columns([C::Round, C::Step, C::StartedAt, C::CausePos, C::EndedAt])
                    .to_owned(),
            )
            .exec_without_returning(&**tx)
            .await?;
    }
    Ok(())
}

/// Fails when one of them was done before.
pub async fn insert_steps(tx: &Tx, rows: Vec<alarm_step::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        alarm_step::Entity::insert_many(part).exec_without_returning(&**tx).await?;
    }
    Ok(())
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
    db: &impl ConnectionTrait,
    conversation_id: ConversationId,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<message::Model>, DbErr> {
    let mut query = message::Entity::find().filter(message::Column::ConversationId.eq(conversation_id));
    if let Some(before) = before {
        query = query.filter(message::Column::Pos.lt(before));
    }
    let mut rows = query.order_by_desc(message::Column::Pos).limit(limit).all(db).await?;
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
