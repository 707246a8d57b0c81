//! The durable queue: enqueued in the effect's transaction, claimed by one worker, done at least once.

use std::time::Duration;

use entities::{
    job,
    words::{JobId, Timestamp},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    chance::Chance,
    db::{self, Db, Tx},
    refusal::Refusal,
    stop::Stop,
};

/// How long a worker holds a job before another may take it.
const HOLD_SECONDS: i64 = 120;

/// Does what is due each second until told to stop. Not at each poke: under load that would be all the time.
pub async fn work<Due: Future<Output = Result<usize, Refusal>>>(
    stop: &Stop,
    what: &'static str,
    due: impl Fn() -> Due,
) {
    loop {
        let done = tokio::select! {
            done = due() => done,
            () = stop.told() => return,
        };
        match done {
            Ok(0) => {}
            Ok(_) => continue,
            Err(refusal) => tracing::warn!(cause = refusal.cause, what, "what was due could not be done"),
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stop.told() => return,
        }
    }
}

#[derive(Clone, Debug)]
pub struct NewJob {
    pub queue: &'static str,
    /// Ids only; never words of people.
    pub body: serde_json::Value,
    pub run_at: Timestamp,
}

pub async fn enqueue(tx: &Tx, chance: &dyn Chance, now: Timestamp, jobs: Vec<NewJob>) -> Result<(), DbErr> {
    if jobs.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = jobs
        .into_iter()
        .map(|job| job::Model {
            job_id: JobId(chance.uuid_v7(now)),
            queue: job.queue.to_owned(),
            body: job.body.to_string(),
            run_at: job.run_at,
            claimed_until: None,
            attempts: 0,
        })
        .collect();
    db::insert::<job::Entity>(tx, &rows).await
}

/// The due jobs of a queue that nobody holds, oldest first.
fn free(queue: &str, now: Timestamp, limit: u64) -> SelectStatement {
    Query::select()
        .column("job_id")
        .from("job")
        .and_where(Expr::col("queue").eq(queue))
        .and_where(Expr::col("run_at").lte(now.millis()))
        .and_where(Expr::col("claimed_until").is_null().or(Expr::col("claimed_until").lt(now.millis())))
        .order_by("run_at", Order::Asc)
        .limit(limit)
        .take()
}

/// Those of the queues that hold something to claim, looked at in one statement and without the writer's turn.
pub async fn waiting<'a>(db: &Db, queues: &[&'a str], now: Timestamp) -> Result<Vec<&'a str>, DbErr> {
    let mut looks = Query::select();
    for queue in queues {
        looks.expr_as(Expr::exists(free(queue, now, 1)), (*queue).to_owned());
    }
    let Some(row) = db.read().query_one(&looks).await? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for queue in queues {
        if row.try_get::<bool>("", queue)? {
            found.push(*queue);
        }
    }
    Ok(found)
}

/// Takes up to `limit` due jobs of a queue, oldest first, for [`HOLD_SECONDS`].
pub async fn claim(db: &Db, queue: &str, now: Timestamp, limit: u64) -> Result<Vec<job::Model>, DbErr> {
    let mut due = free(queue, now, limit);
    // Looked at first without the writer's turn: an idle worker costs the writers nothing.
    if db.read().query_one(&due).await?.is_none() {
        return Ok(Vec::new());
    }
    if db.backend() == DbBackend::Postgres {
        due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let tx = db.begin().await?;
    let rows = job::Entity::update_many()
        .col_expr(job::Column::ClaimedUntil, Expr::value(now.plus_seconds(HOLD_SECONDS).millis()))
        .col_expr(job::Column::Attempts, Expr::col("attempts").add(1))
        .filter(job::Column::JobId.in_subquery(due))
        .exec_with_returning(&*tx)
        .await?;
    tx.commit().await?;
    Ok(rows)
}

/// Up to `limit` due jobs of a queue, oldest first, for what is done within one transaction in turn: they are nobody's else
/// until it ends, and with it everything is done or nothing.
pub async fn due(tx: &Tx, queue: &str, now: Timestamp, limit: u64) -> Result<Vec<job::Model>, DbErr> {
    due_jobs(queue, now).limit(limit).all(&**tx).await
}

/// Whether there is any, looked at without the writer's turn.
pub async fn any_due(db: &Db, queue: &str, now: Timestamp) -> Result<bool, DbErr> {
    Ok(due_jobs(queue, now).one(db.read()).await?.is_some())
}

fn due_jobs(queue: &str, now: Timestamp) -> Select<job::Entity> {
    job::Entity::find()
        .filter(job::Column::Queue.eq(queue))
        .filter(job::Column::RunAt.lte(now))
        .order_by_asc(job::Column::RunAt)
        .order_by_asc(job::Column::JobId)
}

/// Sees to it that a job of this id stands in its queue, due at once when it is new.
pub async fn ensure(db: &Db, job_id: Uuid, queue: &str, now: Timestamp) -> Result<(), DbErr> {
    if job::Entity::find_by_id(JobId(job_id)).one(db.read()).await?.is_some() {
        return Ok(());
    }
    let tx = db.begin().await?;
    enqueue_once(&tx, job_id, queue, now).await?;
    tx.commit().await
}

/// One job of this id, whose id says all; one that stands there already keeps its time.
pub async fn enqueue_once(tx: &Tx, job_id: Uuid, queue: &str, run_at: Timestamp) -> Result<(), DbErr> {
    let row = job::Model {
        job_id: JobId(job_id),
        queue: queue.to_owned(),
        body: "{}".to_owned(),
        run_at,
        claimed_until: None,
        attempts: 0,
    };
    db::insert_new::<job::Entity>(tx, &[row], &[job::Column::JobId]).await.map(drop)
}

/// What was noted under an id that no worker claims.
pub async fn note(db: &impl ConnectionTrait, job_id: Uuid) -> Result<Option<String>, DbErr> {
    Ok(job::Entity::find_by_id(JobId(job_id)).one(db).await?.map(|row| row.body))
}

pub async fn write_note(tx: &Tx, job_id: Uuid, queue: &str, body: &str, now: Timestamp) -> Result<(), DbErr> {
    let row = job::Model {
        job_id: JobId(job_id),
        queue: queue.to_owned(),
        body: body.to_owned(),
        run_at: now,
        claimed_until: None,
        attempts: 0,
    };
    db::upsert::<job::Entity>(tx, &[row], &[job::Column::JobId], &[job::Column::Body, job::Column::RunAt]).await
}

pub async fn done(tx: &Tx, job_id: JobId) -> Result<(), DbErr> {
    job::Entity::delete_by_id(job_id).exec(&**tx).await?;
    Ok(())
}

/// Lets a job go for another try at `run_at`.
pub async fn again(tx: &Tx, job_id: JobId, run_at: Timestamp) -> Result<(), DbErr> {
    job::Entity::update_many()
        .col_expr(job::Column::ClaimedUntil, Expr::value(Option::<i64>::None))
        .col_expr(job::Column::RunAt, Expr::value(run_at.millis()))
        .filter(job::Column::JobId.eq(job_id))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Lets a job go that was not tried: its time has not come after all.
pub async fn put_back(tx: &Tx, job_id: JobId, run_at: Timestamp) -> Result<(), DbErr> {
    job::Entity::update_many()
        .col_expr(job::Column::Attempts, Expr::col("attempts").sub(1))
        .filter(job::Column::JobId.eq(job_id))
        .exec(&**tx)
        .await?;
    again(tx, job_id, run_at).await
}

/// Lets go of the jobs of a queue that are about something that is erased.
pub async fn forget(tx: &Tx, queue: &str, entity_id: Uuid) -> Result<(), DbErr> {
    job::Entity::delete_many()
        .filter(job::Column::Queue.eq(queue))
        .filter(job::Column::Body.contains(entity_id.to_string()))
        .exec(&**tx)
        .await?;
    Ok(())
}
