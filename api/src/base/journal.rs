//! The append-only journal: one dense run of positions for each stream.
//!
//! Positions are handed out under the streams' row locks inside the writing transaction, so commit order is position
//! order. Whoever appends begins by `Db::begin_in_turn`: writers that met only here could hold other rows crosswise.

use std::collections::BTreeMap;

use entities::{
    birth, journal_entry, stream,
    words::{AccountId, ActionId, Actor, ConversationId, DialogueId, Timestamp},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::db::{self, Tx, runs};

pub const DESK: &str = "desk";

pub fn inbox(account_id: AccountId) -> String {
    format!("inbox:{account_id}")
}

pub fn conversation(conversation_id: ConversationId) -> String {
    format!("conversation:{conversation_id}")
}

/// What all who follow a dialogue are told.
pub fn dialogue(dialogue_id: DialogueId) -> String {
    format!("dialogue:{dialogue_id}")
}

/// Whether officers follow this stream: the desk itself, and every conversation.
pub fn is_of_desk(stream: &str) -> bool {
    stream == DESK || stream.starts_with("conversation:")
}

/// A place in a stream. `epoch` grows when a stream's positions start again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, poem_openapi::Object)]
#[oai(deny_unknown_fields)]
pub struct Position {
    pub stream: String,
    pub epoch: i32,
    pub pos: i64,
}

#[derive(Clone, Debug)]
pub struct NewEntry {
    pub stream: String,
    pub kind: &'static str,
    pub entity_id: Uuid,
    pub revision: i64,
    pub action_id: Option<ActionId>,
    pub actor: Actor,
    pub actor_id: Option<AccountId>,
}

/// Appends the entries in their order and gives each its position. Readers are poked after commit.
pub async fn append(tx: &Tx, now: Timestamp, entries: Vec<NewEntry>) -> Result<Vec<Position>, DbErr> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for entry in &entries {
        *counts.entry(&entry.stream).or_default() += 1;
    }
    let mut next: BTreeMap<String, (i32, i64)> = BTreeMap::new();
    let counts: Vec<_> = counts.into_iter().collect();
    for part in runs(&counts) {
        let mut upsert = Query::insert();
        upsert.into_table("stream").columns(["name", "epoch", "head"]);
        for (name, count) in part {
            let epoch = Expr::cust("(SELECT epoch FROM birth)");
            upsert.values([(*name).into(), epoch, (*count).into()]).map_err(|e| DbErr::Custom(e.to_string()))?;
        }
        upsert.on_conflict(
            OnConflict::column("name")
                .value("head", Expr::col(("stream", "head")).add(Expr::col(("excluded", "head"))))
                .to_owned(),
        );
        tx.execute(&upsert).await?;
        for (name, epoch, head) in heads(tx, part.iter().map(|(name, _)| *name)).await? {
            let count = part.iter().find(|(stream, _)| *stream == name).map_or(0, |(_, count)| *count);
            next.insert(name, (epoch, head - count));
        }
    }

    let mut positions = Vec::with_capacity(entries.len());
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let (epoch, pos) =
            next.get_mut(&entry.stream).ok_or_else(|| DbErr::Custom("a stream gave no position".into()))?;
        *pos += 1;
        positions.push(Position { stream: entry.stream.clone(), epoch: *epoch, pos: *pos });
        rows.push(journal_entry::Model {
            stream: entry.stream,
            pos: *pos,
            kind: entry.kind.to_owned(),
            entity_id: entry.entity_id,
            revision: entry.revision,
            action_id: entry.action_id,
            actor: entry.actor,
            actor_id: entry.actor_id,
            at: now,
        });
    }
    db::insert::<journal_entry::Entity>(tx, &rows).await?;
    for (name, (epoch, pos)) in next {
        tx.poke(Position { stream: name, epoch, pos });
    }
    Ok(positions)
}

/// How streams stand that there are, told in one row: each row more would wake its reader once more.
async fn heads(tx: &Tx, names: impl Iterator<Item = &str>) -> Result<Vec<(String, i32, i64)>, DbErr> {
    let all = Expr::cust(r#"string_agg("name" || ' ' || "epoch" || ' ' || "head", ',')"#);
    let select = Query::select().expr_as(all, "heads").from("stream").and_where(Expr::col("name").is_in(names)).take();
    let said: Option<String> = match tx.query_one(&select).await? {
        Some(row) => row.try_get("", "heads")?,
        None => None,
    };
    let read = |one: &str| {
        let mut words = one.split(' ');
        Some((words.next()?.to_owned(), words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    };
    let said = said.unwrap_or_default();
    let heads: Option<Vec<_>> = said.split(',').filter(|one| !one.is_empty()).map(read).collect();
    heads.ok_or_else(|| DbErr::Custom("a stream's head cannot be read".into()))
}

/// The head of a stream; a stream that nobody has written to stands at 0.
pub async fn head(db: &impl ConnectionTrait, name: &str) -> Result<(i32, i64), DbErr> {
    match stream::Entity::find_by_id(name.to_owned()).one(db).await? {
        Some(row) => Ok((row.epoch, row.head)),
        None => Ok((born(db).await?.epoch, 0)),
    }
}

async fn born(db: &impl ConnectionTrait) -> Result<birth::Model, DbErr> {
    let row = birth::Entity::find_by_id(birth::ONLY).one(db).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the database's birth".into()))
}

/// 2023-11-14, in seconds: from there, seconds make epochs until 2091.
const FIRST_EPOCH: i64 = 1_700_000_000;

/// Lets every reader read all streams anew, those too that begin later: after a restore, positions are handed out that some
/// have seen before.
pub async fn start_again(tx: &Tx, now: Timestamp) -> Result<(), DbErr> {
    let after = born(&**tx).await?.epoch.saturating_add(1);
    let epoch = Ord::max(i32::try_from(now.seconds() - FIRST_EPOCH).unwrap_or(i32::MAX), after);
    birth::Entity::update_many().col_expr(birth::Column::Epoch, Expr::value(epoch)).exec(&**tx).await?;
    stream::Entity::update_many().col_expr(stream::Column::Epoch, Expr::value(epoch)).exec(&**tx).await.map(drop)
}

/// Entries after `pos`, oldest first.
pub async fn after(
    db: &impl ConnectionTrait,
    name: &str,
    pos: i64,
    limit: u64,
) -> Result<Vec<journal_entry::Model>, DbErr> {
    journal_entry::Entity::find()
        .filter(journal_entry::Column::Stream.eq(name))
        .filter(journal_entry::Column::Pos.gt(pos))
        .order_by_asc(journal_entry::Column::Pos)
        .limit(limit)
        .all(db)
        .await
}

/// Entries before `pos`, oldest first.
pub async fn before(
    db: &impl ConnectionTrait,
    name: &str,
    pos: i64,
    limit: u64,
) -> Result<Vec<journal_entry::Model>, DbErr> {
    let mut rows = journal_entry::Entity::find()
        .filter(journal_entry::Column::Stream.eq(name))
        .filter(journal_entry::Column::Pos.lt(pos))
        .order_by_desc(journal_entry::Column::Pos)
        .limit(limit)
        .all(db)
        .await?;
    rows.reverse();
    Ok(rows)
}

/// Takes away what points to something that is erased: the stream that is its own, and what the desk and the inbox of its youth say
/// of it. Its place in those stays empty: whoever erases appends there that it is gone.
pub async fn forget(tx: &Tx, entity_id: Uuid, own_stream: Option<&str>, youth_id: AccountId) -> Result<(), DbErr> {
    use journal_entry::{Column as C, Entity};
    if let Some(name) = own_stream {
        Entity::delete_many().filter(C::Stream.eq(name)).exec(&**tx).await?;
        stream::Entity::delete_by_id(name.to_owned()).exec(&**tx).await?;
    }
    // Written out, as in the index that it goes by.
    let of_desk = Expr::cust("\"stream\" = 'desk'");
    for of_one in [C::Stream.eq(inbox(youth_id)), of_desk] {
        Entity::delete_many().filter(of_one).filter(C::EntityId.eq(entity_id)).exec(&**tx).await?;
    }
    Ok(())
}
