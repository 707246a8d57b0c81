//! Patrols: who is to be out and where, what they did on the way, and what they think of it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("patrol")
                    .col(uuid("patrol_id").primary_key())
                    .col(text("quarters"))
                    .col(big_integer("starts_at"))
                    .col(big_integer("ends_at"))
                    .col(text_null("planned_by"))
                    .col(big_integer_null("cancelled_at"))
                    .col(text("state"))
                    .col(big_integer_null("started_at"))
                    .col(big_integer_null("ended_at"))
                    .col(big_integer("out_seconds"))
                    .col(big_integer("revision"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("patrol_officer")
                    .col(uuid("patrol_id"))
                    .col(uuid("officer_id"))
                    .col(text("public_number"))
                    .primary_key(Index::create().col("patrol_id").col("officer_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("patrol_act")
                    .col(uuid("officer_id"))
                    .col(uuid("act_id"))
                    .col(uuid("patrol_id"))
                    .col(text_null("public_number"))
                    .col(text("kind"))
                    .col(uuid_null("quarter_id"))
                    .col(text_null("counter"))
                    .col(integer("step"))
                    .col(big_integer("at"))
                    .col(big_integer("recorded_at"))
                    .col(big_integer("received_at"))
                    .primary_key(Index::create().col("officer_id").col("act_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("patrol_reflection")
                    .col(uuid("patrol_id"))
                    .col(uuid("officer_id"))
                    .col(text_null("public_number"))
                    .col(uuid("act_id"))
                    .col(blob("words"))
                    .col(big_integer("at"))
                    .col(big_integer("received_at"))
                    .primary_key(Index::create().col("patrol_id").col("officer_id"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns) in [
            ("patrol_by_starts_at", "patrol", ["starts_at", "patrol_id"]),
            ("patrol_by_state", "patrol", ["state", "starts_at"]),
            ("patrol_act_by_patrol", "patrol_act", ["patrol_id", "at"]),
        ] {
            let index = Index::create().name(name).table(table).col(columns[0]).col(columns[1]).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["patrol_reflection", "patrol_act", "patrol_officer", "patrol"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
