//! Every query of the slice. An incident by itself says nothing of anybody; the talks in it are asked for in chat.

use entities::{incident, words::IncidentId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use crate::base::db::{self, Tx};

pub async fn incidents(tx: &Tx, ids: Vec<IncidentId>) -> Result<Vec<incident::Model>, DbErr> {
    incident::Entity::find().filter(incident::Column::IncidentId.is_in(ids)).all(&**tx).await
}

pub async fn insert(tx: &Tx, rows: Vec<incident::Model>) -> Result<(), DbErr> {
    db::insert::<incident::Entity>(tx, &rows).await
}
