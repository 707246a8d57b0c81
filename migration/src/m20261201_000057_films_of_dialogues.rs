//! Films of dialogues in the program's own store, with their captions.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("dialogue_film")
                    .col(uuid("dialogue_id").primary_key())
                    .col(uuid("file_id"))
                    .col(uuid("content_id"))
                    .col(uuid("author_id"))
                    .col(big_integer_null("captions_revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("dialogue_captions")
                    .col(uuid("dialogue_id").primary_key())
                    .col(big_integer("revision"))
                    .col(text("words"))
                    .to_owned(),
            )
            .await?;
        manager.alter_table(Table::alter().table("report_file").add_column(uuid_null("dialogue_id")).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_dialogues = Expr::col("dialogue_id").is_not_null();
        manager.exec_stmt(Query::delete().from_table("report_file").cond_where(of_dialogues).to_owned()).await?;
        manager.alter_table(Table::alter().table("report_file").drop_column("dialogue_id").to_owned()).await?;
        for table in ["dialogue_captions", "dialogue_film"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
