//! What youths would like to see from the patrol, and which devices support it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("idea")
                    .col(uuid("idea_id").primary_key())
                    .col(text("kind"))
                    .col(uuid_null("account_id"))
                    .col(blob("words"))
                    .col(text("state"))
                    .col(big_integer("box_key"))
                    .col(text("priority"))
                    .col(text("reasons"))
                    .col(boolean("self_harm"))
                    .col(text_null("hiding"))
                    .col(uuid_null("merged_into"))
                    .col(big_integer("support"))
                    .col(text_null("outcome"))
                    .col(text_null("answer"))
                    .col(text_null("answer_en"))
                    .col(uuid_null("quarter_id"))
                    .col(uuid_null("conversation_id"))
                    .col(big_integer("sent_at"))
                    .col(big_integer_null("decided_at"))
                    .col(text_null("decided_by_number"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("idea_by_box", ["state", "box_key", "idea_id"]),
            ("idea_by_support", ["state", "support", "idea_id"]),
            ("idea_by_account", ["account_id", "sent_at", "idea_id"]),
        ] {
            let mut index = Index::create().name(name).table("idea").to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        let twins = Index::create().name("idea_by_merged_into").table("idea").col("merged_into").to_owned();
        manager.create_index(twins).await?;
        manager
            .create_table(
                Table::create()
                    .table("idea_support")
                    .col(uuid("idea_id"))
                    .col(blob("device_mac"))
                    .primary_key(Index::create().col("idea_id").col("device_mac"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["idea_support", "idea"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
