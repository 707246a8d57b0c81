//! Texts that officers have at hand, as leads change them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("canned_reply")
                    .col(uuid("reply_id"))
                    .col(big_integer("revision"))
                    .col(text("name"))
                    .col(text("fits"))
                    .col(text("sv"))
                    .col(text("en"))
                    .col(text("easy"))
                    .col(boolean("ended"))
                    .col(big_integer("changed_at"))
                    .col(text_null("changed_by"))
                    .primary_key(Index::create().col("reply_id").col("revision"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("canned_reply").to_owned()).await
    }
}
