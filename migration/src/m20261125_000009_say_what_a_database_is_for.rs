//! What a database was born for, the demo or people; and the revision at which a talk came to whoever holds it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("birth")
                    // One row, so that of two programs that start at once one says it.
                    .col(integer("only").primary_key())
                    .col(boolean("demo"))
                    .col(big_integer("at"))
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter().table("conversation").add_column(big_integer("held_revision").default(0)).to_owned(),
            )
            .await?;
        // When a talk that is held now was taken is not known: whoever takes it over must have seen it as it stands.
        let held = Query::update()
            .table("conversation")
            .value("held_revision", Expr::col("revision"))
            .and_where(Expr::col("holder_id").is_not_null())
            .to_owned();
        manager.execute(held).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("conversation").drop_column("held_revision").to_owned()).await?;
        manager.drop_table(Table::drop().table("birth").to_owned()).await
    }
}
