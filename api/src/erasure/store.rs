//! Every query of the slice. Rules, reviews and erasures are asked for by leads alone, and by the program itself.

use entities::{
    conversation, erasure, hold, report, retention_rule, review,
    words::{AccountId, ConversationId, KeptKind, PersonRole, Regime, ReportId, SubjectKind, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, IntoColumnRef, OnConflict, SimpleExpr},
};
use uuid::Uuid;

use super::model::AskedErasure;
use crate::base::{db::Tx, erased};

// What is erased

/// Lets the row stand that says so. Says no when one stood already.
pub async fn begin(tx: &Tx, row: erasure::Model) -> Result<bool, DbErr> {
    let inserted = erasure::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(erasure::Column::SubjectId).do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(inserted == 1)
}

pub async fn erasure(db: &impl ConnectionTrait, subject_id: Uuid) -> Result<Option<erasure::Model>, DbErr> {
    erasure::Entity::find_by_id(subject_id).one(db).await
}

/// Newest first.
pub async fn erasures(
    db: &impl ConnectionTrait,
    after: Option<(i64, Uuid)>,
    limit: u64,
) -> Result<Vec<erasure::Model>, DbErr> {
    use erasure::Column as C;
    let mut query = erasure::Entity::find();
    if let Some((at, id)) = after {
        query = query.filter(
            Condition::any().add(C::At.lt(at)).add(Condition::all().add(C::At.eq(at)).add(C::SubjectId.lt(id))),
        );
    }
    query.order_by_desc(C::At).order_by_desc(C::SubjectId).limit(limit).all(db).await
}

/// Those that were begun before a moment and not finished.
pub async fn begun(db: &impl ConnectionTrait, before: Timestamp, limit: u64) -> Result<Vec<erasure::Model>, DbErr> {
    erasure::Entity::find()
        .filter(erasure::Column::RemovedAt.is_null())
        .filter(erasure::Column::At.lte(before))
        .order_by_asc(erasure::Column::At)
        .limit(limit)
        .all(db)
        .await
}

/// Those that were begun since a moment.
pub async fn begun_since(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<erasure::Model>, DbErr> {
    erasure::Entity::find().filter(erasure::Column::At.gte(since)).order_by_asc(erasure::Column::At).all(db).await
}

/// All rows and bytes have gone. `counts` are of the rows that went now; a second run finds none and leaves the first's.
pub async fn removed(tx: &Tx, now: Timestamp, subject_id: Uuid, counts: Option<(i64, i64)>) -> Result<(), DbErr> {
    use erasure::Column as C;
    let mut update = erasure::Entity::update_many()
        .col_expr(C::RemovedAt, Expr::value(now.millis()))
        .filter(C::SubjectId.eq(subject_id))
        .filter(C::RemovedAt.is_null());
    if let Some((messages, files)) = counts {
        update = update.col_expr(C::Messages, Expr::value(messages)).col_expr(C::Files, Expr::value(files));
    }
    update.exec(&**tx).await.map(drop)
}

/// Those whose rows have gone and whose bytes may still stand in free room.
pub async fn unscrubbed(db: &impl ConnectionTrait) -> Result<Vec<Uuid>, DbErr> {
    erasure::Entity::find()
        .select_only()
        .column(erasure::Column::SubjectId)
        .filter(erasure::Column::ScrubbedAt.is_null())
        .filter(erasure::Column::RemovedAt.is_not_null())
        .into_tuple()
        .all(db)
        .await
}

pub async fn last_scrubbed(db: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
    let last = erasure::Entity::find()
        .filter(erasure::Column::ScrubbedAt.is_not_null())
        .order_by_desc(erasure::Column::ScrubbedAt)
        .one(db)
        .await?;
    Ok(last.and_then(|row| row.scrubbed_at))
}

pub async fn scrubbed(tx: &Tx, now: Timestamp, ids: Vec<Uuid>) -> Result<(), DbErr> {
    for part in ids.chunks(500) {
        erasure::Entity::update_many()
            .col_expr(erasure::Column::ScrubbedAt, Expr::value(now.millis()))
            .filter(erasure::Column::SubjectId.is_in(part.iter().copied()))
            .exec(&**tx)
            .await?;
    }
    Ok(())
}

// Records

/// Whether it is here and was not erased.
pub async fn known(db: &impl ConnectionTrait, kind: SubjectKind, id: Uuid) -> Result<bool, DbErr> {
    use conversation::Column as C;
    use report::Column as R;
    let found: Option<Uuid> = match kind {
        SubjectKind::Conversation => {
            let one =
                conversation::Entity::find().select_only().column(C::ConversationId).filter(C::ConversationId.eq(id));
            one.filter(erased::stands((conversation::Entity, C::ConversationId))).into_tuple().one(db).await?
        }
        SubjectKind::Report => {
            let one = report::Entity::find().select_only().column(R::ReportId).filter(R::ReportId.eq(id));
            one.filter(erased::stands((report::Entity, R::ReportId))).into_tuple().one(db).await?
        }
    };
    Ok(found.is_some())
}

/// Whose it is.
pub async fn youth(db: &impl ConnectionTrait, kind: SubjectKind, id: Uuid) -> Result<Option<AccountId>, DbErr> {
    Ok(match kind {
        SubjectKind::Conversation => {
            conversation::Entity::find_by_id(ConversationId(id)).one(db).await?.map(|row| row.youth_id)
        }
        SubjectKind::Report => report::Entity::find_by_id(ReportId(id)).one(db).await?.map(|row| row.youth_id),
    })
}

pub async fn tag(tx: &Tx, kind: SubjectKind, id: Uuid, regime: Regime, person_role: PersonRole) -> Result<(), DbErr> {
    match kind {
        SubjectKind::Conversation => conversation::Entity::update_many()
            .col_expr(conversation::Column::Regime, Expr::value(regime.word()))
            .col_expr(conversation::Column::PersonRole, Expr::value(person_role.word()))
            .filter(conversation::Column::ConversationId.eq(id))
            .exec(&**tx)
            .await
            .map(drop),
        SubjectKind::Report => report::Entity::update_many()
            .col_expr(report::Column::Regime, Expr::value(regime.word()))
            .col_expr(report::Column::PersonRole, Expr::value(person_role.word()))
            .filter(report::Column::ReportId.eq(id))
            .exec(&**tx)
            .await
            .map(drop),
    }
}

/// What youths asked to erase and nobody has decided on: the oldest of each kind.
pub async fn asked(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<AskedErasure>, DbErr> {
    use conversation::Column as C;
    use report::Column as R;
    let talks = conversation::Entity::find()
        .filter(C::ErasureAskedAt.is_not_null())
        .filter(C::ErasureRefusedAt.is_null())
        .filter(erased::stands((conversation::Entity, C::ConversationId)))
        .order_by_asc(C::ErasureAskedAt)
        .limit(limit)
        .all(db)
        .await?;
    let reports = report::Entity::find()
        .filter(R::ErasureAskedAt.is_not_null())
        .filter(R::ErasureRefusedAt.is_null())
        .filter(erased::stands((report::Entity, R::ReportId)))
        .order_by_asc(R::ErasureAskedAt)
        .limit(limit)
        .all(db)
        .await?;
    let talks = talks.into_iter().filter_map(|row| {
        Some(AskedErasure {
            subject_kind: SubjectKind::Conversation,
            subject_id: row.conversation_id.0,
            asked_at: row.erasure_asked_at?,
            regime: row.regime,
            person_role: row.person_role,
        })
    });
    let reports = reports.into_iter().filter_map(|row| {
        Some(AskedErasure {
            subject_kind: SubjectKind::Report,
            subject_id: row.report_id.0,
            asked_at: row.erasure_asked_at?,
            regime: row.regime,
            person_role: row.person_role,
        })
    });
    Ok(talks.chain(reports).collect())
}

// Rules

/// All there ever were, by kind and law, the newest first.
pub async fn rules(db: &impl ConnectionTrait) -> Result<Vec<retention_rule::Model>, DbErr> {
    use retention_rule::Column as C;
    retention_rule::Entity::find()
        .order_by_asc(C::Kind)
        .order_by_asc(C::Regime)
        .order_by_desc(C::ValidFrom)
        .all(db)
        .await
}

pub async fn add_rule(tx: &Tx, row: retention_rule::Model) -> Result<(), DbErr> {
    row.into_active_model().reset_all().insert(&**tx).await.map(drop)
}

/// Which records a rule is asked about.
#[derive(Clone, Copy)]
pub enum Due {
    /// The oldest, at most so many.
    Oldest(u64),
    One(Uuid),
}

/// Talks whose last message came before a moment, and reports that came before it: those that were read, since nothing goes by
/// itself that no person has read.
pub async fn due(
    db: &impl ConnectionTrait,
    now: Timestamp,
    (kind, regime): (SubjectKind, Regime),
    before: Timestamp,
    which: Due,
) -> Result<Vec<Uuid>, DbErr> {
    use conversation::Column as C;
    use report::Column as R;
    match kind {
        SubjectKind::Conversation => {
            let talks = conversation::Entity::find()
                .select_only()
                .column(C::ConversationId)
                .filter(C::Regime.eq(regime))
                .filter(C::LastAt.lte(before))
                .filter(unread().not())
                .filter(free((conversation::Entity, C::ConversationId), now))
                .order_by_asc(C::LastAt);
            match which {
                Due::Oldest(limit) => talks.limit(limit),
                Due::One(id) => talks.filter(C::ConversationId.eq(id)),
            }
            .into_tuple()
            .all(db)
            .await
        }
        SubjectKind::Report => {
            let reports = report::Entity::find()
                .select_only()
                .column(R::ReportId)
                .filter(R::Regime.eq(regime))
                .filter(R::ReceivedAt.lte(before))
                .filter(R::ReaderId.is_not_null())
                .filter(free((report::Entity, R::ReportId), now))
                .order_by_asc(R::ReceivedAt);
            match which {
                Due::Oldest(limit) => reports.limit(limit),
                Due::One(id) => reports.filter(R::ReportId.eq(id)),
            }
            .into_tuple()
            .all(db)
            .await
        }
    }
}

/// A talk in which the youth has written what no officer has read.
fn unread() -> SimpleExpr {
    Expr::col(conversation::Column::LastYouthPos).gt(Expr::col(conversation::Column::OfficerReadPos))
}

/// Neither erased nor held.
fn free(subject_id: impl IntoColumnRef + Clone, now: Timestamp) -> SimpleExpr {
    erased::stands(subject_id.clone()).and(held(subject_id, now).not())
}

fn held(subject_id: impl IntoColumnRef, now: Timestamp) -> SimpleExpr {
    let lasting = hold::Entity::find()
        .select_only()
        .column(hold::Column::SubjectId)
        .filter(Expr::col((hold::Entity, hold::Column::SubjectId)).eq(Expr::col(subject_id)))
        .filter(hold::Column::Until.gt(now))
        .into_query();
    Expr::exists(lasting)
}

// Holds

pub async fn is_held(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let found = hold::Entity::find_by_id(id).filter(hold::Column::Until.gt(now)).one(db).await?;
    Ok(found.is_some())
}

/// Those that last, the first to end first; of one record, or of all.
pub async fn holds(
    db: &impl ConnectionTrait,
    now: Timestamp,
    subject_id: Option<Uuid>,
) -> Result<Vec<hold::Model>, DbErr> {
    let mut lasting = hold::Entity::find().filter(hold::Column::Until.gt(now)).order_by_asc(hold::Column::Until);
    if let Some(id) = subject_id {
        lasting = lasting.filter(hold::Column::SubjectId.eq(id));
    }
    lasting.all(db).await
}

/// Sets a hold; one that was set before is exchanged for it.
pub async fn set_hold(tx: &Tx, row: hold::Model) -> Result<(), DbErr> {
    use hold::Column as C;
    hold::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(
            OnConflict::column(C::SubjectId)
                .update_columns([C::Reason, C::ById, C::ByNumber, C::At, C::Until])
                .to_owned(),
        )
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

/// Says whether there was one.
pub async fn lift_hold(tx: &Tx, id: Uuid) -> Result<bool, DbErr> {
    Ok(hold::Entity::delete_by_id(id).exec(&**tx).await?.rows_affected > 0)
}

// Reviews

pub async fn reviewed(tx: &Tx, row: review::Model) -> Result<(), DbErr> {
    use review::Column as C;
    review::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(C::SubjectId).update_columns([C::ReviewedAt, C::ById, C::ByNumber]).to_owned())
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

pub async fn forget_review(tx: &Tx, id: Uuid) -> Result<(), DbErr> {
    review::Entity::delete_by_id(id).exec(&**tx).await.map(drop)
}

/// A record that may be due for review.
pub struct Old {
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub regime: Regime,
    pub person_role: PersonRole,
    pub made_at: Timestamp,
    pub reviewed_at: Option<Timestamp>,
}

/// Records of a law that were made before a moment and not reviewed since. With a rule that limits their kind, only those
/// that it does not reach: the held and the unread.
pub async fn old(
    db: &impl ConnectionTrait,
    now: Timestamp,
    (kind, regime): (KeptKind, Regime),
    limited: bool,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Old>, DbErr> {
    let seen_since = |subject_id: sea_orm::sea_query::ColumnRef| {
        let since = review::Entity::find()
            .select_only()
            .column(review::Column::SubjectId)
            .filter(Expr::col((review::Entity, review::Column::SubjectId)).eq(Expr::col(subject_id)))
            .filter(review::Column::ReviewedAt.gt(before))
            .into_query();
        Expr::exists(since)
    };
    let rows: Vec<Old> = match kind {
        KeptKind::Tip | KeptKind::Audit => return Ok(Vec::new()),
        KeptKind::Conversation => {
            use conversation::{Column as C, Entity};
            let id = || (Entity, C::ConversationId);
            let mut query = Entity::find()
                .filter(C::Regime.eq(regime))
                .filter(C::OpenedAt.lte(before))
                .filter(erased::stands(id()))
                .filter(seen_since(id().into_column_ref()).not());
            if limited {
                query = query.filter(unread().or(held(id(), now)));
            }
            let rows = query.order_by_asc(C::OpenedAt).limit(limit).all(db).await?;
            rows.into_iter()
                .map(|row| Old {
                    subject_kind: SubjectKind::Conversation,
                    subject_id: row.conversation_id.0,
                    regime: row.regime,
                    person_role: row.person_role,
                    made_at: row.opened_at,
                    reviewed_at: None,
                })
                .collect()
        }
        KeptKind::Report => {
            use report::{Column as C, Entity};
            let id = || (Entity, C::ReportId);
            let mut query = Entity::find()
                .filter(C::Regime.eq(regime))
                .filter(C::ReceivedAt.lte(before))
                .filter(erased::stands(id()))
                .filter(seen_since(id().into_column_ref()).not());
            if limited {
                query = query.filter(C::ReaderId.is_null().or(held(id(), now)));
            }
            let rows = query.order_by_asc(C::ReceivedAt).limit(limit).all(db).await?;
            rows.into_iter()
                .map(|row| Old {
                    subject_kind: SubjectKind::Report,
                    subject_id: row.report_id.0,
                    regime: row.regime,
                    person_role: row.person_role,
                    made_at: row.received_at,
                    reviewed_at: None,
                })
                .collect()
        }
    };
    let reviews = review::Entity::find()
        .filter(review::Column::SubjectId.is_in(rows.iter().map(|row| row.subject_id)))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let last = reviews.iter().find(|review| review.subject_id == row.subject_id);
            Old { reviewed_at: last.map(|review| review.reviewed_at), ..row }
        })
        .collect())
}
