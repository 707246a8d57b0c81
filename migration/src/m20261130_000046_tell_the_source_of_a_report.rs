//! The talk that a report was made from, apart from the one in which its youth is asked: of the first only what she chose leaves.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMN: &str = "source_conversation_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("report").add_column(uuid_null(COLUMN)).to_owned()).await?;
        // Which of the two it is, is not known of reports from before: then nothing of it leaves.
        let made_from_talks = Query::update()
            .table("report")
            .value(COLUMN, Expr::col("conversation_id"))
            .and_where(Expr::col("excerpt").is_not_null())
            .to_owned();
        manager.exec_stmt(made_from_talks).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("report").drop_column(COLUMN).to_owned()).await
    }
}
