//! Every query of the slice. Invites and posters are the patrol's; each starts from the officer, or from what stands in a link.

use std::collections::HashMap;

use entities::{
    poster, room_invite,
    words::{AccountId, ConversationId, PosterId, QuarterId, RoomInviteId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, LockType, OnConflict},
};
use uuid::Uuid;

use crate::base::db::Tx;

// Invites

pub async fn invite(tx: &Tx, id: RoomInviteId) -> Result<Option<room_invite::Model>, DbErr> {
    room_invite::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await
}

/// One officer's since a moment, the newest first.
pub async fn invites(
    db: &impl ConnectionTrait,
    officer_id: AccountId,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<room_invite::Model>, DbErr> {
    use room_invite::{Column as C, Entity};
    Entity::find()
        .filter(C::OfficerId.eq(officer_id))
        .filter(C::MadeAt.gte(since))
        .order_by_desc(C::MadeAt)
        .order_by_desc(C::InviteId)
        .limit(limit)
        .all(db)
        .await
}

/// Where some officers made invites between two moments, and whether somebody came in by each.
pub async fn made_between(
    db: &impl ConnectionTrait,
    officers: Vec<AccountId>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<(QuarterId, bool)>, DbErr> {
    use room_invite::{Column as C, Entity};
    let made = Entity::find().filter(C::OfficerId.is_in(officers)).filter(C::MadeAt.between(from, until));
    let rows: Vec<(QuarterId, Option<Timestamp>)> =
        made.select_only().columns([C::QuarterId, C::ClaimedAt]).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(quarter_id, claimed_at)| (quarter_id, claimed_at.is_some())).collect())
}

/// Those behind some links, locked until commit.
pub async fn lock(tx: &Tx, macs: Vec<Vec<u8>>) -> Result<HashMap<Vec<u8>, room_invite::Model>, DbErr> {
    use room_invite::{Column as C, Entity};
    let rows = Entity::find()
        .filter(C::SecretMac.is_in(macs))
        .order_by_asc(C::InviteId)
        .lock(LockType::Update)
        .all(&**tx)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.secret_mac.clone()?, row))).collect())
}

pub async fn insert_invite(tx: &Tx, row: room_invite::Model) -> Result<(), DbErr> {
    room_invite::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&**tx).await.map(drop)
}

/// One statement a row: an upsert could meet the link's index before the one of ids.
pub async fn save_invites(tx: &Tx, rows: Vec<room_invite::Model>) -> Result<(), DbErr> {
    for row in rows {
        row.into_active_model().reset_all().update(&**tx).await?;
    }
    Ok(())
}

/// Forgets who came in to a talk that is erased.
pub async fn forget(tx: &Tx, id: ConversationId) -> Result<(), DbErr> {
    use room_invite::{Column as C, Entity};
    Entity::update_many()
        .col_expr(C::ClaimedBy, Expr::value(None::<Uuid>))
        .col_expr(C::ConversationId, Expr::value(None::<Uuid>))
        .filter(C::ConversationId.eq(id))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Forgets links, and who came in by them, of some invites made before a moment. Says whether there may be more.
pub async fn forget_links(tx: &Tx, before: Timestamp, batch: u64) -> Result<bool, DbErr> {
    use room_invite::{Column as C, Entity};
    let old = Entity::find()
        .select_only()
        .column(C::InviteId)
        .filter(C::MadeAt.lt(before))
        .filter(C::SecretMac.is_not_null())
        .limit(batch)
        .into_query();
    let done = Entity::update_many()
        .col_expr(C::SecretMac, Expr::value(None::<Vec<u8>>))
        .col_expr(C::ClaimedBy, Expr::value(None::<Uuid>))
        .col_expr(C::ConversationId, Expr::value(None::<Uuid>))
        .filter(C::InviteId.in_subquery(old))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected >= batch)
}

// Posters

pub async fn poster(tx: &Tx, id: PosterId) -> Result<Option<poster::Model>, DbErr> {
    poster::Entity::find_by_id(id).lock(LockType::Update).one(&**tx).await
}

pub async fn posters(db: &impl ConnectionTrait) -> Result<Vec<poster::Model>, DbErr> {
    use poster::{Column as C, Entity};
    Entity::find().order_by_desc(C::MadeAt).order_by_desc(C::PosterId).all(db).await
}

/// Those of some that count.
pub async fn hanging(tx: &Tx, ids: Vec<PosterId>) -> Result<Vec<poster::Model>, DbErr> {
    use poster::{Column as C, Entity};
    Entity::find().filter(C::PosterId.is_in(ids)).filter(C::EndedAt.is_null()).all(&**tx).await
}

pub async fn save_poster(tx: &Tx, row: poster::Model) -> Result<(), DbErr> {
    use poster::Column as C;
    poster::Entity::insert_many([row.into_active_model().reset_all()])
        .on_conflict(OnConflict::column(C::PosterId).update_column(C::EndedAt).to_owned())
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}
