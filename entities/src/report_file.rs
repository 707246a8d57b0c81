//! A file that a report, a message, a post or a dialogue names. The row comes with it; the bytes follow and are kept in the blob store.

use sea_orm::entity::prelude::*;

use crate::words::{AccountId, DialogueId, FileId, FileState, MessageId, PostId, ScanState, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    /// The report, the talk of the message, or what the post or the dialogue keeps its files by: under its key the bytes are sealed. The column is
    /// older than files of talks.
    #[sea_orm(column_name = "report_id")]
    pub subject_id: Uuid,
    pub message_id: Option<MessageId>,
    pub post_id: Option<PostId>,
    /// With no message, no post and no dialogue, a report names it.
    pub dialogue_id: Option<DialogueId>,
    /// Its place among the files that came with it.
    pub place: i32,
    pub media_type: String,
    pub size: i64,
    /// In lower-case hexadecimal, as the phone said.
    pub sha256: String,
    pub state: FileState,
    /// The kind of problem that a refused file got.
    pub refused_for: Option<String>,
    /// Bytes that are safely stored.
    pub received: i64,
    /// Nothing: it was not looked at yet.
    pub scan: Option<ScanState>,
    /// When an officer marked it as a sexual image of a child.
    pub withheld_at: Option<Timestamp>,
    pub withheld_by: Option<AccountId>,
    pub withheld_by_number: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
