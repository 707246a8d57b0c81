//! An endpoint wakes one device: the one that told of it last.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("push_subscription").add_column(blob_null("endpoint_mac")).to_owned())
            .await?;
        manager.alter_table(Table::alter().table("push_subscription").drop_column("key_id").to_owned()).await?;
        manager
            .create_index(
                Index::create()
                    .name("push_subscription_by_endpoint")
                    .table("push_subscription")
                    .col("endpoint_mac")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(Index::drop().name("push_subscription_by_endpoint").table("push_subscription").to_owned())
            .await?;
        manager.alter_table(Table::alter().table("push_subscription").drop_column("endpoint_mac").to_owned()).await?;
        manager
            .alter_table(Table::alter().table("push_subscription").add_column(text("key_id").default("")).to_owned())
            .await
    }
}
