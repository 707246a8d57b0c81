//! How many follow a dialogue, as each node of the program says it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("dialogue_viewers")
                    .col(uuid("dialogue_id"))
                    .col(uuid("node_id"))
                    .col(integer("viewers"))
                    .col(big_integer("said_at"))
                    .primary_key(Index::create().col("dialogue_id").col("node_id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("dialogue_viewers").to_owned()).await
    }
}
