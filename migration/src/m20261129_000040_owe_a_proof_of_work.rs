//! What an account that was made in a flood owes before its talks keep their place.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("account").add_column(integer("owed_bits").default(0)).to_owned())
            .await?;
        manager
            .create_index(Index::create().name("idx_account_created_at").table("account").col("created_at").to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("idx_account_created_at").table("account").to_owned()).await?;
        manager.alter_table(Table::alter().table("account").drop_column("owed_bits").to_owned()).await
    }
}
