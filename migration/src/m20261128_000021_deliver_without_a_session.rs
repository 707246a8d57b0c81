//! What lets a phone deliver reports when its session is dead.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("report_capability")
                    .col(uuid("capability_id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("device_id").unique_key())
                    .col(blob("secret_hash").unique_key())
                    .col(blob("public_key"))
                    .col(big_integer("ends_at"))
                    .to_owned(),
            )
            .await?;
        for column in ["account_id", "ends_at"] {
            let index = Index::create()
                .name(format!("report_capability_by_{column}"))
                .table("report_capability")
                .col(column)
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("report_capability").to_owned()).await
    }
}
