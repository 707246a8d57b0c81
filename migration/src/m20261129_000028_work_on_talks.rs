//! How a talk ended, that it went back to the queue, and what officers write down about it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 5] {
    [
        ColumnDef::new("outcome").text().null().take(),
        ColumnDef::new("outcome_version").integer().null().take(),
        ColumnDef::new("returned_at").big_integer().null().take(),
        ColumnDef::new("notes").integer().not_null().default(0).take(),
        ColumnDef::new("mentioned").text().not_null().default("").take(),
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
                    .table("note")
                    .col(uuid("conversation_id"))
                    .col(big_integer("revision"))
                    .col(text("kind"))
                    .col(big_integer("at"))
                    .col(uuid_null("by_id"))
                    .col(text_null("by_number"))
                    .col(text_null("colleague"))
                    .col(text("mentions"))
                    .col(blob_null("text"))
                    .col(uuid_null("action_id"))
                    .primary_key(Index::create().col("conversation_id").col("revision"))
                    .to_owned(),
            )
            .await?;
        let mut setting = Query::insert();
        setting
            .into_table("setting")
            .columns(["name", "valid_from", "value", "source"])
            .values([
                "holder-seconds".into(),
                0_i64.into(),
                300_i64.into(),
                "Proposal, to be decided by the controller".into(),
            ])
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        manager.execute(setting).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .execute(Query::delete().from_table("setting").and_where(Expr::col("name").eq("holder-seconds")).to_owned())
            .await?;
        manager.drop_table(Table::drop().table("note").to_owned()).await?;
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
