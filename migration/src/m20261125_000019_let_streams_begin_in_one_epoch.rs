//! The epoch in which streams begin that nobody has written to yet: after a restore it is another one, so that no phone
//! takes a stream that begins again for the one that it read before.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = integer("epoch").default(1).to_owned();
        manager.alter_table(Table::alter().table("birth").add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("birth").drop_column("epoch").to_owned()).await
    }
}
