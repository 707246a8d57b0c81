//! Talks and their messages.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("conversation")
                    .col(uuid("conversation_id").primary_key())
                    .col(uuid("youth_id"))
                    .col(text("state"))
                    .col(big_integer("revision"))
                    .col(uuid_null("holder_id"))
                    .col(text_null("holder_number"))
                    .col(big_integer("opened_at"))
                    .col(big_integer("last_at"))
                    .col(text("last_by"))
                    .col(uuid("last_message_id"))
                    .col(big_integer("youth_read_pos"))
                    .col(big_integer("officer_read_pos"))
                    .col(text_null("read_by_number"))
                    .col(big_integer("last_youth_pos"))
                    .col(big_integer("last_officer_pos"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [("conversation_by_youth", "youth_id"), ("conversation_by_state", "state")] {
            manager
                .create_index(Index::create().name(name).table("conversation").col(column).col("last_at").to_owned())
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("message")
                    .col(uuid("message_id").primary_key())
                    .col(uuid("conversation_id"))
                    .col(big_integer("pos"))
                    .col(uuid("author_id"))
                    .col(text("by"))
                    .col(text_null("public_number"))
                    .col(blob("text"))
                    .col(uuid("action_id"))
                    .col(big_integer("recorded_at"))
                    .col(big_integer("received_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("message_by_place")
                    .table("message")
                    .col("conversation_id")
                    .col("pos")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["message", "conversation"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
