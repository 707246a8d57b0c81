//! Copies of files for daily use, without metadata, and what a virus check said. What is whole by now was looked at by nothing.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 4] = ["scan", "withheld_at", "withheld_by", "withheld_by_number"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("file_copy")
                    .col(uuid("file_id").primary_key())
                    .col(text("state"))
                    .col(text_null("media_type"))
                    .col(big_integer_null("size"))
                    .col(text_null("sha256"))
                    .col(integer_null("width"))
                    .col(integer_null("height"))
                    .col(big_integer("made_at"))
                    .to_owned(),
            )
            .await?;
        let [scan, at, by, number] = COLUMNS;
        for column in [text_null(scan), big_integer_null(at), uuid_null(by), text_null(number)] {
            manager.alter_table(Table::alter().table("report_file").add_column(column).to_owned()).await?;
        }
        let withheld = Index::create().name("report_file_by_withheld_at").table("report_file").col(at).to_owned();
        manager.create_index(withheld).await?;
        let unseen = Query::update()
            .table("report_file")
            .value(scan, "not-scanned")
            .and_where(Expr::col("state").eq("complete"))
            .to_owned();
        manager.exec_stmt(unseen).await?;
        manager
            .create_table(
                Table::create()
                    .table("investigator")
                    .col(uuid("account_id").primary_key())
                    .col(uuid("named_by"))
                    .col(text_null("named_by_number"))
                    .col(big_integer("at"))
                    .col(blob("reason"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("investigator").to_owned()).await?;
        let mut index = Index::drop().name("report_file_by_withheld_at").to_owned();
        manager.drop_index(index.table("report_file").to_owned()).await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("report_file").drop_column(column).to_owned()).await?;
        }
        manager.drop_table(Table::drop().table("file_copy").to_owned()).await
    }
}
