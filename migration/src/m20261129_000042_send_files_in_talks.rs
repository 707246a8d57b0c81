//! Files that messages name stand beside those of reports: what `report_file.report_id` says is the talk then.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const PLACES: &str = "report_file_by_report";
const MESSAGES: &str = "report_file_by_message";

fn places() -> IndexCreateStatement {
    Index::create().name(PLACES).table("report_file").col("report_id").col("place").to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("message").add_column(integer("files").default(0)).to_owned()).await?;
        manager.alter_table(Table::alter().table("report_file").add_column(uuid_null("message_id")).to_owned()).await?;
        manager.drop_index(Index::drop().name(PLACES).table("report_file").to_owned()).await?;
        manager.create_index(places()).await?;
        manager
            .create_index(Index::create().name(MESSAGES).table("report_file").col("message_id").col("place").to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name(MESSAGES).table("report_file").to_owned()).await?;
        manager.drop_index(Index::drop().name(PLACES).table("report_file").to_owned()).await?;
        let of_talks =
            Query::delete().from_table("report_file").cond_where(Expr::col("message_id").is_not_null()).to_owned();
        manager.exec_stmt(of_talks).await?;
        manager.create_index(places().unique().to_owned()).await?;
        manager.alter_table(Table::alter().table("report_file").drop_column("message_id").to_owned()).await?;
        manager.alter_table(Table::alter().table("message").drop_column("files").to_owned()).await
    }
}
