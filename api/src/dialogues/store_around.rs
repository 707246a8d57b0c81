//! The rest of the slice's queries: who is reminded, and what is counted.

use entities::{
    dialogue, dialogue_mute, dialogue_reminder, question,
    words::{AccountId, DialogueId, DialogueState, QuestionState, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{CaseStatement, Expr, ExprTrait},
};

use super::store::over;
use crate::base::db::{self, Tx};

use dialogue::Column as D;
use dialogue_reminder::Column as R;
use question::Column as Q;

// Reminders

pub async fn reminders_of(db: &impl ConnectionTrait, account_id: AccountId) -> Result<Vec<DialogueId>, DbErr> {
    let own = dialogue_reminder::Entity::find().filter(R::AccountId.eq(account_id));
    own.select_only().column(R::DialogueId).into_tuple().all(db).await
}

pub async fn insert_reminder(tx: &Tx, account_id: AccountId, dialogue_id: DialogueId) -> Result<(), DbErr> {
    db::insert::<dialogue_reminder::Entity>(tx, &[dialogue_reminder::Model { account_id, dialogue_id }]).await
}

/// Some of those of what has opened, or begins before a moment.
pub async fn due_reminders(
    db: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<dialogue_reminder::Model>, DbErr> {
    let begins = D::State.eq(DialogueState::Announced).and(D::StartsAt.lte(before));
    let begin = dialogue::Entity::find().filter(D::State.eq(DialogueState::Live).or(begins));
    let begin = begin.select_only().column(D::DialogueId).into_query();
    dialogue_reminder::Entity::find().filter(R::DialogueId.in_subquery(begin)).limit(limit).all(db).await
}

pub async fn remove_reminders(tx: &Tx, dialogue_id: DialogueId, accounts: Vec<AccountId>) -> Result<(), DbErr> {
    let these = R::DialogueId.eq(dialogue_id).and(R::AccountId.is_in(accounts));
    dialogue_reminder::Entity::delete_many().filter(these).exec(&**tx).await.map(drop)
}

pub async fn remove_all_reminders(tx: &Tx, dialogues: Vec<DialogueId>) -> Result<(), DbErr> {
    dialogue_reminder::Entity::delete_many().filter(R::DialogueId.is_in(dialogues)).exec(&**tx).await.map(drop)
}

// Figures

/// Takes note of how many follow at once, if they are more than ever.
pub async fn note_viewers(db: &impl ConnectionTrait, id: DialogueId, viewers: i32) -> Result<(), DbErr> {
    let fewer = Condition::any().add(D::MostViewers.is_null()).add(D::MostViewers.lt(viewers));
    dialogue::Entity::update_many()
        .col_expr(D::MostViewers, Expr::value(viewers))
        .filter(D::DialogueId.eq(id))
        .filter(fewer)
        .exec(db)
        .await
        .map(drop)
}

/// What was asked in a dialogue, counted.
#[derive(Debug, FromQueryResult)]
pub struct Counts {
    pub asked: i64,
    pub shown: i64,
    pub answered_by_mark: i64,
    pub answered_in_writing: i64,
    pub merged: i64,
    pub not_shown: i64,
    pub talks: i64,
    pub votes: Option<i64>,
}

pub async fn counts(db: &impl ConnectionTrait, id: DialogueId) -> Result<Counts, DbErr> {
    let count = |which: Expr| Expr::Case(Box::new(CaseStatement::new().case(which, 1))).count();
    let is = |state: QuestionState| Q::State.eq(state);
    let stands = Q::State.is_in([QuestionState::Shown, QuestionState::Answered]);
    let votes = Expr::Case(Box::new(CaseStatement::new().case(stands, Expr::col(Q::Votes)))).sum().cast_as("bigint");
    let answered = || is(QuestionState::Answered);
    let row = question::Entity::find()
        .select_only()
        .column_as(Q::QuestionId.count(), "asked")
        .column_as(count(Q::ShownAt.is_not_null()), "shown")
        .column_as(count(answered().and(Q::MarkSeconds.is_not_null())), "answered_by_mark")
        .column_as(count(answered().and(Q::Answer.is_not_null())), "answered_in_writing")
        .column_as(count(is(QuestionState::Merged)), "merged")
        .column_as(count(is(QuestionState::NotShown)), "not_shown")
        .column_as(count(Q::ConversationId.is_not_null()), "talks")
        .column_as(votes, "votes")
        .filter(Q::DialogueId.eq(id))
        .into_model::<Counts>()
        .one(db)
        .await?;
    row.ok_or_else(|| DbErr::RecordNotFound("a count gave no row".to_owned()))
}

pub async fn count_mutes(db: &impl ConnectionTrait, id: DialogueId) -> Result<u64, DbErr> {
    dialogue_mute::Entity::find().filter(dialogue_mute::Column::DialogueId.eq(id)).count(db).await
}

/// The dialogues that were over before a moment and whose figures are not kept yet.
pub async fn without_figures(db: &impl ConnectionTrait, before: Timestamp) -> Result<Vec<dialogue::Model>, DbErr> {
    dialogue::Entity::find().filter(over(before)).filter(D::Figures.is_null()).all(db).await
}

pub async fn keep_figures(tx: &Tx, id: DialogueId, figures: String) -> Result<(), DbErr> {
    dialogue::Entity::update_many()
        .col_expr(D::Figures, Expr::value(figures))
        .filter(D::DialogueId.eq(id))
        .exec(&**tx)
        .await
        .map(drop)
}
