//! What a youth may say of a talk in one press, and of which talks nobody is asked.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> [ColumnDef; 4] {
    let answer = |name: &'static str| ColumnDef::new(name).text().null().take();
    [
        ColumnDef::new("unsurveyed").boolean().not_null().default(false).take(),
        answer("would_have_called"),
        answer("would_have_told"),
        answer("helped"),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("conversation").add_column(column).to_owned()).await?;
        }
        // Of what was urgent before nobody is asked either.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE conversation SET unsurveyed = TRUE \
                 WHERE self_harm = TRUE OR danger_pos IS NOT NULL OR priority IN ('p1', 'p2')",
            )
            .await
            .map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
