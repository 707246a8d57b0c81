//! A digital neighbourhood that the patrol walks, or might. Name, platform and account are public; the rest is for officers.

use sea_orm::entity::prelude::*;

use crate::words::{QuarterId, QuarterKind, QuarterStatus, Sealed, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quarter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub quarter_id: QuarterId,
    pub name: String,
    pub platform: String,
    /// The patrol's public account there; empty: there is none, and nobody walks there.
    pub account: String,
    pub revision: i64,
    pub changed_at: Timestamp,
    pub address: Option<String>,
    /// Nothing: nobody has said.
    pub kind: Option<QuarterKind>,
    pub municipality: Option<String>,
    pub language: Option<String>,
    /// Ages of those who are there, between commas.
    pub ages: String,
    /// How access was given and by whom.
    pub access: Option<Sealed>,
    pub risks: Option<Sealed>,
    pub status: QuarterStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
