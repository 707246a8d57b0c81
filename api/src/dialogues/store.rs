//! Every query of the slice. Dialogues and what is shown in them are public; the rest is asked for by its writer, or for officers.

use std::collections::HashMap;

use entities::{
    dialogue, dialogue_captions, dialogue_film, dialogue_mute, dialogue_viewers, journal_entry, question,
    question_vote, stream,
    words::{AccountId, DialogueId, DialogueState, QuestionId, QuestionState, Timestamp},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, OnConflict, SelectStatement},
};
use uuid::Uuid;

use super::model_questions::QuestionOrder;
use crate::base::{
    db::{self, Tx, padded},
    journal,
    listed::listed,
};

use dialogue::Column as D;
use question::Column as Q;

/// A device as it is known in one dialogue.
pub type Device = (DialogueId, Vec<u8>);
/// A question, and a device as it is known there.
pub type Ballot = (QuestionId, Vec<u8>);

// Dialogues

pub async fn dialogues(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = DialogueId>,
) -> Result<HashMap<DialogueId, dialogue::Model>, DbErr> {
    let rows = dialogue::Entity::find().filter(D::DialogueId.is_in(padded(ids))).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.dialogue_id, row)).collect())
}

pub async fn dialogue(db: &impl ConnectionTrait, id: DialogueId) -> Result<Option<dialogue::Model>, DbErr> {
    dialogue::Entity::find_by_id(id).one(db).await
}

pub async fn list(
    db: &impl ConnectionTrait,
    after: Option<(i64, DialogueId)>,
    limit: u64,
) -> Result<Vec<dialogue::Model>, DbErr> {
    let mut query = dialogue::Entity::find();
    if let Some((key, id)) = after {
        query = query.filter(
            Condition::any()
                .add(D::ListKey.gt(key))
                .add(Condition::all().add(D::ListKey.eq(key)).add(D::DialogueId.gt(id))),
        );
    }
    query.order_by_asc(D::ListKey).order_by_asc(D::DialogueId).limit(limit).all(db).await
}

pub async fn insert_dialogues(tx: &Tx, rows: Vec<dialogue::Model>) -> Result<(), DbErr> {
    db::insert::<dialogue::Entity>(tx, &rows).await
}

pub async fn save_dialogue(tx: &Tx, row: dialogue::Model) -> Result<(), DbErr> {
    let mut row = row.into_active_model().reset_all();
    // Whoever counts them does not wait for their turn.
    row.most_viewers = NotSet;
    dialogue::Entity::update(row).exec(&**tx).await.map(drop)
}

/// The films of some dialogues that are kept here.
pub async fn films(
    db: &impl ConnectionTrait,
    ids: Vec<DialogueId>,
) -> Result<HashMap<DialogueId, dialogue_film::Model>, DbErr> {
    let rows =
        dialogue_film::Entity::find().filter(dialogue_film::Column::DialogueId.is_in(padded(ids))).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.dialogue_id, row)).collect())
}

/// Lets these be the films of some dialogues, of which all others have none; captions of nothing go.
pub async fn save_films(tx: &Tx, of: Vec<DialogueId>, films: Vec<dialogue_film::Model>) -> Result<(), DbErr> {
    use dialogue_captions::Column as C;
    let of_these = dialogue_film::Column::DialogueId.is_in(of.clone());
    dialogue_film::Entity::delete_many().filter(of_these).exec(&**tx).await?;
    let said = films.iter().filter(|film| film.captions_revision.is_some()).map(|film| film.dialogue_id);
    let silent = C::DialogueId.is_in(of).and(C::DialogueId.is_not_in(said));
    dialogue_captions::Entity::delete_many().filter(silent).exec(&**tx).await?;
    db::insert::<dialogue_film::Entity>(tx, &films).await
}

pub async fn save_captions(tx: &Tx, rows: Vec<dialogue_captions::Model>) -> Result<(), DbErr> {
    use dialogue_captions::Column as C;
    db::upsert::<dialogue_captions::Entity>(tx, &rows, &[C::DialogueId], &[C::Revision, C::Words]).await
}

pub async fn captions(db: &impl ConnectionTrait, id: DialogueId) -> Result<Option<dialogue_captions::Model>, DbErr> {
    dialogue_captions::Entity::find_by_id(id).one(db).await
}

/// Those of some dialogues in which something that is shown is not answered, or something waits that tells of harm and began no talk.
pub async fn unanswered(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = DialogueId>,
) -> Result<Vec<DialogueId>, DbErr> {
    let open =
        question::Entity::find()
            .select_only()
            .column(Q::DialogueId)
            .distinct()
            .filter(Q::DialogueId.is_in(ids))
            .filter(Q::State.eq(QuestionState::Shown).or(
                Q::State.eq(QuestionState::Waiting).and(Q::Reasons.ne(listed([]))).and(Q::ConversationId.is_null()),
            ));
    open.into_tuple().all(db).await
}

// Questions

pub async fn questions(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = QuestionId>,
) -> Result<HashMap<QuestionId, question::Model>, DbErr> {
    let rows = question::Entity::find().filter(Q::QuestionId.is_in(padded(ids))).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.question_id, row)).collect())
}

/// What counts with some questions.
pub async fn twins(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = QuestionId>,
) -> Result<Vec<question::Model>, DbErr> {
    question::Entity::find().filter(Q::MergedInto.is_in(ids)).all(db).await
}

pub async fn insert_questions(tx: &Tx, rows: Vec<question::Model>) -> Result<(), DbErr> {
    db::insert::<question::Entity>(tx, &rows).await
}

pub async fn save_question(tx: &Tx, row: question::Model) -> Result<(), DbErr> {
    question::Entity::update(row.into_active_model().reset_all()).exec(&**tx).await.map(drop)
}

pub async fn move_twins(tx: &Tx, from: QuestionId, into: QuestionId) -> Result<(), DbErr> {
    question::Entity::update_many()
        .col_expr(Q::MergedInto, Expr::value(into.0))
        .filter(Q::MergedInto.eq(from))
        .exec(&**tx)
        .await
        .map(drop)
}

/// What is shown in a dialogue, answered or not.
pub async fn shown(
    db: &impl ConnectionTrait,
    dialogue_id: DialogueId,
    order: QuestionOrder,
    after: Option<(i64, QuestionId)>,
    limit: u64,
) -> Result<Vec<question::Model>, DbErr> {
    let shown = question::Entity::find()
        .filter(Q::DialogueId.eq(dialogue_id))
        .filter(Q::State.is_in([QuestionState::Shown, QuestionState::Answered]));
    let column = match order {
        QuestionOrder::Votes => Q::Votes,
        QuestionOrder::Newest => Q::ShownAt,
    };
    descending(shown, column, after).limit(limit).all(db).await
}

/// In the order of the box: of what waits the most urgent first, of what is decided the newest.
pub async fn in_box(
    db: &impl ConnectionTrait,
    dialogue_id: DialogueId,
    state: QuestionState,
    after: Option<(i64, QuestionId)>,
    limit: u64,
) -> Result<Vec<question::Model>, DbErr> {
    let mut query = question::Entity::find().filter(Q::DialogueId.eq(dialogue_id)).filter(Q::State.eq(state));
    if let Some((key, id)) = after {
        query = query.filter(
            Condition::any()
                .add(Q::BoxKey.gt(key))
                .add(Condition::all().add(Q::BoxKey.eq(key)).add(Q::QuestionId.gt(id))),
        );
    }
    query.order_by_asc(Q::BoxKey).order_by_asc(Q::QuestionId).limit(limit).all(db).await
}

/// Of an account the newest first, in one dialogue or in all.
pub async fn of_account(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    dialogue_id: Option<DialogueId>,
    after: Option<(i64, QuestionId)>,
    limit: u64,
) -> Result<Vec<question::Model>, DbErr> {
    let mut own = question::Entity::find().filter(Q::AccountId.eq(account_id));
    if let Some(id) = dialogue_id {
        own = own.filter(Q::DialogueId.eq(id));
    }
    descending(own, Q::AskedAt, after).limit(limit).all(db).await
}

fn descending(
    mut query: Select<question::Entity>,
    column: Q,
    after: Option<(i64, QuestionId)>,
) -> Select<question::Entity> {
    if let Some((key, id)) = after {
        query = query.filter(
            Condition::any().add(column.lt(key)).add(Condition::all().add(column.eq(key)).add(Q::QuestionId.lt(id))),
        );
    }
    query.order_by_desc(column).order_by_desc(Q::QuestionId)
}

// Devices

/// When devices asked last, each in its dialogue.
pub async fn last_asked(db: &impl ConnectionTrait, devices: &[Device]) -> Result<HashMap<Device, Timestamp>, DbErr> {
    let (dialogues, macs) = apart(devices);
    let rows: Vec<(DialogueId, Vec<u8>, Timestamp)> = question::Entity::find()
        .select_only()
        .column(Q::DialogueId)
        .column(Q::DeviceMac)
        .column_as(Q::AskedAt.max(), "last")
        .filter(Q::DialogueId.is_in(dialogues))
        .filter(Q::DeviceMac.is_in(macs))
        .group_by(Q::DialogueId)
        .group_by(Q::DeviceMac)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(dialogue_id, mac, last)| ((dialogue_id, mac), last)).collect())
}

pub async fn mutes(
    db: &impl ConnectionTrait,
    devices: &[Device],
) -> Result<HashMap<Device, dialogue_mute::Model>, DbErr> {
    use dialogue_mute::Column as M;
    let (dialogues, macs) = apart(devices);
    let found = dialogue_mute::Entity::find().filter(M::DialogueId.is_in(dialogues)).filter(M::DeviceMac.is_in(macs));
    Ok(found.all(db).await?.into_iter().map(|row| ((row.dialogue_id, row.device_mac.clone()), row)).collect())
}

pub async fn save_mutes(tx: &Tx, rows: Vec<dialogue_mute::Model>) -> Result<(), DbErr> {
    use dialogue_mute::Column as M;
    db::upsert::<dialogue_mute::Entity>(tx, &rows, &[M::DialogueId, M::DeviceMac], &[M::Times, M::Until]).await
}

fn apart(devices: &[Device]) -> (Vec<DialogueId>, Vec<Vec<u8>>) {
    devices.iter().cloned().unzip()
}

// Votes

/// Those of some questions that their devices vote for.
pub async fn voted(db: &impl ConnectionTrait, ballots: Vec<Ballot>) -> Result<Vec<Ballot>, DbErr> {
    use question_vote::Column as V;
    let (ids, macs): (Vec<_>, Vec<_>) = ballots.into_iter().unzip();
    let found = question_vote::Entity::find().filter(V::QuestionId.is_in(ids)).filter(V::DeviceMac.is_in(macs));
    Ok(found.all(db).await?.into_iter().map(|row| (row.question_id, row.device_mac)).collect())
}

/// Stores a vote, unless it stands. Says whether it did not.
pub async fn insert_vote(tx: &Tx, question_id: QuestionId, device_mac: Vec<u8>) -> Result<bool, DbErr> {
    let row = question_vote::Model { question_id, device_mac };
    let first = question_vote::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await;
    match first {
        Ok(1..) => Ok(true),
        Ok(0) | Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error),
    }
}

pub async fn add_votes(tx: &Tx, id: QuestionId, more: i64) -> Result<(), DbErr> {
    question::Entity::update_many()
        .col_expr(Q::Votes, Expr::col(Q::Votes).add(more))
        .filter(Q::QuestionId.eq(id))
        .exec(&**tx)
        .await
        .map(drop)
}

pub async fn remove_votes(tx: &Tx, stood: Vec<Ballot>) -> Result<u64, DbErr> {
    use question_vote::Column as V;
    let (ids, macs): (Vec<_>, Vec<_>) = stood.into_iter().unzip();
    let of_these = V::QuestionId.is_in(ids).and(V::DeviceMac.is_in(macs));
    Ok(question_vote::Entity::delete_many().filter(of_these).exec(&**tx).await?.rows_affected)
}

/// How the questions stand that may be voted for.
pub async fn counts(db: &impl ConnectionTrait, dialogue_id: DialogueId) -> Result<Vec<(QuestionId, i64)>, DbErr> {
    let shown = question::Entity::find()
        .select_only()
        .column(Q::QuestionId)
        .column(Q::Votes)
        .filter(Q::DialogueId.eq(dialogue_id))
        .filter(Q::State.eq(QuestionState::Shown));
    shown.into_tuple().all(db).await
}

// Who follows

/// How many follow a dialogue over all nodes that said so since a moment.
pub async fn viewers(db: &impl ConnectionTrait, dialogue_id: DialogueId, since: Timestamp) -> Result<i64, DbErr> {
    use dialogue_viewers::Column as C;
    let counts: Vec<i32> = dialogue_viewers::Entity::find()
        .select_only()
        .column(C::Viewers)
        .filter(C::DialogueId.eq(dialogue_id))
        .filter(C::SaidAt.gt(since))
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(i64::from).sum())
}

/// A node says how many follow over it; 0 is not kept.
pub async fn say_viewers(
    tx: &Tx,
    dialogue_id: DialogueId,
    node_id: Uuid,
    viewers: i32,
    now: Timestamp,
) -> Result<(), DbErr> {
    use dialogue_viewers::{Column as C, Entity};
    if viewers == 0 {
        return Entity::delete_by_id((dialogue_id, node_id)).exec(&**tx).await.map(drop);
    }
    let row = dialogue_viewers::Model { dialogue_id, node_id, viewers, said_at: now };
    db::upsert::<Entity>(tx, &[row], &[C::DialogueId, C::NodeId], &[C::Viewers, C::SaidAt]).await
}

// In its time

/// Whether a dialogue ended before a moment, or opened before it and nobody ended it.
pub fn over(before: Timestamp) -> Condition {
    let left_open = D::EndedAt.is_null().and(D::OpenedAt.lte(before));
    Condition::any().add(D::EndedAt.lte(before)).add(left_open)
}

/// The dialogues that were over before a moment.
fn ended(before: Timestamp) -> SelectStatement {
    let over = dialogue::Entity::find().filter(over(before));
    over.select_only().column(D::DialogueId).into_query()
}

/// Forgets some of those who voted in what ended before a moment. Says how many.
pub async fn forget_votes(tx: &Tx, before: Timestamp, limit: u64) -> Result<u64, DbErr> {
    let of_these = question::Entity::find().filter(Q::DialogueId.in_subquery(ended(before)));
    let of_these = of_these.select_only().column(Q::QuestionId).into_query();
    let some = question_vote::Entity::find().filter(question_vote::Column::QuestionId.in_subquery(of_these));
    let some = some.limit(limit).all(&**tx).await?;
    remove_votes(tx, some.into_iter().map(|row| (row.question_id, row.device_mac)).collect()).await
}

pub async fn forget_mutes(tx: &Tx, before: Timestamp) -> Result<u64, DbErr> {
    let of_these = dialogue_mute::Column::DialogueId.in_subquery(ended(before));
    Ok(dialogue_mute::Entity::delete_many().filter(of_these).exec(&**tx).await?.rows_affected)
}

/// Some of the questions of what ended before a moment of which it is known who asked, or that were never shown to anybody.
pub async fn to_forget(tx: &Tx, before: Timestamp, limit: u64) -> Result<Vec<question::Model>, DbErr> {
    let known = Q::AccountId.is_not_null().or(Q::DeviceMac.is_not_null());
    let unseen = Q::State.is_in([QuestionState::Waiting, QuestionState::NotShown]);
    question::Entity::find()
        .filter(Q::DialogueId.in_subquery(ended(before)))
        .filter(Condition::any().add(known).add(unseen))
        .limit(limit)
        .all(&**tx)
        .await
}

/// Takes away what the inboxes of some accounts say of questions, but for those of dialogues that were not over before a moment: somebody
/// who asked a month ago may ask tonight.
pub async fn forget_told(tx: &Tx, accounts: &[AccountId], before: Timestamp) -> Result<(), DbErr> {
    use journal_entry::{Column as C, Entity};
    let lasting = question::Entity::find().filter(Q::DialogueId.not_in_subquery(ended(before)));
    let lasting = lasting.select_only().column(Q::QuestionId).into_query();
    Entity::delete_many()
        .filter(C::Stream.is_in(accounts.iter().copied().map(journal::inbox)))
        .filter(C::Kind.eq("question-changed"))
        .filter(C::EntityId.not_in_subquery(lasting))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Forgets who asked some questions.
pub async fn forget_askers(tx: &Tx, ids: Vec<QuestionId>) -> Result<(), DbErr> {
    question::Entity::update_many()
        .col_expr(Q::AccountId, Expr::value(None::<Uuid>))
        .col_expr(Q::DeviceMac, Expr::value(None::<Vec<u8>>))
        .col_expr(Q::ConversationId, Expr::value(None::<Uuid>))
        .filter(Q::QuestionId.is_in(ids))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Removes questions and who voted for them.
pub async fn remove_questions(tx: &Tx, ids: Vec<QuestionId>) -> Result<(), DbErr> {
    question_vote::Entity::delete_many()
        .filter(question_vote::Column::QuestionId.is_in(ids.clone()))
        .exec(&**tx)
        .await?;
    question::Entity::delete_many().filter(Q::QuestionId.is_in(ids)).exec(&**tx).await.map(drop)
}

/// Some of the dialogues that were over before a moment, or should have begun before it and never did.
pub async fn old(db: &impl ConnectionTrait, before: Timestamp, limit: u64) -> Result<Vec<DialogueId>, DbErr> {
    let never = D::State.eq(DialogueState::Announced).and(D::StartsAt.lte(before));
    let old = dialogue::Entity::find().filter(over(before).add(never));
    old.select_only().column(D::DialogueId).limit(limit).into_tuple().all(db).await
}

/// Some of what was asked in some dialogues.
pub async fn asked_in(
    db: &impl ConnectionTrait,
    dialogues: Vec<DialogueId>,
    limit: u64,
) -> Result<Vec<question::Model>, DbErr> {
    question::Entity::find().filter(Q::DialogueId.is_in(dialogues)).limit(limit).all(db).await
}

/// Removes dialogues in which nothing stands any more, with their streams.
pub async fn remove_dialogues(tx: &Tx, ids: Vec<DialogueId>) -> Result<(), DbErr> {
    let streams: Vec<String> = ids.iter().copied().map(journal::dialogue).collect();
    journal_entry::Entity::delete_many()
        .filter(journal_entry::Column::Stream.is_in(streams.clone()))
        .exec(&**tx)
        .await?;
    stream::Entity::delete_many().filter(stream::Column::Name.is_in(streams)).exec(&**tx).await?;
    dialogue_mute::Entity::delete_many()
        .filter(dialogue_mute::Column::DialogueId.is_in(ids.clone()))
        .exec(&**tx)
        .await?;
    dialogue_viewers::Entity::delete_many()
        .filter(dialogue_viewers::Column::DialogueId.is_in(ids.clone()))
        .exec(&**tx)
        .await?;
    dialogue::Entity::delete_many().filter(D::DialogueId.is_in(ids)).exec(&**tx).await.map(drop)
}
