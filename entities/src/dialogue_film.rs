//! The film of a dialogue that is kept here.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, DialogueId, FileId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dialogue_film")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dialogue_id: DialogueId,
    pub file_id: FileId,
    /// What its bytes are kept by: it follows from the file's id by a keyed hash.
    pub content_id: Uuid,
    /// Who named it, and sends it.
    pub author_id: AccountId,
    /// The dialogue's, that brought its captions.
    pub captions_revision: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
