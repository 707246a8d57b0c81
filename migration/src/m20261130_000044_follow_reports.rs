//! Questions as data, what reports answer, and what becomes of them.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Where the third priority begins in the order of the inbox.
const THIRD: i64 = 30_000_000_000_000_000;

fn columns() -> Vec<ColumnDef> {
    let words = |name| ColumnDef::new(name).blob().null().take();
    let text = |name| ColumnDef::new(name).text().null().take();
    let moment = |name| ColumnDef::new(name).big_integer().null().take();
    vec![
        ColumnDef::new("number").text().not_null().default("").take(),
        ColumnDef::new("inbox_key").big_integer().not_null().default(0).take(),
        ColumnDef::new("questionnaire_version").integer().null().take(),
        words("answers"),
        words("links"),
        text("area"),
        ColumnDef::new("priority").text().not_null().default("p3").take(),
        ColumnDef::new("reasons").text().not_null().default("").take(),
        ColumnDef::new("self_harm").boolean().not_null().default(false).take(),
        ColumnDef::new("rules_version").integer().not_null().default(0).take(),
        ColumnDef::new("conversation_id").uuid().null().take(),
        words("excerpt"),
        words("introduction"),
        moment("introduced_at"),
        words("passed_to"),
        words("police_number"),
        moment("registered_at"),
        text("outcome"),
        ColumnDef::new("outcome_version").integer().null().take(),
        words("closing_words"),
        moment("closed_at"),
        ColumnDef::new("incident_id").uuid().null().take(),
        text("incident_number"),
        words("incident_title"),
    ]
}

/// What each index leads with. Behind it stands the order of the inbox and all that a list is narrowed by, so that a page is found
/// in the index alone.
const INDEXES: [(&str, &[&str]); 5] = [
    ("report_of_inbox", &["inbox_key", "report_id"]),
    ("report_of_inbox_by_kind", &["event_kind", "inbox_key", "report_id", "area", "priority", "state"]),
    ("report_of_inbox_by_area", &["area", "inbox_key", "report_id", "event_kind", "priority", "state"]),
    ("report_of_inbox_by_priority", &["priority", "inbox_key", "report_id", "event_kind", "area", "state"]),
    ("report_of_inbox_by_state", &["state", "inbox_key", "report_id", "event_kind", "area", "priority"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("report").add_column(column).to_owned()).await?;
        }
        // Those that are here are called by the random end of their ids, and stand where their age says.
        let id = match manager.get_database_backend() {
            DbBackend::Sqlite => "upper(substr(hex(report_id), 25, 4)) || '-' || upper(substr(hex(report_id), 29, 4))",
            _ => "upper(substr(report_id::text, 29, 4)) || '-' || upper(substr(report_id::text, 33, 4))",
        };
        let settle = format!("UPDATE report SET number = 'R-' || {id}, inbox_key = {THIRD} + received_at");
        manager.get_connection().execute_unprepared(&settle).await?;
        let mut number = Index::create().name("report_by_number").table("report").col("number").to_owned();
        manager.create_index(number.unique().to_owned()).await?;
        for (name, columns) in INDEXES {
            let mut index = Index::create().name(name).table("report").to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        let of_incident = Index::create().name("report_by_incident").table("report").col("incident_id").to_owned();
        manager.create_index(of_incident).await?;
        manager
            .create_table(
                Table::create()
                    .table("questionnaire")
                    .col(integer("version").primary_key())
                    .col(big_integer("valid_from"))
                    .col(text("document"))
                    .col(big_integer("loaded_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("report_clue")
                    .col(blob("digest"))
                    .col(uuid("report_id"))
                    .primary_key(Index::create().col("digest").col("report_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("report_clue_of_report").table("report_clue").col("report_id").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("report_clue").to_owned()).await?;
        manager.drop_table(Table::drop().table("questionnaire").to_owned()).await?;
        let names = INDEXES.map(|(name, _)| name);
        for name in names.iter().chain(&["report_by_incident", "report_by_number"]) {
            manager.drop_index(Index::drop().name(*name).table("report").to_owned()).await?;
        }
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("report").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
