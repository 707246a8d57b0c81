//! Every query of the slice. Each starts from who asks.

use std::collections::{HashMap, HashSet};

use entities::{
    conversation, message,
    words::{AccountId, ConversationId, ConversationState, MessageId, Role},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LockType, OnConflict},
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

/// How many talks each youth has open.
pub async fn count_open(tx: &Tx, youths: HashSet<AccountId>) -> Result<HashMap<AccountId, i64>, DbErr> {
    use conversation::Column as C;
    if youths.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(AccountId, i64)> = conversation::Entity::find()
        .select_only()
        .column(C::YouthId)
        .column_as(C::ConversationId.count(), "open")
        .filter(C::YouthId.is_in(youths))
        .filter(C::State.ne(ConversationState::Closed))
        .group_by(C::YouthId)
        .into_tuple()
        .all(&**tx)
        .await?;
    Ok(rows.into_iter().collect())
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
                    ])
                    .to_owned(),
            )
            .exec_without_returning(&**tx)
            .await?;
    }
    Ok(())
}

/// Newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    who: &Who,
    state: Option<ConversationState>,
    after: Option<(i64, ConversationId)>,
    limit: u64,
) -> Result<Vec<conversation::Model>, DbErr> {
    use conversation::Column as C;
    let mut query = visible_to(who);
    if let Some(state) = state {
        query = query.filter(C::State.eq(state));
    }
    if let Some((last_at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(C::LastAt.lt(last_at))
                .add(Condition::all().add(C::LastAt.eq(last_at)).add(C::ConversationId.lt(id))),
        );
    }
    query.order_by_desc(C::LastAt).order_by_desc(C::ConversationId).limit(limit).all(db).await
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
    let Some(row) = conversation::Entity::find_by_id(conversation_id).one(&**tx).await? else { return Ok(None) };
    conversation::Entity::delete_by_id(conversation_id).exec(&**tx).await?;
    Ok(Some((row, i64::try_from(messages).unwrap_or(i64::MAX))))
}
