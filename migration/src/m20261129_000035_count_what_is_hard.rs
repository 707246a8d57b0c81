//! Talks that were hard on an officer.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("hard_case")
                    .col(uuid("conversation_id"))
                    .col(uuid("officer_id"))
                    .col(text_null("officer_number"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("conversation_id").col("officer_id"))
                    .to_owned(),
            )
            .await?;
        let mut index = Index::create().name("hard_case_by_at").table("hard_case").to_owned();
        manager.create_index(index.col("at").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("hard_case").to_owned()).await
    }
}
