//! What police must act on, as youths and officers read it. It is never changed: a later version takes its place, over the one that
//! the program brings.

use sea_orm::entity::prelude::*;

use crate::words::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_text")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub valid_from: Timestamp,
    /// The paragraphs of law, for officers.
    pub law: String,
    pub sv: String,
    pub en: String,
    /// In easy Swedish.
    pub easy: String,
    /// The lead's public number.
    pub changed_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
