//! How much one account may do in a span of time. The numbers are far above what a frightened person reaches; they keep
//! one who floods from taking the room and the turns of the others.

use std::collections::{BTreeMap, HashMap};

use entities::{
    account_use,
    words::{AccountId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};

use super::{
    db::{Tx, runs},
    refusal::{Kind, Refusal},
};

/// So many of a kind in so many seconds. Spans begin at round moments, the same for all.
#[derive(Clone, Copy)]
pub struct Limit {
    pub kind: &'static str,
    pub seconds: i64,
    pub most: i64,
}

const DAY: i64 = 24 * 3600;

/// Bytes of files.
pub const FILE_BYTES: Limit = Limit { kind: "file-bytes", seconds: DAY, most: 500 * 1024 * 1024 };
/// Changes of the code.
pub const CODES: Limit = Limit { kind: "codes", seconds: DAY, most: 5 };

/// Copies of all that is kept of an account.
pub const COPIES: Limit = Limit { kind: "copies", seconds: DAY, most: 3 };

/// What one youth would like to see.
pub const IDEAS: Limit = Limit { kind: "ideas", seconds: DAY, most: 20 };

/// What one youth asks in dialogues, also where its words tell of harm.
pub const QUESTIONS: Limit = Limit { kind: "questions", seconds: 3600, most: 20 };

/// Invites that one officer makes, and posters.
pub const INVITES: Limit = Limit { kind: "invites", seconds: 3600, most: 60 };
pub const POSTERS: Limit = Limit { kind: "posters", seconds: DAY, most: 50 };

/// Alarms that talks of one youth start.
pub const ALARMS: Limit = Limit { kind: "alarms", seconds: 60, most: 1 };
/// First rings of alarms at one officer, and further ones, which only say once more that somebody waits.
pub const FIRST_RINGS: Limit = Limit { kind: "first-rings", seconds: 60, most: 30 };
pub const MORE_RINGS: Limit = Limit { kind: "more-rings", seconds: 60, most: 6 };

/// Actions, as the configuration says for a minute; 25 such minutes make a day's.
pub fn actions(a_minute: u32) -> [Limit; 2] {
    let most = i64::from(a_minute);
    [Limit { kind: "actions-minute", seconds: 60, most }, Limit { kind: "actions-day", seconds: DAY, most: most * 25 }]
}

impl Limit {
    pub fn ends_at(&self, now: Timestamp) -> Timestamp {
        let span = self.seconds * 1000;
        Timestamp::from_millis((now.millis().div_euclid(span) + 1).saturating_mul(span))
    }

    /// For one who has reached it.
    pub fn refusal(&self, now: Timestamp) -> Refusal {
        let wait = self.ends_at(now).since(now).unsigned_abs();
        Refusal { retry_after_ms: Some(wait), ..Kind::RateLimited.into() }
    }

    /// Whether so many more would be too many, before they are done.
    pub async fn passed(
        &self,
        db: &impl ConnectionTrait,
        now: Timestamp,
        account_id: AccountId,
        more: i64,
    ) -> Result<bool, DbErr> {
        let row = account_use::Entity::find_by_id((account_id, self.kind.to_owned()))
            .filter(account_use::Column::EndsAt.eq(self.ends_at(now)))
            .one(db)
            .await?;
        Ok(row.map_or(0, |row| row.used).saturating_add(more) > self.most)
    }
}

/// Adds what each account does now. Gives those who pass a limit: by how much, and which.
pub async fn count(
    tx: &Tx,
    now: Timestamp,
    limits: &[Limit],
    done: &BTreeMap<AccountId, i64>,
) -> Result<HashMap<AccountId, (i64, Limit)>, DbErr> {
    let mut over: HashMap<AccountId, (i64, Limit)> = HashMap::new();
    let done: Vec<_> = done.iter().collect();
    for part in runs(&done) {
        let mut upsert = Query::insert();
        upsert.into_table("account_use").columns(["account_id", "kind", "ends_at", "used"]);
        for (account_id, used) in part {
            for limit in limits {
                let ends_at = limit.ends_at(now).millis();
                upsert
                    .values([account_id.0.into(), limit.kind.into(), ends_at.into(), (**used).into()])
                    .map_err(|e| DbErr::Custom(e.to_string()))?;
            }
        }
        let before = || Expr::col(("account_use", "used"));
        let now_done = || Expr::col(("excluded", "used"));
        let same = Expr::col(("account_use", "ends_at")).equals(("excluded", "ends_at"));
        let used = Expr::case(same, before().add(now_done())).finally(now_done());
        upsert.on_conflict(
            OnConflict::columns(["account_id", "kind"])
                .value("used", used)
                .value("ends_at", Expr::col(("excluded", "ends_at")))
                .to_owned(),
        );
        tx.execute(&upsert).await?;
        // Looked for afterwards, and not returned by the statement: nearly always there is none.
        use account_use::Column as C;
        let passed = |limit: &Limit| C::Kind.eq(limit.kind).and(C::Used.gt(limit.most));
        let passed = limits.iter().map(passed).fold(Condition::any(), Condition::add);
        let of_these = C::AccountId.is_in(part.iter().map(|(account_id, _)| **account_id));
        for row in account_use::Entity::find().filter(of_these).filter(passed).all(&**tx).await? {
            let Some(limit) = limits.iter().find(|limit| limit.kind == row.kind) else { continue };
            let by = row.used - limit.most;
            let known = over.get(&row.account_id).map_or(0, |(by, _)| *by);
            if by > known {
                over.insert(row.account_id, (by, *limit));
            }
        }
    }
    Ok(over)
}

/// Forgets spans that are over.
pub async fn forget(tx: &Tx, now: Timestamp) -> Result<(), DbErr> {
    account_use::Entity::delete_many().filter(account_use::Column::EndsAt.lt(now)).exec(&**tx).await?;
    Ok(())
}
