//! Safety tips, and where sleeping phones are woken.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("tip")
                    .col(uuid("tip_id").primary_key())
                    .col(text("topic"))
                    .col(text("municipality"))
                    .col(text("text"))
                    .col(text("action"))
                    .col(uuid("author_id"))
                    .col(text_null("public_number"))
                    .col(big_integer("published_at"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("tip_by_published_at").table("tip").col("published_at").col("tip_id").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("push_subscription")
                    .col(uuid("subscription_id").primary_key())
                    .col(uuid("device_id").unique_key())
                    .col(uuid("account_id"))
                    .col(blob("target"))
                    .col(text("key_id"))
                    .col(boolean("replies"))
                    .col(text("topics"))
                    .col(text("municipalities"))
                    .col(text("locale"))
                    .col(integer("failures"))
                    .col(big_integer("changed_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("push_subscription_by_account")
                    .table("push_subscription")
                    .col("account_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["push_subscription", "tip"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
