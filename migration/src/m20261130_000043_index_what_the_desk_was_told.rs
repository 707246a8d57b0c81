//! What is erased is looked for in three streams: its own and an inbox, which are short, and the desk, which is not. Only of the
//! desk is an index kept by what an entry is about; each message would write to two more pages for the others.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const ALL: &str = "journal_entry_by_entity";
const DESK: &str = "journal_entry_of_desk";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_desk = Index::create()
            .name(DESK)
            .table("journal_entry")
            .col("entity_id")
            .and_where(Expr::cust("\"stream\" = 'desk'"))
            .to_owned();
        manager.create_index(of_desk).await?;
        manager.drop_index(Index::drop().name(ALL).table("journal_entry").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(Index::create().name(ALL).table("journal_entry").col("entity_id").to_owned()).await?;
        manager.drop_index(Index::drop().name(DESK).table("journal_entry").to_owned()).await
    }
}
