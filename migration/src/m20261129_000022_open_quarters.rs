//! Quarters, shifts, the hours of the chat, and numbers that the program goes by.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name and value.
const SETTINGS: [(&str, i64); 2] = [("heard-seconds", 300), ("first-answer-seconds", 60)];
const SOURCE: &str = "Proposal, to be decided by the controller";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("quarter")
                    .col(uuid("quarter_id").primary_key())
                    .col(text("name"))
                    .col(text("platform"))
                    .col(text("account"))
                    .col(big_integer("revision"))
                    .col(big_integer("changed_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("shift")
                    .col(uuid("shift_id").primary_key())
                    .col(uuid("officer_id"))
                    .col(text_null("public_number"))
                    .col(uuid("device_id"))
                    .col(text("quarters"))
                    .col(big_integer("revision"))
                    .col(big_integer("started_at"))
                    .col(big_integer("ends_at"))
                    .col(big_integer_null("ended_at"))
                    .col(big_integer("alarm_asked_at"))
                    .col(big_integer_null("alarm_answered_at"))
                    .col(big_integer("heard_at"))
                    .to_owned(),
            )
            .await?;
        let running =
            Index::create().name("shift_by_ended_at").table("shift").col("ended_at").col("started_at").to_owned();
        manager.create_index(running).await?;
        for (table, key, what) in [("opening_plan", "valid_from", "intervals"), ("opening_exception", "day", "spans")] {
            manager
                .create_table(
                    Table::create()
                        .table(table)
                        .col(text(key).primary_key())
                        .col(text(what))
                        .col(text_null("set_by"))
                        .col(big_integer("set_at"))
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("opening_override")
                    .col(integer("id").primary_key())
                    .col(boolean("open"))
                    .col(big_integer("until"))
                    .col(text_null("set_by"))
                    .col(big_integer("set_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("setting")
                    .col(text("name"))
                    .col(big_integer("valid_from"))
                    .col(big_integer("value"))
                    .col(text("source"))
                    .primary_key(Index::create().col("name").col("valid_from"))
                    .to_owned(),
            )
            .await?;
        let mut settings = Query::insert();
        settings.into_table("setting").columns(["name", "valid_from", "value", "source"]);
        for (name, value) in SETTINGS {
            settings
                .values([name.into(), 0_i64.into(), value.into(), SOURCE.into()])
                .map_err(|error| DbErr::Custom(error.to_string()))?;
        }
        manager.execute(settings).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["setting", "opening_override", "opening_exception", "opening_plan", "shift", "quarter"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
