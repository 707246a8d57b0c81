//! One thing that a person did, on its way through the one door for writes.

use entities::{
    action_receipt,
    words::{AccountId, ActionId, Actor, Role, Timestamp},
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{db::Tx, journal::Position, refusal::Refusal};

/// Who acts. Every query starts from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub account_id: AccountId,
    pub role: Role,
    /// The officer's public number ("07"); a youth has none.
    pub public_number: Option<String>,
}

impl Who {
    pub fn is_officer(&self) -> bool {
        matches!(self.role, Role::Officer | Role::Lead)
    }

    pub fn is_lead(&self) -> bool {
        self.role == Role::Lead
    }

    pub fn actor(&self) -> Actor {
        if self.role == Role::Youth { Actor::Youth } else { Actor::Officer }
    }
}

/// A command with who gave it and when, by the device's clock.
#[derive(Clone, Debug)]
pub struct Act<C> {
    pub action_id: ActionId,
    pub who: Who,
    pub recorded_at: Timestamp,
    pub command: C,
}

impl<C> Act<C> {
    /// What else follows of the same act.
    pub fn with<D>(&self, command: D) -> Act<D> {
        Act { action_id: self.action_id, who: self.who.clone(), recorded_at: self.recorded_at, command }
    }
}

/// What an applied action left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub entity_id: Uuid,
    pub revision: i64,
    pub at: Option<Position>,
}

/// The answer to one action of a set: each is decided apart.
pub type Decided = Result<Effect, Refusal>;

/// What was decided, with where the journal tells of it: one position for each effect, in order.
pub fn placed(decided: Vec<Decided>, positions: Vec<Position>) -> Vec<Decided> {
    let mut positions = positions.into_iter();
    decided.into_iter().map(|one| one.map(|effect| Effect { at: positions.next(), ..effect })).collect()
}

/// What was decided, with where the journal tells of it: each applied one names the place of its entry.
pub fn effects(decided: Vec<Result<(Uuid, i64, usize), Refusal>>, positions: &[Position]) -> Vec<Decided> {
    let effect = |(entity_id, revision, place): (Uuid, i64, usize)| Effect {
        entity_id,
        revision,
        at: positions.get(place).cloned(),
    };
    decided.into_iter().map(|one| one.map(effect)).collect()
}

/// Forgets some of the receipts of actions of some kinds that came before a moment, those of refused ones too. Gives whose they were. What
/// is sent once more after that is decided anew.
pub async fn forget(tx: &Tx, kinds: &[&str], before: Timestamp, limit: u64) -> Result<Vec<AccountId>, DbErr> {
    use action_receipt::{Column as C, Entity};
    let some: Vec<(AccountId, ActionId)> = Entity::find()
        .select_only()
        .columns([C::AccountId, C::ActionId])
        .filter(C::ReceivedAt.lte(before))
        .filter(C::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(C::ReceivedAt)
        .limit(limit)
        .into_tuple()
        .all(&**tx)
        .await?;
    let (accounts, ids): (Vec<AccountId>, Vec<ActionId>) = some.into_iter().unzip();
    Entity::delete_many()
        .filter(C::AccountId.is_in(accounts.clone()))
        .filter(C::ActionId.is_in(ids))
        .exec(&**tx)
        .await?;
    Ok(accounts)
}
