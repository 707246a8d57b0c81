//! What a database was born for. A demo lets anybody in as an officer, so its database never serves people, and theirs
//! never a demo.

use entities::{birth, server_key};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait, PaginatorTrait, sea_query::OnConflict};

use super::{clock::Clock, db::Db};

/// Says it at the first start, and refuses every other start that means something else. Comes before the keys, so that
/// a database with keys and no birth is one of before there was this row: nobody knows that it is a demo's.
pub async fn settle(db: &Db, clock: &dyn Clock, demo: bool) -> Result<(), String> {
    let born = born(db, clock, demo).await.map_err(|error| format!("database: {error}"))?;
    match (demo, born) {
        (true, false) => Err("--demo runs only on a database born of it".into()),
        (false, true) => Err("this database belongs to a demo; nothing else ever runs on one".into()),
        _ => Ok(()),
    }
}

async fn born(db: &Db, clock: &dyn Clock, demo: bool) -> Result<bool, DbErr> {
    if let Some(row) = birth::Entity::find_by_id(birth::ONLY).one(db.read()).await? {
        return Ok(row.demo);
    }
    let tx = db.begin().await?;
    let empty = server_key::Entity::find().count(&*tx).await? == 0;
    let row = birth::ActiveModel {
        only: Set(birth::ONLY),
        demo: Set(demo && empty),
        at: Set(clock.now()),
        ..Default::default()
    };
    // Of programs that start at once the first one says it, and all hear that.
    birth::Entity::insert_many([row])
        .on_conflict(OnConflict::column(birth::Column::Only).do_nothing().to_owned())
        .exec_without_returning(&*tx)
        .await?;
    tx.commit().await?;
    Ok(birth::Entity::find_by_id(birth::ONLY).one(db.read()).await?.is_some_and(|row| row.demo))
}
