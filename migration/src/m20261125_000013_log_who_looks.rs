//! The audit log. Programs may only add to it: triggers refuse what would change or remove a line, but for giving it its
//! place once.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const KEPT: [&str; 9] =
    ["entry_id", "at", "actor_id", "actor_number", "act", "subject_kind", "subject_id", "detail", "row_mac"];

/// Whether an update does something else than to give a line its place.
fn is_other(same: &str) -> String {
    let kept: Vec<_> = KEPT.iter().map(|column| format!("NEW.{column} {same} OLD.{column}")).collect();
    format!(
        "NOT (OLD.position IS NULL AND OLD.chain IS NULL AND NEW.position IS NOT NULL AND NEW.chain IS NOT NULL AND {})",
        kept.join(" AND ")
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_entry")
                    .col(uuid("entry_id").primary_key())
                    .col(big_integer("at"))
                    .col(uuid_null("actor_id"))
                    .col(text_null("actor_number"))
                    .col(text("act"))
                    .col(text("subject_kind"))
                    .col(uuid("subject_id"))
                    .col(text_null("detail"))
                    .col(blob("row_mac"))
                    .col(big_integer_null("position"))
                    .col(blob_null("chain"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_entry_by_position")
                    .table("audit_entry")
                    .col("position")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("audit_entry_by_subject")
                    .table("audit_entry")
                    .col("subject_id")
                    .col("at")
                    .to_owned(),
            )
            .await?;
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            let other = is_other("IS NOT DISTINCT FROM");
            connection
                .execute_unprepared(&format!(
                    "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                     BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$;
                     CREATE TRIGGER audit_entry_keep BEFORE UPDATE ON audit_entry FOR EACH ROW WHEN ({other})
                     EXECUTE FUNCTION audit_entry_refuse();
                     CREATE TRIGGER audit_entry_hold BEFORE DELETE ON audit_entry FOR EACH ROW
                     EXECUTE FUNCTION audit_entry_refuse();
                     CREATE TRIGGER audit_entry_empty BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT
                     EXECUTE FUNCTION audit_entry_refuse();"
                ))
                .await?;
        } else {
            let other = is_other("IS");
            connection
                .execute_unprepared(&format!(
                    "CREATE TRIGGER audit_entry_keep BEFORE UPDATE ON audit_entry WHEN {other}
                     BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
                     CREATE TRIGGER audit_entry_hold BEFORE DELETE ON audit_entry
                     BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;"
                ))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("audit_entry").to_owned()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION audit_entry_refuse()").await?;
        }
        Ok(())
    }
}
