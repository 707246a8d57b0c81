//! When a youth's phone may be woken, how much its notices say, and under which icon.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 4] {
    [
        integer_null("safe_from"),
        integer_null("safe_until"),
        boolean("telling").default(false).to_owned(),
        boolean("plain").default(false).to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("push_subscription").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("push_subscription").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
