//! Questions to all youths, with counts that nobody's vote can be read from.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("poll")
                    .col(uuid("poll_id").primary_key())
                    .col(text("kind"))
                    .col(text("question"))
                    .col(text_null("question_en"))
                    .col(text_null("question_easy"))
                    .col(uuid("author_id"))
                    .col(text_null("public_number"))
                    .col(big_integer("opens_at"))
                    .col(big_integer("closes_at"))
                    .col(big_integer("voters"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        let by_time = Index::create().name("poll_by_opens_at").table("poll").col("opens_at").col("poll_id").to_owned();
        manager.create_index(by_time).await?;
        manager
            .create_table(
                Table::create()
                    .table("poll_option")
                    .col(uuid("poll_id"))
                    .col(integer("place"))
                    .col(text("text"))
                    .col(text_null("text_en"))
                    .col(big_integer("votes"))
                    .primary_key(Index::create().col("poll_id").col("place"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("poll_ballot")
                    .col(uuid("poll_id"))
                    .col(blob("device_mac"))
                    .primary_key(Index::create().col("poll_id").col("device_mac"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["poll_ballot", "poll_option", "poll"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
