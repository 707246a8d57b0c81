//! A sending goes on where it was broken off: how far it has begun, who goes through it, what of it waits. And the key that each
//! phone subscribed with.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 6] = ["begun", "read_whole", "holder", "held_until", "waiting", "unsure"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            uuid_null("begun"),
            boolean("read_whole").default(false).take(),
            uuid_null("holder"),
            big_integer_null("held_until"),
            big_integer("waiting").default(0).take(),
            big_integer("unsure").default(0).take(),
        ];
        for column in columns {
            manager.alter_table(Table::alter().table("sending").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("sending_waiting")
                    .col(uuid("sending_id"))
                    .col(uuid("device_id"))
                    .col(big_integer("run_at"))
                    .col(integer("attempts"))
                    .col(integer("doubts"))
                    .col(boolean("under_way"))
                    .primary_key(Index::create().col("sending_id").col("device_id"))
                    .to_owned(),
            )
            .await?;
        let due = Index::create().name("sending_waiting_by_run_at").table("sending_waiting").to_owned();
        manager.create_index(due.clone().col("sending_id").col("run_at").to_owned()).await?;
        // Each was one phone of a sending.
        let jobs = Query::delete().from_table("job").and_where(Expr::col("queue").eq("push-one-tip")).to_owned();
        manager.exec_stmt(jobs).await?;
        let key = Table::alter().table("push_subscription").add_column(text_null("key_id")).to_owned();
        manager.alter_table(key).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = Table::alter().table("push_subscription").drop_column("key_id").to_owned();
        manager.alter_table(key).await?;
        manager.drop_table(Table::drop().table("sending_waiting").to_owned()).await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("sending").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
