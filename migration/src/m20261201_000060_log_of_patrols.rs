//! What patrols write down, and what they told platforms of.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("log_entry")
                    .col(uuid("entry_id").primary_key())
                    .col(uuid("patrol_id"))
                    .col(uuid("quarter_id"))
                    .col(uuid("officer_id"))
                    .col(text_null("public_number"))
                    .col(text("kind"))
                    .col(text_null("intervention"))
                    .col(text_null("referral"))
                    .col(text_null("topic"))
                    .col(blob_null("words"))
                    .col(uuid_null("report_id"))
                    .col(uuid_null("incident_id"))
                    .col(big_integer("at"))
                    .col(big_integer("recorded_at"))
                    .col(big_integer("received_at"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("platform_notice")
                    .col(uuid("notice_id").primary_key())
                    .col(uuid("quarter_id"))
                    .col(uuid_null("patrol_id"))
                    .col(text_null("public_number"))
                    .col(text("matter"))
                    .col(text("target"))
                    .col(text("channel"))
                    .col(big_integer("at"))
                    .col(big_integer("recorded_at"))
                    .col(big_integer("received_at"))
                    .col(text_null("outcome"))
                    .col(big_integer_null("answered_at"))
                    .col(uuid_null("answer_id"))
                    .col(big_integer_null("removed_at"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        for (name, table, column) in [
            ("log_entry_by_patrol", "log_entry", "patrol_id"),
            ("log_entry_by_report", "log_entry", "report_id"),
            ("platform_notice_by_at", "platform_notice", "at"),
            ("platform_notice_by_patrol", "platform_notice", "patrol_id"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["platform_notice", "log_entry"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
