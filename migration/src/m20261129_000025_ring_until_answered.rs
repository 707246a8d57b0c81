//! Alarms of talks in danger, and the steps of theirs that were done.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("alarm")
                    .col(uuid("conversation_id").primary_key())
                    .col(big_integer("round"))
                    .col(integer("step"))
                    .col(big_integer("started_at"))
                    .col(big_integer("cause_pos"))
                    .col(big_integer_null("ended_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("alarm_step")
                    .col(uuid("conversation_id"))
                    .col(big_integer("round"))
                    .col(integer("step"))
                    .col(big_integer("at"))
                    .col(integer("rang"))
                    .primary_key(Index::create().col("conversation_id").col("round").col("step"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["alarm_step", "alarm"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
