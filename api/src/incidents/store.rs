//! Every query of the slice. An incident by itself says nothing of anybody; the talks in it are asked for in chat.

use entities::{incident, words::IncidentId};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use crate::base::db::Tx;

pub async fn incidents(tx: &Tx, ids: Vec<IncidentId>) -> Result<Vec<incident::Model>, DbErr> {
    incident::Entity::find().filter(incident::Column::IncidentId.is_in(ids)).all(&**tx).await
}

pub async fn insert(tx: &Tx, rows: Vec<incident::Model>) -> Result<(), DbErr> {
    for part in rows.chunks(500) {
        let part = part.iter().cloned().map(|row| row.into_active_model().reset_all());
        incident::Entity::insert_many(part).exec_without_returning(&**tx).await?;
    }
    Ok(())
}
