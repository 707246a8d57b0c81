//! What an account did of late, codes that wait for their slow hash, and puzzles that were used: one that was only given
//! leaves no row.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("account_use")
                .col(uuid("account_id"))
                .col(text("kind"))
                .col(big_integer("ends_at"))
                .col(big_integer("used"))
                .primary_key(Index::create().col("account_id").col("kind"))
                .to_owned(),
            Table::create()
                .table("waiting_code")
                .col(uuid("account_id").primary_key())
                .col(blob("code"))
                .col(big_integer("since"))
                .to_owned(),
            Table::create()
                .table("spent_puzzle")
                .col(uuid("puzzle_id").primary_key())
                .col(big_integer("expires_at"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager.drop_table(Table::drop().table("puzzle").to_owned()).await?;
        let indexes = [
            ("waiting_code_by_since", "waiting_code", "since"),
            ("spent_puzzle_by_expires_at", "spent_puzzle", "expires_at"),
            ("action_receipt_by_received_at", "action_receipt", "received_at"),
        ];
        for (name, table, column) in indexes {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(Index::drop().name("action_receipt_by_received_at").table("action_receipt").to_owned())
            .await?;
        for table in ["spent_puzzle", "waiting_code", "account_use"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("puzzle")
                    .col(uuid("puzzle_id").primary_key())
                    .col(blob("salt"))
                    .col(integer("bits"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("puzzle_by_expires_at").table("puzzle").col("expires_at").to_owned())
            .await
    }
}
