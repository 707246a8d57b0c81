//! That a device votes for a question. It goes some weeks after the dialogue.

use sea_orm::entity::prelude::*;

use crate::words::QuestionId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question_vote")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: QuestionId,
    /// Keyed hash of question and device: two votes of one device have nothing in common.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_mac: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
