//! How far a sending has come, as the database knows it. Whoever goes through one holds it for a while and says so with each step; a
//! step of somebody who does not hold it any more, or of a sending that was stopped, leaves nothing.

use entities::{
    push_subscription, sending, sending_waiting,
    words::{DeviceId, SendingId, SendingState, SubscriptionId, Timestamp},
};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};

use super::{delivery, store, worker};
use crate::{
    base::{
        db::{self, Tx},
        jobs,
    },
    deps::Deps,
};

/// How long a sending belongs to whoever took a step in it.
const HELD_SECONDS: i64 = 5;

/// What became of phones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    pub accepted: i64,
    pub gone: i64,
    pub refused: i64,
    pub too_large: i64,
    pub expired: i64,
    pub unsure: i64,
}

/// What one transaction writes.
#[derive(Default)]
pub struct Step {
    /// All up to here are counted or wait.
    pub after: Option<DeviceId>,
    /// All after here were not begun with.
    pub begun: Option<DeviceId>,
    pub read_whole: bool,
    pub sums: Sums,
    /// Phones that begin to wait.
    pub waits: Vec<sending_waiting::Model>,
    /// Phones that wait on, in another way.
    pub waits_on: Vec<sending_waiting::Model>,
    /// Phones that waited and are counted now.
    pub done: Vec<DeviceId>,
    /// Phones that get it with whatever else has come, when it is safe.
    pub gathered: Vec<(DeviceId, Timestamp)>,
    pub dead: Vec<SubscriptionId>,
    pub refused: Vec<(SubscriptionId, i32)>,
    pub alive: Vec<SubscriptionId>,
}

impl Step {
    /// Takes in what another one says.
    pub fn add(&mut self, other: Self) {
        self.after = other.after.or(self.after);
        self.begun = other.begun.or(self.begun);
        self.read_whole |= other.read_whole;
        self.sums.accepted += other.sums.accepted;
        self.sums.gone += other.sums.gone;
        self.sums.refused += other.sums.refused;
        self.sums.too_large += other.sums.too_large;
        self.sums.expired += other.sums.expired;
        self.sums.unsure += other.sums.unsure;
        self.waits.extend(other.waits);
        self.waits_on.extend(other.waits_on);
        self.done.extend(other.done);
        self.gathered.extend(other.gathered);
        self.dead.extend(other.dead);
        self.refused.extend(other.refused);
        self.alive.extend(other.alive);
    }

    /// How many phones it is about.
    pub fn len(&self) -> usize {
        self.waits.len() + self.waits_on.len() + self.done.len()
    }

    pub fn is_about(&self, device_id: DeviceId) -> bool {
        self.done.contains(&device_id) || self.waits_on.iter().any(|row| row.device_id == device_id)
    }
}

fn live() -> Condition {
    Condition::all().add(sending::Column::State.is_in([SendingState::Waiting, SendingState::Sending]))
}

/// Takes the next sending in which something is to be done.
pub async fn claim(deps: &Deps, holder: Uuid) -> Result<Option<sending::Model>, DbErr> {
    use sending::Column as C;
    let now = deps.clock.now();
    let due = Query::select()
        .expr(Expr::val(1))
        .from("sending_waiting")
        .and_where(Expr::col(("sending_waiting", "sending_id")).equals(("sending", "sending_id")))
        .and_where(Expr::col("run_at").lte(now.millis()))
        .take();
    let free = live()
        .add(C::BeginsAt.lte(now))
        .add(Condition::any().add(C::HeldUntil.is_null()).add(C::HeldUntil.lt(now)))
        .add(Condition::any().add(C::ReadWhole.eq(false)).add(C::ExpiresAt.lte(now)).add(Expr::exists(due)));
    let next = sending::Entity::find().filter(free.clone()).order_by_asc(C::BeginsAt);
    // Looked at first without the writer's turn: an idle worker costs the writers nothing.
    let Some(next) = next.one(deps.db.read()).await? else { return Ok(None) };
    let tx = deps.db.begin().await?;
    let taken = sending::Entity::update_many()
        .col_expr(C::Holder, Expr::value(holder))
        .col_expr(C::HeldUntil, Expr::value(now.plus_seconds(HELD_SECONDS).millis()))
        .filter(free.add(C::SendingId.eq(next.sending_id)))
        .exec_with_returning(&*tx)
        .await?;
    // Of what the one before was about to send nobody knows.
    sending_waiting::Entity::update_many()
        .col_expr(sending_waiting::Column::UnderWay, Expr::value(false))
        .filter(sending_waiting::Column::SendingId.is_in(taken.iter().map(|row| row.sending_id)))
        .filter(sending_waiting::Column::UnderWay.eq(true))
        .exec(&*tx)
        .await?;
    tx.commit().await?;
    Ok(taken.into_iter().next())
}

/// Of somebody who holds a sending.
#[derive(Clone, Copy)]
pub struct Hold {
    pub sending_id: SendingId,
    pub holder: Uuid,
}

impl Hold {
    fn ours(self) -> Condition {
        live().add(sending::Column::SendingId.eq(self.sending_id)).add(sending::Column::Holder.eq(self.holder))
    }

    /// Says whether the sending was still ours. Written for each group, and not flushed: after a power cut, and then alone, phones of
    /// the last moment may be told once more than else.
    pub async fn takes(self, deps: &Deps, step: Step) -> Result<bool, DbErr> {
        use sending::Column as C;
        let more = |column: C, by: i64| Expr::col(column).add(by);
        let tx = deps.db.begin_unflushed().await?;
        // A phone may be in doubt and wait all the same.
        let begin_to_wait = self.begin_to_wait(&tx, &step.waits).await?;
        let waiting = begin_to_wait - i64::try_from(step.done.len()).unwrap_or(0);
        let mut update = sending::Entity::update_many()
            .col_expr(C::HeldUntil, Expr::value(deps.clock.now().plus_seconds(HELD_SECONDS).millis()))
            .col_expr(C::State, Expr::value(SendingState::Sending.to_value()))
            .col_expr(C::Accepted, more(C::Accepted, step.sums.accepted))
            .col_expr(C::Gone, more(C::Gone, step.sums.gone))
            .col_expr(C::Refused, more(C::Refused, step.sums.refused))
            .col_expr(C::TooLarge, more(C::TooLarge, step.sums.too_large))
            .col_expr(C::Expired, more(C::Expired, step.sums.expired))
            .col_expr(C::Unsure, more(C::Unsure, step.sums.unsure))
            .col_expr(C::Waiting, more(C::Waiting, waiting));
        if let Some(after) = step.after {
            update = update.col_expr(C::After, Expr::value(after));
        }
        if let Some(begun) = step.begun {
            update = update.col_expr(C::Begun, Expr::value(begun));
        }
        if step.read_whole {
            update = update.col_expr(C::ReadWhole, Expr::value(true));
        }
        if update.filter(self.ours()).exec(&*tx).await?.rows_affected == 0 {
            return Ok(false);
        }
        self.waiting(&tx, &step).await?;
        for (device_id, until) in step.gathered {
            jobs::enqueue_once(&tx, device_id.0, worker::GATHERED, until).await?;
        }
        for id in step.dead {
            store::delete(&tx, id).await?;
        }
        for (id, failures) in step.refused {
            delivery::count_failure(&tx, id, failures).await?;
        }
        for id in step.alive {
            store::set_failures(&tx, id, 0).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn begin_to_wait(self, tx: &Tx, rows: &[sending_waiting::Model]) -> Result<i64, DbErr> {
        use sending_waiting::Column as C;
        let new = db::insert_new::<sending_waiting::Entity>(tx, rows, &[C::SendingId, C::DeviceId]).await?;
        Ok(i64::try_from(new).unwrap_or(0))
    }

    async fn waiting(self, tx: &Tx, step: &Step) -> Result<(), DbErr> {
        use sending_waiting::Column as C;
        let (key, changed) = ([C::SendingId, C::DeviceId], [C::RunAt, C::Attempts, C::Doubts, C::UnderWay]);
        db::upsert::<sending_waiting::Entity>(tx, &step.waits_on, &key, &changed).await?;
        if step.done.is_empty() {
            return Ok(());
        }
        sending_waiting::Entity::delete_many()
            .filter(C::SendingId.eq(self.sending_id))
            .filter(C::DeviceId.is_in(db::padded(step.done.iter().copied())))
            .exec(&**tx)
            .await
            .map(drop)
    }

    /// Phones that wait no longer, the first ones first.
    pub async fn due(self, deps: &Deps, most: u64) -> Result<Vec<sending_waiting::Model>, DbErr> {
        use sending_waiting::Column as C;
        sending_waiting::Entity::find()
            .filter(C::SendingId.eq(self.sending_id))
            .filter(C::RunAt.lte(deps.clock.now()))
            .filter(C::UnderWay.eq(false))
            .order_by_asc(C::RunAt)
            .limit(most)
            .all(deps.db.read())
            .await
    }

    /// Those of some phones that are never to be told.
    pub async fn spared(self, deps: &Deps, from: DeviceId, to: DeviceId) -> Result<Vec<DeviceId>, DbErr> {
        use sending_waiting::Column as C;
        sending_waiting::Entity::find()
            .select_only()
            .column(C::DeviceId)
            .filter(C::SendingId.eq(self.sending_id).and(C::RunAt.eq(i64::MAX)))
            .filter(C::DeviceId.between(from, to))
            .into_tuple()
            .all(deps.db.read())
            .await
    }

    /// Lets others go on; done is what has nobody left.
    pub async fn lets_go(self, deps: &Deps) -> Result<(), DbErr> {
        use sending::Column as C;
        let tx = deps.db.begin().await?;
        self.update_to_end(&tx, Condition::all().add(C::ReadWhole.eq(true)).add(C::Waiting.eq(0))).await?;
        sending::Entity::update_many()
            .col_expr(C::HeldUntil, Expr::value(Option::<i64>::None))
            .filter(self.ours())
            .exec(&*tx)
            .await?;
        tx.commit().await
    }

    /// Its time is over: whoever waits is told no more.
    pub async fn ends(self, deps: &Deps) -> Result<(), DbErr> {
        let tx = deps.db.begin().await?;
        self.update_to_end(&tx, Condition::all()).await?;
        tx.commit().await
    }

    async fn update_to_end(self, tx: &Tx, when: Condition) -> Result<(), DbErr> {
        use sending::Column as C;
        let ended = expires_waiting(sending::Entity::update_many())
            .col_expr(C::State, Expr::value(SendingState::Done.to_value()))
            .col_expr(C::ReadWhole, Expr::value(true))
            .filter(self.ours())
            .filter(when)
            .exec(&**tx)
            .await?;
        if ended.rows_affected > 0 {
            let wait = sending_waiting::Column::SendingId.eq(self.sending_id);
            sending_waiting::Entity::delete_many().filter(wait).exec(&**tx).await?;
        }
        Ok(())
    }
}

/// Counts whoever waits as not told.
pub fn expires_waiting(update: sea_orm::UpdateMany<sending::Entity>) -> sea_orm::UpdateMany<sending::Entity> {
    use sending::Column as C;
    let all: SimpleExpr = Expr::col(C::Expired).add(Expr::col(C::Waiting));
    update.col_expr(C::Expired, all).col_expr(C::Waiting, Expr::value(0_i64))
}

/// Whoever waited and was certainly not told of what was taken back is not told of that either: it stands in the sending that comes
/// `instead`, as never to be told.
pub async fn spares(tx: &Tx, stopped: SendingId, instead: SendingId) -> Result<(), DbErr> {
    use sending_waiting::Column as C;
    let of = C::SendingId.eq(stopped);
    sending_waiting::Entity::update_many()
        .col_expr(C::SendingId, Expr::value(instead))
        .col_expr(C::RunAt, Expr::value(i64::MAX))
        .filter(of.clone().and(C::Doubts.eq(0)).and(C::UnderWay.eq(false)))
        .exec(&**tx)
        .await?;
    sending_waiting::Entity::delete_many().filter(of).exec(&**tx).await.map(drop)
}

/// What waits for a phone is looked at again: it may be woken at other times now.
pub async fn look_again(tx: &Tx, device_id: DeviceId, now: Timestamp) -> Result<(), DbErr> {
    use sending_waiting::Column as C;
    sending_waiting::Entity::update_many()
        .col_expr(C::RunAt, Expr::value(now.millis()))
        .filter(C::DeviceId.eq(device_id).and(C::Attempts.eq(0)).and(C::UnderWay.eq(false)))
        .filter(C::RunAt.lt(i64::MAX))
        .exec(&**tx)
        .await
        .map(drop)
}

pub async fn phones(db: &impl ConnectionTrait, ids: Vec<DeviceId>) -> Result<Vec<push_subscription::Model>, DbErr> {
    store::awake().filter(push_subscription::Column::DeviceId.is_in(db::padded(ids))).all(db).await
}
