//! A key for each talk and each report, wrapped by a master key that is known by name.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Words that were sealed under the one key of before cannot be sealed anew here, where no key is known.
        for table in ["conversation", "report"] {
            let any = Query::select().expr(Expr::val(1)).from(table).limit(1).to_owned();
            if manager.get_connection().query_one(&any).await?.is_some() {
                return Err(DbErr::Migration(format!(
                    "this database holds a {table} from before each had a key of its own; only a demo can, so remove its folder"
                )));
            }
        }
        manager
            .create_table(
                Table::create()
                    .table("master_key")
                    .col(text("master_id").primary_key())
                    .col(big_integer("first_used_at"))
                    .to_owned(),
            )
            .await?;
        // The reference is what ends a rotation safely: a program that still wraps under a key that was taken away fails.
        manager
            .create_table(
                Table::create()
                    .table("content_key")
                    .col(uuid("content_id").primary_key())
                    .col(uuid("key_id"))
                    .col(blob("wrapped"))
                    .col(text("master_id"))
                    .col(big_integer("made_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("content_key_under_master_key")
                            .from("content_key", "master_id")
                            .to("master_key", "master_id")
                            .on_delete(ForeignKeyAction::Restrict),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("content_key_by_master").table("content_key").col("master_id").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["content_key", "master_key"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
