//! Every query of the slice. What is read of a talk is asked for by whom `chat::may_read` lets read it.

use entities::{
    handover, handover_answer, location,
    words::{ConversationId, HandoverId, LocationId, Timestamp},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::base::{
    db::{self, Tx},
    erased,
};

// Cards

/// All cards of some talks, and those that have one of these ids, whichever talk they are of.
pub async fn cards(tx: &Tx, talks: Vec<ConversationId>, ids: Vec<HandoverId>) -> Result<Vec<handover::Model>, DbErr> {
    use handover::Column as C;
    let found = C::ConversationId.is_in(talks).or(C::HandoverId.is_in(ids));
    handover::Entity::find().filter(found).all(&**tx).await
}

/// Writes the rows as they now stand, new and changed ones in one statement.
pub async fn save_cards(tx: &Tx, rows: Vec<handover::Model>) -> Result<(), DbErr> {
    use handover::Column as C;
    let changed = [C::ReplacedBy, C::AcknowledgedAt, C::AcknowledgedBy, C::TakenBy];
    db::upsert::<handover::Entity>(tx, &rows, &[C::HandoverId], &changed).await
}

pub async fn insert_answers(tx: &Tx, rows: Vec<handover_answer::Model>) -> Result<(), DbErr> {
    db::insert::<handover_answer::Entity>(tx, &rows).await
}

/// Cards that nobody has acknowledged, the oldest first.
pub async fn red(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<handover::Model>, DbErr> {
    use handover::{Column as C, Entity};
    Entity::find()
        .filter(C::AcknowledgedAt.is_null())
        .filter(C::ReplacedBy.is_null())
        .filter(erased::stands((Entity, C::ConversationId)))
        .order_by_asc(C::MadeAt)
        .order_by_asc(C::HandoverId)
        .limit(limit)
        .all(db)
        .await
}

/// Of a talk that may be read, the newest first.
pub async fn cards_of(db: &impl ConnectionTrait, id: ConversationId) -> Result<Vec<handover::Model>, DbErr> {
    use handover::{Column as C, Entity};
    Entity::find().filter(C::ConversationId.eq(id)).order_by_desc(C::MadeAt).order_by_desc(C::HandoverId).all(db).await
}

/// Of a talk that may be read, the oldest first.
pub async fn answers_of(db: &impl ConnectionTrait, id: ConversationId) -> Result<Vec<handover_answer::Model>, DbErr> {
    use handover_answer::{Column as C, Entity};
    Entity::find().filter(C::ConversationId.eq(id)).order_by_asc(C::At).order_by_asc(C::ActionId).all(db).await
}

// Places

pub async fn locations(tx: &Tx, ids: Vec<LocationId>) -> Result<Vec<location::Model>, DbErr> {
    location::Entity::find().filter(location::Column::LocationId.is_in(ids)).all(&**tx).await
}

/// Writes the rows as they now stand, new and changed ones in one statement.
pub async fn save_locations(tx: &Tx, rows: Vec<location::Model>) -> Result<(), DbErr> {
    use location::Column as C;
    let changed = [C::State, C::AnsweredAt, C::Fix, C::ExpiresAt];
    db::upsert::<location::Entity>(tx, &rows, &[C::LocationId], &changed).await
}

/// Of a talk that may be read, the newest first.
pub async fn locations_of(db: &impl ConnectionTrait, id: ConversationId) -> Result<Vec<location::Model>, DbErr> {
    use location::{Column as C, Entity};
    Entity::find().filter(C::ConversationId.eq(id)).order_by_desc(C::AskedAt).order_by_desc(C::LocationId).all(db).await
}

/// Destroys the fixes of some places that have expired; that they were given stays.
pub async fn destroy(tx: &Tx, now: Timestamp, ids: Vec<LocationId>) -> Result<(), DbErr> {
    use location::Column as C;
    location::Entity::update_many()
        .col_expr(C::Fix, Expr::value(Option::<Vec<u8>>::None))
        .filter(C::LocationId.is_in(ids))
        .filter(C::ExpiresAt.lte(now))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Removes all that belongs to a talk.
pub async fn remove(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    use {handover::Column as H, handover_answer::Column as A, location::Column as L};
    handover_answer::Entity::delete_many().filter(A::ConversationId.eq(id)).exec(&**tx).await?;
    handover::Entity::delete_many().filter(H::ConversationId.eq(id)).exec(&**tx).await?;
    location::Entity::delete_many().filter(L::ConversationId.eq(id)).exec(&**tx).await?;
    Ok(())
}
