//! How urgent a talk is and why, its place in the queue, and each decision about that.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::ConnectionTrait};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Of a talk of the third priority that waits; closed ones stand behind all others, the newest first. An older program that runs beside a
/// newer one leaves new talks with it.
const THIRD: i64 = 30_000_000_000_000_000;
const CLOSED: i64 = 90_099_999_999_999_999;

fn columns() -> [ColumnDef; 12] {
    let number = |name| ColumnDef::new(name).big_integer().not_null().default(0).take();
    [
        ColumnDef::new("priority").text().not_null().default("p3").take(),
        number("priority_revision"),
        ColumnDef::new("reasons").text().not_null().default("not-asked").take(),
        ColumnDef::new("rules_version").integer().not_null().default(0).take(),
        ColumnDef::new("self_harm").boolean().not_null().default(false).take(),
        ColumnDef::new("whereabouts").blob().null().take(),
        ColumnDef::new("danger_pos").big_integer().null().take(),
        number("waiting_since"),
        ColumnDef::new("queue_key").big_integer().not_null().default(THIRD).take(),
        ColumnDef::new("stepped_away_at").big_integer().null().take(),
        ColumnDef::new("taken_at").big_integer().null().take(),
        ColumnDef::new("closed_at").big_integer().null().take(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("conversation").add_column(column).to_owned()).await?;
        }
        let keys = format!(
            "UPDATE conversation SET waiting_since = opened_at,
                queue_key = CASE WHEN state = 'closed' THEN {CLOSED} - last_at ELSE {THIRD} + opened_at END"
        );
        manager.get_connection().execute_unprepared(&keys).await?;
        for (name, columns) in [
            ("conversation_by_queue", vec!["queue_key", "conversation_id"]),
            ("conversation_by_closed_at", vec!["closed_at"]),
        ] {
            let mut index = Index::create().name(name).table("conversation").to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("triage_decision")
                    .col(uuid("conversation_id"))
                    .col(big_integer("revision"))
                    .col(big_integer("at"))
                    .col(text("by"))
                    .col(text_null("by_number"))
                    .col(uuid("action_id"))
                    .col(text("priority"))
                    .col(text("reasons"))
                    .col(boolean("self_harm"))
                    .col(integer("rules_version"))
                    .col(blob_null("why"))
                    .primary_key(Index::create().col("conversation_id").col("revision"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("triage_decision").to_owned()).await?;
        for name in ["conversation_by_closed_at", "conversation_by_queue"] {
            manager.drop_index(Index::drop().name(name).table("conversation").to_owned()).await?;
        }
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
