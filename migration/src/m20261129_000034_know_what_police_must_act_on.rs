//! What police must act on: its text, what officers decided, and the ages that the law names.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

const AGES: [(&str, i64, &str); 2] = [
    ("child-age", 18, "Socialtjänstlagen: barn är varje människa under 18 år"),
    ("criminal-age", 15, "Brottsbalken 1 kap. 6 §"),
];

fn columns() -> [ColumnDef; 2] {
    ["child_duty", "crime_duty"].map(|name| ColumnDef::new(name).text().null().take())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("conversation").add_column(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("duty_record")
                    .col(uuid("duty_id").primary_key())
                    .col(uuid("conversation_id"))
                    .col(text("matter"))
                    .col(text_null("decision"))
                    .col(blob_null("reason"))
                    .col(integer("text_version"))
                    .col(big_integer("at"))
                    .col(text_null("by_number"))
                    .to_owned(),
            )
            .await?;
        let mut index = Index::create().name("duty_record_by_conversation").table("duty_record").to_owned();
        manager.create_index(index.col("conversation_id").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("duty_text")
                    .col(integer("version").primary_key())
                    .col(big_integer("valid_from"))
                    .col(text("law"))
                    .col(text("sv"))
                    .col(text("en"))
                    .col(text("easy"))
                    .col(text_null("changed_by"))
                    .to_owned(),
            )
            .await?;
        for (name, value, source) in AGES {
            let mut setting = Query::insert();
            setting
                .into_table("setting")
                .columns(["name", "valid_from", "value", "source"])
                .values([name.into(), 0_i64.into(), value.into(), source.into()])
                .map_err(|error| DbErr::Custom(error.to_string()))?;
            manager.execute(setting).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, ..) in AGES {
            manager
                .execute(Query::delete().from_table("setting").and_where(Expr::col("name").eq(name)).to_owned())
                .await?;
        }
        for table in ["duty_text", "duty_record"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for column in columns().iter().rev() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("conversation").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
