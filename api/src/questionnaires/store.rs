//! Every query of the slice. What is asked is for everyone.

use entities::questionnaire;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use crate::base::db::{self, Tx};

pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<questionnaire::Model>, DbErr> {
    questionnaire::Entity::find().all(db).await
}

pub async fn insert(tx: &Tx, row: questionnaire::Model) -> Result<(), DbErr> {
    db::insert::<questionnaire::Entity>(tx, &[row]).await
}
