//! What is written down of a quarter: what it is, who is there, how the patrol got in, and how it stands.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 8] = ["address", "kind", "municipality", "language", "ages", "access", "risks", "status"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Whoever walks has a public account there: the database holds no quarter without one.
        let account = Expr::cust("status IN ('wished', 'asked') OR account <> ''");
        let columns = [
            text_null("address"),
            text_null("kind"),
            text_null("municipality"),
            text_null("language"),
            text("ages").default(",").take(),
            blob_null("access"),
            blob_null("risks"),
            text("status").default("active").check(account).take(),
        ];
        // SQLite adds one at a time.
        for mut column in columns {
            manager.alter_table(Table::alter().table("quarter").add_column(&mut column).to_owned()).await?;
        }
        let wishes = Index::create().name("idea_by_quarter").table("idea").col("quarter_id").to_owned();
        manager.create_index(wishes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("idea_by_quarter").table("idea").to_owned()).await?;
        for column in COLUMNS.into_iter().rev() {
            manager.alter_table(Table::alter().table("quarter").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
