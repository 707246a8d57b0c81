//! What keeps an account from writing for a while, and how its talks know of it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 4] {
    [uuid_null("mute_id"), text_null("mute_kind"), text_null("mute_reason"), big_integer_null("muted_until")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("conversation").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("mute")
                    .col(uuid("mute_id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("conversation_id"))
                    .col(text("kind"))
                    .col(text("reason"))
                    .col(blob_null("note"))
                    .col(big_integer("at"))
                    .col(big_integer("until"))
                    .col(text_null("by_number"))
                    .col(big_integer_null("ended_at"))
                    .col(text_null("ended_number"))
                    .to_owned(),
            )
            .await?;
        for column in ["account_id", "conversation_id"] {
            let name = format!("mute_by_{column}");
            manager.create_index(Index::create().name(name).table("mute").col(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("mute").to_owned()).await?;
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
