//! On SQLite, journal and receipts stand in the tree of their key, and not in one by row number with the key beside it: each is
//! written once less. PostgreSQL keeps rows in a heap and is as it was.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const JOURNAL: &str = r#""stream" text NOT NULL, "pos" integer NOT NULL, "kind" text NOT NULL, "entity_id" uuid_text NOT NULL,
    "revision" integer NOT NULL, "action_id" uuid_text NULL, "actor" text NOT NULL, "actor_id" uuid_text NULL,
    "at" integer NOT NULL, PRIMARY KEY ("stream", "pos")"#;
const RECEIPTS: &str = r#""account_id" uuid_text NOT NULL, "action_id" uuid_text NOT NULL, "kind" text NOT NULL,
    "body_mac" blob NOT NULL, "outcome" text NOT NULL, "problem_kind" text NULL, "entity_id" uuid_text NULL,
    "revision" integer NULL, "stream" text NULL, "epoch" integer NULL, "pos" integer NULL, "received_at" integer NOT NULL,
    PRIMARY KEY ("account_id", "action_id")"#;
/// Table, columns, and the index that goes with the old table.
const TABLES: [(&str, &str, &str); 2] = [
    ("journal_entry", JOURNAL, "CREATE INDEX journal_entry_by_entity ON journal_entry (entity_id)"),
    ("action_receipt", RECEIPTS, "CREATE INDEX action_receipt_by_received_at ON action_receipt (received_at)"),
];

async fn rebuild(manager: &SchemaManager<'_>, ends: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    for (table, columns, index) in TABLES {
        let steps = format!(
            "ALTER TABLE {table} RENAME TO {table}_before; CREATE TABLE {table} ({columns}){ends};
             INSERT INTO {table} SELECT * FROM {table}_before; DROP TABLE {table}_before; {index};"
        );
        manager.get_connection().execute_unprepared(&steps).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild(manager, " WITHOUT ROWID").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild(manager, "").await
    }
}
