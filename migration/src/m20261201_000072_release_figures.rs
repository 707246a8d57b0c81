//! What was told of the figures, as it was told.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("insight_release")
                    .col(text("measure"))
                    .col(text("through"))
                    .col(text("since"))
                    .col(text("told"))
                    .col(text("counted"))
                    .col(big_integer("released_at"))
                    .primary_key(Index::create().col("measure").col("through"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("insight_release").to_owned()).await
    }
}
