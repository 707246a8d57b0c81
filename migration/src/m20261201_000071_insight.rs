//! What is counted for the evaluation: a row for each talk and report without a name, its sums by week, and how far the desk's stream has
//! been read for it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let event = Table::create()
            .table("insight_event")
            .col(uuid("event_id").primary_key())
            .col(text("measure"))
            .col(integer("week"))
            .col(text("facts"))
            .col(uuid_null("entity_id"))
            .col(big_integer("settles_at"))
            .col(boolean("settled"))
            .to_owned();
        let count = Table::create()
            .table("insight_count")
            .col(text("measure"))
            .col(integer("week"))
            .col(text("dimension"))
            .col(text("part"))
            .col(big_integer("count"))
            .primary_key(Index::create().col("measure").col("week").col("dimension").col("part"))
            .to_owned();
        let cursor = Table::create()
            .table("insight_cursor")
            .col(integer("only").primary_key())
            .col(integer("epoch"))
            .col(big_integer("pos"))
            .to_owned();
        for table in [event, count, cursor] {
            manager.create_table(table).await?;
        }
        for (name, columns) in
            [("insight_event_by_time", vec!["settled", "settles_at"]), ("insight_event_by_entity", vec!["entity_id"])]
        {
            let mut index = Index::create().name(name).table("insight_event").to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["insight_cursor", "insight_count", "insight_event"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
