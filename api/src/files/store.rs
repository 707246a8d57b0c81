//! Every query of the slice. Each starts from who asks.

use std::collections::HashMap;

use entities::{
    conversation, dialogue, dialogue_film, file_copy, file_rendition, investigator, message, post, report, report_file,
    words::{
        AccountId, ConversationId, DialogueId, FileCopyState, FileId, FileState, MessageId, PostId, Rendition,
        ReportId, Role, ScanState, Timestamp,
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, IntoColumnRef, SimpleExpr},
};
use uuid::Uuid;

use super::{
    model::{PostedFile, SentFile},
    posted::is_for_all,
};
use crate::base::{
    actions::Who,
    db::{self, Tx},
    erased,
};

/// A file of a report, a talk, a post or a dialogue that the caller may see. What youths see of the last two they see as everyone does.
pub async fn file(db: &impl ConnectionTrait, who: &Who, file_id: FileId) -> Result<Option<report_file::Model>, DbErr> {
    let Some(row) = stored(db, file_id).await? else { return Ok(None) };
    let mine = who.role == Role::Youth;
    if !mine && !who.is_officer() {
        return Ok(None);
    }
    let seen = if let Some(post_id) = row.post_id {
        if mine { 0 } else { post::Entity::find_by_id(post_id).count(db).await? }
    } else if let Some(dialogue_id) = row.dialogue_id {
        if mine { 0 } else { dialogue_film::Entity::find_by_id(dialogue_id).count(db).await? }
    } else if row.message_id.is_some() {
        use conversation::{Column as C, Entity};
        let talk = Entity::find_by_id(ConversationId(row.subject_id));
        let talk = talk.filter(erased::stands((Entity, C::ConversationId)));
        if mine { talk.filter(C::YouthId.eq(who.account_id)) } else { talk }.count(db).await?
    } else {
        use report::{Column as C, Entity};
        let report = Entity::find_by_id(ReportId(row.subject_id));
        let report = report.filter(erased::stands((Entity, C::ReportId)));
        if mine { report.filter(C::YouthId.eq(who.account_id)) } else { report }.count(db).await?
    };
    Ok((seen > 0).then_some(row))
}

/// Who named a file: the writer of its report, its message or its post, or whoever set the film of its dialogue.
pub async fn writer(db: &impl ConnectionTrait, row: &report_file::Model) -> Result<Option<AccountId>, DbErr> {
    if let Some(id) = row.post_id {
        return Ok(post::Entity::find_by_id(id).one(db).await?.map(|post| post.author_id));
    }
    if let Some(id) = row.dialogue_id {
        return Ok(dialogue_film::Entity::find_by_id(id).one(db).await?.map(|film| film.author_id));
    }
    Ok(match row.message_id {
        Some(id) => message::Entity::find_by_id(id).one(db).await?.map(|message| message.author_id),
        None => report::Entity::find_by_id(ReportId(row.subject_id)).one(db).await?.map(|report| report.youth_id),
    })
}

/// The files of reports that the caller was found to see.
pub async fn of_reports(
    db: &impl ConnectionTrait,
    who: &Who,
    ids: impl IntoIterator<Item = ReportId>,
) -> Result<HashMap<ReportId, Vec<SentFile>>, DbErr> {
    let rows = report_file::Entity::find()
        .filter(report_file::Column::SubjectId.is_in(ids.into_iter().map(|id| id.0)))
        .order_by_asc(report_file::Column::Place)
        .all(db)
        .await?;
    let mut copies = copies_of(db, &rows).await?;
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let copy = copies.remove(&row.file_id);
        files.entry(ReportId(row.subject_id)).or_default().push(SentFile::shown(who, row, copy));
    }
    Ok(files)
}

/// The files of messages that the caller was found to see.
pub async fn of_messages(
    db: &impl ConnectionTrait,
    who: &Who,
    ids: Vec<MessageId>,
) -> Result<HashMap<MessageId, Vec<SentFile>>, DbErr> {
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    if ids.is_empty() {
        return Ok(files);
    }
    let rows = report_file::Entity::find()
        .filter(report_file::Column::MessageId.is_in(ids))
        .order_by_asc(report_file::Column::Place)
        .all(db)
        .await?;
    let mut copies = copies_of(db, &rows).await?;
    for row in rows {
        if let Some(id) = row.message_id {
            let copy = copies.remove(&row.file_id);
            files.entry(id).or_default().push(SentFile::shown(who, row, copy));
        }
    }
    Ok(files)
}

/// The files of posts and dialogues, by what each keeps them by, with what was made of them.
pub async fn of_posts(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<PostedFile>>, DbErr> {
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    if ids.is_empty() {
        return Ok(files);
    }
    let rows = report_file::Entity::find()
        .filter(report_file::Column::SubjectId.is_in(ids))
        .order_by_asc(report_file::Column::Place)
        .all(db)
        .await?;
    let mut copies = copies_of(db, &rows).await?;
    let of_these = file_rendition::Column::FileId.is_in(rows.iter().map(|row| row.file_id));
    let mut renditions: HashMap<FileId, Vec<_>> = HashMap::new();
    for made in file_rendition::Entity::find().filter(of_these).all(db).await? {
        renditions.entry(made.file_id).or_default().push(made);
    }
    for row in rows {
        let (copy, made) = (copies.remove(&row.file_id), renditions.remove(&row.file_id).unwrap_or_default());
        files.entry(row.subject_id).or_default().push(PostedFile::of(row, copy, made));
    }
    Ok(files)
}

/// Holds of a post of which everything that it shows is ready, by the column of what it keeps its files by.
pub fn ready(content_id: impl IntoColumnRef) -> SimpleExpr {
    use {file_copy::Column as C, report_file::Column as F};
    let shown = file_copy::Entity::find()
        .select_only()
        .column(C::FileId)
        .filter(Expr::col((file_copy::Entity, C::FileId)).eq(Expr::col((report_file::Entity, F::FileId))))
        .filter(C::State.is_in([FileCopyState::Made, FileCopyState::AsSent]));
    let waiting = report_file::Entity::find()
        .select_only()
        .column(F::FileId)
        .filter(Expr::col((report_file::Entity, F::SubjectId)).eq(Expr::col(content_id)))
        .filter(Expr::exists(shown.into_query()).not());
    Expr::exists(waiting.into_query()).not()
}

/// One of the things that were made of a file.
pub async fn rendition(
    db: &impl ConnectionTrait,
    file_id: FileId,
    rendition: Rendition,
) -> Result<Option<file_rendition::Model>, DbErr> {
    file_rendition::Entity::find_by_id((file_id, rendition)).one(db).await
}

/// At which revision the post of a file stands.
pub async fn post_revision(tx: &Tx, id: PostId) -> Result<Option<i64>, DbErr> {
    Ok(post::Entity::find_by_id(id).one(&**tx).await?.map(|post| post.revision))
}

/// At which revision the dialogue of a file stands.
pub async fn dialogue_revision(tx: &Tx, id: DialogueId) -> Result<Option<i64>, DbErr> {
    Ok(dialogue::Entity::find_by_id(id).one(&**tx).await?.map(|dialogue| dialogue.revision))
}

async fn copies_of(
    db: &impl ConnectionTrait,
    rows: &[report_file::Model],
) -> Result<HashMap<FileId, file_copy::Model>, DbErr> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let of_these = file_copy::Column::FileId.is_in(rows.iter().map(|row| row.file_id));
    let copies = file_copy::Entity::find().filter(of_these).all(db).await?;
    Ok(copies.into_iter().map(|copy| (copy.file_id, copy)).collect())
}

/// How the copy of a file stands.
pub async fn copy(db: &impl ConnectionTrait, file_id: FileId) -> Result<Option<file_copy::Model>, DbErr> {
    file_copy::Entity::find_by_id(file_id).one(db).await
}

/// Lets it stand how the copy of a file came out, and what the virus check said.
pub async fn keep_copy(tx: &Tx, copy: file_copy::Model, scan: ScanState) -> Result<(), DbErr> {
    use file_copy::Column as C;
    report_file::Entity::update_many()
        .col_expr(report_file::Column::Scan, Expr::value(scan.word()))
        .filter(report_file::Column::FileId.eq(copy.file_id))
        .exec(&**tx)
        .await?;
    let made = [C::State, C::MediaType, C::Size, C::Sha256, C::Width, C::Height, C::MadeAt];
    db::upsert::<file_copy::Entity>(tx, &[copy], &[C::FileId], &made).await
}

/// Lets stand what else was made of what all may see.
pub async fn keep_renditions(tx: &Tx, file_id: FileId, made: Vec<file_rendition::Model>) -> Result<(), DbErr> {
    file_rendition::Entity::delete_many().filter(file_rendition::Column::FileId.eq(file_id)).exec(&**tx).await?;
    db::insert::<file_rendition::Entity>(tx, &made).await
}

/// Lets go of all copies that were made, and of what stands in the place of one.
pub async fn forget_copies(tx: &Tx) -> Result<(), DbErr> {
    let made = file_copy::Column::State.is_in([FileCopyState::Made, FileCopyState::AsSent]);
    file_copy::Entity::delete_many().filter(made).exec(&**tx).await?;
    file_rendition::Entity::delete_many().exec(&**tx).await.map(drop)
}

/// Whole files of which it was never said whether they have a copy, in the order of their ids.
pub async fn without_copy(
    db: &impl ConnectionTrait,
    after: Option<FileId>,
    limit: u64,
) -> Result<Vec<report_file::Model>, DbErr> {
    use report_file::Column as F;
    let copied = file_copy::Entity::find().select_only().column(file_copy::Column::FileId).into_query();
    let mut query = report_file::Entity::find()
        .filter(F::State.eq(FileState::Complete))
        .filter(F::WithheldAt.is_null())
        .filter(F::FileId.not_in_subquery(copied));
    if let Some(after) = after {
        query = query.filter(F::FileId.gt(after));
    }
    query.order_by_asc(F::FileId).limit(limit).all(db).await
}

/// Withholds a file from all who read: nothing of its copy stays.
pub async fn withhold(tx: &Tx, who: &Who, now: Timestamp, file_id: FileId) -> Result<(), DbErr> {
    use {file_copy::Column as C, report_file::Column as F};
    report_file::Entity::update_many()
        .col_expr(F::WithheldAt, Expr::value(now.millis()))
        .col_expr(F::WithheldBy, Expr::value(who.account_id.0))
        .col_expr(F::WithheldByNumber, Expr::value(who.public_number.clone()))
        .filter(F::FileId.eq(file_id))
        .exec(&**tx)
        .await?;
    file_copy::Entity::update_many()
        .col_expr(C::State, Expr::value(FileCopyState::NotCleaned.word()))
        .col_expr(C::MediaType, Expr::value(Option::<String>::None))
        .col_expr(C::Size, Expr::value(Option::<i64>::None))
        .col_expr(C::Sha256, Expr::value(Option::<String>::None))
        .col_expr(C::Width, Expr::value(Option::<i32>::None))
        .col_expr(C::Height, Expr::value(Option::<i32>::None))
        .filter(C::FileId.eq(file_id))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Which officers withheld something since a moment: who, of which report or talk, and when.
pub async fn withheld_since(
    db: &impl ConnectionTrait,
    since: Timestamp,
) -> Result<Vec<(AccountId, Option<String>, Uuid, Timestamp)>, DbErr> {
    let rows = report_file::Entity::find().filter(report_file::Column::WithheldAt.gt(since)).all(db).await?;
    let one =
        |row: report_file::Model| Some((row.withheld_by?, row.withheld_by_number, row.subject_id, row.withheld_at?));
    Ok(rows.into_iter().filter_map(one).collect())
}

/// Whose report or talk a file is of, and at which revision that stands. What all may see is nobody's.
pub async fn subject(tx: &Tx, row: &report_file::Model) -> Result<Option<(AccountId, i64)>, DbErr> {
    if is_for_all(row) {
        return Ok(None);
    }
    Ok(match row.message_id {
        Some(_) => conversation::Entity::find_by_id(ConversationId(row.subject_id))
            .one(&**tx)
            .await?
            .map(|talk| (talk.youth_id, talk.revision)),
        None => report::Entity::find_by_id(ReportId(row.subject_id))
            .one(&**tx)
            .await?
            .map(|report| (report.youth_id, report.revision)),
    })
}

// Investigators

pub async fn is_investigator(db: &impl ConnectionTrait, id: AccountId) -> Result<bool, DbErr> {
    Ok(investigator::Entity::find_by_id(id).count(db).await? > 0)
}

pub async fn investigators(db: &impl ConnectionTrait) -> Result<Vec<investigator::Model>, DbErr> {
    investigator::Entity::find().order_by_asc(investigator::Column::At).all(db).await
}

pub async fn name_investigator(tx: &Tx, row: investigator::Model) -> Result<(), DbErr> {
    use investigator::Column as C;
    let changed = [C::NamedBy, C::NamedByNumber, C::At, C::Reason];
    db::upsert::<investigator::Entity>(tx, &[row], &[C::AccountId], &changed).await
}

/// Whether there was one to end.
pub async fn end_investigator(tx: &Tx, id: AccountId) -> Result<bool, DbErr> {
    Ok(investigator::Entity::delete_by_id(id).exec(&**tx).await?.rows_affected == 1)
}

/// A whole file, whoever asks: a signed link was checked before.
pub async fn whole_file(db: &impl ConnectionTrait, file_id: FileId) -> Result<Option<report_file::Model>, DbErr> {
    report_file::Entity::find_by_id(file_id).filter(report_file::Column::State.eq(FileState::Complete)).one(db).await
}

/// A file, whoever asks: the program itself does.
pub async fn stored(db: &impl ConnectionTrait, file_id: FileId) -> Result<Option<report_file::Model>, DbErr> {
    report_file::Entity::find_by_id(file_id).one(db).await
}

/// All files of which bytes are stored, and how many.
pub async fn stored_files(db: &impl ConnectionTrait) -> Result<Vec<(FileId, i64)>, DbErr> {
    report_file::Entity::find()
        .select_only()
        .columns([report_file::Column::FileId, report_file::Column::Received])
        .filter(report_file::Column::Received.gt(0))
        .into_tuple()
        .all(db)
        .await
}

/// Files of which only the beginning came, in the order of their ids.
pub async fn arriving(
    db: &impl ConnectionTrait,
    after: Option<FileId>,
    limit: u64,
) -> Result<Vec<report_file::Model>, DbErr> {
    let mut query = report_file::Entity::find()
        .filter(report_file::Column::State.eq(FileState::Arriving))
        .filter(report_file::Column::Received.gt(0));
    if let Some(after) = after {
        query = query.filter(report_file::Column::FileId.gt(after));
    }
    query.order_by_asc(report_file::Column::FileId).limit(limit).all(db).await
}

/// Files of which some bytes came, and which were named before a moment.
pub async fn partial(
    db: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<report_file::Model>, DbErr> {
    use {message::Column as M, post::Column as P, report::Column as R, report_file::Column as F};
    let reports = report::Entity::find().select_only().column(R::ReportId).filter(R::ReceivedAt.lt(before));
    let messages = message::Entity::find().select_only().column(M::MessageId).filter(M::ReceivedAt.lt(before));
    let messages = messages.filter(M::Files.gt(0)).into_query();
    let posts = post::Entity::find().select_only().column(P::PostId).filter(P::MadeAt.lt(before)).into_query();
    report_file::Entity::find()
        .filter(F::State.eq(FileState::Arriving))
        .filter(F::Received.gt(0))
        .filter(
            Condition::any()
                .add(F::SubjectId.in_subquery(reports.into_query()))
                .add(F::MessageId.in_subquery(messages))
                .add(F::PostId.in_subquery(posts)),
        )
        .limit(limit)
        .all(db)
        .await
}

/// The files of a report or a talk, whoever asks: the program itself does.
pub async fn all_files(db: &impl ConnectionTrait, subject_id: Uuid) -> Result<Vec<FileId>, DbErr> {
    report_file::Entity::find()
        .select_only()
        .column(report_file::Column::FileId)
        .filter(report_file::Column::SubjectId.eq(subject_id))
        .into_tuple()
        .all(db)
        .await
}

/// Removes the rows of all files of a report or a talk.
pub async fn remove(tx: &Tx, subject_id: Uuid) -> Result<(), DbErr> {
    use report_file::Column as F;
    let these = report_file::Entity::find().select_only().column(F::FileId).filter(F::SubjectId.eq(subject_id));
    let these = these.into_query();
    let copies = file_copy::Column::FileId.in_subquery(these.clone());
    file_copy::Entity::delete_many().filter(copies).exec(&**tx).await?;
    let renditions = file_rendition::Column::FileId.in_subquery(these);
    file_rendition::Entity::delete_many().filter(renditions).exec(&**tx).await?;
    report_file::Entity::delete_many().filter(report_file::Column::SubjectId.eq(subject_id)).exec(&**tx).await?;
    Ok(())
}

pub async fn known_files(tx: &Tx, ids: Vec<FileId>) -> Result<Vec<FileId>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    report_file::Entity::find()
        .select_only()
        .column(report_file::Column::FileId)
        .filter(report_file::Column::FileId.is_in(ids))
        .into_tuple()
        .all(&**tx)
        .await
}

pub async fn insert_files(tx: &Tx, rows: Vec<report_file::Model>) -> Result<(), DbErr> {
    db::insert::<report_file::Entity>(tx, &rows).await
}

/// How a file stands after bytes came.
pub struct Grown {
    pub received: i64,
    pub state: FileState,
    pub refused_for: Option<String>,
}

/// Moves a file on, if it still stands at `from`.
pub async fn grow(tx: &Tx, file_id: FileId, from: i64, to: Grown) -> Result<bool, DbErr> {
    use report_file::Column as C;
    let done = report_file::Entity::update_many()
        .col_expr(C::Received, Expr::value(to.received))
        .col_expr(C::State, Expr::value(to.state.word()))
        .col_expr(C::RefusedFor, Expr::value(to.refused_for))
        .filter(C::FileId.eq(file_id))
        .filter(C::State.eq(FileState::Arriving))
        .filter(C::Received.eq(from))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives a report its next revision, because one of its files changed.
pub async fn touch(tx: &Tx, report_id: ReportId) -> Result<Option<(AccountId, i64)>, DbErr> {
    report::Entity::update_many()
        .col_expr(report::Column::Revision, Expr::col("revision").add(1))
        .filter(report::Column::ReportId.eq(report_id))
        .exec(&**tx)
        .await?;
    let row = report::Entity::find_by_id(report_id).one(&**tx).await?;
    Ok(row.map(|row| (row.youth_id, row.revision)))
}

/// Whose talk a message is of and at which revision that stands, and how often one of its files came to stand otherwise.
pub async fn of_talk(
    tx: &Tx,
    id: ConversationId,
    message_id: MessageId,
) -> Result<Option<(AccountId, i64, i64)>, DbErr> {
    let Some(talk) = conversation::Entity::find_by_id(id).one(&**tx).await? else { return Ok(None) };
    let files = report_file::Entity::find().filter(report_file::Column::MessageId.eq(message_id)).all(&**tx).await?;
    let copied = copies_of(&**tx, &files).await?.len();
    let settled = files.iter().filter(|file| file.state != FileState::Arriving).count();
    let withheld = files.iter().filter(|file| file.withheld_at.is_some()).count();
    Ok(Some((talk.youth_id, talk.revision, i64::try_from(settled + copied + withheld).unwrap_or(i64::MAX))))
}
