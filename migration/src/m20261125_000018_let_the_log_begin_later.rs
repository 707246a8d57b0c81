//! Lines of the audit log may go once a line of the log itself says up to which place; and a rule says when.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE: &str = "DROP TRIGGER audit_entry_hold;
    CREATE TRIGGER audit_entry_hold BEFORE DELETE ON audit_entry WHEN OLD.position IS NULL OR NOT EXISTS (
        SELECT 1 FROM audit_entry WHERE subject_id = zeroblob(16) AND subject_kind = 'audit' AND act = 'erase'
        AND CAST(detail AS INTEGER) >= OLD.position)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;";

const POSTGRES: &str = "CREATE FUNCTION audit_entry_hold() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.position IS NULL OR NOT EXISTS (
            SELECT FROM audit_entry WHERE subject_id = '00000000-0000-0000-0000-000000000000'
            AND CASE WHEN subject_kind = 'audit' AND act = 'erase' THEN split_part(detail, ' ', 1)::bigint END
                >= OLD.position)
        THEN RAISE EXCEPTION 'the audit log is only added to'; END IF;
        RETURN OLD;
    END $$;
    DROP TRIGGER audit_entry_hold ON audit_entry;
    CREATE TRIGGER audit_entry_hold BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_hold();";

const BACK_ON_SQLITE: &str = "DROP TRIGGER audit_entry_hold;
    CREATE TRIGGER audit_entry_hold BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;";

const BACK_ON_POSTGRES: &str = "DROP TRIGGER audit_entry_hold ON audit_entry;
    DROP FUNCTION audit_entry_hold();
    CREATE TRIGGER audit_entry_hold BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse();";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let trigger = if manager.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        manager.get_connection().execute_unprepared(trigger).await?;
        let mut rule = Query::insert();
        rule.into_table("retention_rule").columns(["kind", "regime", "valid_from", "days", "source"]);
        let source = "Proposal, to be decided by the controller: five years";
        rule.values(["audit".into(), "crime".into(), 0_i64.into(), 1826_i64.into(), source.into()])
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        manager.execute(rule).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut rule = Query::delete();
        rule.from_table("retention_rule").and_where(Expr::col("kind").eq("audit"));
        manager.execute(rule).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let trigger = if postgres { BACK_ON_POSTGRES } else { BACK_ON_SQLITE };
        manager.get_connection().execute_unprepared(trigger).await.map(drop)
    }
}
