//! The copy that an account asked for: one at a time.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("account_copy")
                    .col(uuid("account_id").primary_key())
                    .col(big_integer("asked_at"))
                    .col(uuid_null("file_id"))
                    .col(big_integer_null("expires_at"))
                    .col(big_integer_null("ready_at"))
                    .col(big_integer_null("size"))
                    .col(big_integer_null("ended_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("account_copy").to_owned()).await
    }
}
