//! Streams, the journal, action receipts and the queue.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("stream")
                    .col(text("name").primary_key())
                    .col(integer("epoch"))
                    .col(big_integer("head"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("journal_entry")
                    .col(text("stream"))
                    .col(big_integer("pos"))
                    .col(text("kind"))
                    .col(uuid("entity_id"))
                    .col(big_integer("revision"))
                    .col(uuid_null("action_id"))
                    .col(text("actor"))
                    .col(uuid_null("actor_id"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("stream").col("pos"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("action_receipt")
                    .col(uuid("account_id"))
                    .col(uuid("action_id"))
                    .col(text("kind"))
                    .col(blob("body_mac"))
                    .col(text("outcome"))
                    .col(text_null("problem_kind"))
                    .col(uuid_null("entity_id"))
                    .col(big_integer_null("revision"))
                    .col(text_null("stream"))
                    .col(integer_null("epoch"))
                    .col(big_integer_null("pos"))
                    .col(big_integer("received_at"))
                    .primary_key(Index::create().col("account_id").col("action_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("job")
                    .col(uuid("job_id").primary_key())
                    .col(text("queue"))
                    .col(text("body"))
                    .col(big_integer("run_at"))
                    .col(big_integer_null("claimed_until"))
                    .col(integer("attempts"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("job_by_run_at").table("job").col("run_at").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["job", "action_receipt", "journal_entry", "stream"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
