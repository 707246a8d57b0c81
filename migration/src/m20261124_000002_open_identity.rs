//! Accounts, devices, sessions, codes' puzzles, invites and passkeys.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("account")
                .col(uuid("account_id").primary_key())
                .col(text("role"))
                .col(text_null("public_number").unique_key())
                .col(blob_null("code_mac").unique_key())
                .col(text("locale"))
                .col(big_integer("created_at"))
                .to_owned(),
            Table::create()
                .table("device")
                .col(uuid("device_id").primary_key())
                .col(uuid("account_id"))
                .col(blob("secret_mac"))
                .col(big_integer("created_at"))
                .col(big_integer_null("ended_at"))
                .to_owned(),
            Table::create()
                .table("session")
                .col(uuid("session_id").primary_key())
                .col(uuid("account_id"))
                .col(uuid("device_id"))
                .col(text("role"))
                .col(text_null("public_number"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .col(big_integer("used"))
                .col(big_integer_null("ended_at"))
                .to_owned(),
            Table::create()
                .table("passkey")
                .col(uuid("passkey_id").primary_key())
                .col(uuid("account_id"))
                .col(blob("credential_id").unique_key())
                .col(text("credential"))
                .col(big_integer("created_at"))
                .col(big_integer_null("used_at"))
                .to_owned(),
            Table::create()
                .table("invite")
                .col(uuid("invite_id").primary_key())
                .col(blob("token_mac").unique_key())
                .col(text("role"))
                .col(text("public_number"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("used_at"))
                .to_owned(),
            Table::create()
                .table("ceremony")
                .col(uuid("ceremony_id").primary_key())
                .col(blob("state"))
                .col(big_integer("expires_at"))
                .to_owned(),
            Table::create()
                .table("puzzle")
                .col(uuid("puzzle_id").primary_key())
                .col(blob("salt"))
                .col(integer("bits"))
                .col(big_integer("expires_at"))
                .to_owned(),
            Table::create()
                .table("code_failure")
                .col(uuid("failure_id").primary_key())
                .col(big_integer("at"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            ("device_by_account", "device", "account_id"),
            ("session_by_device", "session", "device_id"),
            ("session_by_ended_at", "session", "ended_at"),
            ("code_failure_by_at", "code_failure", "at"),
            ("puzzle_by_expires_at", "puzzle", "expires_at"),
            ("ceremony_by_expires_at", "ceremony", "expires_at"),
        ];
        for (name, table, column) in indexes {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["code_failure", "puzzle", "ceremony", "invite", "passkey", "session", "device", "account"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
