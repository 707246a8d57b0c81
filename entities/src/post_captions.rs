//! The captions of a post's film, as WebVTT.

use sea_orm::entity::prelude::*;

use crate::words::PostId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_captions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    /// The post's, that brought them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub words: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
