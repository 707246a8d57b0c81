//! Incidents, and the talks that are in one.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 3] {
    [
        ColumnDef::new("incident_id").uuid().null().take(),
        ColumnDef::new("incident_number").text().null().take(),
        ColumnDef::new("incident_title").blob().null().take(),
    ]
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
                    .table("incident")
                    .col(uuid("incident_id").primary_key())
                    .col(text("number").unique_key())
                    .col(big_integer("opened_at"))
                    .col(text_null("opened_by"))
                    .to_owned(),
            )
            .await?;
        let mut index = Index::create().name("conversation_by_incident").table("conversation").to_owned();
        manager.create_index(index.col("incident_id").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("conversation_by_incident").table("conversation").to_owned()).await?;
        manager.drop_table(Table::drop().table("incident").to_owned()).await?;
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
