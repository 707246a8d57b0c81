//! What was erased, how long things are kept, what is held and what was reviewed; the law that a record falls under and
//! whom it is about; and that its youth asked for its erasure.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Kind, regime, days (nothing: no limit, so it is reviewed each year) and the ground for it.
const RULES: [(&str, &str, Option<i64>, &str); 5] = [
    ("conversation", "crime", Some(90), "Proposal, to be decided by the controller: 90 days after the last message"),
    (
        "conversation",
        "data-protection",
        Some(90),
        "Proposal, to be decided by the controller: 90 days after the last message",
    ),
    ("report", "crime", None, "Kept until it is handed over; there is no handing over yet (2018:1177, 2:18)"),
    ("report", "data-protection", None, "Kept until it is handed over; there is no handing over yet"),
    ("tip", "data-protection", Some(365), "Proposal, to be decided by the controller: a year after it was published"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("erasure")
                    .col(uuid("subject_id").primary_key())
                    .col(text("subject_kind"))
                    .col(text("reason"))
                    .col(uuid_null("by_id"))
                    .col(text_null("by_number"))
                    .col(big_integer("at"))
                    .col(big_integer("messages"))
                    .col(big_integer("files"))
                    .col(big_integer_null("removed_at"))
                    .col(big_integer_null("scrubbed_at"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [("erasure_by_removed_at", "removed_at"), ("erasure_by_scrubbed_at", "scrubbed_at")] {
            let index = Index::create().name(name).table("erasure").col(column).to_owned();
            manager.create_index(index).await?;
        }
        manager
            .create_index(
                Index::create().name("journal_entry_by_entity").table("journal_entry").col("entity_id").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("hold")
                    .col(uuid("subject_id").primary_key())
                    .col(text("subject_kind"))
                    .col(blob("reason"))
                    .col(uuid("by_id"))
                    .col(text_null("by_number"))
                    .col(big_integer("at"))
                    .col(big_integer("until"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("review")
                    .col(uuid("subject_id").primary_key())
                    .col(text("subject_kind"))
                    .col(big_integer("reviewed_at"))
                    .col(uuid("by_id"))
                    .col(text_null("by_number"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("retention_rule")
                    .col(text("kind"))
                    .col(text("regime"))
                    .col(big_integer("valid_from"))
                    .col(big_integer_null("days"))
                    .col(text("source"))
                    .primary_key(Index::create().col("kind").col("regime").col("valid_from"))
                    .to_owned(),
            )
            .await?;
        let mut rules = Query::insert();
        rules.into_table("retention_rule").columns(["kind", "regime", "valid_from", "days", "source"]);
        for (kind, regime, days, source) in RULES {
            rules
                .values([kind.into(), regime.into(), 0_i64.into(), days.into(), source.into()])
                .map_err(|error| DbErr::Custom(error.to_string()))?;
        }
        manager.execute(rules).await?;
        for table in ["conversation", "report"] {
            for column in [
                ColumnDef::new("regime").text().not_null().default("crime").take(),
                ColumnDef::new("person_role").text().not_null().default("unknown").take(),
                ColumnDef::new("erasure_asked_at").big_integer().null().take(),
                ColumnDef::new("erasure_refused_at").big_integer().null().take(),
                ColumnDef::new("erasure_refusal").blob().null().take(),
            ] {
                manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["conversation", "report"] {
            for column in ["erasure_refusal", "erasure_refused_at", "erasure_asked_at", "person_role", "regime"] {
                manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
            }
        }
        for table in ["retention_rule", "review", "hold"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager.drop_index(Index::drop().name("journal_entry_by_entity").table("journal_entry").to_owned()).await?;
        manager.drop_table(Table::drop().table("erasure").to_owned()).await
    }
}
