//! Every query of the slice. What is open or over is public, so nobody's scope narrows a reading of that.

use std::collections::HashMap;

use entities::{
    poll, poll_ballot, poll_option,
    words::{DialogueId, PollId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::base::db::Tx;

pub async fn some(db: &impl ConnectionTrait, ids: Vec<PollId>) -> Result<Vec<poll::Model>, DbErr> {
    poll::Entity::find().filter(poll::Column::PollId.is_in(ids)).all(db).await
}

/// What has opened at a moment. What was closed before it opened never did.
fn opened_by(now: Timestamp) -> Select<poll::Entity> {
    use poll::Column as C;
    poll::Entity::find().filter(C::OpensAt.lte(now)).filter(Expr::col(C::ClosesAt).gt(Expr::col(C::OpensAt)))
}

pub async fn opened(db: &impl ConnectionTrait, id: PollId, now: Timestamp) -> Result<Option<poll::Model>, DbErr> {
    opened_by(now).filter(poll::Column::PollId.eq(id)).one(db).await
}

/// A page of those that are asked everywhere and have opened at a moment; without one, of all.
pub async fn list(
    db: &impl ConnectionTrait,
    opened_at: Option<Timestamp>,
    after: Option<(i64, PollId)>,
    limit: u64,
) -> Result<Vec<poll::Model>, DbErr> {
    use poll::Column as C;
    let mut query = opened_at.map_or_else(poll::Entity::find, opened_by).filter(C::DialogueId.is_null());
    if let Some((at, id)) = after {
        query = query.filter(
            Condition::any().add(C::OpensAt.lt(at)).add(Condition::all().add(C::OpensAt.eq(at)).add(C::PollId.lt(id))),
        );
    }
    query.order_by_desc(C::OpensAt).order_by_desc(C::PollId).limit(limit).all(db).await
}

/// Those of a dialogue.
pub async fn of_dialogue(db: &impl ConnectionTrait, id: DialogueId, limit: u64) -> Result<Vec<poll::Model>, DbErr> {
    use poll::Column as C;
    let own = poll::Entity::find().filter(C::DialogueId.eq(id));
    own.order_by_desc(C::OpensAt).order_by_desc(C::PollId).limit(limit).all(db).await
}

/// How many were asked in some dialogues.
pub async fn asked_in(
    db: &impl ConnectionTrait,
    dialogues: Vec<DialogueId>,
) -> Result<HashMap<DialogueId, u64>, DbErr> {
    use poll::Column as C;
    if dialogues.is_empty() {
        return Ok(HashMap::new());
    }
    let counts: Vec<(DialogueId, i64)> = poll::Entity::find()
        .select_only()
        .column(C::DialogueId)
        .column_as(C::PollId.count(), "polls")
        .filter(C::DialogueId.is_in(dialogues))
        .group_by(C::DialogueId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(id, count)| (id, count.unsigned_abs())).collect())
}

/// What is open in some dialogues.
pub async fn open_in(
    db: &impl ConnectionTrait,
    dialogues: Vec<DialogueId>,
    now: Timestamp,
) -> Result<Vec<poll::Model>, DbErr> {
    use poll::Column as C;
    poll::Entity::find().filter(C::DialogueId.is_in(dialogues)).filter(C::ClosesAt.gt(now)).all(db).await
}

/// The answers of some polls, in their order.
pub async fn options(
    db: &impl ConnectionTrait,
    ids: Vec<PollId>,
) -> Result<HashMap<PollId, Vec<poll_option::Model>>, DbErr> {
    use poll_option::Column as C;
    let rows = poll_option::Entity::find().filter(C::PollId.is_in(ids)).order_by_asc(C::Place).all(db).await?;
    let mut found: HashMap<PollId, Vec<_>> = HashMap::new();
    for row in rows {
        found.entry(row.poll_id).or_default().push(row);
    }
    Ok(found)
}

pub async fn insert(tx: &Tx, polls: Vec<poll::Model>, options: Vec<poll_option::Model>) -> Result<(), DbErr> {
    if polls.is_empty() {
        return Ok(());
    }
    let polls = polls.into_iter().map(|row| row.into_active_model().reset_all());
    poll::Entity::insert_many(polls).exec_without_returning(&**tx).await?;
    let options = options.into_iter().map(|row| row.into_active_model().reset_all());
    poll_option::Entity::insert_many(options).exec_without_returning(&**tx).await?;
    Ok(())
}

pub async fn save(tx: &Tx, row: poll::Model) -> Result<(), DbErr> {
    poll::Entity::update(row.into_active_model().reset_all()).exec(&**tx).await?;
    Ok(())
}

pub async fn has_voted(db: &impl ConnectionTrait, poll_id: PollId, device_mac: Vec<u8>) -> Result<bool, DbErr> {
    Ok(poll_ballot::Entity::find_by_id((poll_id, device_mac)).one(db).await?.is_some())
}

/// Counts one who votes in what is open. Says whether it is.
pub async fn count_voter(tx: &Tx, poll_id: PollId, now: Timestamp) -> Result<bool, DbErr> {
    let counted = poll::Entity::update_many()
        .col_expr(poll::Column::Voters, Expr::col(poll::Column::Voters).add(1))
        .filter(poll::Column::PollId.eq(poll_id).and(poll::Column::ClosesAt.gt(now)))
        .exec(&**tx)
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Counts a vote, unless the device has voted. Says whether it was counted.
pub async fn count(tx: &Tx, poll_id: PollId, device_mac: Vec<u8>, places: Vec<i32>) -> Result<bool, DbErr> {
    let ballot = poll_ballot::Model { poll_id, device_mac };
    let first = poll_ballot::Entity::insert(ballot.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await;
    match first {
        Ok(1..) => {}
        Ok(0) | Err(DbErr::RecordNotInserted) => return Ok(false),
        Err(error) => return Err(error),
    }
    poll_option::Entity::update_many()
        .col_expr(poll_option::Column::Votes, Expr::col(poll_option::Column::Votes).add(1))
        .filter(poll_option::Column::PollId.eq(poll_id).and(poll_option::Column::Place.is_in(places)))
        .exec(&**tx)
        .await?;
    Ok(true)
}

/// Forgets some of those who voted in what is over. Says how many.
pub async fn forget_ballots(tx: &Tx, now: Timestamp, limit: u64) -> Result<u64, DbErr> {
    let over = poll::Entity::find()
        .select_only()
        .column(poll::Column::PollId)
        .filter(poll::Column::ClosesAt.lte(now))
        .into_query();
    let some = poll_ballot::Entity::find()
        .filter(poll_ballot::Column::PollId.in_subquery(over))
        .limit(limit)
        .all(&**tx)
        .await?;
    let Some(first) = some.first() else { return Ok(0) };
    let (poll_id, macs) = (first.poll_id, some.iter().filter(|row| row.poll_id == first.poll_id));
    let gone = poll_ballot::Entity::delete_many()
        .filter(poll_ballot::Column::PollId.eq(poll_id))
        .filter(poll_ballot::Column::DeviceMac.is_in(macs.map(|row| row.device_mac.clone())))
        .exec(&**tx)
        .await?;
    Ok(gone.rows_affected)
}

/// Removes some of those that were over before a moment; a dialogue's go with it. Says how many.
pub async fn remove_old(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64, DbErr> {
    let old: Vec<PollId> = poll::Entity::find()
        .select_only()
        .column(poll::Column::PollId)
        .filter(poll::Column::ClosesAt.lte(before))
        .filter(poll::Column::DialogueId.is_null())
        .limit(limit)
        .into_tuple()
        .all(&**tx)
        .await?;
    remove(tx, old).await
}

pub async fn remove_of_dialogues(tx: &Tx, dialogues: Vec<DialogueId>) -> Result<(), DbErr> {
    let own = poll::Entity::find().filter(poll::Column::DialogueId.is_in(dialogues));
    let own: Vec<PollId> = own.select_only().column(poll::Column::PollId).into_tuple().all(&**tx).await?;
    poll_ballot::Entity::delete_many().filter(poll_ballot::Column::PollId.is_in(own.clone())).exec(&**tx).await?;
    remove(tx, own).await.map(drop)
}

async fn remove(tx: &Tx, ids: Vec<PollId>) -> Result<u64, DbErr> {
    poll_option::Entity::delete_many().filter(poll_option::Column::PollId.is_in(ids.clone())).exec(&**tx).await?;
    Ok(poll::Entity::delete_many().filter(poll::Column::PollId.is_in(ids)).exec(&**tx).await?.rows_affected)
}
