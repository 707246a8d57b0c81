//! Reports and the files that belong to them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("report")
                    .col(uuid("report_id").primary_key())
                    .col(uuid("youth_id"))
                    .col(text("state"))
                    .col(big_integer("revision"))
                    .col(text("event_kind"))
                    .col(blob("what"))
                    .col(text("certainty"))
                    .col(big_integer_null("happened_at"))
                    .col(blob_null("happened_words"))
                    .col(blob_null("place"))
                    .col(uuid_null("reader_id"))
                    .col(text_null("reader_number"))
                    .col(uuid("action_id"))
                    .col(big_integer("recorded_at"))
                    .col(big_integer("received_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("report_by_youth")
                    .table("report")
                    .col("youth_id")
                    .col("received_at")
                    .col("report_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("report_by_received_at")
                    .table("report")
                    .col("received_at")
                    .col("report_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("report_file")
                    .col(uuid("file_id").primary_key())
                    .col(uuid("report_id"))
                    .col(integer("place"))
                    .col(text("media_type"))
                    .col(big_integer("size"))
                    .col(text("sha256"))
                    .col(text("state"))
                    .col(text_null("refused_for"))
                    .col(big_integer("received"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("report_file_by_report")
                    .table("report_file")
                    .col("report_id")
                    .col("place")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["report_file", "report"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
